import type { Overview } from '../api.js';

/** JSON that ends no script element, and that no older JavaScript parser reads otherwise. */
const embedded = (data: unknown): string =>
  JSON.stringify(data).replace(/[<\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The document of every route. `first` spares the page its first request; on the emulator the page may ask for a session by itself. */
export const documentOf = ({
  first,
  isEmulator,
}: {
  readonly first: Overview | undefined;
  readonly isEmulator: boolean;
}): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Slipway</title>
<link rel="stylesheet" href="/page.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="page"${isEmulator ? ' data-emulator' : ''}></div>
<noscript><main><h1>Slipway</h1><p>This page needs JavaScript. Without it, <code>slipway status</code> says on a terminal what runs,
what moves and what needs you.</p></main></noscript>
${first ? `<script type="application/json" id="first-data">${embedded(first)}</script>\n` : ''}<script type="module" src="/page.js"></script>
</body>
</html>
`;

import type { SlackMessage } from '../core/notification/slack-blocks.js';
import type { Theme } from './scene.js';
import type { Shown, Span } from './screen.js';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);

const document = (theme: Theme, style: string, body: string): string =>
  `<!doctype html><html lang="en" class="${theme}"><meta charset="utf-8"><style>${style}</style><body>${body}</body></html>`;

const terminalStyle = `
  .light { --back: #ffffff; --text: #24292f; --line: #d0d7de;
    --c1: #cf222e; --c2: #116329; --c3: #7d4e00; --c4: #0969da; --c5: #8250df; --c6: #1b7c83; --c8: #6e7781; }
  .dark { --back: #0d1117; --text: #e6edf3; --line: #30363d;
    --c1: #ff7b72; --c2: #56d364; --c3: #e3b341; --c4: #79c0ff; --c5: #d2a8ff; --c6: #56d4dd; --c8: #8b949e; }
  body { margin: 0; background: transparent; }
  .picture { display: inline-block; margin: 1px; padding: 14px 18px; border: 1px solid var(--line); border-radius: 8px;
    background: var(--back); color: var(--text); }
  pre { margin: 0; font: 13px/1.45 "DejaVu Sans Mono", Menlo, Consolas, monospace; }
  .prompt { color: var(--c8); }
  .bold { font-weight: bold; }
  .dim { opacity: 0.65; }
  ${Array.from({ length: 16 }, (_, color) => `.c${color} { color: var(--c${color % 8 || color}, inherit); }`).join('\n')}`;

const spanHtml = ({ text, color, isBold, isDim }: Span): string => {
  const classes = [color === undefined ? '' : `c${color}`, isBold ? 'bold' : '', isDim ? 'dim' : ''].filter(Boolean).join(' ');
  return classes ? `<span class="${classes}">${escaped(text)}</span>` : escaped(text);
};

/** A terminal as a page. */
export const terminalHtml = ({ command, lines }: Shown, theme: Theme): string => {
  const output = lines.map((line) => line.map(spanHtml).join('')).join('\n');
  const prompt = `<span class="prompt">$ </span><span class="bold">${escaped(command)}</span>`;
  return document(theme, terminalStyle, `<div class="picture"><pre>${prompt}\n${output}</pre></div>`);
};

const slackStyle = `
  .light { --back: #ffffff; --text: #1d1c1d; --soft: #616061; --line: #dddddd; --code: #f8f8f8; --link: #1264a3; }
  .dark { --back: #1a1d21; --text: #d1d2d3; --soft: #ababad; --line: #35373b; --code: #222529; --link: #1d9bd1; }
  body { margin: 0; background: transparent; font: 15px/1.47 Lato, "DejaVu Sans", Arial, sans-serif; }
  .picture { box-sizing: border-box; width: 720px; margin: 1px; padding: 14px 18px; border: 1px solid var(--line); border-radius: 8px;
    background: var(--back); color: var(--text); }
  .from { font-weight: bold; }
  .from small { margin-left: 6px; color: var(--soft); font-weight: normal; font-size: 12px; }
  .attachment { display: flex; gap: 12px; margin-top: 6px; }
  .bar { flex: none; width: 4px; border-radius: 4px; }
  .blocks { min-width: 0; flex: 1; }
  h4 { margin: 0 0 6px; font-size: 17px; }
  p { margin: 6px 0; }
  .fields { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 16px; margin: 8px 0; overflow-wrap: anywhere; }
  .context { color: var(--soft); font-size: 13px; }
  pre { margin: 6px 0; padding: 8px; border: 1px solid var(--line); border-radius: 4px; background: var(--code);
    font: 12px/1.5 "DejaVu Sans Mono", Menlo, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
  code { font-family: "DejaVu Sans Mono", Menlo, monospace; font-size: 12px; }
  a { color: var(--link); text-decoration: none; }
  hr { border: 0; border-top: 1px solid var(--line); }`;

/** Slack's own marks ("Formatting text for app surfaces"); its text has `&`, `<` and `>` escaped already. */
const markup = (text: string): string =>
  text
    .split('```')
    .map((part, index) => (index % 2 === 1 ? `<pre>${part.replace(/^\n/, '')}</pre>` : inline(part)))
    .join('');

const inline = (text: string): string =>
  text
    .replace(/<([^|>]+)\|([^>]+)>/g, '<a>$2</a>')
    .replace(/`([^`\n]+)`/g, '<code>$1</code>')
    .replace(/(^|[\s(])\*([^*\n]+)\*/g, '$1<b>$2</b>')
    .replace(/^\n|\n$/g, '')
    .replaceAll('\n', '<br>');

type Block = SlackMessage['attachments'][number]['blocks'][number];

const blockHtml = (block: Block): string => {
  switch (block.type) {
    case 'header':
      return `<h4>${escaped(block.text.text)}</h4>`;
    case 'divider':
      return '<hr>';
    case 'context':
      return `<p class="context">${block.elements.map((element) => ('text' in element ? markup(element.text) : '')).join(' ')}</p>`;
    default: {
      const fields = (block.fields ?? []).map(({ text }) => `<div>${markup(text)}</div>`).join('');
      return `${block.text ? `<div>${markup(block.text.text)}</div>` : ''}${fields && `<div class="fields">${fields}</div>`}`;
    }
  }
};

/** A message of Slipway as Slack lays it out, in short. `at` is when it came, as Slack shows it. */
export const slackHtml = ({ attachments }: SlackMessage, at: string, theme: Theme): string => {
  const shown = attachments.map(
    ({ color, blocks }) =>
      `<div class="attachment"><div class="bar" style="background:${escaped(color)}"></div>
        <div class="blocks">${blocks.map(blockHtml).join('')}</div></div>`,
  );
  const from = `<div class="from">Slipway<small>${escaped(at)}</small></div>`;
  return document(theme, slackStyle, `<div class="picture">${from}${shown.join('')}</div>`);
};

import { type LogPart, partsOfLine } from '../deployment/log-line.js';

/** Lines of a log, as they are: text, never markup. */
export const LogLines = ({ lines, label }: { lines: readonly string[]; label: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
  <section class="log" tabIndex={0} aria-label={label}>
    {lines.map((line, at) => (
      <div key={at}>{partsOfLine(line).map(partOf)}</div>
    ))}
  </section>
);

const partOf = ({ kind, text }: LogPart, at: number) => (
  <span key={at} class={kind === 'text' ? undefined : `log-${kind}`}>
    {kind === 'redacted' ? 'redacted' : text}
  </span>
);

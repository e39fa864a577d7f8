/** A part of a line of a log. `redacted` stands in the place of what looked like a secret. */
export type LogPart = { readonly kind: 'text' | 'time' | 'error' | 'redacted'; readonly text: string };

const marks = /(\*{3,}|\[redacted\])/i;
const time = /^(\S*\d{1,2}:\d{2}(?::\d{2})?\S*)(\s)/;
const errors = /\b(ERROR|FATAL|CRITICAL|PANIC|error:|fatal:|panic:)/;

export const partsOfLine = (line: string): readonly LogPart[] => {
  const stamp = time.exec(line)?.[1] ?? '';
  const head: LogPart[] = stamp ? [{ kind: 'time', text: stamp }] : [];
  const rest = line
    .slice(stamp.length)
    .split(marks)
    .flatMap((part): LogPart[] => (marks.test(part) ? [{ kind: 'redacted', text: part }] : withErrors(part)));
  return [...head, ...rest];
};

const withErrors = (text: string): LogPart[] =>
  text
    .split(errors)
    .map((part): LogPart => ({ kind: errors.test(part) ? 'error' : 'text', text: part }))
    .filter((part) => part.text !== '');

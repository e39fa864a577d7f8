import { execFileSync } from 'node:child_process';
import fc from 'fast-check';

/** What `sh` makes of lines: the words of each after its first one, `npx`. */
export const wordsOf = (lines: readonly string[]): string[][] => {
  const npx = `npx() { for word; do printf '%s\\0' "$word"; done; printf '\\1\\0'; }\n`;
  const output = execFileSync('sh', { input: `${npx}${lines.map((line) => `${line}\n`).join('')}`, encoding: 'utf8' });
  return output
    .split('\u0001\0')
    .slice(0, -1)
    .map((words) => words.split('\0').slice(0, -1));
};

/** Names as no configuration of today has them. A word of a shell has no NUL. */
export const untrustedWord: fc.Arbitrary<string> = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom(
      "'",
      "''",
      '`id`',
      '$(id)',
      '"',
      '\\',
      '\n',
      '\t',
      '😀',
      '!x',
      '~',
      '=ls',
      'a b',
      '&',
      '<b>',
      ';id',
      '*',
      '-',
      '#',
      '{a,b}',
    ),
    fc.array(fc.constantFrom("'", '\\', '&amp;', '<', '>', ' ', '$', 'a'), { maxLength: 6 }).map((parts) => parts.join('')),
  )
  .filter((word) => !word.includes('\0') && !word.includes('\u0001'));

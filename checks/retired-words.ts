import { readFileSync } from 'node:fs';
import { type ProjectFile, projectFiles } from './project-files.js';

// Fails on words and names that the project no longer uses, and says what to write instead.
const list = 'checks/retired-words.json';
const leftOut = [list, 'LICENSE', 'cli/package/LICENSE', 'package-lock.json'];

/**
 * Regular expressions, each with what to write instead. `words` are found in any case, in identifiers (`someWord`) and
 * file names (`some-word.ts`) too, and across the end of a line, also in a comment; `names` are whole identifiers.
 */
export type Retired = Readonly<Record<'words' | 'names', Readonly<Record<string, string>>>>;

type Hit = { readonly line: number; readonly found: string; readonly instead: string };

/** `someWord` and `some-word` become `some word`; the text keeps its lines. */
const wordsOf = (text: string): string => text.replace(/([a-z\d])(?=[A-Z])/g, '$1 ').replace(/[_-]/g, ' ');

/** One expression for all entries, for speed: each is a capturing group, and the group that matched names the entry. */
const finderOf = (entries: Readonly<Record<string, string>>, flags: string): ((text: string) => Hit[]) => {
  const replacements = Object.values(entries);
  const sources = Object.keys(entries).map((entry) => entry.replace(/\((?!\?)/g, '(?:').replaceAll(' ', '[\\s/*#>]+'));
  const expression = new RegExp(`\\b(?:${sources.map((source) => `(${source})`).join('|')})\\b`, flags);
  return (text) =>
    [...text.matchAll(expression)].map((match) => ({
      line: text.slice(0, match.index).split('\n').length,
      found: match[0].replace(/[\s/*#>]+/g, ' '),
      instead: replacements[match.slice(1).findIndex((captured) => captured !== undefined)] ?? '',
    }));
};

/** What a file has of retired words and names, by line; line 0 is the file's path. */
export const retiredFinder = ({ words, names }: Retired): ((file: ProjectFile) => Hit[]) => {
  const findWords = finderOf(words, 'gi');
  const findNames = finderOf(names, 'g');
  return ({ path, text }) => {
    const withPath = `${path}\n${text}`;
    return [...findWords(wordsOf(withPath)), ...findNames(withPath)]
      .map((hit) => ({ ...hit, line: hit.line - 1 }))
      .toSorted((a, b) => a.line - b.line);
  };
};

const run = (): void => {
  const find = retiredFinder(JSON.parse(readFileSync(list, 'utf8')) as Retired);
  const counts = new Map<string, number>();
  for (const file of projectFiles((path) => leftOut.includes(path))) {
    for (const { line, found, instead } of find(file)) {
      console.log(`${file.path}${line === 0 ? '' : `:${line}`}: "${found}", write: ${instead}`);
      counts.set(found.toLowerCase(), (counts.get(found.toLowerCase()) ?? 0) + 1);
    }
  }
  for (const [found, count] of [...counts].toSorted(([, a], [, b]) => b - a)) console.log(`${String(count).padStart(6)}  ${found}`);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  console.log(total === 0 ? 'no retired words' : `${total} retired words`);
  process.exitCode = total === 0 ? 0 : 1;
};

if (process.argv[1]?.replaceAll('\\', '/').endsWith('checks/retired-words.ts')) run();

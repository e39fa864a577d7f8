import { readFileSync } from 'node:fs';
import { type ProjectFile, projectFiles } from './project-files.js';

// Fails on words and names that the project no longer uses. The lists are regular expressions, each with what to write
// instead: `words` are found in any case, in identifiers (`someWord`) and file names (`some-word.ts`) too, and across the
// end of a line; `names` are whole identifiers.
const list = 'checks/retired-words.json';
const leftOut = [list, 'LICENSE', 'package-lock.json'];

type Group = { readonly expression: RegExp; readonly writeInstead: (match: RegExpMatchArray) => string };

/** One expression for all entries: each is a capturing group, and the group that matched names the entry. */
const groupOf = (entries: Readonly<Record<string, string>>, flags: string): Group => {
  const replacements = Object.values(entries);
  const sources = Object.keys(entries).map((entry) => entry.replace(/\((?!\?)/g, '(?:').replaceAll(' ', '[\\s/*#>]+'));
  return {
    expression: new RegExp(`\\b(?:${sources.map((source) => `(${source})`).join('|')})\\b`, flags),
    writeInstead: (match) => replacements[match.slice(1).findIndex((captured) => captured !== undefined)] ?? '',
  };
};

const { words, names } = JSON.parse(readFileSync(list, 'utf8')) as Record<'words' | 'names', Record<string, string>>;
const word = groupOf(words, 'gi');
const name = groupOf(names, 'g');

/** `someWord` and `some-word` become `some word`; the text keeps its lines. */
const wordsOf = (text: string): string => text.replace(/([a-z\d])(?=[A-Z])/g, '$1 ').replace(/[_-]/g, ' ');

const hitsIn = (text: string, { expression, writeInstead }: Group) =>
  [...text.matchAll(expression)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length,
    found: match[0].replace(/[\s/*#>]+/g, ' '),
    instead: writeInstead(match),
  }));

const hitsOf = ({ path, text }: ProjectFile) => {
  const withPath = `${path}\n${text}`; // the path is line 0
  return [...hitsIn(wordsOf(withPath), word), ...hitsIn(withPath, name)]
    .map((hit) => ({ path, ...hit, line: hit.line - 1 }))
    .toSorted((a, b) => a.line - b.line);
};

const hits = projectFiles((path) => leftOut.includes(path)).flatMap(hitsOf);
for (const { path, line, found, instead } of hits) console.log(`${path}${line === 0 ? '' : `:${line}`}: "${found}", write: ${instead}`);

const counts = new Map<string, number>();
for (const { found } of hits) counts.set(found.toLowerCase(), (counts.get(found.toLowerCase()) ?? 0) + 1);
for (const [found, count] of [...counts].toSorted(([, a], [, b]) => b - a)) console.log(`${String(count).padStart(6)}  ${found}`);
console.log(hits.length === 0 ? 'no retired words' : `${hits.length} retired words`);
process.exitCode = hits.length === 0 ? 0 : 1;

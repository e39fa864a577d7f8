import { projectFiles } from '../../checks/project-files.js';
import { pageNamed } from './pages.js';

const glossary = 'docs/glossary.md';
const lines = pageNamed(glossary)
  .split('\n')
  .filter((line) => line.startsWith('- '));
const entries = lines.map((line) => {
  const [, anchor = '', term = ''] = /^- <a id="([a-z-]+)"><\/a>\*\*([a-z ]+)\*\*: \S/.exec(line) ?? [];
  return { line, anchor, term };
});

test('the glossary has fewer than 30 entries, sorted, each on one short line with an anchor of its name', () => {
  expect(entries.length).toBeLessThan(30);
  expect(entries.filter(({ line, anchor, term }) => term === '' || anchor !== term.replaceAll(' ', '-') || line.length >= 120)).toEqual([]);
  expect(entries.map(({ term }) => term)).toEqual(entries.map(({ term }) => term).toSorted());
});

test('every term of the glossary is used in code or docs', () => {
  const used = projectFiles((path) => path === glossary || !/^(README\.md|(docs|core|aws|functions|stack|statemachine)\/)/.test(path))
    .map(({ text }) => text.replace(/([a-z])(?=[A-Z])/g, '$1 ').toLowerCase())
    .join('\n');

  expect(entries.map(({ term }) => term).filter((term) => !new RegExp(`\\b${term}\\b`).test(used))).toEqual([]);
});

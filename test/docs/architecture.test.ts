import { outcomes, reasons } from '../../core/result/result.js';
import { generatedPages, withTables } from '../../stack/documentation.js';
import { loadSteps } from '../../stack/steps.js';
import { pageNamed } from './pages.js';

/** The first column of every table of a section; "Done, Failed" are two. */
const firstCells = (section: string): string[] =>
  [...section.matchAll(/^\| *([^|]+?) *\|/gm)].flatMap(([, cell = '']) => cell.split(', ')).map((cell) => cell.replaceAll('`', ''));

const section = (page: string, heading: string): string => page.split(/^#{2,3} /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';

test.each(generatedPages)('the generated tables of %s are those of the declarations: `npm run docs` writes them', async (name) => {
  expect(withTables(pageNamed(name), await loadSteps())).toBe(pageNamed(name));
});

test('every outcome and every reason is explained', () => {
  const explained = firstCells(section(pageNamed('docs/architecture.md'), 'Outcomes'));

  expect([...outcomes, ...reasons].filter((word) => !explained.includes(word))).toEqual([]);
});

test.each(['README.md', 'docs/operations.md'])('%s says what to do at every outcome', (name) => {
  expect(outcomes.filter((outcome) => !new RegExp(`^\\| *\\[?${outcome}\\b`, 'm').test(pageNamed(name)))).toEqual([]);
});

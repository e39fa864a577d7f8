import { blockOf, blocksIn, quoted } from '../../bench/quotes.js';

const results = `# Results\n\n${blockOf('sizes', '| 1 |')}\n\nbetween\n\n${blockOf('costs', '| $2 |')}\n`;

test('a page gets the parts that it names, and keeps the rest', () => {
  const page = '# Page\n\n<!-- npm run bench: costs -->\n| $1 |\n| old |\n<!-- end -->\n\nmore\n';

  expect(quoted(page, results)).toBe('# Page\n\n<!-- npm run bench: costs -->\n| $2 |\n<!-- end -->\n\nmore\n');
});

test('a part that was not measured is refused, with what there is', () => {
  expect(() => quoted('<!-- npm run bench: speeds -->\n<!-- end -->', results)).toThrow(
    'bench/results.md has no part "speeds"; it has sizes, costs',
  );
});

test('the parts of a page are found by name', () => {
  expect([...blocksIn(results).keys()]).toEqual(['sizes', 'costs']);
});

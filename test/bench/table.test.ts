import { table } from '../../bench/table.js';

test('a table is aligned, names to the left and figures to the right', () => {
  expect(
    table(
      ['function', 'KB'],
      [
        ['notify', '236.3'],
        ['roll-back', '9'],
      ],
    ),
  ).toBe(['| function  |    KB |', '|-----------|------:|', '| notify    | 236.3 |', '| roll-back |     9 |'].join('\n'));
});

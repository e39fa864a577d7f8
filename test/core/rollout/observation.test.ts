import { isAbsent, noneMissing, notFoundAgain } from '../../../core/rollout/observation.js';
import { startedAt } from '../given.js';

const at = (seconds: number): string => new Date(Date.parse(startedAt) + seconds * 1000).toISOString();

/** Is the rollout absent, by looks at these seconds that did not find it? */
const afterLooks = (...seconds: readonly number[]): boolean => {
  const notFound = seconds.map(at).reduce(notFoundAgain, noneMissing);
  return isAbsent(notFound, at(seconds.at(-1) ?? 0));
};

test.each([
  [[0], false],
  [[0, 25], false],
  [[0, 40], false],
  [[0, 25, 50], true],
  [[0, 15, 30], true],
  [[0, 15, 29.9], false],
  [[0, 1, 2, 3, 4], false],
  [[0, 1, 2, 30], true],
])('a rollout that looks after %j s do not find is absent: %s', (seconds, expected) => {
  expect(afterLooks(...seconds)).toBe(expected);
});

test('one that was found in between is looked for anew', () => {
  expect(notFoundAgain(noneMissing, at(60))).toEqual({ count: 1, since: at(60) });
  expect(notFoundAgain(undefined, at(60))).toEqual({ count: 1, since: at(60) });
});

import { failureLimit, isPermanentLog } from '../../../core/rollout/evidence.js';

test.each([
  [['exec /app: exec format error'], true],
  [['starting', 'exec /docker-entrypoint.sh: exec format error'], true],
  [['boom'], false],
  [[], false],
])('the log %j says that every further task will fail: %s', (lines, expected) => {
  expect(isPermanentLog({ container: 'app', lines })).toBe(expected);
});

test.each([
  [0, 3],
  [1, 3],
  [30, 3],
  [31, 4],
  [40, 4],
  [1000, 100],
])('with a desired count of %i, %i failed tasks roll the rollout back', (desiredCount, limit) => {
  expect(failureLimit(desiredCount)).toBe(limit);
});

import { soonestEnd } from '../../bench/wave-time.js';

const fast = { name: 'fast', burst: 1000, perSecond: 1000 };
const slow = { name: 'slow', burst: 20, perSecond: 1 };

const of = (count: number, rollout = 60_000) => Array.from({ length: count }, () => ({ before: 0, between: 0, rollout }));

test.each([
  ['as long as the longest of them where all run side by side', [of(40)], 40, fast, 60],
  ['a second wave', [of(41)], 40, fast, 120],
  ['stages one after another', [of(40), of(1), of(3)], 40, fast, 180],
  ['longer by what exceeds the burst, at a second each', [of(40)], 40, slow, 80],
  ['no longer in the next wave, whose starts were spread by the first', [of(80)], 40, slow, 140],
  ['less where the bucket had time to fill', [of(20), of(20)], 20, slow, 120],
  ['more where it had not', [of(20, 5000), of(20, 5000)], 20, slow, 5 + 15 + 5],
])('deployments take %s', (_, stages, parallel, register, seconds) => {
  expect(soonestEnd(stages, parallel, { register, update: fast }) / 1000).toBeCloseTo(seconds, 3);
});

test('both kinds of requests are waited for, and what precedes them counts', () => {
  const one = { before: 2000, between: 3000, rollout: 10_000 };

  expect(soonestEnd([[one]], 1, { register: slow, update: slow })).toBe(15_000);
  expect(soonestEnd([[one, one]], 2, { register: { ...slow, burst: 1 }, update: { ...slow, burst: 1, perSecond: 0.1 } })).toBe(25_000);
});

import fc from 'fast-check';
import { secondsUntilNextVisit } from '../../../core/rollout/poll-interval.js';

test.each([
  [0, 10],
  [200, 10],
  [240, 12],
  [600, 30],
  [1200, 60],
  [86_399, 60],
  [86_400, 300],
  [1_000_000, 300],
])('after %i s the next observation is in %i s', (secondsSoFar, seconds) => {
  expect(secondsUntilNextVisit(secondsSoFar)).toBe(seconds);
});

// A look takes no time here, and the one at the end, or first after it, counts.
test.each([
  ['five minutes', 300, 29],
  ['a day', 86_400, 1477],
])('a rollout of %s has a limited number of observations', (_, end, expected) => {
  let looks = 0;
  for (let time = 0; time < end; looks++) time += secondsUntilNextVisit(time);

  expect(looks).toBe(expected);
});

test('the interval is a whole number of seconds from 10 to 60, or 300, even if the clock goes back', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e8, noNaN: true }), (secondsSoFar) => {
      const seconds = secondsUntilNextVisit(secondsSoFar);
      return Number.isInteger(seconds) && ((seconds >= 10 && seconds <= 60) || seconds === 300);
    }),
  );
});

test('the interval never becomes shorter', () => {
  fc.assert(fc.property(fc.nat(200_000), fc.nat(200_000), (one, more) => secondsUntilNextVisit(one) <= secondsUntilNextVisit(one + more)));
});

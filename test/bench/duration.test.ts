import { duration } from '../../bench/duration.js';

test.each([
  [52.4, '52 s'],
  [59.6, '1 min 0 s'],
  [287.439, '4 min 47 s'],
  [1779, '29 min 39 s'],
  [7199, '119 min 59 s'],
  [7260, '2 h 1 min'],
])('%d seconds are written %s', (seconds, expected) => {
  expect(duration(seconds)).toBe(expected);
});

import { paced } from '../../../core/release/pacing.js';

const deployments = Array.from({ length: 60 }, (_, index) => ({ service: `production/s${index}`, name: `s${index}` }));

test('the first ten start at once, further ones of the first wave a second after each other, later ones as others end', () => {
  const delays = paced(deployments, 40).map(({ delaySeconds }) => delaySeconds);

  expect(delays.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 0));
  expect(delays.slice(10, 13)).toEqual([1, 2, 3]);
  expect(delays[39]).toBe(30);
  expect(delays.slice(40)).toEqual(Array.from({ length: 20 }, () => 0));
});

test('a stage of ten services or fewer has no delay', () => {
  expect(paced(deployments.slice(0, 10), 20).every(({ delaySeconds }) => delaySeconds === 0)).toBe(true);
});

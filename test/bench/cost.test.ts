import { dollarsOf } from '../../bench/cost.js';

test('a deployment of 100 transitions and 30 invocations costs a quarter of a cent, and a little for the functions', () => {
  const { stepFunctions, lambda, total } = dollarsOf({ transitions: 100, invocations: 30 });

  expect(stepFunctions).toBeCloseTo(0.0025, 10);
  // 30 × 0.25 s × 0.25 GB = 1.875 GB-s at $0.0000133334, and 30 requests at $0.0000002.
  expect(lambda).toBeCloseTo(0.000031000125, 12);
  expect(total).toBeCloseTo(0.002531000125, 12);
});

test('what costs nothing costs nothing', () => {
  expect(dollarsOf({ transitions: 0, invocations: 0 })).toEqual({ stepFunctions: 0, lambda: 0, total: 0 });
});

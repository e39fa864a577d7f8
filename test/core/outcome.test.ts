import { endsWell, outcomes, worstOf } from '../../core/outcome.js';

test('outcomes are listed from the worst', () => {
  expect(outcomes).toEqual(['UNKNOWN', 'ROLLBACK_FAILED', 'ROLLED_BACK', 'FAILED', 'SUPERSEDED', 'SKIPPED', 'SUCCEEDED']);
});

test.each([
  [['SUCCEEDED', 'SUCCEEDED'], 'SUCCEEDED'],
  [['SUCCEEDED', 'SKIPPED'], 'SKIPPED'],
  [['SUPERSEDED', 'SKIPPED'], 'SUPERSEDED'],
  [['FAILED', 'ROLLED_BACK', 'SUCCEEDED'], 'ROLLED_BACK'],
  [['ROLLBACK_FAILED', 'UNKNOWN'], 'UNKNOWN'],
] as const)('the worst of %j is %s', (all, worst) => {
  expect(worstOf(all)).toBe(worst);
});

test('of no outcome at all nothing is known', () => {
  expect(worstOf([])).toBe('UNKNOWN');
});

test('an execution ends well whose service runs it, was left alone, or was taken over', () => {
  expect(outcomes.filter(endsWell)).toEqual(['SUPERSEDED', 'SKIPPED', 'SUCCEEDED']);
});

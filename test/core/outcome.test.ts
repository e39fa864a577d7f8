import { isSuccessfulOutcome, outcomes, worstOutcome } from '../../core/result/result.js';

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
  expect(worstOutcome(all)).toBe(worst);
});

test('of no outcome at all nothing is known', () => {
  expect(worstOutcome([])).toBe('UNKNOWN');
});

test('an execution ends well whose service runs it, was left alone, or was taken over', () => {
  expect(outcomes.filter(isSuccessfulOutcome)).toEqual(['SUPERSEDED', 'SKIPPED', 'SUCCEEDED']);
});

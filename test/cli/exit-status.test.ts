import { exitStatusOf } from '../../cli/exit-status.js';
import { type Outcome, outcomes, reasonsByOutcome } from '../../core/result/result.js';

const expected: Record<Outcome, number> = {
  SUCCEEDED: 0,
  SKIPPED: 14,
  PARTIAL: 16,
  SUPERSEDED: 15,
  FAILED: 10,
  ROLLED_BACK: 11,
  ROLLBACK_FAILED: 12,
  UNKNOWN: 12,
};

test.each(outcomes)('%s has the same status with every reason, except for what runs already', (outcome) => {
  const statuses = reasonsByOutcome[outcome].map((reason) => [reason, exitStatusOf({ outcome, reason })]);

  const isDeployed = (reason: string) => outcome === 'SKIPPED' && reason === 'ALREADY_RUNNING';
  expect(statuses).toEqual(reasonsByOutcome[outcome].map((reason) => [reason, isDeployed(reason) ? 0 : expected[outcome]]));
});

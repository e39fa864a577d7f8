import fc from 'fast-check';
import { releaseResult } from '../../../core/release/release-plan.js';
import { finalResult } from '../../../core/result/final-result.js';
import {
  isSuccessfulOutcome,
  outcomes,
  type Reason,
  type Result,
  reasonsByOutcome,
  runbookEntries,
  unfinished,
  worstOutcome,
} from '../../../core/result/result.js';
import { decideRollback } from '../../../core/rollout/rollback-decision.js';
import { decideRollout, type RolloutDecision } from '../../../core/rollout/rollout-decision.js';
import { startedAt } from '../given.js';
import { anyObservation, anyRollback } from '../rollout/observations.js';

test('outcomes are listed from the worst', () => {
  expect(outcomes).toEqual(['UNKNOWN', 'ROLLBACK_FAILED', 'ROLLED_BACK', 'FAILED', 'SUPERSEDED', 'PARTIAL', 'SKIPPED', 'SUCCEEDED']);
});

test.each([
  [['SUCCEEDED', 'SUCCEEDED'], 'SUCCEEDED'],
  [['SUCCEEDED', 'SKIPPED'], 'SKIPPED'],
  [['SKIPPED', 'PARTIAL'], 'PARTIAL'],
  [['SUPERSEDED', 'SKIPPED'], 'SUPERSEDED'],
  [['FAILED', 'ROLLED_BACK', 'SUCCEEDED'], 'ROLLED_BACK'],
  [['ROLLBACK_FAILED', 'UNKNOWN'], 'UNKNOWN'],
  [[], 'UNKNOWN'],
] as const)('the worst of %j is %s', (all, worst) => {
  expect(worstOutcome(all)).toBe(worst);
});

test('an execution succeeds if the service runs the image, was left alone, or runs a newer deployment', () => {
  expect(outcomes.filter(isSuccessfulOutcome)).toEqual(['SUPERSEDED', 'PARTIAL', 'SKIPPED', 'SUCCEEDED']);
});

describe('a result has a reason that its outcome allows, and a message:', () => {
  const expectAllowed = ({ outcome, reason, message }: Result): void => {
    expect(reasonsByOutcome[outcome] as readonly Reason[]).toContain(reason);
    expect(message).not.toBe('');
  };
  const expectDecisionAllowed = (decision: RolloutDecision): void => {
    if (decision.action === 'finish') expectAllowed(decision.result);
    // A rollback ends as ROLLED_BACK or ROLLBACK_FAILED for the same reason.
    if (decision.action === 'rollBack') expectAllowed({ outcome: 'ROLLED_BACK', reason: decision.reason, message: decision.message });
  };
  const anyResult: fc.Arbitrary<Result> = fc
    .tuple(fc.constantFrom(...outcomes), fc.nat(), fc.constantFrom(undefined, ...runbookEntries))
    .map(([outcome, index, runbook]) => {
      const reasons = reasonsByOutcome[outcome];
      return { outcome, reason: reasons[index % reasons.length] as Reason, message: 'x', ...(runbook && { runbook }) };
    });

  test('the initial result', () => {
    expectAllowed(unfinished);
  });

  test('every decision about a rollout', () => {
    fc.assert(
      fc.property(anyObservation, (observation) => expectDecisionAllowed(decideRollout(observation))),
      { numRuns: 1000 },
    );
  });

  test('every decision about a rollback', () => {
    fc.assert(
      fc.property(anyObservation, anyRollback, (observation, rollback) => expectDecisionAllowed(decideRollback(observation, rollback))),
      { numRuns: 1000 },
    );
  });

  test('every failed step', () => {
    const caught = fc.record({
      state: fc.constantFrom('', 'PlanRelease', 'WatchRollout', 'RollBack'),
      error: fc.constantFrom('', 'States.Timeout'),
      cause: fc.string(),
    });
    const record = fc.record({ updateRequestedAt: fc.constant(startedAt), rollback: anyRollback }, { requiredKeys: [] });

    fc.assert(
      fc.property(anyResult, caught, fc.option(record, { nil: undefined }), (result, error, one) =>
        expectAllowed(finalResult(result, error, one)),
      ),
    );
  });

  test('every release', () => {
    const deployment = fc.record({
      service: fc.constantFrom('production/web', 'production/worker'),
      record: fc.option(fc.record({ result: anyResult, updateRequestedAt: fc.constant(startedAt) }, { requiredKeys: [] }), {
        nil: undefined,
      }),
    });

    fc.assert(fc.property(fc.array(deployment, { maxLength: 4 }), (deployments) => expectAllowed(releaseResult(deployments))));
  });
});

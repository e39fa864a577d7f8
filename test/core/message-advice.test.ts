import { unfinished } from '../../core/contracts.js';
import { advices, nextStepAt } from '../../core/message-advice.js';
import { releaseResult } from '../../core/release-plan.js';
import { finalResult } from '../../core/result/final-result.js';
import { outcomes } from '../../core/result/result.js';
import { decideRollback } from '../../core/rollout/rollback-decision.js';
import { decideRollout } from '../../core/rollout/rollout-decision.js';
import { unresumableResult } from '../../core/sweep.js';
import { aLook, base, ours, rollout, serviceOn } from './looks.js';

const back = { since: '2026-11-23T09:05:00.000Z', reason: 'CRASHED', message: '3 tasks failed' } as const;
const touched = { touched: '2026-11-23T09:00:00.000Z' };
const denied = (state: string) => ({ state, error: 'AccessDeniedException', cause: 'not authorized' });
const aborted = { isRunning: false, endedAt: undefined, status: 'ABORTED' };
const endOf = (verdict: ReturnType<typeof decideRollback>) => ('result' in verdict ? verdict.result : unfinished);

test.each([
  [
    'RollBack failed for good',
    finalResult({ outcome: 'UNKNOWN', reason: 'CRASHED', message: '3 tasks failed' }, denied('RollBack'), {
      ...touched,
      back: { ...back, method: 'stop' },
    }),
    'take the service back by hand now, then mend what the error says of RollBack (docs/operations.md#the-way-back-failed)',
  ],
  [
    'ECS says that the service is back, and it is not',
    endOf(decideRollout(aLook({ service: serviceOn(ours), rollout: rollout({ status: 'ROLLBACK_SUCCESSFUL' }), isOverdue: true }))),
    'see what the newest service deployment rolls out; if it is the failed revision, take the service back by hand (docs/operations.md#ecs-says-that-it-is-back-and-it-is-not)',
  ],
  [
    "ECS's rollback failed",
    endOf(
      decideRollback(aLook({ service: serviceOn(base), rollout: rollout({ status: 'ROLLBACK_FAILED' }) }), { ...back, method: 'stop' }),
    ),
    'read the events of the service: what ran before does not start either; take it to a revision that does (docs/operations.md#ecss-own-rollback-failed)',
  ],
  [
    'the rollback was not over',
    endOf(decideRollback(aLook({ rollout: rollout({ status: 'ROLLBACK_IN_PROGRESS' }), isOverdue: true }), { ...back, method: 'stop' })),
    'see whether ECS is still at it; if its tasks fail, too, take the service to another revision (docs/operations.md#the-rollback-was-not-over-in-time)',
  ],
  [
    'ECS took the way back back',
    endOf(
      decideRollback(aLook({ service: serviceOn(base), rollout: rollout({ status: 'ROLLBACK_SUCCESSFUL', target: base }) }), {
        ...back,
        method: 'update',
      }),
    ),
    'what ran before fails, too: take the service to another revision that worked (docs/operations.md#ecs-took-the-way-back-back)',
  ],
  [
    'the way back was stopped',
    endOf(
      decideRollback(aLook({ service: serviceOn(base), rollout: rollout({ status: 'STOPPED', target: base }) }), {
        ...back,
        method: 'update',
      }),
    ),
    'ask who stopped it, and take the service back by hand (docs/operations.md#the-way-back-was-stopped)',
  ],
  [
    'nobody could go on with it',
    unresumableResult(aborted),
    'see what the service runs; its executions named -adopts- say why none could go on (docs/operations.md#no-other-could-go-on-with-it)',
  ],
  [
    'a release did not hear of its deployment',
    releaseResult([{ service: 'production/web', record: touched }]),
    'wait half an hour for the message of the deployment itself; without one, see what the service runs (docs/operations.md#a-deployment-that-its-release-did-not-hear-of)',
  ],
  [
    'a release did not hear of its deployment, and closed',
    finalResult(releaseResult([{ service: 'production/web', record: touched }]), { state: '', error: '', cause: '' }, touched),
    'wait half an hour for the message of the deployment itself; without one, see what the service runs (docs/operations.md#a-deployment-that-its-release-did-not-hear-of)',
  ],
  [
    'CheckRollout lost sight of it',
    finalResult(unfinished, denied('CheckRollout'), touched),
    'see what the service runs, and mend what the error says, mostly a right that is missing (docs/operations.md#a-rollout-out-of-sight)',
  ],
  [
    'an execution ended in a way that nobody has thought of',
    finalResult(unfinished, { state: '', error: '', cause: '' }, touched),
    'see what the service runs, and mend what the error says, mostly a right that is missing (docs/operations.md#a-rollout-out-of-sight)',
  ],
] as const)('where %s, a person is told what to do and where it is said at length', (_, result, nextStep) => {
  expect(Object.keys(advices)).toContain(result.outcome);
  expect(nextStepAt(result)).toBe(nextStep);
});

test('what is told in words that nobody has thought of leads to the outcome', () => {
  expect(nextStepAt({ outcome: 'ROLLBACK_FAILED', reason: '', message: 'x' })).toBe(
    'see what the service runs (docs/operations.md#rollback_failed)',
  );
});

test('at other ends nobody is told to do anything', () => {
  const others = outcomes.filter((outcome) => advices[outcome] === undefined);

  expect(others).toEqual(['ROLLED_BACK', 'FAILED', 'SUPERSEDED', 'SKIPPED', 'SUCCEEDED']);
  for (const outcome of others) expect(nextStepAt({ outcome, cause: '', message: 'the way back failed: x' })).toBe('');
});

import { unresumableResult } from '../../../core/housekeeping/sweep.js';
import { releaseResult } from '../../../core/release/release-plan.js';
import { finalResult } from '../../../core/result/final-result.js';
import { outcomes, type Result, type RunbookEntry, reasonsByOutcome, runbookEntries, unfinished } from '../../../core/result/result.js';
import { nextStep, runbook } from '../../../core/result/runbook.js';
import { decideRollback } from '../../../core/rollout/rollback-decision.js';
import { decideRollout, type RolloutDecision } from '../../../core/rollout/rollout-decision.js';
import { startedAt } from '../given.js';
import { observation, ours, previous, rollbackBy, rollout, serviceOn } from '../rollout/observations.js';

const updated = { updateRequestedAt: startedAt };
const denied = (state: string) => ({ state, error: 'AccessDeniedException', cause: 'not authorized' });
const nothingCaught = { state: '', error: '', cause: '' };
const aborted = { isRunning: false, endedAt: undefined, status: 'ABORTED' };
const resultIn = (decision: RolloutDecision): Result => (decision.action === 'finish' ? decision.result : unfinished);
const unreported = releaseResult([{ service: 'production/web', record: updated }]);

test.each<[string, Result, RunbookEntry]>([
  [
    "Slipway's call to roll back failed",
    finalResult(unfinished, denied('RollBack'), { ...updated, rollback: rollbackBy('stop') }),
    'ROLLBACK_CALL_FAILED',
  ],
  [
    'ECS reports a rollback that is not visible',
    resultIn(
      decideRollout(observation({ service: serviceOn(ours), rollout: rollout({ status: 'ROLLBACK_SUCCESSFUL' }), isOverdue: true })),
    ),
    'ROLLBACK_NOT_VISIBLE',
  ],
  [
    'the rollback by ECS failed',
    resultIn(
      decideRollback(observation({ service: serviceOn(previous), rollout: rollout({ status: 'ROLLBACK_FAILED' }) }), rollbackBy('stop')),
    ),
    'ECS_ROLLBACK_FAILED',
  ],
  [
    'the rollback did not finish in time',
    resultIn(decideRollback(observation({ rollout: rollout({ status: 'ROLLBACK_IN_PROGRESS' }), isOverdue: true }), rollbackBy('stop'))),
    'ROLLBACK_TIMED_OUT',
  ],
  [
    'ECS reverted the rollback',
    resultIn(
      decideRollback(
        observation({ service: serviceOn(previous), rollout: rollout({ status: 'ROLLBACK_SUCCESSFUL', target: previous }) }),
        rollbackBy('update'),
      ),
    ),
    'ROLLBACK_REVERTED',
  ],
  [
    'the rollback was stopped',
    resultIn(
      decideRollback(
        observation({ service: serviceOn(previous), rollout: rollout({ status: 'STOPPED', target: previous }) }),
        rollbackBy('update'),
      ),
    ),
    'ROLLBACK_STOPPED',
  ],
  ['no other execution could resume it', unresumableResult(aborted), 'NOT_RESUMABLE'],
  ['a deployment did not report to its release', unreported, 'RESULT_MISSING'],
  ['a deployment did not report to its release, which has closed', finalResult(unreported, nothingCaught, updated), 'RESULT_MISSING'],
  ['the rollout could not be read', finalResult(unfinished, denied('WatchRollout'), updated), 'ROLLOUT_NOT_VISIBLE'],
])('if %s, the notification has a next step and the heading that explains it', (_, result, entry) => {
  const expected = runbook[result.outcome]?.[entry];

  expect(result.runbook).toBe(entry);
  expect(expected).toBeDefined();
  expect(nextStep(result)).toBe(`${expected?.nextStep} (docs/operations.md#${expected?.anchor})`);
});

test('every entry of the runbook is under one outcome and has its own heading', () => {
  const entries = Object.values(runbook).flatMap((entry) => Object.entries(entry));

  expect(entries.map(([entry]) => entry).sort()).toEqual([...runbookEntries].sort());
  expect(new Set(entries.map(([, { anchor }]) => anchor)).size).toBe(runbookEntries.length);
});

test('a result without an entry leads to the heading of its outcome', () => {
  expect(nextStep({ outcome: 'ROLLBACK_FAILED', reason: 'CRASHED', message: 'x' })).toContain('(docs/operations.md#rollback_failed)');
  expect(nextStep(unfinished)).toContain('(docs/operations.md#unknown)');
});

test('a before task whose end is unknown needs an operator, and another failure does not', () => {
  const failed = { outcome: 'FAILED', reason: 'BEFORE_TASK', message: 'x' } as const;

  expect(nextStep({ ...failed, runbook: 'BEFORE_TASK_UNKNOWN' })).toContain('(docs/operations.md#a-before-task-whose-end-is-unknown)');
  expect(nextStep(failed)).toBe('');
});

test('other outcomes need no operator', () => {
  const others = outcomes.filter((outcome) => runbook[outcome] === undefined);

  expect(others).toEqual(['ROLLED_BACK', 'SUPERSEDED', 'PARTIAL', 'SKIPPED', 'SUCCEEDED']);
  for (const outcome of [...others, 'FAILED'] as const)
    expect(nextStep({ outcome, reason: reasonsByOutcome[outcome][0], message: 'x', runbook: 'ROLLBACK_STOPPED' })).toBe('');
});

import type { Outcome, Result, RunbookEntry } from './result.js';

/** The operator's next step, and the anchor of the heading in docs/operations.md that explains it. */
type Entry = { readonly nextStep: string; readonly anchor: string };

/** By outcome, as docs/operations.md is ordered. */
export const runbook: Readonly<Partial<Record<Outcome, Partial<Record<RunbookEntry, Entry>>>>> = {
  ROLLBACK_FAILED: {
    ROLLBACK_CALL_FAILED: {
      nextStep: 'roll the service back by hand now, then fix the cause of the error',
      anchor: 'slipways-rollback-call-failed',
    },
    ROLLBACK_NOT_VISIBLE: {
      nextStep: 'check which revision the newest service deployment rolls out; if it is the failed one, roll back by hand',
      anchor: 'ecs-reports-a-rollback-that-is-not-visible',
    },
    ECS_ROLLBACK_FAILED: {
      nextStep: 'read the service events: the previous revision does not start either; deploy a revision that does',
      anchor: 'ecs-could-not-complete-its-rollback',
    },
    ROLLBACK_TIMED_OUT: {
      nextStep: 'check whether ECS still rolls back; if those tasks fail, too, deploy another revision',
      anchor: 'the-rollback-did-not-finish-in-time',
    },
    ROLLBACK_REVERTED: {
      nextStep: 'the previous revision fails, too: deploy another revision that worked',
      anchor: 'ecs-reverted-the-rollback',
    },
    ROLLBACK_STOPPED: {
      nextStep: 'find out who stopped it, and roll the service back by hand',
      anchor: 'the-rollback-was-stopped',
    },
  },
  FAILED: {
    BEFORE_TASK_UNKNOWN: {
      nextStep: 'find out whether the task did its work, then start the release again: that runs the task again',
      anchor: 'a-before-task-whose-end-is-unknown',
    },
  },
  UNKNOWN: {
    NOT_RESUMABLE: {
      nextStep: 'check what the service runs; the executions named -resumes- say why none could resume it',
      anchor: 'no-execution-could-resume-it',
    },
    RESULT_MISSING: {
      nextStep: 'wait half an hour for the message of the deployment; without one, check what the service runs',
      anchor: 'a-deployment-without-a-result',
    },
    ROLLOUT_NOT_VISIBLE: {
      nextStep: 'check what the service runs, then fix the cause of the error, most often a missing permission',
      anchor: 'a-rollout-that-could-not-be-read',
    },
  },
};

/** Every result with these outcomes needs an operator. */
const uncertain: ReadonlySet<Outcome> = new Set(['ROLLBACK_FAILED', 'UNKNOWN']);

/** The operator's next step, and where docs/operations.md explains it; undefined if none is needed. */
export const runbookOf = ({ outcome, runbook: entry }: Result): Entry | undefined => {
  const found = entry && runbook[outcome]?.[entry];
  if (found || !uncertain.has(outcome)) return found;
  return { nextStep: 'check what the service runs', anchor: outcome.toLowerCase() };
};

/** The same in one line; empty if none is needed. */
export const nextStep = (result: Result): string => {
  const found = runbookOf(result);
  return found ? `${found.nextStep} (docs/operations.md#${found.anchor})` : '';
};

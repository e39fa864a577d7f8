import type { Rollback } from '../records/records.js';
import * as messages from '../result/messages.js';
import { type RunbookEntry, resultOf } from '../result/result.js';
import { currentRevision, isDeleted, isSuperseded, type Observation, type RolloutStatus } from './observation.js';
import {
  deleted,
  ecsRollbackFailed,
  finish,
  type RolloutDecision,
  rollBack,
  rolledBack,
  succeededDespite,
  superseded,
  wait,
} from './rollout-decision.js';

type Decide = (observation: Observation, rollback: Rollback) => RolloutDecision;

const failed = ({ reason, message }: Rollback, cause: string, runbook: RunbookEntry): RolloutDecision =>
  finish(resultOf('ROLLBACK_FAILED', reason, messages.and(message, cause), runbook));

const again: Decide = (_, rollback) => rollBack(rollback);

const waitUntilOverdue: Decide = ({ isOverdue }, rollback) =>
  isOverdue ? failed(rollback, messages.rollbackTimedOut(), 'ROLLBACK_TIMED_OUT') : wait;

/** The call to stop has had no effect yet: repeating it is safe, and necessary if it was refused. */
const againUntilOverdue: Decide = (observation, rollback) => (observation.isOverdue ? waitUntilOverdue : again)(observation, rollback);

/** A stopped rollout, unless a newer deployment stopped it. */
const stopped =
  (otherwise: Decide): Decide =>
  (observation, rollback) => {
    if (isSuperseded(observation)) return superseded(observation, rollback);
    return observation.mayBeStale && !observation.isOverdue ? wait : otherwise(observation, rollback);
  };

const stoppedTooLate: Decide = (observation, rollback) =>
  (observation.mustBeVerified ? undefined : succeededDespite(observation, rollback)) ?? again(observation, rollback);

const ourUpdateStopped: Decide = ({ rollout }, rollback) =>
  failed(rollback, messages.rollbackStopped(rollout?.statusReason), 'ROLLBACK_STOPPED');

/** ECS reverted our rollback. */
const ourUpdateReverted: Decide = (observation, rollback) => {
  if (isSuperseded(observation)) return rolledBack(observation, rollback);
  const { rollout, rollbackTarget, previousRevision } = observation;
  return failed(rollback, messages.rollbackReverted(rollbackTarget ?? previousRevision, rollout?.statusReason), 'ROLLBACK_REVERTED');
};

/** By the rollback's method and the status of the watched rollout: for `update` the one of the rollback, else the one forward. */
const table: Record<Rollback['method'], Record<RolloutStatus, Decide>> = {
  stop: {
    PENDING: againUntilOverdue,
    IN_PROGRESS: againUntilOverdue,
    STOP_REQUESTED: waitUntilOverdue,
    STOPPED: stopped(again),
    ROLLBACK_REQUESTED: waitUntilOverdue,
    ROLLBACK_IN_PROGRESS: waitUntilOverdue,
    ROLLBACK_SUCCESSFUL: rolledBack,
    ROLLBACK_FAILED: ecsRollbackFailed,
    SUCCESSFUL: stoppedTooLate,
  },
  update: {
    PENDING: waitUntilOverdue,
    IN_PROGRESS: waitUntilOverdue,
    STOP_REQUESTED: waitUntilOverdue,
    STOPPED: stopped(ourUpdateStopped),
    ROLLBACK_REQUESTED: waitUntilOverdue,
    ROLLBACK_IN_PROGRESS: waitUntilOverdue,
    ROLLBACK_SUCCESSFUL: ourUpdateReverted,
    ROLLBACK_FAILED: ecsRollbackFailed,
    SUCCESSFUL: rolledBack,
  },
  // RollBack found nothing to roll back, but the update arrived after all.
  none: {
    PENDING: again,
    IN_PROGRESS: again,
    STOP_REQUESTED: again,
    STOPPED: stopped(again),
    ROLLBACK_REQUESTED: again,
    ROLLBACK_IN_PROGRESS: again,
    ROLLBACK_SUCCESSFUL: rolledBack,
    ROLLBACK_FAILED: ecsRollbackFailed,
    SUCCESSFUL: again,
  },
};

/** ECS lists no service deployment to watch. */
const notFound: Record<Rollback['method'], Decide> = {
  stop: (observation, rollback) => {
    const { previousRevision } = observation;
    if (currentRevision(observation) !== previousRevision) return waitUntilOverdue(observation, rollback);
    const where = { current: previousRevision, previousRevision, isLastGood: false, overwritten: [] };
    return finish(resultOf('ROLLED_BACK', rollback.reason, messages.rolledBack(rollback.message, where)));
  },
  // A call that was refused or lost has not arrived by now.
  update: (observation, rollback) =>
    [observation.revision, rollback.from].includes(currentRevision(observation))
      ? againUntilOverdue(observation, rollback)
      : waitUntilOverdue(observation, rollback),
  none: (observation, rollback) =>
    currentRevision(observation) === observation.previousRevision
      ? finish(resultOf('FAILED', failedReason(rollback), messages.and(rollback.message, messages.serviceUnchanged())))
      : rollBack(rollback),
};

/** Nothing changed: a reason of ROLLED_BACK becomes one that FAILED allows. */
const failedReason = ({ reason }: Rollback) =>
  reason === 'CANCELLED' || reason === 'STAGE_FAILED' || reason === 'TIMED_OUT' ? reason : 'AWS_ERROR';

const isKnown = (status: string): status is RolloutStatus => Object.hasOwn(table.stop, status);

/** Decides what to do about a rollback in progress; `isOverdue` is past the rollback's own deadline. */
export const decideRollback = (observation: Observation, rollback: Rollback): RolloutDecision => {
  const decision = decide(observation, rollback);
  return decision.action === 'rollBack' && observation.isCallRecent ? wait : decision;
};

const decide: Decide = (observation, rollback) => {
  const { rollout, service, isAbsent, revision, previousRevision, rollbackTarget } = observation;
  if (isDeleted(service)) return deleted;
  // An unknown status is waited for.
  if (rollout) return table[rollback.method][isKnown(rollout.status) ? rollout.status : 'STOP_REQUESTED'](observation, rollback);
  if (!isAbsent) return wait;
  const expected = [revision, previousRevision, rollbackTarget, rollback.from];
  if (!expected.includes(currentRevision(observation))) return superseded(observation, rollback);
  return notFound[rollback.method](observation, rollback);
};

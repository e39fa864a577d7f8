import * as leaseMessages from '../lease/messages.js';
import * as messages from '../result/messages.js';
import { type Result, type RollbackReason, resultOf } from '../result/result.js';
import { failureLimit, permanentLimit } from './evidence.js';
import { currentRevision, isDeleted, isSuperseded, type Observation, type RolloutStatus } from './observation.js';

export type RolloutDecision =
  /** `update`: send UpdateService again, the earlier call never arrived. */
  { readonly action: 'wait' | 'update' } | RollBack | Finish;

type Finish = { readonly action: 'finish'; readonly result: Result };

/** Roll back to the previous revision, or to the task definition ARN `to`. */
type RollBack = { readonly action: 'rollBack'; readonly to?: string } & Failure;

/** Why a rollout is rolled back. */
export type Failure = { readonly reason: RollbackReason; readonly message: string };

export const wait: RolloutDecision = { action: 'wait' };

export const finish = (of: Result): Finish => ({ action: 'finish', result: of });

export const rollBack = ({ reason, message }: Failure, to?: string): RollBack => ({
  action: 'rollBack',
  reason,
  message,
  ...(to !== undefined && { to }),
});

export const deleted = finish(resultOf('SUPERSEDED', 'SERVICE_DELETED', messages.serviceDeleted()));

export const superseded = (observation: Observation, failure?: Failure): Finish =>
  finish(resultOf('SUPERSEDED', 'NEWER_DEPLOYMENT', messages.superseded(currentRevision(observation), failure?.message)));

/**
 * The reason from the evidence, or from ECS if there is none. ECS has codes for its circuit breaker and its alarms; what else ends a
 * rollout, most often a user, it explains in words alone.
 */
const failureReason = ({ evidence, rollout }: Observation): Failure => {
  const { triggeredAlarms = [], statusReason = '', isBreakerTriggered = false, status = '', hook } = rollout ?? {};
  const { launchFailure, placementFailure } = evidence;
  if (triggeredAlarms.length > 0) return { reason: 'ALARM', message: messages.alarmsFired(triggeredAlarms) };
  // Of a failed rollback the status reason explains that one.
  const isStopped = !isBreakerTriggered && /^(?:STOP|ROLLBACK_(?!FAILED))/.test(status);
  if (evidence.reason) {
    const message = messages.tasksFailed(evidence);
    return { reason: evidence.reason, message: isStopped ? messages.and(message, messages.stoppedInEcs(statusReason)) : message };
  }
  if (launchFailure) return { reason: launchFailure.reason, message: messages.launchFailed(launchFailure) };
  if (placementFailure) return { reason: 'PLACEMENT', message: placementFailure.reason };
  if (isBreakerTriggered) return { reason: 'CIRCUIT_BREAKER', message: messages.gaveUp(statusReason) };
  const isHookFailure = hook && hook.status !== 'AWAITING_ACTION';
  return {
    reason: 'STOPPED_IN_ECS',
    message: isHookFailure ? messages.hookFailed(hook, statusReason) : messages.stoppedInEcs(statusReason),
  };
};

const limitOf = ({ service, maxFailedTasks }: Observation): number => failureLimit(service?.desiredCount, maxFailedTasks);

/** Why so many failed tasks end a rollout, or its verification; undefined if fewer failed. */
export const failedTooOften = (observation: Observation): Failure | undefined => {
  const { evidence } = observation;
  const isPermanent = (evidence.permanent ?? 0) >= permanentLimit;
  if (!isPermanent && evidence.failedTasks < limitOf(observation)) return undefined;
  return { reason: evidence.reason || 'CRASHED', message: messages.tasksFailed(evidence, isPermanent) };
};

/** A rollback before ECS reports the failure: too many failed tasks, no placement, or the timeout; undefined if there is no reason. */
const earlyFailure = (observation: Observation): RolloutDecision | undefined => {
  const { evidence, isOverdue, isPlacementOverdue } = observation;
  const tasks = failedTooOften(observation);
  if (tasks) return rollBack(tasks);
  const limit = limitOf(observation);
  const { launchFailure, placementFailure } = evidence;
  if (launchFailure && launchFailure.count >= (launchFailure.isPermanent ? permanentLimit : limit))
    return rollBack({ reason: launchFailure.reason, message: messages.launchFailed(launchFailure) });
  if (placementFailure && isPlacementOverdue)
    return rollBack({ reason: 'PLACEMENT', message: messages.placementTimedOut(placementFailure.reason) });
  if (!isOverdue) return undefined;
  const why = evidence.reason || launchFailure || placementFailure ? failureReason(observation).message : undefined;
  return rollBack({ reason: 'TIMED_OUT', message: messages.rolloutTimedOut(why) });
};

/**
 * UpdateService is not conditional: names the revisions that were deployed between the last read and the call, and overwritten. Several
 * source revisions are normal: a service whose rollout never finished runs them all.
 */
const overwrittenRevisions = ({ rollout, revision, previousRevision, replacedRevisions = [] }: Proof): string[] =>
  [...new Set(rollout?.replaced ?? [])].filter((one) => ![previousRevision, revision, rollout?.target, ...replacedRevisions].includes(one));

type Proof = Pick<
  Observation,
  'rollout' | 'service' | 'evidence' | 'revision' | 'previousRevision' | 'replacedRevisions' | 'digests' | 'operation'
>;

const successReasons = {
  image: 'DEPLOYED',
  taskDefinition: 'DEPLOYED',
  redeploy: 'REDEPLOYED',
  rollback: 'ROLLED_BACK_BY_OPERATOR',
  releaseRollback: 'ROLLED_BACK_WITH_RELEASE',
  beforeTask: 'BEFORE_TASK_COMPLETED',
} as const;

/** A rollout that ECS reports as SUCCESSFUL succeeded only if it rolled out our revision with our image. */
export const succeeded = (observation: Proof): Finish | RollBack => {
  const { rollout, evidence, revision, digests, operation = 'image' } = observation;
  const target = rollout?.target ?? '';
  const mismatch = (message: string): RollBack => rollBack({ reason: 'AWS_ERROR', message });
  if (target !== revision) return mismatch(messages.otherRevision(target, revision));
  const foreign = digests.length > 0 && rollout?.digests.find((digest) => !digests.includes(digest));
  if (foreign) return mismatch(messages.otherDigest(foreign));
  const isScaledToZero = observation.service?.desiredCount === 0;
  // ECS reports success once as many tasks run as desired, even if all that ever ran have failed.
  if (isScaledToZero && evidence.failedTasks > 0)
    return rollBack({ reason: evidence.reason || 'CRASHED', message: messages.nothingRunsAfterFailures(evidence) });
  const reason = isScaledToZero ? 'NOTHING_RUNNING' : successReasons[operation];
  return finish(resultOf('SUCCEEDED', reason, messages.running({ ...observation, overwritten: overwrittenRevisions(observation) })));
};

/** What ends a rollout because its tasks failed. */
const taskFailures: ReadonlySet<RollbackReason> = new Set(['CRASHED', 'UNHEALTHY', 'CANNOT_PULL', 'CANNOT_START', 'HOST']);

/**
 * A rollback because tasks failed finds that ECS has completed the rollout before: they do not count against what ECS has proved.
 * Undefined if something else was the reason, or the rollout is not successful.
 */
export const succeededDespite = (observation: Proof, { reason, message }: Failure): RolloutDecision | undefined => {
  if (!taskFailures.has(reason) || observation.rollout?.status !== 'SUCCESSFUL') return undefined;
  const decision = succeeded(observation);
  if (decision.action !== 'finish') return undefined;
  return finish({ ...decision.result, message: messages.succeededDespite(decision.result.message, message) });
};

/** Superseded only if another deployment is newer; else ECS stopped the rollout and left the service on our revision. */
const stopped = (observation: Observation): RolloutDecision => {
  if (isSuperseded(observation)) return superseded(observation);
  const { isBreakerTriggered, triggeredAlarms } = observation.rollout ?? { isBreakerTriggered: false, triggeredAlarms: [] };
  const isExplained = isBreakerTriggered || triggeredAlarms.length > 0;
  return observation.mayBeStale && !isExplained && !observation.isOverdue ? wait : rollBack(failureReason(observation));
};

const unlessOverdue = (observation: Observation): RolloutDecision => (observation.isOverdue ? rollBack(failureReason(observation)) : wait);

const inProgress = (observation: Observation): RolloutDecision => earlyFailure(observation) ?? wait;

/** By the status of our own rollout. */
const forward: Record<RolloutStatus, (observation: Observation) => RolloutDecision> = {
  PENDING: inProgress,
  IN_PROGRESS: inProgress,
  STOP_REQUESTED: (observation) => (observation.isOverdue ? stopped(observation) : wait),
  STOPPED: stopped,
  ROLLBACK_REQUESTED: unlessOverdue,
  // Past the timeout the rollback gets a deadline of its own: it may have begun shortly before.
  ROLLBACK_IN_PROGRESS: unlessOverdue,
  ROLLBACK_SUCCESSFUL: (observation) => rolledBack(observation, failureReason(observation)),
  ROLLBACK_FAILED: (observation) => ecsRollbackFailed(observation, failureReason(observation)),
  SUCCESSFUL: succeeded,
};

/** ECS reports its rollback as successful: so is it once the service is on another revision than ours. */
export const rolledBack = (observation: Observation, failure: Failure): RolloutDecision => {
  const { reason, message } = failure;
  const { revision, previousRevision, lastGood, isOverdue, isOnQuarantined = false } = observation;
  const current = currentRevision(observation);
  if (isSuperseded(observation)) return superseded(observation, failure);
  if (current === revision)
    return isOverdue
      ? finish(resultOf('ROLLBACK_FAILED', reason, messages.rollbackNotVisible(message, current), 'ROLLBACK_NOT_VISIBLE'))
      : wait;
  // ECS rolls back to the revision that it completed last, whose image may be quarantined.
  if (isOnQuarantined && lastGood !== undefined && current !== lastGood && !isOverdue) return rollBack(failure, lastGood);
  const overwritten = overwrittenRevisions(observation);
  return finish(
    resultOf(
      'ROLLED_BACK',
      reason,
      messages.rolledBack(message, { current, previousRevision, isLastGood: current === lastGood, overwritten }),
    ),
  );
};

/** ECS reports its rollback as failed, also if an update of another deployer ended it. */
export const ecsRollbackFailed = (observation: Observation, failure: Failure): RolloutDecision => {
  if (isSuperseded(observation)) return superseded(observation, failure);
  if (observation.mayBeStale && !observation.isOverdue) return wait;
  const message = messages.ecsRollbackFailed(failure.message, observation.rollout?.statusReason);
  return finish(resultOf('ROLLBACK_FAILED', failure.reason, message, 'ECS_ROLLBACK_FAILED'));
};

const isKnown = (status: string): status is RolloutStatus => Object.hasOwn(forward, status);

/** Unless ECS is already rolling it back, or a newer deployment has replaced it. */
const canBeCancelled = ({ rollout, service, revision, previousRevision }: Observation): boolean =>
  rollout ? !/^(?:STOP|ROLLBACK)/.test(rollout.status) : [revision, previousRevision].includes(service?.taskDefinition ?? '');

/** An operator judges the image; a release that rolls a stage back does not. */
export const cancelled = (cancel: NonNullable<Observation['cancel']>): Failure =>
  cancel.failedService === undefined
    ? { reason: 'CANCELLED', message: messages.cancelled(cancel) }
    : { reason: 'STAGE_FAILED', message: leaseMessages.cancelledWithStage(cancel.failedService) };

/** Decides what to do about a rollout that Slipway is not rolling back. */
export const decideRollout = (observation: Observation): RolloutDecision => {
  const { service, rollout, isAbsent, cancel, revision, previousRevision, isOverdue } = observation;
  if (isDeleted(service)) return deleted;
  if (cancel && canBeCancelled(observation)) return rollBack(cancelled(cancel));
  if (rollout) return forward[isKnown(rollout.status) ? rollout.status : 'IN_PROGRESS'](observation);
  if (!isAbsent) return wait;
  const current = currentRevision(observation);
  if (current === revision) return isOverdue ? rollBack({ reason: 'TIMED_OUT', message: messages.rolloutNeverListed() }) : wait;
  if (current !== previousRevision) return superseded(observation);
  // An update that has no effect by now never arrived.
  return isOverdue ? finish(resultOf('FAILED', 'TIMED_OUT', messages.updateNeverArrived())) : { action: 'update' };
};

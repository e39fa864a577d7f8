import type { Evidence } from '../evidence.js';
import { type Observation, revisionName } from '../rollout/observation.js';

type Operator = { readonly by?: string | undefined; readonly reason?: string | undefined };

const tasks = (count: number): string => `${count} task${count === 1 ? '' : 's'}`;

const joined = (...parts: readonly (string | undefined | false)[]): string => parts.filter(Boolean).join('; ');

const noReason = 'no reason given';

const overwrote = (revisions: readonly string[]): string | undefined =>
  revisions.length > 0
    ? `it replaced ${revisions.map(revisionName).join(', ')}, deployed by another deployer seconds before: deploy that again`
    : undefined;

/**
 * Every message of a result, from the facts that it states. A message may be reworded here without any other change: no
 * code compares one.
 */
export const messages = {
  and: (message: string, what: string): string => joined(message, what),

  // Rollouts
  serviceDeleted: () => 'the service was deleted during the deployment',
  superseded: (revision: string, failure?: string) =>
    failure === undefined
      ? `a newer deployment moved the service to ${revisionName(revision)}`
      : `${failure}; then a newer deployment moved the service to ${revisionName(revision)}`,
  alarmsFired: (alarms: readonly string[]) => `alarm ${alarms.join(', ')} fired`,
  stoppedInEcs: (statusReason: string) => `the rollout was stopped in ECS: ${statusReason}`,
  tasksFailed: ({ failedTasks, groups: [group] }: Evidence, isPermanent = false) =>
    joined(
      `${tasks(failedTasks)} failed${group ? `: ${group.count} × ${group.what}` : ', as counted by ECS'}`,
      isPermanent && 'further tasks would fail the same way',
    ),
  gaveUp: (statusReason: string) => statusReason || 'ECS gave the rollout up without a reason',
  placementTimedOut: (reason: string) => `ECS could not place tasks within placementTimeout: ${reason}`,
  rolloutTimedOut: (why: string | undefined) => joined('the rollout did not finish within the timeout', why),
  rolloutNeverListed: () => 'ECS never listed the service deployment that was requested',
  updateNeverArrived: () => 'the update never reached ECS; the service was not changed',
  otherRevision: (target: string, revision: string) => `ECS rolled out ${revisionName(target)} instead of ${revisionName(revision)}`,
  otherDigest: (digest: string) => `the tasks run ${digest}, which is neither the image's digest nor that of one of its platforms`,
  running: ({
    service,
    rollout,
    revision,
    previousRevision,
    overwritten,
  }: Pick<Observation, 'service' | 'rollout' | 'revision' | 'previousRevision'> & { readonly overwritten: readonly string[] }) => {
    const { desiredCount = 0, runningCount = desiredCount, isDoneEarly = false, taskDefinition = '' } = service ?? {};
    if (desiredCount === 0) return joined('nothing is running: the desired count is 0', overwrote(overwritten));
    const starting = isDoneEarly ? Math.max(0, desiredCount - runningCount) : 0;
    const ignored = rollout?.ignoredAlarms ?? [];
    return joined(
      `${desiredCount - starting} of ${desiredCount} tasks run it`,
      starting > 0 && `${tasks(starting)} were still starting when the service's early success criteria were met`,
      ignored.length > 0 && `alarm ${ignored.join(', ')} did not guard it: ECS ignores alarms if one is in ALARM when a rollout begins`,
      overwrote(overwritten),
      ![revision, previousRevision].includes(taskDefinition) &&
        `since then a newer deployment has moved the service to ${revisionName(taskDefinition)}`,
    );
  },

  // Rollbacks
  rolledBack: (
    failure: string,
    {
      current,
      previousRevision,
      isLastGood,
      overwritten,
    }: {
      readonly current: string;
      readonly previousRevision: string;
      readonly isLastGood: boolean;
      readonly overwritten: readonly string[];
    },
  ) => {
    const other = `${revisionName(current)}${isLastGood ? ', the last known good one' : ''}, not on ${revisionName(previousRevision)} which ran before`;
    const where = current === previousRevision ? revisionName(current) : other;
    return joined(failure, `the service is back on ${where}`, overwrote(overwritten));
  },
  rollbackNotVisible: (failure: string, current: string) =>
    `${failure}; ECS reports that it rolled back, and the service is still on ${revisionName(current)}`,
  ecsRollbackFailed: (failure: string, statusReason: string | undefined) =>
    `${failure}; the rollback by ECS failed: ${statusReason || noReason}`,
  rollbackTimedOut: () => 'the rollback did not finish within the timeout',
  rollbackStopped: (statusReason: string | undefined) => `the rollback was stopped: ${statusReason || noReason}`,
  rollbackReverted: (target: string, statusReason: string | undefined) =>
    `ECS reverted the rollback to ${revisionName(target)}: ${statusReason || noReason}`,
  rollbackCallFailed: (failure: string, error: string) => `${failure}; the rollback failed: ${error}`,
  serviceUnchanged: () => 'the service was not changed',
  supersededBeforeRollback: (failure: string) => `${failure}; a newer deployment has replaced it, so nothing was rolled back`,
  deletedBeforeRollback: (failure: string) => `${failure}; then the service was deleted`,

  // Operators
  cancelled: ({ by, reason }: Operator) => `${by ? `${by} cancelled it` : 'it was cancelled'}${reason ? `: ${reason}` : ''}`,
  cancelledBeforeUpdate: (cancel: Operator): string => joined(messages.cancelled(cancel), messages.serviceUnchanged()),
  held: (service: string) =>
    `${service === '*' ? 'every service' : service} is on hold: automatic deployments are skipped until the hold is released`,
  released: (service: string) => `the hold of ${service === '*' ? 'every service' : service} is released`,
  cancelRequested: () => 'the deployment in progress was asked to roll back: it reports the result',

  // The lease
  alreadyRunning: (digest: string) => `${digest} is already running`,
  onHold: ({ by, reason, at }: Operator & { readonly at: string }) =>
    `on hold since ${at}${by ? `, by ${by}` : ''}${reason ? `: ${reason}` : ''}`,
  quarantined: ({ reason, at }: { readonly reason: string; readonly at: string }) =>
    `this digest is quarantined: it ended in ${reason} here at ${at}; start it by hand with "force": true to deploy it all the same`,
  olderPush: (pushedAt: string, running: { readonly tag?: string | undefined; readonly at: string }) =>
    `older than what runs: it was pushed at ${pushedAt}, and ${running.tag ?? 'what runs'} at ${running.at}`,
  sameSecond: () => 'the same second, with the higher digest',
  externalChange: (pushedAt: string, revision: string, at: string) =>
    `older than what runs: it was pushed at ${pushedAt}, and another deployer changed the image with ${revisionName(revision)} at ${at}`,
  replacedInQueue: (by: string) => `${by} goes first: its image is newer, or an operator started it`,
  leaseLost: () => 'another deployment has the lease of the service',
  rollbackDelegated: (message: string) => `the deployment in progress was asked to roll back: ${message}`,
  duplicateRollback: () => 'another rollback of the service is in progress',

  // Resuming
  notUpdatedYet: (record: string) => `${record} has not changed its service: if its execution has ended, the sweep closes it`,
  stillHeld: (record: string, execution: string) => `${record} is still run by ${execution}`,
  resumedElsewhere: (record: string) => `${record} was resumed by another execution`,
  alreadyEnded: (record: string) => `${record} has ended already`,
  takenOver: () => 'its execution ended, and another deployment has taken the lease of the service since',

  // Pushes and releases
  malformedEvent: (what: string) => `the event's ${what}; expected the event of a push to Amazon ECR`,
  notAPush: (what: string, expected: string) => `the event's ${what}; only events with ${expected} are deployed`,
  noTag: (repository: string) => `the push to ${repository} has no tag; only tagged images are deployed`,
  servicesRunning: (count: number, all: number) => `${count} of ${all} services run it`,
  ofService: (service: string, message: string) => `${service}: ${message}`,
  noService: () => 'slipway.yml names no service for it',
  noRecord: () => 'its deployment left no record: see its execution',
  noResult: () => 'its deployment did not report a result',
  repositoryNotConfigured: (repository: string, known: readonly string[]) =>
    `repository ${repository} is not in slipway.yml; it names ${known.join(', ')}`,
  tagGone: (tag: string, repository: string) => `tag ${tag} is no longer in ${repository}`,
  tagMoved: (tag: string, digest: string) => `tag ${tag} has moved to ${digest}, which its own push deploys`,
  releaseInProgress: (digest: string, execution: string) => `another release of ${digest} is in progress: ${execution}`,
  releasedBefore: (execution: string) => `this push was released before: ${execution}`,

  // Executions that ended without a result
  stepFailed: (state: string, error: string, cause: string) => `${state} failed with ${error}${cause ? `: ${cause}` : ''}`.slice(0, 600),
  notVisible: (error: string) => `${error}; the final state is unknown: check the service in the ECS console now`,
  endedBeforeUpdate: (execution: string) => `${execution} before the service was changed`,
  notResumable: (execution: string) => `${execution} after the service was changed, and no other execution could resume it`,
  endedBeforeStart: (execution: string) => `${execution} before it began`,
  endedAfter: (execution: string, count: number, planned: number) => `${execution}; ${count} of ${planned} services were deployed`,
} as const;

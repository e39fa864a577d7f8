import type { NotFound, Operation, ServiceState } from '../records/records.js';
import type { Evidence } from './evidence.js';

/** The statuses of a service deployment (ECS API, ServiceDeploymentStatus). */
export type RolloutStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'STOP_REQUESTED'
  | 'STOPPED'
  | 'ROLLBACK_REQUESTED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED'
  | 'SUCCESSFUL';

/** A lifecycle hook for which a rollout waits, or that ended it. `expiresAt` is ISO 8601. */
export type Hook = {
  readonly id: string;
  /** The lifecycle stage that the rollout is in now. */
  readonly stage: string;
  readonly status: 'AWAITING_ACTION' | 'FAILED' | 'TIMED_OUT';
  readonly expiresAt: string;
  /** What ECS does then: CONTINUE or ROLLBACK. */
  readonly timeoutAction: string;
};

/** A service deployment: the members that decide. */
export type Rollout = {
  readonly arn: string;
  /** An unknown status is treated as IN_PROGRESS. */
  readonly status: RolloutStatus | (string & {});
  readonly statusReason: string;
  /** ARNs of the task definition and of the service revision that it rolls out. */
  readonly target: string;
  readonly targetServiceRevision: string;
  /** The target of ECS's own rollback: ARNs of service revision and task definition, and digests as below; those two only if known. */
  readonly rollback?: { readonly revision: string; readonly taskDefinition?: string; readonly digests?: readonly string[] };
  /** ARNs of the task definitions that the service ran when it began. Absent if they were not read. */
  readonly replaced?: readonly string[];
  /** Digests that ECS resolved for our containers in that revision; empty if it does not report them. */
  readonly digests: readonly string[];
  readonly isBreakerTriggered: boolean;
  readonly triggeredAlarms: readonly string[];
  /** Configured alarms that do not guard it: ECS ignores alarms if one is in ALARM when the rollout begins. */
  readonly ignoredAlarms: readonly string[];
  readonly hook?: Hook;
  /** ISO 8601; empty while it is in progress. */
  readonly finishedAt: string;
};

/** A service: the members that decide. */
export type ServiceObservation = {
  readonly status: string;
  /** ARN of the task definition of its newest deployment. */
  readonly taskDefinition: string;
  readonly desiredCount: number;
  /** Running tasks of its newest deployment. */
  readonly runningCount?: number;
  /** Does the service complete a rollout before all tasks run (earlySuccessCriteria)? */
  readonly hasEarlySuccess?: boolean;
};

/** What one invocation of a step reads of a rollout. */
export type Observation = {
  /** Undefined if there is no such service. */
  readonly service: ServiceObservation | undefined;
  /** The service deployment that is watched: ours, or the one of our rollback. Undefined if ECS does not list it. */
  readonly rollout: Rollout | undefined;
  /** ARN of the service revision of the newest service deployment; read once the watched one has failed. */
  readonly newestServiceRevision?: string | undefined;
  /** The rollout ended so recently that reads may not show its successor yet. */
  readonly mayBeStale?: boolean;
  /** Has ECS not listed the rollout for so long that it does not exist? */
  readonly isAbsent: boolean;
  /** Was the last call of a rollback sent so recently that it may not have had its effect yet? */
  readonly isCallRecent?: boolean;
  readonly evidence: Evidence;
  /** Absent: `failureLimit`, by the desired count. */
  readonly maxFailedTasks?: number | undefined;
  /** Has ECS failed to place its tasks for longer than placementTimeout? */
  readonly isPlacementOverdue?: boolean;
  readonly isOverdue: boolean;
  /** Does ECS's success not count until the revision is verified? */
  readonly mustBeVerified?: boolean;
  /** The request of an operator, or of its release, to roll back. */
  readonly cancel?: Omit<NonNullable<ServiceState['cancel']>, 'record'> | undefined;
  /** Absent: `image`. */
  readonly operation?: Operation['kind'] | undefined;
  /** Task definition ARNs of our revision, of the one that ran before, and of the last known good one. */
  readonly revision: string;
  readonly previousRevision: string;
  /** ARNs of the revisions that the service ran when our update was sent, or that an earlier deployment of ours left it on. */
  readonly replacedRevisions?: readonly string[];
  readonly lastGood?: string | undefined;
  /** Is the image of the revision that the service is on quarantined, while that of the last known good one is not? */
  readonly isOnQuarantined?: boolean;
  /** Task definition ARN of the rollback's target, if it is not the previous revision. */
  readonly rollbackTarget?: string | undefined;
  /** Digests that prove our image: its own and those of its platforms. */
  readonly digests: readonly string[];
};

/** The rollout was found, or is not expected yet. */
export const noneMissing: NotFound = { count: 0, since: '' };

/** This look added to those in a row that did not find the rollout. `now` is ISO 8601. */
export const notFoundAgain = (before: NotFound | undefined, now: string): NotFound => ({
  count: (before?.count ?? 0) + 1,
  since: before?.since || now,
});

/** ECS reads are eventually consistent: a rollout is absent after three looks in a row that span half a minute. */
export const isAbsent = ({ count, since }: NotFound, now: string): boolean => count >= 3 && Date.parse(now) - Date.parse(since) >= 30_000;

/** Is there no such service, or is it being deleted? */
export const isDeleted = (service: Pick<ServiceObservation, 'status'> | undefined): boolean =>
  service === undefined || service.status !== 'ACTIVE';

/** `arn:…:task-definition/web:41` → `web:41` */
export const revisionName = (revision: string): string => revision.slice(revision.lastIndexOf('/') + 1);

/** ARN of the task definition that the service is on; empty if there is no service. */
export const currentRevision = ({ service }: Pick<Observation, 'service'>): string => service?.taskDefinition ?? '';

/**
 * Has a newer deployment replaced the watched one? Every update creates a service revision, even one to an earlier task definition
 * (ECS Developer Guide, "Amazon ECS service revisions"). ECS's own rollback goes to the revision that its service deployment names.
 */
export const isSuperseded = (
  observation: Pick<Observation, 'rollout' | 'service' | 'newestServiceRevision' | 'revision' | 'previousRevision'>,
): boolean => {
  const { rollout, newestServiceRevision, revision, previousRevision } = observation;
  if (!rollout) return false;
  const { status, target, targetServiceRevision, rollback } = rollout;
  const isRolledBack = status === 'ROLLBACK_SUCCESSFUL' || status === 'ROLLBACK_FAILED';
  if (newestServiceRevision && rollback && ![targetServiceRevision, rollback.revision].includes(newestServiceRevision)) return true;
  if (newestServiceRevision && !isRolledBack && newestServiceRevision !== targetServiceRevision) return true;
  // Nothing is newer than a rollback to a revision of an unknown task definition, so the service is on that.
  if (newestServiceRevision && isRolledBack && rollback && rollback.taskDefinition === undefined) return false;
  const expected = [revision, target, ...(isRolledBack ? [rollback?.taskDefinition ?? previousRevision] : [])];
  return !expected.includes(currentRevision(observation));
};

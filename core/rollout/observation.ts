import type { Operation, ServiceState } from '../records/records.js';
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

/** A service deployment, as far as a decision needs it. */
export type Rollout = {
  readonly arn: string;
  /** A status that this version does not know is treated as IN_PROGRESS. */
  readonly status: RolloutStatus | (string & {});
  readonly statusReason: string;
  /** ARN of the task definition that it rolls out, and of that service revision. */
  readonly target: string;
  readonly targetRevision: string;
  /** Where ECS takes the service by itself once it rolls back: the same two, and digests as below. */
  readonly rollback?: { readonly taskDefinition: string; readonly revision: string; readonly digests?: readonly string[] };
  /** Task definitions that the service ran when it began. Absent if that was not read. */
  readonly replaced?: readonly string[];
  /** Resolved digests of our containers in that revision; empty if ECS does not report them. */
  readonly digests: readonly string[];
  readonly isBreakerTriggered: boolean;
  readonly triggeredAlarms: readonly string[];
  /** Configured alarms that do not guard it: ECS ignores alarms if one is in ALARM when the rollout begins. */
  readonly ignoredAlarms: readonly string[];
  /** ISO 8601; empty while it is in progress. */
  readonly finishedAt: string;
};

/** The service, as far as a decision needs it. */
export type ServiceObservation = {
  readonly status: string;
  /** Task definition of its newest deployment. */
  readonly taskDefinition: string;
  readonly desiredCount: number;
  /** Running tasks of its newest deployment. */
  readonly runningCount?: number;
  /** Does the service complete a rollout before all tasks run (earlySuccessCriteria)? */
  readonly isDoneEarly?: boolean;
};

/** Everything that one visit of a step read. */
export type Observation = {
  /** Undefined if ECS does not know it. */
  readonly service: ServiceObservation | undefined;
  /** The service deployment that is watched: ours, or the one of our rollback. Undefined if ECS does not list it. */
  readonly rollout: Rollout | undefined;
  /** ARN of the service revision that the newest service deployment rolls out; read once the watched one has failed. */
  readonly newestRevision?: string | undefined;
  /** The rollout ended so recently that reads may not show yet what came after it. */
  readonly mayBeStale?: boolean;
  /** Consecutive observations without the rollout, this one included. */
  readonly notFoundCount: number;
  readonly evidence: Evidence;
  /** Default by the desired count. */
  readonly maxFailedTasks?: number | undefined;
  /** Has ECS failed to place its tasks for longer than placementTimeout? */
  readonly isPlacementOverdue?: boolean;
  readonly isOverdue: boolean;
  /** An operator's request to roll back. */
  readonly cancel?: Pick<NonNullable<ServiceState['cancel']>, 'by' | 'reason'> | undefined;
  /** Default: an image is deployed. */
  readonly operation?: Operation['kind'] | undefined;
  /** ARNs of our revision, of the one that ran before, and of the last known good one. */
  readonly revision: string;
  readonly previousRevision: string;
  readonly lastGood?: string | undefined;
  /** Is the image of the revision that the service is on quarantined, while that of the last known good one is not? */
  readonly isOnQuarantined?: boolean;
  /** Where a rollback leads, if not to the previous revision. */
  readonly rollbackTarget?: string | undefined;
  /** Digests that prove our image: its own and those of its platforms. */
  readonly digests: readonly string[];
};

/** Reads are eventually consistent: a rollout that is not found is believed absent from the third observation on. */
export const notFoundThreshold = 3;

export const isDeleted = (service: Pick<ServiceObservation, 'status'> | undefined): boolean =>
  service === undefined || service.status !== 'ACTIVE';

/** `web:41` of its ARN. */
export const revisionName = (revision: string): string => revision.slice(revision.lastIndexOf('/') + 1);

export const currentRevision = ({ service }: Pick<Observation, 'service'>): string => service?.taskDefinition ?? '';

/**
 * Has a newer deployment replaced the watched one? Every update of a service makes a new service revision, also one of a
 * task definition that it had before; ECS's own rollback is to the revision that its service deployment names.
 */
export const isSuperseded = (
  observation: Pick<Observation, 'rollout' | 'service' | 'newestRevision' | 'revision' | 'previousRevision'>,
): boolean => {
  const { rollout, newestRevision, revision, previousRevision } = observation;
  if (!rollout) return false;
  const { status, target, targetRevision, rollback } = rollout;
  const isRolledBack = status === 'ROLLBACK_SUCCESSFUL' || status === 'ROLLBACK_FAILED';
  if (newestRevision && rollback && ![targetRevision, rollback.revision].includes(newestRevision)) return true;
  if (newestRevision && !isRolledBack && newestRevision !== targetRevision) return true;
  const expected = [revision, target, ...(isRolledBack ? [rollback?.taskDefinition ?? previousRevision] : [])];
  return !expected.includes(currentRevision(observation));
};

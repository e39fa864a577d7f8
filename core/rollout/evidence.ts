import type { RollbackReason } from '../result/result.js';
import type { LaunchFailure, PlacementFailure } from './service-event.js';
import type { StoppedTask } from './stopped-task.js';

/** Tasks that failed in the same way, described in one line. */
export type FailureGroup = { readonly count: number; readonly description: string };

/** The failures of a rollout, collected while it runs: ECS forgets stopped tasks after an hour (ECS API, DescribeTasks). */
export type Evidence = {
  readonly failedTasks: number;
  readonly reason: RollbackReason | '';
  readonly groups: readonly FailureGroup[];
  /** When the newest of them stopped. ISO 8601. */
  readonly failedAt?: string;
  /** Did a container with our image fail in one of them, for a reason that speaks of the image? Only then it is quarantined. */
  readonly hasImageFailed?: boolean;
  /** How many of them failed for a permanent reason. */
  readonly permanent?: number;
  /** The last lines of one failed container's log, redacted, and the ID of its task. */
  readonly logs?: { readonly container: string; readonly lines: readonly string[]; readonly task?: string };
  readonly events?: readonly string[];
  readonly alarms?: readonly string[];
  readonly placementFailure?: PlacementFailure;
  readonly launchFailure?: LaunchFailure;
  /** Limits of this evidence, for operators. */
  readonly warnings?: readonly string[];
};

export const noEvidence: Evidence = { failedTasks: 0, reason: '', groups: [] };

/** Stopped tasks of our revision, among those of its service that were read. */
export type ObservedStoppedTasks = {
  readonly tasks: readonly StoppedTask[];
  /** Stopped tasks of the service that were read, of any revision. */
  readonly readCount: number;
  /** False if ECS has more to list, or the read failed. */
  readonly isComplete: boolean;
  /** The name of the error if the read failed. */
  readonly readError?: string;
};

/** Does the log say that every further task will fail? An `exec format error`: the image is built for another architecture. */
export const isPermanentLog = ({ lines }: NonNullable<Evidence['logs']>): boolean =>
  lines.some((line) => line.includes('exec format error'));

/** How many failed tasks end a rollout: `maxFailedTasks`, or by default 3, or a tenth of the desired count if that is more. */
export const failureLimit = (desiredCount = 0, maxFailedTasks?: number): number =>
  maxFailedTasks ?? Math.max(3, Math.ceil(desiredCount / 10));

/** How many end it that failed for a permanent reason: every further one will, too. */
export const permanentLimit = 2;

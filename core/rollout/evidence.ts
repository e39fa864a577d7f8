import type { RollbackReason } from '../result/result.js';
import type { LaunchFailure, PlacementFailure } from './service-event.js';
import { describe, failureReason, hasFailed, isImageFailure, isPermanent, type StoppedTask } from './stopped-task.js';

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
  /** The first eight characters of the IDs of the tasks that were counted. */
  readonly counted?: readonly string[];
  /** The last lines of one failed container's log, redacted. */
  readonly logs?: { readonly container: string; readonly lines: readonly string[] };
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

const groupLimit = 10;

const grouped = (before: readonly FailureGroup[], failed: readonly StoppedTask[]): FailureGroup[] => {
  const counts = new Map(before.map(({ description, count }) => [description, count]));
  for (const task of failed) counts.set(describe(task), (counts.get(describe(task)) ?? 0) + 1);
  return [...counts]
    .map(([description, count]) => ({ description, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, groupLimit);
};

/**
 * Adds observed stopped tasks to the evidence; also answers the newest task that failed since. Every task is counted once. If not
 * all stopped tasks were read, `failedByEcs`, the consecutive failures that ECS counts, replaces a lower count: ListTasks promises
 * no order.
 */
export const addStoppedTasks = (
  before: Evidence,
  { tasks, readCount, isComplete, readError }: ObservedStoppedTasks,
  failedByEcs: number,
): { readonly evidence: Evidence; readonly newest: StoppedTask | undefined } => {
  const counted = before.counted ?? [];
  const failed = tasks
    .filter((task) => hasFailed(task) && !counted.includes(shortId(task)))
    .sort((a, b) => (a.stoppedAt < b.stoppedAt ? -1 : 1));
  const newest = failed.at(-1);
  const known = [...counted, ...failed.map(shortId)];
  const failedTasks = Math.max(before.failedTasks, known.length, isComplete ? 0 : failedByEcs);
  const permanent = (before.permanent ?? 0) + failed.filter(isPermanent).length;
  const missed = readError
    ? `stopped tasks could not be read: ${readError}`
    : `more than ${readCount} tasks stopped within the hour; only ${readCount} of them were read`;
  const warnings = isComplete ? before.warnings : [missed];
  if (!newest && failedTasks === before.failedTasks) return { evidence: before, newest };
  return {
    evidence: {
      ...before,
      failedTasks,
      reason: newest ? failureReason(newest) : before.reason || 'CRASHED',
      groups: grouped(before.groups, failed),
      ...(newest && { failedAt: newest.stoppedAt }),
      ...(known.length > 0 && { counted: known }),
      ...(permanent > 0 && { permanent }),
      ...(failed.some(isImageFailure) && { hasImageFailed: true }),
      ...(warnings && { warnings }),
    },
    newest,
  };
};

const shortId = ({ id }: StoppedTask): string => id.slice(0, 8);

/** Adds log lines to the evidence. An `exec format error` in them is permanent: the image is built for another architecture. */
export const addLogs = (evidence: Evidence, logs: NonNullable<Evidence['logs']>): Evidence => ({
  ...evidence,
  logs,
  ...(logs.lines.some((line) => line.includes('exec format error')) && { permanent: evidence.failedTasks }),
});

/** How many tasks may fail before a rollout is rolled back, by default: 3, or a tenth of the desired count if that is more. */
export const failureLimit = (desiredCount: number): number => Math.max(3, Math.ceil(desiredCount / 10));

import type { RollbackReason } from '../result/result.js';
import type { PlacementFailure } from './service-event.js';
import { describe, failureReason, hasFailed, isPermanent, type StoppedTask } from './stopped-task.js';

/** Tasks that failed alike, as one line for people. */
export type FailureGroup = { readonly count: number; readonly what: string };

/** What was seen of a rollout's failures while it ran: stopped tasks vanish after an hour, this does not. */
export type Evidence = {
  readonly failedTasks: number;
  readonly reason: RollbackReason | '';
  readonly groups: readonly FailureGroup[];
  /** When the newest of them stopped. */
  readonly failedAt?: string;
  /** How many of them failed for what does not heal by itself. */
  readonly permanent?: number;
  /** Which tasks were counted, by the beginnings of their IDs. */
  readonly counted?: readonly string[];
  /** The last lines of one failed container's log, masked. */
  readonly logs?: { readonly container: string; readonly lines: readonly string[] };
  readonly events?: readonly string[];
  readonly alarms?: readonly string[];
  readonly placementFailure?: PlacementFailure;
  /** What people have to know of how this was found. */
  readonly warnings?: readonly string[];
};

export const noEvidence: Evidence = { failedTasks: 0, reason: '', groups: [] };

/** Stopped tasks of our revision, among those of its service that were looked at. */
export type StoppedTasksSeen = {
  readonly tasks: readonly StoppedTask[];
  /** Stopped tasks of the service that were looked at, of whatever revision. */
  readonly lookedAt: number;
  /** False when ECS had more to list, or could not be asked. */
  readonly isAll: boolean;
  /** Why they could not be read. */
  readonly unread?: string;
};

const kinds = 10;

const grouped = (before: readonly FailureGroup[], failed: readonly StoppedTask[]): FailureGroup[] => {
  const counts = new Map(before.map(({ what, count }) => [what, count]));
  for (const task of failed) counts.set(describe(task), (counts.get(describe(task)) ?? 0) + 1);
  return [...counts]
    .map(([what, count]) => ({ what, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, kinds);
};

/**
 * What is known after one more look at the stopped tasks, and the newest of those that failed since the last one. Every
 * task is counted once. Where ECS lists more than is looked at, in an order that it does not promise, its own count of
 * tasks that failed in a row stands in for those which were not seen.
 */
export const withStopped = (
  before: Evidence,
  { tasks, lookedAt, isAll, unread }: StoppedTasksSeen,
  failedByEcs: number,
): { readonly evidence: Evidence; readonly newest: StoppedTask | undefined } => {
  const counted = before.counted ?? [];
  const failed = tasks
    .filter((task) => hasFailed(task) && !counted.includes(shortId(task)))
    .sort((a, b) => (a.stoppedAt < b.stoppedAt ? -1 : 1));
  const newest = failed.at(-1);
  const known = [...counted, ...failed.map(shortId)];
  const failedTasks = Math.max(before.failedTasks, known.length, isAll ? 0 : failedByEcs);
  const permanent = (before.permanent ?? 0) + failed.filter(isPermanent).length;
  const missed = unread
    ? `stopped tasks could not be read: ${unread}`
    : `more than ${lookedAt} tasks stopped within the hour, and only ${lookedAt} of them were looked at`;
  const warnings = isAll ? before.warnings : [missed];
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
      ...(warnings && { warnings }),
    },
    newest,
  };
};

const shortId = ({ id }: StoppedTask): string => id.slice(0, 8);

/** The lines may say what ECS does not: an image for another processor fails every time. */
export const withLogs = (evidence: Evidence, logs: NonNullable<Evidence['logs']>): Evidence => ({
  ...evidence,
  logs,
  ...(logs.lines.some((line) => line.includes('exec format error')) && { permanent: evidence.failedTasks }),
});

/** How many tasks may fail before a rollout is taken back, where slipway.yml does not say: 3, or a tenth of the service if that is more. */
export const failureLimit = (desiredCount: number): number => Math.max(3, Math.ceil(desiredCount / 10));

import type { Evidence, ObservedStoppedTasks } from './evidence.js';
import { describe, isImageFailure, type StoppedTask, withoutHealth } from './stopped-task.js';
import { type Failures, permanentFailures, type WatchItem } from './watch-item.js';

/**
 * The evidence with the failures that are counted in the item. If not all stopped tasks were read, `failedByEcs`, the consecutive
 * failures that ECS counts, replaces a lower count: ListTasks promises no order.
 */
export const withFailures = (
  before: Evidence,
  item: Failures & Pick<WatchItem, 'groups'>,
  { readCount, isComplete, readError }: Pick<ObservedStoppedTasks, 'readCount' | 'isComplete' | 'readError'> = {
    readCount: 0,
    isComplete: true,
  },
  failedByEcs = 0,
): Evidence => {
  const { failed, groups, reason, failedAt, hasImageFailed } = item;
  const failedTasks = Math.max(before.failedTasks, failed?.size ?? 0, isComplete ? 0 : failedByEcs);
  if (failedTasks === 0) return before;
  const isMore = failedTasks > before.failedTasks;
  const permanent = permanentFailures(item);
  const missed = readError
    ? `stopped tasks could not be read: ${readError}`
    : `more than ${readCount} tasks stopped within the hour; only ${readCount} of them were read`;
  const warnings = isComplete || !isMore ? before.warnings : [missed];
  return {
    ...before,
    failedTasks,
    reason: reason ?? (before.reason || 'CRASHED'),
    // Of the same failures, the ones before may say more: `withHealth`.
    groups: isMore && groups.length > 0 ? groups : before.groups,
    ...(failedAt !== undefined && { failedAt }),
    ...(permanent > 0 && { permanent }),
    ...(hasImageFailed && { hasImageFailed: true }),
    ...(warnings && { warnings }),
  };
};

/** Are there tasks that failed health checks in the words of their events alone? More failures replace the words of `withHealth`. */
export const lacksHealth = ({ reason, groups }: Evidence, item: Pick<WatchItem, 'groups'>): boolean => {
  const counted = new Set(item.groups.map(({ description }) => description));
  return reason === 'UNHEALTHY' && groups.some(({ description }) => counted.has(description));
};

/**
 * Adds what events do not say: which containers of these counted tasks a health check found unhealthy. `tasks` are described by
 * DescribeTasks.
 */
export const withHealth = (evidence: Evidence, tasks: readonly StoppedTask[]): Evidence => {
  const names = new Map(tasks.map((task) => [describe(withoutHealth(task)), describe(task)]));
  return {
    ...evidence,
    groups: evidence.groups.map(({ description, count }) => ({ description: names.get(description) ?? description, count })),
    ...(tasks.some(isImageFailure) && { hasImageFailed: true }),
  };
};

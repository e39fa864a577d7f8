import type { Service } from './records.js';
import { startServiceTasks, stopUnhealthyTasks } from './service-tasks.js';
import type { EcsState } from './state.js';
import { count, freeSlots, missingTasks, spareTasks, tasksOf } from './task-counts.js';

/**
 * Replaces unhealthy tasks. Their replacements start first where maximumPercent allows, and they are stopped once enough tasks are
 * healthy; else one unhealthy task at a time is stopped first (Developer Guide, deployment-type-ecs; What's New of 23 October 2023).
 * Returns whether a task was started or stopped.
 */
export const replaceUnhealthyTasks = (state: EcsState, service: Service): boolean => {
  const [primary, ...older] = service.deployments;
  if (!primary) return false;
  const unhealthy = tasksOf([...older, primary]).filter(({ isUnhealthy }) => isUnhealthy);
  if (unhealthy.length === 0) return false;
  const replaceable = Math.max(
    0,
    Math.min(
      count(primary.tasks, ({ isUnhealthy }) => isUnhealthy),
      missingTasks(service, primary),
    ),
  );
  // A FAILED deployment starts no tasks.
  const mayStart = primary.rolloutState !== 'FAILED' && service.placementFailure === undefined;
  const allowed = mayStart ? Math.max(0, Math.min(replaceable, freeSlots(service))) : 0;
  if (allowed > 0) {
    const remark = ` Amazon ECS replaced ${allowed} tasks due to an unhealthy status.`;
    startServiceTasks(state, service, primary, allowed, remark);
  }
  const unreplaced = replaceable - allowed;
  const isStopping = tasksOf(service.deployments).some(({ hasFailed }) => hasFailed);
  const dispensable = spareTasks(service) >= 0 ? unhealthy.length - unreplaced : 0;
  const stoppable = unhealthy.slice(0, Math.max(dispensable, unreplaced > 0 && !isStopping ? 1 : 0));
  return stopUnhealthyTasks(state, service, stoppable) || allowed > 0;
};

import type { Service } from './records.js';
import { startServiceTasks, stopUnhealthyTasks } from './service-tasks.js';
import type { EcsState } from './state.js';
import { count, freeSlots, isUnhealthy, missingTasks, spareTasks, tasksOf } from './task-counts.js';

const remark = (number: number): string => ` Amazon ECS replaced ${number} tasks due to an unhealthy status.`;

/**
 * Replaces unhealthy tasks. Their replacements start first where maximumPercent allows, and they are stopped once enough tasks are
 * healthy; else one unhealthy task at a time is stopped first (Developer Guide, deployment-type-ecs; What's New of 23 October 2023).
 * Returns whether a task was started or stopped.
 */
export const replaceUnhealthyTasks = (state: EcsState, service: Service): boolean => {
  const [primary, ...older] = service.deployments;
  if (!primary) return false;
  const unhealthy = tasksOf([...older, primary], isUnhealthy);
  // A FAILED deployment starts no tasks.
  const inNeed = primary.rolloutState === 'FAILED' ? 0 : count([primary], isUnhealthy);
  const replaceable = Math.max(0, Math.min(inNeed, missingTasks(service, primary)));
  const started = startServiceTasks(state, service, primary, replaceable, remark);
  const unreplaced = replaceable - started;
  const isOneToGiveWay = unreplaced > 0 && freeSlots(service) <= 0 && count(service.deployments, ({ hasFailed }) => hasFailed) === 0;
  const dispensable = spareTasks(service) >= 0 ? unhealthy.length - unreplaced : 0;
  return stopUnhealthyTasks(state, service, unhealthy.slice(0, Math.max(dispensable, isOneToGiveWay ? 1 : 0))) || started > 0;
};

import type { TaskView } from './task-view.js';

const withIsoTimes = (view: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(view).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]));

/**
 * The detail of an `ECS Task State Change` event. It resembles the task of DescribeTasks, but has neither tags nor any health status
 * (aws/containers-roadmap#1515), and calls an elastic network interface `eni` (samples in the developer guide and in public code).
 */
export const taskEventDetail = ({ tags, healthStatus, ...task }: TaskView, updatedAt: Date): Record<string, unknown> =>
  withIsoTimes({
    ...task,
    attachments: task.attachments.map((attachment) => ({ ...attachment, type: 'eni' })),
    containers: task.containers.map(({ healthStatus, ...container }) => container),
    updatedAt,
  });

import type { Deployment, Service, Task } from './records.js';
import type { TaskState } from './task-group.js';

export const shouldRun = ({ desiredStatus }: TaskState): boolean => desiredStatus === 'RUNNING';

/** A failed task occupies its slot until it is STOPPED. */
export const occupiesSlot = (state: TaskState): boolean => shouldRun(state) || state.hasFailed;

/** Neither unhealthy nor ended. */
export const isSound = (state: TaskState): boolean => shouldRun(state) && !state.isUnhealthy;

export const isHealthy = (state: TaskState): boolean => state.isHealthy;

export const isUnhealthy = (state: TaskState): boolean => state.isUnhealthy;

export const isRunning = ({ lastStatus }: TaskState): boolean => lastStatus === 'RUNNING';

export const count = (deployments: readonly Deployment[], holds: (state: TaskState) => boolean): number =>
  deployments.reduce((sum, { tasks }) => sum + tasks.count(holds), 0);

/** In the order of the deployments, and of the tasks' starts. */
export const tasksOf = (deployments: readonly Deployment[], holds: (state: TaskState) => boolean): Task[] =>
  count(deployments, holds) === 0 ? [] : deployments.flatMap(({ tasks }) => [...tasks].filter(holds));

/** The upper limit is rounded down, the lower one up (DeploymentConfiguration in the API reference). */
export const limits = ({ desiredCount, configuration }: Service): { most: number; least: number } => ({
  most: Math.floor((desiredCount * configuration.maximumPercent) / 100),
  least: Math.ceil((desiredCount * configuration.minimumHealthyPercent) / 100),
});

/** How many tasks a deployment lacks, unhealthy ones not counted. */
export const missingTasks = ({ desiredCount }: Service, deployment: Deployment): number =>
  desiredCount - count([deployment], (state) => occupiesSlot(state) && !state.isUnhealthy);

/** How many further tasks the maximum percent allows. */
export const freeSlots = (service: Service): number => limits(service).most - count(service.deployments, occupiesSlot);

/** How many healthy tasks the minimum healthy percent allows to stop. */
export const spareTasks = (service: Service): number => count(service.deployments, isHealthy) - limits(service).least;

import type { Deployment, Service, Task } from './records.js';

export const shouldRun = ({ desiredStatus }: Task): boolean => desiredStatus === 'RUNNING';

/** A failed task occupies its slot until it is STOPPED. */
export const occupiesSlot = (task: Task): boolean => shouldRun(task) || task.hasFailed;

/** Neither unhealthy nor ended. */
export const isSound = (task: Task): boolean => shouldRun(task) && !task.isUnhealthy;

export const count = (tasks: Iterable<Task>, holds: (task: Task) => boolean): number => [...tasks].filter(holds).length;

export const tasksOf = (deployments: readonly Deployment[]): Task[] => deployments.flatMap(({ tasks }) => [...tasks]);

/** The upper limit is rounded down, the lower one up (DeploymentConfiguration in the API reference). */
export const limits = ({ desiredCount, configuration }: Service): { most: number; least: number } => ({
  most: Math.floor((desiredCount * configuration.maximumPercent) / 100),
  least: Math.ceil((desiredCount * configuration.minimumHealthyPercent) / 100),
});

export const healthyCount = ({ deployments }: Service): number => count(tasksOf(deployments), ({ isHealthy }) => isHealthy);

/** How many tasks a deployment lacks, unhealthy ones not counted. */
export const missingTasks = ({ desiredCount }: Service, { tasks }: Deployment): number =>
  desiredCount - count(tasks, (task) => occupiesSlot(task) && !task.isUnhealthy);

/** How many further tasks the maximum percent allows. */
export const freeSlots = (service: Service): number => limits(service).most - count(tasksOf(service.deployments), occupiesSlot);

/** How many healthy tasks the minimum healthy percent allows to stop. */
export const spareTasks = (service: Service): number => healthyCount(service) - limits(service).least;

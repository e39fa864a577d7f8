import { addServiceEvent } from './emit-event.js';
import type { Deployment, Service, Task } from './records.js';
import type { EcsState } from './state.js';
import { tagsOfTask } from './tags.js';
import { startTask, stopTask } from './task.js';
import { countFailures } from './task-failures.js';

const named = (tasks: readonly Task[]): string => tasks.map(({ id }) => `(task ${id})`).join(' ');

/** Starts tasks of a deployment, with their event. Failures before them count from now on. */
export const startServiceTasks = (state: EcsState, service: Service, deployment: Deployment, number: number, remark = ''): Task[] => {
  const { settings, description, cluster, name } = service;
  const started = Array.from({ length: number }, () =>
    startTask(state, {
      cluster,
      taskDefinition: deployment.revision.taskDefinition,
      service,
      deployment,
      startedBy: deployment.id,
      group: `service:${name}`,
      settings: { ...settings, ...deployment.revision.settings },
      overrides: {},
      enableExecuteCommand: description.enableExecuteCommand ?? false,
      tags: tagsOfTask(service, deployment.revision.taskDefinition),
    }),
  );
  addServiceEvent(state, service, `has started ${number} tasks: ${named(started)}.${remark}`);
  countFailures(state, service, deployment);
  return started;
};

/**
 * Stops tasks that are no longer needed. The events name those that ran and only count the others (michaelrommel/fleetshell).
 * Returns whether there were any.
 */
export const stopServiceTasks = (state: EcsState, service: Service, tasks: readonly Task[]): boolean => {
  const [primary] = service.deployments;
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
  for (const task of tasks) {
    stopTask(state, task, 'ServiceSchedulerInitiated', `Scaling activity initiated by (deployment ${primary?.id})`);
  }
  const pending = tasks.length - running.length;
  if (pending > 0) addServiceEvent(state, service, `stopped ${pending} pending tasks.`);
  if (running.length > 0) reportStopped(state, service, running);
  return tasks.length > 0;
};

/** Stops tasks that failed their health checks. Returns whether there were any. */
export const stopUnhealthyTasks = (state: EcsState, service: Service, tasks: readonly Task[]): boolean => {
  for (const task of tasks) {
    addServiceEvent(state, service, `(task ${task.id}) failed container health checks.`);
    stopTask(state, task, 'ServiceSchedulerInitiated', 'Task failed container health checks', { isFailure: true });
  }
  if (tasks.length > 0) reportStopped(state, service, tasks);
  return tasks.length > 0;
};

const reportStopped = (state: EcsState, service: Service, tasks: readonly Task[]): void =>
  addServiceEvent(state, service, `has stopped ${tasks.length} running tasks: ${named(tasks)}.`);

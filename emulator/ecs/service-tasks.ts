import { addServiceEvent, emitServiceAction } from './emit-event.js';
import type { Deployment, PlacementFailure, Service, Task } from './records.js';
import type { EcsState } from './state.js';
import { tagsOfTask } from './tags.js';
import { startTask, stopTask } from './task.js';
import { freeSlots } from './task-counts.js';
import { countFailures, willTrip } from './task-failures.js';

const named = (tasks: readonly Task[]): string => tasks.map(({ id }) => `(task ${id})`).join(' ');

/**
 * Starts tasks of a deployment, as far as placement, the throttle and the maximum percent allow. Failures before them count from then
 * on. Returns how many were started.
 */
export const startServiceTasks = (
  state: EcsState,
  service: Service,
  deployment: Deployment,
  wanted: number,
  remark: (number: number) => string = () => '',
): number => {
  const number = Math.min(wanted, freeSlots(service));
  if (number <= 0) return 0;
  if (service.placementFailure) return reportPlacementFailure(state, service, service.placementFailure);
  if (deployment.retryAt > state.now) return retryLater(state, service, deployment);
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
  addServiceEvent(state, service, `has started ${number} tasks: ${named(started)}.${remark(number)}`);
  countFailures(state, service, deployment);
  return number;
};

const reportPlacementFailure = (state: EcsState, service: Service, { kind, reason }: PlacementFailure): 0 => {
  const message =
    kind === 'placement' ? `was unable to place a task. Reason: ${reason}.` : `failed to launch a task with (error ${reason}).`;
  if (service.events[0]?.message.endsWith(message)) return 0;
  addServiceEvent(state, service, message);
  emitServiceAction(state, service, 'ERROR', `SERVICE_TASK_${kind === 'placement' ? 'PLACEMENT' : 'CONFIGURATION'}_FAILURE`, { reason });
  return 0;
};

/** Background unless a circuit breaker will end it: such a service retries without end. */
const retryLater = (state: EcsState, service: Service, deployment: Deployment): 0 => {
  if (deployment.retryTimer === deployment.retryAt) return 0;
  deployment.retryTimer = deployment.retryAt;
  const isBackground = !willTrip(state, service, deployment);
  state.account.clock.at(deployment.retryAt, () => state.reconcile(service), { isBackground });
  return 0;
};

/** `stoppedReason` of tasks that are no longer needed (developer guide, stopped-task-error-codes; published events). */
export const scalingActivity = ({ deployments: [primary] }: Service): string => `Scaling activity initiated by (deployment ${primary?.id})`;

/**
 * Stops tasks that are no longer needed. The events name those that ran and only count the others (michaelrommel/fleetshell).
 * Returns whether there were any.
 */
export const stopServiceTasks = (state: EcsState, service: Service, tasks: readonly Task[]): boolean => {
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
  for (const task of tasks) {
    stopTask(state, task, 'ServiceSchedulerInitiated', scalingActivity(service));
  }
  const pending = tasks.length - running.length;
  if (pending > 0) addServiceEvent(state, service, `stopped ${pending} pending tasks.`);
  if (running.length > 0) reportStopped(state, service, running);
  return tasks.length > 0;
};

/** Stops tasks that failed their health checks. Returns whether there were any. */
export const stopUnhealthyTasks = (state: EcsState, service: Service, tasks: readonly Task[]): boolean => {
  for (const task of tasks) {
    addServiceEvent(state, service, `(task ${task.id}) failed ${task.failedChecks}.`);
    stopTask(state, task, 'ServiceSchedulerInitiated', `Task failed ${task.failedChecks}`, { isFailure: true });
  }
  if (tasks.length > 0) reportStopped(state, service, tasks);
  return tasks.length > 0;
};

const reportStopped = (state: EcsState, service: Service, tasks: readonly Task[]): void => {
  addServiceEvent(state, service, `has stopped ${tasks.length} running tasks: ${named(tasks)}.`);
  emitServiceAction(state, service, 'INFO', 'TASKS_STOPPED');
};

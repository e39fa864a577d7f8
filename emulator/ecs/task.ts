import type { TaskStopCode } from './api.js';
import { launchTypeOf } from './check-launch.js';
import { addServiceEvent, emitServiceAction, logFields } from './emit-event.js';
import { type ContainerBehaviour, type PullFailure, pullImages } from './image.js';
import { hasNetworkInterface } from './network-interface.js';
import { publishTask, recordTask } from './publish.js';
import type { Container, Target, Task } from './records.js';
import { secretFailureOf } from './secrets.js';
import type { EcsState } from './state.js';
import { deregisterTargets, newTargets, registerTargets, reportUnhealthyTarget } from './target-health.js';
import { endThrottle, recordFailure, resetFailures } from './task-failures.js';
import type { TaskState } from './task-group.js';
import { behaviourTimeline, writeLog } from './task-run.js';

type NewTask = Pick<
  Task,
  | 'cluster'
  | 'taskDefinition'
  | 'service'
  | 'deployment'
  | 'startedBy'
  | 'group'
  | 'settings'
  | 'overrides'
  | 'enableExecuteCommand'
  | 'tags'
>;

/**
 * Starts one task; its states follow as time passes. Source: developer guide, "Amazon ECS task lifecycle". Only a task with a network
 * interface of its own is PROVISIONING and DEPROVISIONING, and only one in target groups is ACTIVATING and DEACTIVATING: published
 * events of a Fargate task without load balancer have version 3 when it is RUNNING and 6 when it has STOPPED
 * (arkime/aws-aio, test events).
 */
export const startTask = (state: EcsState, fields: NewTask): Task => {
  const { account } = state;
  const id = account.random.hex(32);
  const task: Task = {
    ...fields,
    id,
    arn: account.arn('ecs', `task/${fields.cluster.name}/${id}`),
    createdAt: state.date(),
    containers: fields.taskDefinition.document.containerDefinitions.map((definition) => ({
      name: definition.name,
      arn: account.arn('ecs', `container/${fields.cluster.name}/${id}/${account.random.uuid()}`),
      definition,
      lastStatus: 'PENDING',
      health: 'UNKNOWN',
    })),
    targets: newTargets(fields),
    timers: new Set(),
    lastStatus: hasNetworkInterface(fields) ? 'PROVISIONING' : 'PENDING',
    desiredStatus: 'RUNNING',
    version: 0,
    isHealthy: false,
    isUnhealthy: false,
    hasFailed: false,
  };
  task.cluster.tasks.set(task.arn, task);
  task.deployment?.tasks.add(task);
  publishTask(state, task);
  if (!task.service) state.account.log.add('ecs', 'run-started', taskLogFields(task));
  later(state, task, state.seconds(2, 6), () => startPull(state, task));
  return task;
};

/** Schedules a step of the task's life; cancelled when the task is stopped. A background step does not make time pass. */
export const later = (state: EcsState, task: Task, delayMs: number, run: () => void, { isBackground = false } = {}): void => {
  const timer = state.account.clock.at(
    state.now + delayMs,
    () => {
      task.timers.delete(timer);
      run();
      if (task.service) state.reconcile(task.service);
    },
    { isBackground },
  );
  task.timers.add(timer);
};

const change = (task: Task, changes: Partial<TaskState>): void => {
  if (task.deployment) task.deployment.tasks.change(task, changes);
  else Object.assign(task, changes);
};

const enter = (state: EcsState, task: Task, lastStatus: Task['lastStatus']): void => {
  change(task, { lastStatus });
  publishTask(state, task);
};

const isTarget = ({ targets }: Task): boolean => targets.length > 0;

const startPull = (state: EcsState, task: Task): void => {
  task.pullStartedAt = state.date();
  if (hasNetworkInterface(task)) enter(state, task, 'PENDING');
  else recordTask(state, task);
  const secretFailure = secretFailureOf(state, task);
  if (secretFailure === undefined) pullAndRun(state, task);
  else later(state, task, state.seconds(5, 10), () => failToStart(state, task, secretFailure));
};

const pullAndRun = (state: EcsState, task: Task): void => {
  const { failure, behaviours } = pullImages(state, task);
  // ECS tries seven times to pull a manifest. Published events report the failure 85 to 92 s after the task's start.
  later(state, task, failure ? state.seconds(75, 85) : state.seconds(5, 20), () => {
    task.pullStoppedAt = state.date();
    if (failure) return failToPull(state, task, failure);
    if (isTarget(task)) enter(state, task, 'ACTIVATING');
    else recordTask(state, task);
    const activationMs = behaviours.includes('slow-to-start') ? state.seconds(60, 180) : state.seconds(1, 3);
    later(state, task, activationMs, () => run(state, task, behaviours));
  });
};

const failToPull = (state: EcsState, task: Task, { container, cause }: PullFailure): void => {
  const reason = `CannotPullContainerError: pull image manifest has been retried 7 time(s): ${cause}`;
  container.reason = reason;
  container.lastStatus = 'STOPPED';
  state.account.log.add('ecs', 'pull-failed', taskLogFields(task));
  failToStart(state, task, reason);
};

const failToStart = (state: EcsState, task: Task, reason: string): void => {
  stopTask(state, task, 'TaskFailedToStart', reason, { isFailure: true });
  // The words for every task that ends before it runs, although it was placed (michaelrommel/fleetshell).
  const { service } = task;
  if (!service) return;
  addServiceEvent(state, service, `was unable to place a task. Reason: ${reason}.`);
  if (state.account.assumptions.failedPullEvent === 'placementFailure')
    emitServiceAction(state, service, 'ERROR', 'SERVICE_TASK_PLACEMENT_FAILURE', { reason });
};

const run = (state: EcsState, task: Task, behaviours: readonly ContainerBehaviour[]): void => {
  task.startedAt = state.date();
  if (task.deployment) endThrottle(task.deployment);
  for (const container of task.containers) {
    container.lastStatus = 'RUNNING';
    writeLog(state, task, container, ['starting']);
  }
  enter(state, task, 'RUNNING');
  state.account.log.add('ecs', 'task-started', taskLogFields(task));
  for (const [index, container] of task.containers.entries()) {
    for (const next of behaviourTimeline(state, task, container, behaviours[index] ?? 'healthy')) {
      if (next.health) later(state, task, next.afterMs, () => setHealth(state, task, container, next.health));
      else later(state, task, next.afterMs, () => exit(state, task, container, next.exitCode, next.lines), next);
    }
  }
  for (const { target, health, afterMs } of registerTargets(state, task, behaviours))
    later(state, task, afterMs, () => setTargetHealth(state, task, target, health));
  // Without a health check, ECS waits 40 s after RUNNING before a task counts as healthy (DeploymentConfiguration in the API reference).
  const isChecked = checkedContainers(task).length > 0 || task.targets.length > 0;
  if (task.deployment && !isChecked) later(state, task, 40_000, () => markHealthy(state, task));
};

const checkedContainers = ({ containers }: Task): Container[] =>
  containers.filter(({ definition }) => definition.healthCheck && definition.essential !== false);

/** Both kinds of checks count (DeploymentConfiguration in the API reference). */
const passesAllChecks = (task: Task): boolean =>
  checkedContainers(task).every(({ health }) => health === 'HEALTHY') && task.targets.every(({ health }) => health === 'healthy');

const setTargetHealth = (state: EcsState, task: Task, target: Target, health: 'healthy' | 'unhealthy'): void => {
  target.health = health;
  if (health === 'unhealthy') {
    reportUnhealthyTarget(state, task, target);
    markUnhealthy(state, task, `ELB health checks in (target-group ${target.targetGroupArn})`);
  } else if (passesAllChecks(task)) markHealthy(state, task);
};

const setHealth = (state: EcsState, task: Task, container: Container, health: 'HEALTHY' | 'UNHEALTHY'): void => {
  container.health = health;
  recordTask(state, task);
  if (!checkedContainers(task).includes(container)) return;
  if (health === 'UNHEALTHY') markUnhealthy(state, task, 'container health checks');
  else if (passesAllChecks(task)) markHealthy(state, task);
};

/** The scheduler keeps an unhealthy task during the service's grace period, and then replaces it. */
const markUnhealthy = (state: EcsState, task: Task, failedChecks: string): void => {
  if (!task.service) return;
  task.failedChecks ??= failedChecks;
  change(task, { isHealthy: false });
  const graceMs = (task.service.description.healthCheckGracePeriodSeconds ?? 0) * 1000;
  const waitMs = (task.startedAt?.getTime() ?? state.now) + graceMs - state.now;
  later(state, task, Math.max(0, waitMs), () => change(task, { isUnhealthy: true }));
};

const markHealthy = (state: EcsState, task: Task): void => {
  change(task, { isHealthy: true, isUnhealthy: false });
  if (!task.deployment || !task.service) return;
  state.account.log.add('ecs', 'task-healthy', taskLogFields(task));
  resetFailures(task.service, task.deployment);
};

const exit = (state: EcsState, task: Task, container: Container, exitCode: number, lines: readonly string[]): void => {
  writeLog(state, task, container, lines);
  container.lastStatus = 'STOPPED';
  container.exitCode = exitCode;
  task.executionStoppedAt = state.date();
  if (container.definition.essential === false) publishTask(state, task);
  else stopTask(state, task, 'EssentialContainerExited', 'Essential container in task exited', { isFailure: true });
};

/** Stops a task: SIGTERM, SIGKILL after the container's stop time-out, then STOPPED. */
export const stopTask = (
  state: EcsState,
  task: Task,
  stopCode: TaskStopCode,
  reason: string,
  { isFailure = false }: { isFailure?: boolean } = {},
): void => {
  if (task.desiredStatus === 'STOPPED') return;
  for (const timer of task.timers) state.account.clock.cancel(timer);
  task.timers.clear();
  change(task, { desiredStatus: 'STOPPED', isHealthy: false, isUnhealthy: false, hasFailed: isFailure });
  task.stopCode = stopCode;
  task.stoppedReason = reason;
  task.stoppingAt = state.date();
  if (task.lastStatus === 'RUNNING') drain(state, task);
  else deprovision(state, task);
};

const drain = (state: EcsState, task: Task): void => {
  deregisterTargets(state, task);
  enter(state, task, isTarget(task) ? 'DEACTIVATING' : 'STOPPING');
  later(state, task, state.seconds(1, 2), () => {
    if (isTarget(task)) enter(state, task, 'STOPPING');
    later(state, task, terminationMs(state, task), () => {
      task.executionStoppedAt ??= state.date();
      deprovision(state, task);
    });
  });
};

/** How long the containers that still run take to end. */
const terminationMs = (state: EcsState, { containers }: Task): number => {
  const running = containers.filter(({ lastStatus }) => lastStatus === 'RUNNING');
  const serverMs = running.some(({ termination }) => !termination) ? state.seconds(1, 30) : 1000;
  return Math.max(serverMs, ...running.map(({ termination }) => termination?.afterMs ?? 0));
};

const deprovision = (state: EcsState, task: Task): void => {
  for (const container of task.containers) {
    if (container.lastStatus === 'RUNNING') container.exitCode = container.termination?.exitCode ?? 0;
    container.lastStatus = 'STOPPED';
  }
  if (!task.service) {
    const exitCodes = Object.fromEntries(task.containers.map(({ name, exitCode }) => [name, exitCode]));
    state.account.log.add('ecs', 'run-ended', { ...taskLogFields(task), stopCode: task.stopCode, exitCodes });
  }
  // A container that stops has an event of the task, too (developer guide, ecs_task_events).
  enter(state, task, hasNetworkInterface(task) ? 'DEPROVISIONING' : task.lastStatus);
  // Fargate detaches the network interface: 23 s and 33 s between the two events, in published samples.
  later(state, task, launchTypeOf(task.settings) === 'FARGATE' ? state.seconds(20, 33) : state.seconds(2, 6), () => {
    task.stoppedAt = state.date();
    enter(state, task, 'STOPPED');
    const exitCode = task.containers.find((container) => container.exitCode)?.exitCode ?? task.containers[0]?.exitCode;
    const { stopCode, stoppedReason } = task;
    state.account.log.add('ecs', 'task-stopped', { ...taskLogFields(task), stopCode, stoppedReason, exitCode });
    if (!task.deployment || !task.service) return;
    task.deployment.tasks.delete(task);
    if (task.hasFailed) recordFailure(state, task, task.deployment, task.service);
  });
};

const taskLogFields = (task: Task): Record<string, unknown> => ({
  ...(task.service ? logFields(task.service) : { cluster: task.cluster.name, group: task.group, startedBy: task.startedBy }),
  task: task.id,
  taskDefinition: task.taskDefinition.arn,
  revision: task.taskDefinition.revision,
});

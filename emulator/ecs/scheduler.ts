import { addServiceEvent, emitServiceAction } from './emit-event.js';
import { publishService } from './publish.js';
import type { Deployment, Service, Task } from './records.js';
import { complete, failByCircuitBreaker } from './rollout.js';
import { breakerThreshold } from './service-deployment-view.js';
import type { EcsState } from './state.js';
import { tagsOfTask } from './tags.js';
import { startTask, stopTask } from './task.js';

const shouldRun = ({ desiredStatus }: Task): boolean => desiredStatus === 'RUNNING';
/** A failed task occupies its slot until it is STOPPED: then the back-off decides when its replacement starts. */
const occupiesSlot = (task: Task): boolean => shouldRun(task) || task.hasFailed;
const count = (tasks: Iterable<Task>, holds: (task: Task) => boolean): number => [...tasks].filter(holds).length;

/** Moves a service towards its desired state, as far as its limits allow. Runs after each change of the service or its tasks. */
export const reconcile = (state: EcsState, service: Service): void => {
  if (service.status === 'DRAINING') drain(state, service);
  else if (service.status === 'ACTIVE' && service.deployments.length > 0) advance(state, service);
};

const advance = (state: EcsState, service: Service): void => {
  evaluateFailures(state, service);
  dropEmptyDeployments(service);
  if (service.rollout?.phase !== 'pending') {
    const hasStopped = stopOldTasks(state, service);
    const hasStarted = startTasks(state, service);
    const hasScaledIn = scaleIn(state, service);
    if (hasStopped || hasStarted || hasScaledIn) service.isSteady = false;
    else reportStuck(state, service);
    completeIfSteady(state, service);
  }
  publishService(state, service);
};

const evaluateFailures = (state: EcsState, service: Service): void => {
  const { rollout } = service;
  const [primary] = service.deployments;
  if (primary && primary.consecutiveFailures > service.desiredCount && !primary.isImpaired) {
    primary.isImpaired = true;
    addServiceEvent(state, service, 'is unable to consistently start tasks successfully.');
    emitServiceAction(state, service, 'WARN', 'SERVICE_TASK_START_IMPAIRED');
  }
  if (!rollout) return;
  const { failures } = rollout.deployment;
  if (!rollout.isRollback) rollout.serviceDeployment.circuitBreaker.failureCount = failures;
  if (service.configuration.deploymentCircuitBreaker?.enable && failures >= breakerThreshold(service)) {
    failByCircuitBreaker(state, service, rollout);
  }
};

const dropEmptyDeployments = ({ deployments }: Service): void => {
  const kept = deployments.filter(({ tasks }, index) => index === 0 || tasks.size > 0);
  deployments.splice(0, deployments.length, ...kept);
};

const limits = ({ desiredCount, configuration }: Service): { most: number; least: number } => ({
  most: Math.floor((desiredCount * configuration.maximumPercent) / 100),
  least: Math.ceil((desiredCount * configuration.minimumHealthyPercent) / 100),
});

const tasksOf = (deployments: readonly Deployment[]): Task[] => deployments.flatMap(({ tasks }) => [...tasks]);

const stopOldTasks = (state: EcsState, service: Service): boolean => {
  const [primary, ...older] = service.deployments;
  // A FAILED deployment stops no tasks.
  if (!primary || primary.rolloutState === 'FAILED') return false;
  const old = tasksOf(older).filter(shouldRun);
  const spare = Math.max(0, count(tasksOf(service.deployments), ({ isHealthy }) => isHealthy) - limits(service).least);
  // Unhealthy tasks do not count, so they can always be stopped.
  const healthy = old.filter(({ isHealthy }) => isHealthy).slice(0, spare);
  return stopAll(state, service, [...old.filter(({ isHealthy }) => !isHealthy), ...healthy]);
};

const scaleIn = (state: EcsState, service: Service): boolean => {
  const [primary] = service.deployments;
  const running = [...(primary?.tasks ?? [])].filter(shouldRun);
  const surplus = running.length - service.desiredCount;
  if (surplus <= 0) return false;
  // Unhealthy ones first, then the newest.
  const order = [...running.filter(({ isHealthy }) => !isHealthy).reverse(), ...running.filter(({ isHealthy }) => isHealthy).reverse()];
  return stopAll(state, service, order.slice(0, surplus));
};

const stopAll = (state: EcsState, service: Service, tasks: readonly Task[]): boolean => {
  if (tasks.length === 0) return false;
  const [primary] = service.deployments;
  for (const task of tasks) {
    stopTask(state, task, 'ServiceSchedulerInitiated', `Scaling activity initiated by (deployment ${primary?.id})`);
  }
  addServiceEvent(state, service, `has stopped ${tasks.length} running tasks: ${tasks.map(({ id }) => `(task ${id})`).join(' ')}.`);
  return true;
};

const startTasks = (state: EcsState, service: Service): boolean => {
  const [primary, ...older] = service.deployments;
  if (!primary) return false;
  // A FAILED deployment starts no tasks; the last completed one is kept at its count.
  const hasFailed = primary.rolloutState === 'FAILED';
  const deployment = hasFailed ? older.find(({ rolloutState }) => rolloutState === 'COMPLETED') : primary;
  if (!deployment) return false;
  const all = tasksOf(service.deployments);
  const missing = service.desiredCount - count(hasFailed ? all : deployment.tasks, occupiesSlot);
  const number = Math.min(missing, limits(service).most - count(all, occupiesSlot));
  if (number <= 0) return false;
  if (service.placementFailure !== undefined) return reportPlacementFailure(state, service);
  if (deployment.retryAt > state.now) {
    retryLater(state, service, deployment);
    return false;
  }
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
  addServiceEvent(state, service, `has started ${number} tasks: ${started.map(({ id }) => `(task ${id})`).join(' ')}.`);
  return true;
};

/** Background unless a circuit breaker will end it: such a service retries without end. */
const retryLater = (state: EcsState, service: Service, deployment: Deployment): void => {
  const willTrip = service.configuration.deploymentCircuitBreaker?.enable && deployment.failures > 0;
  const isBackground = !(service.rollout && willTrip);
  if (deployment.retryTimer === deployment.retryAt) return;
  deployment.retryTimer = deployment.retryAt;
  state.account.clock.at(deployment.retryAt, () => reconcile(state, service), { isBackground });
};

const reportPlacementFailure = (state: EcsState, service: Service): false => {
  const message = `was unable to place a task. Reason: ${service.placementFailure}.`;
  if (service.events[0]?.message.endsWith(message)) return false;
  addServiceEvent(state, service, message);
  emitServiceAction(state, service, 'ERROR', 'SERVICE_TASK_PLACEMENT_FAILURE', { reason: service.placementFailure });
  return false;
};

/** With 100/100, for example, no task may start or stop, so that the deployment never proceeds. */
const reportStuck = (state: EcsState, service: Service): void => {
  const { rollout, deployments, desiredCount, placementFailure } = service;
  const all = tasksOf(deployments);
  const isStuck =
    rollout?.phase === 'rolling' &&
    placementFailure === undefined &&
    all.every(({ isHealthy }) => isHealthy) &&
    count(rollout.deployment.tasks, shouldRun) < desiredCount;
  if (!isStuck || rollout.isStuckReported) return;
  rollout.isStuckReported = true;
  const advice = 'Update the minimumHealthyPercent or maximumPercent value and try again.';
  addServiceEvent(
    state,
    service,
    `was unable to stop or start tasks during a deployment because of the service deployment configuration. ${advice}`,
  );
};

const completeIfSteady = (state: EcsState, service: Service): void => {
  const { rollout, desiredCount, deployments, configuration } = service;
  const [primary, ...older] = deployments;
  if (!primary) return;
  const healthy = count(primary.tasks, ({ isHealthy }) => isHealthy);
  const isSteady = older.length === 0 && healthy === desiredCount && primary.tasks.size === desiredCount;
  const early = configuration.earlySuccessCriteria;
  const isEarlySuccess =
    early?.enable &&
    !rollout?.isRollback &&
    healthy >= Math.ceil((desiredCount * (early.healthyPercent ?? 100)) / 100) &&
    (early.sourceServiceRevisionCleanup === 'DEFERRED' || older.length === 0);

  if (isSteady && !service.isSteady) {
    service.isSteady = true;
    addServiceEvent(state, service, 'has reached a steady state.');
    emitServiceAction(state, service, 'INFO', 'SERVICE_STEADY_STATE');
  }
  if (!rollout || primary.rolloutState === 'FAILED' || !(isSteady || isEarlySuccess)) return;
  if (rollout.phase === 'rolling' && rollout.watchedAlarms.length > 0) {
    rollout.phase = 'baking';
    state.account.clock.after((configuration.bakeTimeInMinutes ?? 3) * 60_000, () => {
      rollout.phase = 'baked';
      if (service.rollout === rollout) reconcile(state, service);
    });
  } else if (rollout.phase !== 'baking') complete(state, service, rollout);
};

const drain = (state: EcsState, service: Service): void => {
  for (const task of tasksOf(service.deployments)) stopTask(state, task, 'ServiceSchedulerInitiated', 'Service was deleted');
  if (tasksOf(service.deployments).length === 0) {
    service.status = 'INACTIVE';
    service.deployments.length = 0;
  }
  publishService(state, service);
  if (service.status !== 'INACTIVE') return;
  // Its history is deleted with it.
  for (const { arn } of service.serviceDeployments) state.serviceDeployments.delete(arn);
  for (const { arn } of service.revisions) state.serviceRevisions.delete(arn);
};

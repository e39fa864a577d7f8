import { addServiceEvent, emitServiceAction } from './emit-event.js';
import { isPausedAt } from './lifecycle-hooks.js';
import { publishService } from './publish.js';
import type { Deployment, Rollout, Service } from './records.js';
import { complete, pause, reportCompletion } from './rollout.js';
import { scalingActivity, startServiceTasks, stopServiceTasks } from './service-tasks.js';
import type { EcsState } from './state.js';
import { stopTask } from './task.js';
import { count, freeSlots, isHealthy, isSound, occupiesSlot, shouldRun, spareTasks, tasksOf } from './task-counts.js';
import { reportImpaired } from './task-failures.js';
import { replaceUnhealthyTasks } from './unhealthy-tasks.js';

/** Moves a service towards its desired state, as far as its limits allow. Runs after each change of the service or its tasks. */
export const reconcile = (state: EcsState, service: Service): void => {
  if (service.status === 'DRAINING') drain(state, service);
  else if (service.status === 'ACTIVE' && service.deployments.length > 0) advance(state, service);
};

const advance = (state: EcsState, service: Service): void => {
  reportImpaired(state, service);
  dropEmptyDeployments(service);
  if (service.rollout?.phase !== 'pending') {
    const isPaused = service.rollout?.phase === 'paused';
    const changes = (isPaused ? [keepSourceTasks] : allSteps).map((step) => step(state, service));
    if (changes.includes(true)) service.isSteady = false;
    else reportStuck(state, service);
    if (!isPaused) completeIfSteady(state, service);
  }
  publishService(state, service);
};

const dropEmptyDeployments = ({ deployments }: Service): void => {
  const kept = deployments.filter(({ tasks }, index) => index === 0 || tasks.size > 0);
  deployments.splice(0, deployments.length, ...kept);
};

const stopOldTasks = (state: EcsState, service: Service): boolean => {
  const [primary, ...older] = service.deployments;
  // A FAILED deployment stops no tasks.
  if (!primary || primary.rolloutState === 'FAILED') return false;
  const spare = spareTasks(service);
  const healthy = spare > 0 ? tasksOf(older, isHealthy).slice(0, spare) : [];
  // Tasks that are not healthy can be stopped at any time, except those that are to bring the service back to its minimum.
  const stoppable = older.filter((deployment) => spare >= 0 || !isCompleted(deployment));
  const others = tasksOf(stoppable, (task) => shouldRun(task) && !task.isHealthy);
  return stopServiceTasks(state, service, [...others, ...healthy]);
};

const scaleIn = (state: EcsState, service: Service): boolean => {
  const [primary] = service.deployments;
  if (!primary) return false;
  const surplus = count([primary], isSound) - service.desiredCount;
  if (surplus <= 0) return false;
  const running = tasksOf([primary], isSound);
  // Those that are not healthy yet first, then the newest.
  const order = [...running.filter((task) => !task.isHealthy).reverse(), ...running.filter(isHealthy).reverse()];
  return stopServiceTasks(state, service, order.slice(0, surplus));
};

const startTasks = (state: EcsState, service: Service): boolean => {
  const [primary, ...older] = service.deployments;
  if (!primary) return false;
  // A FAILED deployment starts no tasks; the last completed one is kept at its count.
  const hasFailed = primary.rolloutState === 'FAILED';
  const deployment = hasFailed ? older.find(isCompleted) : primary;
  if (!deployment) return false;
  const present = hasFailed ? service.deployments : [deployment];
  return startServiceTasks(state, service, deployment, service.desiredCount - count(present, occupiesSlot)) > 0;
};

const isCompleted = ({ rolloutState }: Deployment): boolean => rolloutState === 'COMPLETED';

/**
 * During a rollout, tasks of the source revision that ended are replaced by tasks of the same revision, as far as the minimum healthy
 * percent needs them (What's New of November 2025, "improves service availability during rolling deployments").
 */
const keepSourceTasks = (state: EcsState, service: Service): boolean => {
  const [primary, ...older] = service.deployments;
  const source = older.find(isCompleted);
  if (!source || !service.rollout || primary?.rolloutState === 'FAILED') return false;
  const onTheirWay = count([source], (task) => isSound(task) && !task.isHealthy);
  return startServiceTasks(state, service, source, -spareTasks(service) - onTheirWay) > 0;
};

const allSteps = [stopOldTasks, replaceUnhealthyTasks, startTasks, keepSourceTasks, scaleIn];

/** Where both limits forbid any change (Developer Guide, deployment-type-ecs): 100/150 with one task, for example, allows no second one. */
const reportStuck = (state: EcsState, service: Service): void => {
  const { rollout, deployments, desiredCount } = service;
  if (rollout?.phase !== 'rolling' || rollout.isStuckReported) return;
  const isComplete = count([rollout.deployment], occupiesSlot) >= desiredCount;
  const isWaiting = count(deployments, (task) => !task.isHealthy) > 0;
  if (isComplete || isWaiting || freeSlots(service) > 0 || spareTasks(service) > 0) return;
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
  const healthy = count([primary], isHealthy);
  const isSteady = older.length === 0 && healthy === desiredCount && primary.tasks.size === desiredCount;
  const early = configuration.earlySuccessCriteria;
  const isEarlySuccess =
    early?.enable &&
    !rollout?.isRollback &&
    healthy >= Math.ceil((desiredCount * (early.healthyPercent ?? 100)) / 100) &&
    (early.sourceServiceRevisionCleanup === 'DEFERRED' || older.length === 0);

  if (rollout && primary.rolloutState !== 'FAILED' && (isSteady || isEarlySuccess)) completeOrBake(state, service, rollout);
  // The event of the deployment's completion is a millisecond older (michaelrommel/fleetshell).
  if (!isSteady || service.isSteady) return;
  service.isSteady = true;
  addServiceEvent(state, service, 'has reached a steady state.');
  emitServiceAction(state, service, 'INFO', 'SERVICE_STEADY_STATE');
};

const completeOrBake = (state: EcsState, service: Service, rollout: Rollout): void => {
  if (rollout.phase === 'rolling' && !rollout.isRollback && isPausedAt(service, 'POST_SCALE_UP')) {
    rollout.phase = 'held';
    pause(state, service, rollout, 'POST_SCALE_UP', () => {
      rollout.phase = 'scaled';
      reconcile(state, service);
    });
  } else if ((rollout.phase === 'rolling' || rollout.phase === 'scaled') && rollout.watchedAlarms.length > 0) {
    rollout.phase = 'baking';
    if (state.account.assumptions.completedEvent === 'beforeBake') reportCompletion(state, service, rollout);
    state.account.clock.after((service.configuration.bakeTimeInMinutes ?? 3) * 60_000, () => {
      rollout.phase = 'baked';
      if (service.rollout === rollout) reconcile(state, service);
    });
  } else if (rollout.phase !== 'baking' && rollout.phase !== 'held') complete(state, service, rollout);
};

const drain = (state: EcsState, service: Service): void => {
  const isScaling = state.account.assumptions.deletedServiceTasks === 'scalingActivity';
  const reason = isScaling ? scalingActivity(service) : 'Service was deleted';
  for (const task of tasksOf(service.deployments, shouldRun)) stopTask(state, task, 'ServiceSchedulerInitiated', reason);
  if (service.deployments.every(({ tasks }) => tasks.size === 0)) {
    service.status = 'INACTIVE';
    service.deployments.length = 0;
  }
  publishService(state, service);
  if (service.status !== 'INACTIVE') return;
  // Its history is deleted with it.
  for (const { arn } of service.serviceDeployments) state.serviceDeployments.delete(arn);
  for (const { arn } of service.revisions) state.serviceRevisions.delete(arn);
};

import { addServiceEvent, emitServiceAction } from './emit-event.js';
import type { Deployment, Rollout, Service, Task } from './records.js';
import { failByCircuitBreaker } from './rollout.js';
import { breakerThreshold } from './service-deployment-view.js';
import type { EcsState } from './state.js';
import { count, isRunning, isSound } from './task-counts.js';

/** Records a failed task that is STOPPED now, and when its replacement may start. */
export const recordFailure = (state: EcsState, task: Task, deployment: Deployment, service: Service): void => {
  deployment.consecutiveFailures++;
  deployment.uncountedFailures.push(task);
  if (task.startedAt === undefined) {
    deployment.launchFailures++;
    const failedAt = task.stoppingAt?.getTime() ?? state.now;
    deployment.retryAt = Math.max(deployment.retryAt, failedAt + throttleMs(state, roundsOf(deployment.launchFailures, service)));
  } else if (deployment.consecutiveFailures > service.desiredCount) {
    deployment.retryAt = Math.max(deployment.retryAt, state.now + state.seconds(1, 3));
  }
  if (count([deployment], isSound) >= service.desiredCount) countFailures(state, service, deployment);
};

const roundsOf = (failures: number, { desiredCount }: Service): number => Math.ceil(failures / Math.max(1, desiredCount));

/**
 * The service throttle logic (Developer Guide, service-throttle-logic): only tasks that never reached RUNNING lengthen the time to
 * the next attempt, to 27 minutes at most. In published events of services with a desired count of 1, 30 to 41 s pass after the first
 * and the second failure, and nearly 5 min after the third (michaelrommel/fleetshell) and still after the tenth. That the time
 * doubles from then on is a guess.
 */
const throttleMs = (state: EcsState, round: number): number =>
  round <= 2 ? state.seconds(30, 41) : Math.min(27 * 60_000, state.seconds(270, 300) * 2 ** Math.floor((round - 3) / 8));

/**
 * Counts the failures whose replacements have started. A breaker with a threshold of 3 trips some seconds after the fourth start, both
 * in a crash loop (TreyWright360/aws-ecs-bedrock-devsecops) and where tasks never start (michaelrommel/fleetshell, after 20 min).
 */
export const countFailures = (state: EcsState, service: Service, deployment: Deployment): void => {
  const counted = deployment.uncountedFailures.splice(0).filter((task) => isCounted(state, service, deployment, task));
  setFailures(service, deployment, deployment.failures + counted.length);
  const { rollout } = service;
  if (rollout?.deployment === deployment && !rollout.isTripping && isOverThreshold(service, rollout)) trip(state, service, rollout);
};

const setFailures = ({ rollout }: Service, deployment: Deployment, failures: number): void => {
  deployment.failures = failures;
  if (rollout?.deployment === deployment && !rollout.isRollback) rollout.serviceDeployment.circuitBreaker.failureCount = failures;
};

/**
 * The circuit breaker's two stages (Developer Guide, deployment-circuit-breaker). Until a task of the deployment is RUNNING, tasks
 * that do not get there count; from then on, tasks that fail their health checks do. With `resetOnHealthyTask: false` all count.
 */
const isCounted = (state: EcsState, { configuration }: Service, deployment: Deployment, task: Task): boolean => {
  if (task.stopCode === 'EssentialContainerExited') return state.account.assumptions.exitAfterRunning === 'counted';
  const isFirstStage = count([deployment], isRunning) === 0;
  return task.startedAt !== undefined || isFirstStage || configuration.deploymentCircuitBreaker?.resetOnHealthyTask === false;
};

/** Will the circuit breaker end a series of failures like the newest one? */
export const willTrip = (state: EcsState, service: Service, deployment: Deployment): boolean =>
  service.rollout?.deployment === deployment &&
  service.configuration.deploymentCircuitBreaker?.enable === true &&
  deployment.uncountedFailures.some((task) => isCounted(state, service, deployment, task));

const isOverThreshold = (service: Service, { deployment }: Rollout): boolean =>
  service.configuration.deploymentCircuitBreaker?.enable === true && deployment.failures >= breakerThreshold(service);

/** 3 s and 5 s after the fourth start, in the events of the same two services. */
const trip = (state: EcsState, service: Service, rollout: Rollout): void => {
  rollout.isTripping = true;
  state.account.clock.after(state.seconds(3, 5), () => {
    rollout.isTripping = false;
    if (service.rollout !== rollout || !isOverThreshold(service, rollout)) return;
    failByCircuitBreaker(state, service, rollout);
    state.reconcile(service);
  });
};

/** After three attempts, a service whose tasks never started had no such event yet (michaelrommel/fleetshell). */
export const reportImpaired = (state: EcsState, service: Service): void => {
  const [primary] = service.deployments;
  if (!primary || primary.isImpaired || roundsOf(primary.launchFailures, service) <= 3) return;
  primary.isImpaired = true;
  addServiceEvent(state, service, 'is unable to consistently start tasks successfully.');
  emitServiceAction(state, service, 'WARN', 'SERVICE_TASK_START_IMPAIRED');
};

/** Forgets the failures before a task that reached RUNNING: they are no longer consecutive. */
export const endThrottle = (deployment: Deployment): void => {
  deployment.launchFailures = 0;
  deployment.retryAt = 0;
  deployment.isImpaired = false;
};

/** Forgets the failures before a healthy task, unless the service's circuit breaker adds up all of a rollout. */
export const resetFailures = (service: Service, deployment: Deployment): void => {
  deployment.consecutiveFailures = 0;
  if (service.configuration.deploymentCircuitBreaker?.resetOnHealthyTask === false) return;
  deployment.uncountedFailures = [];
  setFailures(service, deployment, 0);
};

import { isAnyInAlarm, watchAlarms } from './alarms.js';
import { addServiceEvent, emitDeploymentState, logFields, setRolloutState } from './emit-event.js';
import { isPausedAt, type PauseStage, pauseAt } from './lifecycle-hooks.js';
import { newDeployment, newServiceDeployment, newServiceRevision } from './new-records.js';
import { publishService } from './publish.js';
import type { Deployment, Rollout, Service, ServiceDeployment, ServiceDeploymentStatus } from './records.js';
import type { EcsState } from './state.js';

const setStatus = (state: EcsState, record: ServiceDeployment, status: ServiceDeploymentStatus, reason?: string): void => {
  record.status = status;
  record.updatedAt = state.date();
  if (reason !== undefined) record.statusReason = reason;
  if (status === 'IN_PROGRESS') record.startedAt = state.date();
  if (status === 'STOPPED') record.stoppedAt = state.date();
  const isOver = status === 'SUCCESSFUL' || status === 'STOPPED' || status === 'ROLLBACK_SUCCESSFUL' || status === 'ROLLBACK_FAILED';
  if (!isOver) return;
  record.finishedAt = state.date();
  for (const monitor of [record.circuitBreaker, record.alarms]) {
    if (monitor.status === 'MONITORING') monitor.status = 'MONITORING_COMPLETE';
  }
};

/** Starts a service deployment to the service's present settings; one under way is superseded. */
export const startRollout = (state: EcsState, service: Service): ServiceDeployment => {
  supersede(state, service);
  const revision = newServiceRevision(state, service);
  const record = newServiceDeployment(state, service, revision);
  const deployment = newDeployment(state, service, revision, record);
  const rollout: Rollout = {
    deployment,
    serviceDeployment: record,
    isRollback: false,
    phase: 'pending',
    watchedAlarms: [],
    isStuckReported: false,
    isTripping: false,
    isCompletionReported: false,
  };
  service.rollout = rollout;
  const reason = `ECS deployment ${deployment.id} in progress.`;
  setRolloutState(state, deployment, 'IN_PROGRESS', reason);
  emitDeploymentState(state, service, deployment, 'IN_PROGRESS', reason);
  publishService(state, service);
  state.account.clock.after(state.seconds(0.5, 2), () => begin(state, service, rollout));
  return record;
};

const begin = (state: EcsState, service: Service, rollout: Rollout): void => {
  if (service.rollout !== rollout) return;
  const { serviceDeployment: record } = rollout;
  // StopServiceDeployment may have come first.
  if (record.status !== 'PENDING') return;
  setStatus(state, record, 'IN_PROGRESS');
  if (isPausedAt(service, 'PRE_SCALE_UP')) {
    rollout.phase = 'paused';
    pause(state, service, rollout, 'PRE_SCALE_UP', () => roll(state, service, rollout));
  } else roll(state, service, rollout);
};

/** Pauses a rollout at a stage; its hooks roll it back, or let it proceed. */
export const pause = (state: EcsState, service: Service, rollout: Rollout, stage: PauseStage, proceed: () => void): void =>
  pauseAt(state, service, rollout, stage, {
    proceed,
    rollBack: () => requestRollback(state, service, rollout, 'Service deployment rolled back because of a lifecycle hook.'),
  });

const roll = (state: EcsState, service: Service, rollout: Rollout): void => {
  const { serviceDeployment: record, deployment } = rollout;
  rollout.phase = 'rolling';
  const { alarms } = service.configuration;
  // If an alarm is in state ALARM already, ECS ignores alarms for the whole deployment.
  if (alarms?.enable && !isAnyInAlarm(state, alarms.alarmNames)) {
    rollout.watchedAlarms = alarms.alarmNames;
    record.alarms.status = 'MONITORING';
    watchAlarms(state, service, rollout, (names) => failByAlarm(state, service, rollout, names));
  }
  state.account.log.add('ecs', 'rollout-started', {
    ...logFields(service),
    serviceDeployment: record.arn,
    deployment: deployment.id,
    taskDefinition: deployment.revision.taskDefinition.arn,
  });
  state.reconcile(service);
};

/** Ends a rollout that a newer one replaces. */
export const supersede = (state: EcsState, service: Service): void => {
  const { rollout } = service;
  if (!rollout) return;
  service.rollout = undefined;
  const { serviceDeployment: record } = rollout;
  const reason = 'Service deployment stopped because a newer service deployment was started.';
  if (record.status === 'ROLLBACK_IN_PROGRESS') setStatus(state, record, 'ROLLBACK_FAILED', reason);
  else if (record.status === 'ROLLBACK_REQUESTED') setStatus(state, record, 'STOPPED', reason);
  // It finished 0.29 s after its successor was created, in the output of a real service (kayac/ecspresso#899).
  else stop(state, service, record, reason, state.seconds(0.2, 0.4));
};

const stop = (state: EcsState, service: Service, record: ServiceDeployment, reason: string, afterMs: number): void => {
  setStatus(state, record, 'STOP_REQUESTED', reason);
  state.account.clock.after(afterMs, () => {
    setStatus(state, record, 'STOPPED', reason);
    publishService(state, service);
  });
};

const completedReason = ({ id }: Deployment): string => `ECS deployment ${id} completed.`;

/** The event that a rollout has completed, once. */
export const reportCompletion = (state: EcsState, service: Service, rollout: Rollout): void => {
  if (rollout.isCompletionReported) return;
  rollout.isCompletionReported = true;
  const { deployment } = rollout;
  emitDeploymentState(state, service, deployment, 'COMPLETED', completedReason(deployment));
};

/** Completes a rollout: the service runs its target. */
export const complete = (state: EcsState, service: Service, rollout: Rollout): void => {
  const { deployment, serviceDeployment: record, isRollback } = rollout;
  service.rollout = undefined;
  service.lastCompleted = deployment;
  // A rollback that was requested too late leaves no trace: the deployment has succeeded.
  if (!isRollback) delete record.statusReason;
  setStatus(state, record, isRollback ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL');
  setRolloutState(state, deployment, 'COMPLETED', completedReason(deployment));
  reportCompletion(state, service, rollout);
  addServiceEvent(state, service, `(deployment ${deployment.id}) deployment completed.`);
  state.account.log.add('ecs', isRollback ? 'rollback-completed' : 'rollout-completed', {
    ...logFields(service),
    serviceDeployment: record.arn,
    taskDefinition: deployment.revision.taskDefinition.arn,
  });
};

/** Fails a rollout whose failed tasks exceed the circuit breaker's threshold. */
export const failByCircuitBreaker = (state: EcsState, service: Service, rollout: Rollout): void => {
  rollout.serviceDeployment.circuitBreaker.status = 'TRIGGERED';
  fail(state, service, rollout, {
    summary: 'tasks failed to start.',
    cause: 'because the circuit breaker threshold was exceeded.',
    mechanism: 'ECS deployment circuit breaker',
    isRolledBack: service.configuration.deploymentCircuitBreaker?.rollback ?? false,
  });
};

const failByAlarm = (state: EcsState, service: Service, rollout: Rollout, names: readonly string[]): void => {
  const { alarms } = rollout.serviceDeployment;
  alarms.status = 'TRIGGERED';
  alarms.triggeredAlarmNames.push(...names);
  fail(state, service, rollout, {
    summary: 'alarm detected.',
    cause: `because of the CloudWatch alarms: ${names.join(', ')}.`,
    mechanism: 'ECS deployment alarms',
    isRolledBack: service.configuration.alarms?.rollback ?? false,
  });
};

type Failure = { readonly summary: string; readonly cause: string; readonly mechanism: string; readonly isRolledBack: boolean };

const fail = (state: EcsState, service: Service, rollout: Rollout, failure: Failure): void => {
  const { deployment, serviceDeployment: record, isRollback } = rollout;
  const { summary, cause, mechanism, isRolledBack } = failure;
  // The circuit breaker and alarms alone have this event.
  setRolloutState(state, deployment, 'FAILED', `${mechanism}: ${summary}`);
  emitDeploymentState(state, service, deployment, 'FAILED', `${mechanism}: ${summary}`);
  addServiceEvent(state, service, `(deployment ${deployment.id}) deployment failed: ${summary}`);
  state.account.log.add('ecs', 'rollout-failed', { ...logFields(service), serviceDeployment: record.arn, reason: summary, isRollback });
  if (isRollback) {
    service.rollout = undefined;
    setStatus(state, record, 'ROLLBACK_FAILED', `Service deployment rollback failed ${cause}`);
  } else if (isRolledBack && service.lastCompleted) {
    rollBack(state, service, rollout, { reason: `Service deployment rolled back ${cause}`, mechanism, hasEvents: true });
  } else {
    service.rollout = undefined;
    const noCandidate = isRolledBack ? ' No rollback candidate was found to run the rollback.' : '';
    stop(state, service, record, `Service deployment stopped ${cause}${noCandidate}`, state.seconds(1, 3));
  }
};

const userReason = 'Service deployment rolled back because a user requested it.';

/** StopServiceDeployment with ROLLBACK: requested now, begun some seconds later unless the deployment succeeds first. */
export const requestRollback = (state: EcsState, service: Service, rollout: Rollout, reason = userReason): void => {
  const { serviceDeployment: record, deployment } = rollout;
  setStatus(state, record, 'ROLLBACK_REQUESTED', reason);
  publishService(state, service);
  state.account.clock.after(state.seconds(2, 5), () => {
    if (service.rollout !== rollout || record.status !== 'ROLLBACK_REQUESTED') return;
    setRolloutState(state, deployment, 'FAILED', `ECS deployment ${deployment.id} stopped by a user.`);
    const hasEvents = state.account.assumptions.userRollbackEvent === 'inProgress';
    if (service.lastCompleted) rollBack(state, service, rollout, { reason, mechanism: 'ECS deployment stopped by a user', hasEvents });
    else {
      service.rollout = undefined;
      setStatus(state, record, 'STOPPED', 'Service deployment stopped. No rollback candidate was found to run the rollback.');
    }
    state.reconcile(service);
  });
};

type Rollback = { readonly reason: string; readonly mechanism: string; readonly hasEvents: boolean };

/**
 * Rolls back to the deployment that was COMPLETED last; until it is COMPLETED again, no further rollback is possible. A rollback
 * belongs to the service deployment that failed: it makes no service revision and no service deployment (Developer Guide,
 * service-revision and service-deployment), and the deployment rolled back to keeps its ID.
 */
const rollBack = (state: EcsState, service: Service, failed: Rollout, { reason, mechanism, hasEvents }: Rollback): void => {
  const { serviceDeployment: record } = failed;
  const candidate = service.lastCompleted;
  if (!candidate) return;
  service.lastCompleted = undefined;
  record.rollback = { reason, startedAt: state.date(), serviceRevisionArn: candidate.revision.arn };
  setStatus(state, record, 'ROLLBACK_IN_PROGRESS', reason);
  service.taskDefinition = candidate.revision.taskDefinition;
  service.settings = candidate.revision.settings;

  service.deployments.splice(0, service.deployments.length, candidate, ...service.deployments.filter((other) => other !== candidate));
  for (const other of service.deployments) other.status = other === candidate ? 'PRIMARY' : 'ACTIVE';
  Object.assign(candidate, { failures: 0, uncountedFailures: [], consecutiveFailures: 0, launchFailures: 0, retryAt: 0 });
  service.rollout = {
    deployment: candidate,
    serviceDeployment: record,
    isRollback: true,
    phase: 'rolling',
    watchedAlarms: [],
    isStuckReported: false,
    isTripping: false,
    isCompletionReported: !hasEvents,
  };
  const rollingBack = `${mechanism}: rolling back to deploymentId ${candidate.id}.`;
  setRolloutState(state, candidate, 'IN_PROGRESS', rollingBack);
  if (hasEvents) emitDeploymentState(state, service, candidate, 'IN_PROGRESS', rollingBack);
  addServiceEvent(state, service, `rolling back to deployment ${candidate.id}.`);
  state.account.log.add('ecs', 'rollback-started', {
    ...logFields(service),
    serviceDeployment: record.arn,
    reason,
    to: candidate.revision.taskDefinition.arn,
  });
};

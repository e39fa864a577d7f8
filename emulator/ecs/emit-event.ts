import type { Deployment, HookRun, Service, ServiceDeployment } from './records.js';
import type { EcsState } from './state.js';

const keptEvents = 100;

/** Adds to `services[].events`, which keeps the last 100. */
export const addServiceEvent = (state: EcsState, service: Service, message: string): void => {
  service.events.unshift({ id: state.account.random.uuid(), createdAt: state.date(), message: `(service ${service.name}) ${message}` });
  service.events.length = Math.min(service.events.length, keptEvents);
};

/** Emits an `ECS Service Action` event, which names the service and its cluster. */
export const emitServiceAction = (
  state: EcsState,
  service: Service,
  eventType: 'INFO' | 'WARN' | 'ERROR',
  eventName: string,
  detail: Record<string, unknown> = {},
): void => {
  state.account.services.events.emit({
    source: 'aws.ecs',
    'detail-type': 'ECS Service Action',
    resources: [service.arn],
    detail: { eventType, eventName, clusterArn: service.cluster.arn, createdAt: state.date().toISOString(), ...detail },
  });
};

/** Sets a deployment's rollout state without an event. */
export const setRolloutState = (
  state: EcsState,
  deployment: Deployment,
  rolloutState: Deployment['rolloutState'],
  rolloutStateReason: string,
): void => {
  Object.assign(deployment, { rolloutState, rolloutStateReason, updatedAt: state.date() });
};

/** Emits `ECS Deployment State Change`, which names the service, but neither task definition nor service deployment. */
export const emitDeploymentState = (
  state: EcsState,
  service: Service,
  { id }: Deployment,
  rolloutState: Deployment['rolloutState'],
  reason: string,
): void => {
  const { services, assumptions } = state.account;
  services.events.emit({
    source: 'aws.ecs',
    'detail-type': 'ECS Deployment State Change',
    resources: [service.arn],
    detail: {
      eventType: rolloutState === 'FAILED' ? 'ERROR' : 'INFO',
      eventName: `SERVICE_DEPLOYMENT_${rolloutState}`,
      ...(assumptions.deploymentEventCluster === 'present' && { clusterArn: service.cluster.arn }),
      deploymentId: id,
      updatedAt: state.date().toISOString(),
      reason,
    },
  });
};

/** Emits `ECS Hook State Change`: a lifecycle hook awaits an action, or has ended (developer guide, pause hooks). */
export const emitHookState = (state: EcsState, { arn, service }: ServiceDeployment, run: HookRun): void => {
  if (state.account.assumptions.hookEvents === 'lost') return;
  state.account.services.events.emit({
    source: 'aws.ecs',
    'detail-type': 'ECS Hook State Change',
    resources: [service.arn],
    detail: {
      eventType: run.status === 'AWAITING_ACTION' || run.status === 'SUCCEEDED' ? 'INFO' : 'ERROR',
      eventName: `HOOK_${run.status}`,
      hookId: run.id,
      lifecycleStage: run.stage,
      expiresAt: run.expiresAt.toISOString(),
      clusterArn: service.cluster.arn,
      serviceArn: service.arn,
      serviceDeploymentArn: arn,
    },
  });
};

/** The fields of every log entry about a service. */
export const logFields = (service: Service): { service: string; cluster: string } => ({
  service: service.name,
  cluster: service.cluster.name,
});

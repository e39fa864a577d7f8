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

/** Sets a deployment's rollout state, and emits `ECS Deployment State Change`, which names neither cluster nor task definition. */
export const setRolloutState = (
  state: EcsState,
  service: Service,
  deployment: Deployment,
  rolloutState: Deployment['rolloutState'],
  reason: string,
): void => {
  deployment.rolloutState = rolloutState;
  deployment.rolloutStateReason = reason;
  deployment.updatedAt = state.date();
  state.account.services.events.emit({
    source: 'aws.ecs',
    'detail-type': 'ECS Deployment State Change',
    resources: [service.arn],
    detail: {
      eventType: rolloutState === 'FAILED' ? 'ERROR' : 'INFO',
      eventName: `SERVICE_DEPLOYMENT_${rolloutState}`,
      deploymentId: deployment.id,
      updatedAt: state.date().toISOString(),
      reason,
    },
  });
};

/** Emits `ECS Hook State Change`: a lifecycle hook awaits an action, or has ended (developer guide, pause hooks). */
export const emitHookState = (state: EcsState, { arn, service }: ServiceDeployment, run: HookRun): void => {
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

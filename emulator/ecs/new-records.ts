import type { Deployment, Service, ServiceDeployment, ServiceRevision } from './records.js';
import type { EcsState } from './state.js';
import { TaskGroup } from './task-group.js';

const digits = (state: EcsState): string => {
  let text = String(state.account.random.between(1, 9));
  while (text.length < 19) text += state.account.random.between(0, 9);
  return text;
};

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const shortId = (state: EcsState): string => {
  let text = '';
  while (text.length < 22) text += alphabet[state.account.random.between(0, alphabet.length - 1)];
  return text;
};

const pathOf = ({ cluster, name }: Service): string => `${cluster.name}/${name}`;

/** Creates the service revision that the service is to run from now on. */
export const newServiceRevision = (state: EcsState, service: Service): ServiceRevision => {
  const { taskDefinition, settings } = service;
  if (!taskDefinition) throw new Error(`service ${service.name} has no task definition; only services of the ECS controller are deployed`);
  const arn = state.account.arn('ecs', `service-revision/${pathOf(service)}/${digits(state)}`);
  const revision = { arn, service, taskDefinition, settings, createdAt: state.date(), images: new Map() };
  service.revisions.push(revision);
  state.serviceRevisions.set(arn, revision);
  return revision;
};

/** Its sources are the service's present service revisions. */
export const newServiceDeployment = (state: EcsState, service: Service, target: ServiceRevision): ServiceDeployment => {
  const { deploymentCircuitBreaker, alarms } = service.configuration;
  const record: ServiceDeployment = {
    arn: state.account.arn('ecs', `service-deployment/${pathOf(service)}/${shortId(state)}`),
    service,
    createdAt: state.date(),
    sources: [...new Set(service.deployments.map(({ revision }) => revision))],
    target,
    status: 'PENDING',
    updatedAt: state.date(),
    circuitBreaker: { status: deploymentCircuitBreaker?.enable ? 'MONITORING' : 'DISABLED', failureCount: 0 },
    // MONITORING once it has begun, unless an alarm was in state ALARM by then.
    hooks: [],
    alarms: { status: 'DISABLED', alarmNames: alarms?.enable ? alarms.alarmNames : [], triggeredAlarmNames: [] },
  };
  service.serviceDeployments.unshift(record);
  state.serviceDeployments.set(record.arn, record);
  return record;
};

/** The service's new PRIMARY deployment. */
export const newDeployment = (state: EcsState, service: Service, revision: ServiceRevision, { arn }: ServiceDeployment): Deployment => {
  const id = state.account.assumptions.deploymentId === 'same' ? arn.slice(arn.lastIndexOf('/') + 1) : digits(state);
  const deployment: Deployment = {
    id: `ecs-svc/${id}`,
    revision,
    createdAt: state.date(),
    updatedAt: state.date(),
    tasks: new TaskGroup(),
    status: 'PRIMARY',
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: '',
    failures: 0,
    uncountedFailures: [],
    consecutiveFailures: 0,
    launchFailures: 0,
    retryAt: 0,
    isImpaired: false,
  };
  for (const other of service.deployments) other.status = 'ACTIVE';
  service.deployments.unshift(deployment);
  return deployment;
};

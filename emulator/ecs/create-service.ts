import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { changedConfiguration, defaultConfiguration } from './check-configuration.js';
import { withClusterDefaults } from './check-launch.js';
import { canBeRebalanced, checkService, type PlannedService } from './check-service.js';
import { logFields } from './emit-event.js';
import { serviceArn } from './names.js';
import { publishService } from './publish.js';
import { serviceModify } from './rate-limits.js';
import type { Cluster, Service, Tag } from './records.js';
import { startRollout } from './rollout.js';
import { descriptionOf, type ServiceInput, settingsOf } from './service-input.js';
import { createShape, serviceShape } from './service-shape.js';
import { serviceView } from './service-view.js';
import type { EcsState } from './state.js';
import { checkTags } from './tags.js';

type Input = ServiceInput & {
  readonly serviceName: string;
  readonly schedulingStrategy?: Service['schedulingStrategy'];
  readonly role?: string;
  readonly clientToken?: string;
  readonly tags?: readonly Tag[];
};

/** The emulator has no container instances: a daemon runs as in a cluster of this many. */
const containerInstances = 2;

const invalid = (message: string): never => {
  throw new AwsError('InvalidParameterException', message);
};

const checkName = (name: string): void => {
  if (!/^[\w-]{1,255}$/.test(name)) invalid('Service name must be of the form [a-zA-Z0-9-_]{1,255}.');
};

/** The service that the same request created before (ECS_Idempotency in the API reference); undefined if the name is free. */
const existing = ({ services }: Cluster, input: Input): Service | undefined => {
  const service = services.get(input.serviceName);
  if (service?.status === 'DRAINING') invalid('Unable to Start a service that is still Draining.');
  if (service?.status !== 'ACTIVE') return undefined;
  if (input.clientToken !== undefined && isDeepStrictEqual(service.request, input)) return service;
  return invalid('Creation of service was not idempotent.');
};

const checkToken = ({ clientToken }: Input): void => {
  if (clientToken !== undefined && !/^[!-~]{1,36}$/.test(clientToken))
    invalid('clientToken has up to 36 ASCII characters in the range of 33 to 126.');
};

const planOf = (state: EcsState, cluster: Cluster, input: Input): PlannedService => {
  const { schedulingStrategy = 'REPLICA', taskDefinition: reference, desiredCount, deploymentConfiguration } = input;
  const controller = input.deploymentController?.type ?? 'ECS';
  if (controller !== 'EXTERNAL' && reference === undefined) invalid('TaskDefinition can not be blank.');
  if (controller !== 'EXTERNAL' && schedulingStrategy === 'REPLICA' && desiredCount === undefined)
    invalid('Desired count can not be null.');
  const description = descriptionOf(input);
  const taskDefinition = reference === undefined ? undefined : state.deployableTaskDefinition(reference);
  return {
    launch: taskDefinition && { cluster, taskDefinition, settings: withClusterDefaults(cluster, settingsOf(input)), description },
    description,
    configuration: changedConfiguration(defaultConfiguration(schedulingStrategy), deploymentConfiguration),
    controller,
    schedulingStrategy,
    desiredCount,
  };
};

const create = (state: EcsState, cluster: Cluster, input: Input, createdBy: string): Service => {
  const planned = planOf(state, cluster, input);
  checkService(planned, 'created');
  const { launch, description, configuration, controller, schedulingStrategy, desiredCount = 0 } = planned;
  return {
    arn: state.newServiceArn(cluster, input.serviceName),
    name: input.serviceName,
    cluster,
    createdAt: state.date(),
    createdBy,
    controller,
    schedulingStrategy,
    request: input,
    roleArn: input.role,
    deployments: [],
    serviceDeployments: [],
    revisions: [],
    events: [],
    status: 'ACTIVE',
    desiredCount: schedulingStrategy === 'DAEMON' ? containerInstances : desiredCount,
    taskDefinition: launch?.taskDefinition,
    settings: launch?.settings ?? settingsOf(input),
    // ENABLED unless the service cannot be rebalanced (availabilityZoneRebalancing of CreateService).
    description: { availabilityZoneRebalancing: canBeRebalanced(planned) ? 'ENABLED' : 'DISABLED', ...description },
    configuration,
    tags: checkTags(input.tags ?? []),
    rollout: undefined,
    lastCompleted: undefined,
    placementFailure: undefined,
    isSteady: false,
  };
};

export const createService = (state: EcsState): Operation =>
  operation<Input, unknown>({
    service: 'ecs',
    name: 'CreateService',
    input: { ...serviceShape, ...createShape },
    required: ['serviceName'],
    rateLimit: serviceModify,
    permissions: ({ cluster, serviceName, tags }, account) => {
      const resource = serviceArn(account, cluster, serviceName);
      const tagging = { action: 'ecs:TagResource', resource, context: { 'ecs:CreateAction': 'CreateService' } };
      return [{ action: 'ecs:CreateService', resource }, ...(tags?.length ? [tagging] : [])];
    },
    run: (given, { account, caller }) => {
      const input = structuredClone(given);
      const cluster = state.cluster(input.cluster);
      checkName(input.serviceName);
      checkToken(input);
      const before = existing(cluster, input);
      if (before) return { service: serviceView(before, before.serviceDeployments[0]?.arn) };
      const service = create(state, cluster, input, caller.arn);
      cluster.services.set(service.name, service);
      // CODE_DEPLOY and EXTERNAL run tasks in task sets, which are not emulated: such a service can only be described.
      if (service.controller === 'ECS') startRollout(state, service);
      else publishService(state, service);
      account.log.add('ecs', 'service-created', { ...logFields(service), taskDefinition: service.taskDefinition?.arn, by: caller.arn });
      return { service: serviceView(service, service.serviceDeployments[0]?.arn) };
    },
  });

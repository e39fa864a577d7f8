import { AwsError, NotEmulated } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { tagsShape } from './clusters.js';
import { logFields } from './emit-event.js';
import { serviceArn } from './names.js';
import { publishService } from './publish.js';
import { serviceModify } from './rate-limits.js';
import type { Cluster, Service, Tag } from './records.js';
import { startRollout } from './rollout.js';
import { changedConfiguration, descriptionOf, type ServiceInput, serviceShape, settingsOf } from './service-input.js';
import { serviceView } from './service-view.js';
import type { EcsState } from './state.js';
import { checkTags } from './tags.js';

type Input = ServiceInput & {
  readonly serviceName: string;
  readonly schedulingStrategy?: string;
  readonly deploymentController?: { readonly type: Service['controller'] };
  readonly tags?: readonly Tag[];
};

const invalid = (message: string): never => {
  throw new AwsError('InvalidParameterException', message);
};

const checkName = ({ services }: Cluster, name: string): void => {
  if (!/^[\w-]{1,255}$/.test(name)) invalid('Service name must be of the form [a-zA-Z0-9-_]{1,255}.');
  const status = services.get(name)?.status;
  if (status === 'ACTIVE') invalid('Creation of service was not idempotent.');
  if (status === 'DRAINING') invalid('Unable to Start a service that is still Draining.');
};

const create = (state: EcsState, input: Input, createdBy: string): Service => {
  const cluster = state.cluster(input.cluster);
  checkName(cluster, input.serviceName);
  if (input.schedulingStrategy && input.schedulingStrategy !== 'REPLICA') {
    throw new NotEmulated(`schedulingStrategy ${input.schedulingStrategy} of ecs.CreateService`);
  }
  const controller = input.deploymentController?.type ?? 'ECS';
  if (!['ECS', 'CODE_DEPLOY', 'EXTERNAL'].includes(controller)) invalid(`Deployment controller type ${controller} is not supported.`);
  if (controller !== 'EXTERNAL' && input.taskDefinition === undefined) invalid('TaskDefinition can not be blank.');
  if (controller !== 'EXTERNAL' && input.desiredCount === undefined) invalid('Desired count can not be null.');
  return {
    arn: state.account.arn('ecs', `service/${cluster.name}/${input.serviceName}`),
    name: input.serviceName,
    cluster,
    createdAt: state.date(),
    createdBy,
    controller,
    deployments: [],
    serviceDeployments: [],
    revisions: [],
    events: [],
    status: 'ACTIVE',
    desiredCount: input.desiredCount ?? 0,
    taskDefinition: input.taskDefinition === undefined ? undefined : state.deployableTaskDefinition(input.taskDefinition),
    settings: settingsOf(input),
    description: descriptionOf(input),
    configuration: changedConfiguration({ minimumHealthyPercent: 100, maximumPercent: 200 }, input.deploymentConfiguration),
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
    input: {
      ...serviceShape,
      serviceName: 'string',
      launchType: 'string',
      schedulingStrategy: 'string',
      deploymentController: { members: { type: 'string' } },
      tags: tagsShape,
    },
    required: ['serviceName'],
    rateLimit: serviceModify,
    permissions: ({ cluster, serviceName, tags }, account) => {
      const resource = serviceArn(account, cluster, serviceName);
      const tagging = { action: 'ecs:TagResource', resource, context: { 'ecs:CreateAction': 'CreateService' } };
      return [{ action: 'ecs:CreateService', resource }, ...(tags?.length ? [tagging] : [])];
    },
    run: (input, { account, caller }) => {
      const service = create(state, structuredClone(input), caller.arn);
      service.cluster.services.set(service.name, service);
      // CODE_DEPLOY and EXTERNAL run tasks in task sets, which are not emulated: such a service can only be described.
      if (service.controller === 'ECS') startRollout(state, service);
      else publishService(state, service);
      account.log.add('ecs', 'service-created', { ...logFields(service), taskDefinition: service.taskDefinition?.arn, by: caller.arn });
      return { service: serviceView(service, service.serviceDeployments[0]?.arn) };
    },
  });

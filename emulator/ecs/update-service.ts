import { isDeepStrictEqual } from 'node:util';
import { AwsError, NotEmulated } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { changedConfiguration } from './check-configuration.js';
import { checkService } from './check-service.js';
import { logFields } from './emit-event.js';
import { serviceArn } from './names.js';
import { publishService } from './publish.js';
import { serviceModify } from './rate-limits.js';
import type { Service, ServiceDeployment } from './records.js';
import { startRollout } from './rollout.js';
import { descriptionOf, rolledOutSettings, type ServiceInput, settingsOf } from './service-input.js';
import { serviceShape } from './service-shape.js';
import { serviceView } from './service-view.js';
import type { LaunchSettings } from './settings.js';
import type { EcsState } from './state.js';

type Input = ServiceInput & { readonly service: string; readonly forceNewDeployment?: boolean };

const controllerAdvice = { CODE_DEPLOY: 'Use AWS CodeDeploy to trigger a new deployment.', EXTERNAL: 'Use CreateTaskSet.' };

const checkController = ({ controller }: Service, input: Input): void => {
  if (input.deploymentController && input.deploymentController.type !== controller)
    throw new NotEmulated(`a change of the deployment controller to ${input.deploymentController.type} by ecs.UpdateService`);
  if (controller === 'ECS') return;
  const refuse = (what: string): never => {
    const message = `Unable to ${what} on services with a ${controller} deployment controller. ${controllerAdvice[controller]}`;
    throw new AwsError('InvalidParameterException', message);
  };
  if (input.taskDefinition !== undefined) refuse('update task definition');
  if (input.forceNewDeployment) refuse('force a new deployment');
  if (input.networkConfiguration !== undefined) refuse('update network parameters');
  if (input.platformVersion !== undefined) refuse('update platform version');
  // CodeDeploy deploys loadBalancers as well; the words are not known.
  const other = rolledOutSettings.find((name) => (input[name] as object | undefined) !== undefined && !isNone(input[name]));
  if (other) refuse(`update ${other}`);
};

/** An empty list removes the setting: it is none, as an absent member of a service that never had it. */
const isNone = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0);

const isSame = (one: unknown, other: unknown): boolean => (isNone(one) && isNone(other)) || isDeepStrictEqual(one, other);

/** Whether the change needs new tasks. Whether naming the present value counts as a change is an assumption. */
const needsRollout = (state: EcsState, service: Service, planned: Changed, input: Input): boolean => {
  if (service.controller !== 'ECS') return false;
  if (input.forceNewDeployment) return true;
  const isAnyNameEnough = state.account.assumptions.sameTaskDefinition === 'startsServiceDeployment';
  const hasChanged = rolledOutSettings.some((name) => !isSame(planned.settings[name], service.settings[name]));
  // Of volumeConfigurations the API reference says that only a difference counts.
  const isNamed = (name: keyof Input): boolean => name !== 'volumeConfigurations' && !isNone(input[name]);
  return (
    planned.taskDefinition !== service.taskDefinition ||
    hasChanged ||
    (isAnyNameEnough && (['taskDefinition', ...rolledOutSettings] as const).some(isNamed))
  );
};

type Changed = Pick<Service, 'taskDefinition' | 'desiredCount' | 'settings' | 'description' | 'configuration'>;

/** A capacity provider strategy replaces the launch type; an empty one gives way to it again. */
const changedSettings = (before: LaunchSettings, change: LaunchSettings): LaunchSettings => {
  const { launchType, capacityProviderStrategy, ...rest } = { ...before, ...change };
  if (!capacityProviderStrategy?.length) return { ...rest, ...(launchType !== undefined && { launchType }) };
  return { ...rest, capacityProviderStrategy };
};

/** The service's fields after the update. All checks come before the first change, so that a refused update changes nothing. */
const changed = (state: EcsState, service: Service, input: Input): Changed => {
  const { taskDefinition: reference, desiredCount = service.desiredCount } = input;
  const taskDefinition = reference === undefined ? service.taskDefinition : state.deployableTaskDefinition(reference);
  const settings = changedSettings(service.settings, settingsOf(input));
  const description = { ...service.description, ...descriptionOf(input) };
  const configuration = changedConfiguration(service.configuration, input.deploymentConfiguration);
  const { cluster, controller, schedulingStrategy } = service;
  const launch = taskDefinition && { cluster, taskDefinition, settings, description };
  checkService({ launch, description, configuration, controller, schedulingStrategy, desiredCount: input.desiredCount }, 'updated');
  return { taskDefinition, desiredCount, settings, description, configuration };
};

/** A change without a new deployment takes effect shortly after. */
const applyLater = (state: EcsState, service: Service): void => {
  service.isSteady = false;
  publishService(state, service);
  state.account.clock.after(state.seconds(0.5, 2), () => state.reconcile(service));
};

const answer = (state: EcsState, service: Service, started: ServiceDeployment | undefined): object => {
  const isNamed = started !== undefined && state.account.assumptions.updateServiceAnswer === 'withServiceDeployment';
  const before = service.serviceDeployments.find((record) => record !== started);
  return serviceView(service, isNamed ? started.arn : started ? undefined : before?.arn);
};

export const updateService = (state: EcsState): Operation =>
  operation<Input, unknown>({
    service: 'ecs',
    name: 'UpdateService',
    input: { ...serviceShape, service: 'string', forceNewDeployment: 'boolean' },
    required: ['service'],
    rateLimit: serviceModify,
    permissions: ({ cluster, service }, account) => [{ action: 'ecs:UpdateService', resource: serviceArn(account, cluster, service) }],
    run: (given, { account, caller }) => {
      const input = structuredClone(given);
      const service = state.activeService(input.cluster, input.service);
      checkController(service, input);
      const planned = changed(state, service, input);
      const isNew = needsRollout(state, service, planned, input);
      const { strategy = 'ROLLING' } = planned.configuration;
      if (isNew && strategy !== 'ROLLING') throw new NotEmulated(`a rollout with the strategy ${strategy} of an ecs service`);
      Object.assign(service, planned);
      const started = isNew ? startRollout(state, service) : undefined;
      if (!started) applyLater(state, service);
      account.log.add('ecs', 'service-updated', {
        ...logFields(service),
        taskDefinition: service.taskDefinition?.arn,
        ...(started && { serviceDeployment: started.arn }),
        by: caller.arn,
      });
      return { service: answer(state, service, started) };
    },
  });

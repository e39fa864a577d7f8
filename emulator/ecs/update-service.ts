import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { logFields } from './emit-event.js';
import { serviceArn } from './names.js';
import { publishService } from './publish.js';
import { serviceModify } from './rate-limits.js';
import type { Service, ServiceDeployment } from './records.js';
import { startRollout } from './rollout.js';
import { changedConfiguration, descriptionOf, type ServiceInput, serviceShape, settingsOf } from './service-input.js';
import { serviceView } from './service-view.js';
import type { EcsState } from './state.js';

type Input = ServiceInput & { readonly service: string; readonly forceNewDeployment?: boolean };

const controllerAdvice = { CODE_DEPLOY: 'Use AWS CodeDeploy to trigger a new deployment.', EXTERNAL: 'Use CreateTaskSet.' };

const checkController = (
  { controller }: Service,
  { taskDefinition, forceNewDeployment, networkConfiguration, platformVersion }: Input,
): void => {
  if (controller === 'ECS') return;
  const refuse = (what: string): never => {
    const message = `Unable to ${what} on services with a ${controller} deployment controller. ${controllerAdvice[controller]}`;
    throw new AwsError('InvalidParameterException', message);
  };
  if (taskDefinition !== undefined) refuse('update task definition');
  if (forceNewDeployment) refuse('force a new deployment');
  if (networkConfiguration !== undefined) refuse('update network parameters');
  if (platformVersion !== undefined) refuse('update platform version');
};

/** Whether the change needs new tasks. Whether naming the present value counts as a change is an assumption. */
const needsRollout = (state: EcsState, service: Service, input: Input): boolean => {
  if (service.controller !== 'ECS') return false;
  if (input.forceNewDeployment) return true;
  const isAnyNameEnough = state.account.assumptions.sameTaskDefinition === 'startsServiceDeployment';
  const { taskDefinition, networkConfiguration, platformVersion } = input;
  const settings = Object.entries({ networkConfiguration, platformVersion }).filter(([, value]) => value !== undefined);
  const before: Readonly<Record<string, unknown>> = service.settings;
  return (
    (taskDefinition !== undefined && (isAnyNameEnough || state.deployableTaskDefinition(taskDefinition) !== service.taskDefinition)) ||
    settings.some(([name, value]) => isAnyNameEnough || !isDeepStrictEqual(value, before[name]))
  );
};

const change = (state: EcsState, service: Service, input: Input): void => {
  const { taskDefinition, desiredCount = service.desiredCount, deploymentConfiguration } = input;
  if (desiredCount < 0) throw new AwsError('InvalidParameterException', 'Desired count can not be negative.');
  // All checks come before the first change, so that a refused update changes nothing.
  const newTaskDefinition = taskDefinition === undefined ? service.taskDefinition : state.deployableTaskDefinition(taskDefinition);
  service.configuration = changedConfiguration(service.configuration, deploymentConfiguration);
  service.taskDefinition = newTaskDefinition;
  service.desiredCount = desiredCount;
  service.settings = { ...service.settings, ...settingsOf(input) };
  service.description = { ...service.description, ...descriptionOf(input) };
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
      const isNew = needsRollout(state, service, input);
      change(state, service, input);
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

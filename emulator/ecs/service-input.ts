import { AwsError, NotEmulated } from '../errors.js';
import type { Shape } from '../shape.js';
import type { DeploymentConfiguration, LaunchSettings, ServiceDescription } from './records.js';

const deploymentConfiguration: Shape = {
  members: {
    minimumHealthyPercent: 'number',
    maximumPercent: 'number',
    strategy: 'string',
    bakeTimeInMinutes: 'number',
    deploymentCircuitBreaker: {
      members: {
        enable: 'boolean',
        rollback: 'boolean',
        resetOnHealthyTask: 'boolean',
        thresholdConfiguration: { members: { type: 'string', value: 'number' } },
      },
    },
    alarms: { members: { alarmNames: { list: 'string' }, enable: 'boolean', rollback: 'boolean' } },
    earlySuccessCriteria: {
      members: { enable: 'boolean', healthyPercent: 'number', sourceServiceRevisionCleanup: 'string' },
    },
  },
};

/** Members shared by CreateService and UpdateService. */
export const serviceShape: Readonly<Record<string, Shape>> = {
  cluster: 'string',
  taskDefinition: 'string',
  desiredCount: 'number',
  capacityProviderStrategy: 'any',
  platformVersion: 'string',
  networkConfiguration: 'any',
  deploymentConfiguration,
  availabilityZoneRebalancing: 'string',
  placementConstraints: 'any',
  placementStrategy: 'any',
  healthCheckGracePeriodSeconds: 'number',
  enableExecuteCommand: 'boolean',
  enableECSManagedTags: 'boolean',
  propagateTags: 'string',
};

export type ServiceInput = LaunchSettings &
  ServiceDescription & {
    readonly cluster?: string;
    readonly taskDefinition?: string;
    readonly desiredCount?: number;
    readonly deploymentConfiguration?: Partial<DeploymentConfiguration>;
  };

const pick = (input: object, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input).filter(([name, value]) => names.includes(name) && value !== undefined && value !== null));

/** The settings of a service revision, beside its task definition. */
export const settingsOf = (input: object): LaunchSettings =>
  pick(input, ['launchType', 'capacityProviderStrategy', 'platformVersion', 'networkConfiguration']);

export const descriptionOf = (input: object): ServiceDescription =>
  pick(input, [
    'availabilityZoneRebalancing',
    'placementConstraints',
    'placementStrategy',
    'healthCheckGracePeriodSeconds',
    'enableExecuteCommand',
    'enableECSManagedTags',
    'propagateTags',
  ]);

const checkPercent = (name: string, value: number, low: number, high: number): void => {
  if (value < low || value > high || !Number.isInteger(value)) {
    throw new AwsError('InvalidParameterException', `${name} is ${value}; expected a whole number from ${low} to ${high}.`);
  }
};

/** The configuration after a change: members that are not given keep their values. */
export const changedConfiguration = (
  before: DeploymentConfiguration,
  change: Partial<DeploymentConfiguration> | undefined,
): DeploymentConfiguration => {
  const configuration = { ...before, ...change };
  const { minimumHealthyPercent, maximumPercent, strategy, deploymentCircuitBreaker, earlySuccessCriteria } = configuration;
  if (strategy !== undefined && strategy !== 'ROLLING')
    throw new NotEmulated(`deploymentConfiguration.strategy ${strategy} of an ecs service`);
  checkPercent('minimumHealthyPercent', minimumHealthyPercent, 0, 100);
  checkPercent('maximumPercent', maximumPercent, 100, 2_147_483_647);
  if (maximumPercent === 0) throw new AwsError('InvalidParameterException', 'maximumPercent must be greater than 0.');
  const { type, value } = deploymentCircuitBreaker?.thresholdConfiguration ?? {};
  if (value !== undefined) checkPercent('thresholdConfiguration.value', value, 1, type === 'COUNT' ? 2_147_483_647 : 100);
  if (earlySuccessCriteria?.enable) {
    checkPercent('earlySuccessCriteria.healthyPercent', earlySuccessCriteria.healthyPercent ?? -1, minimumHealthyPercent, 100);
  }
  return configuration;
};

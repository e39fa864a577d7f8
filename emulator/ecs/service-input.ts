import type { DeploymentConfiguration, DeploymentController, LaunchSettings, ServiceDescription } from './settings.js';

export type ServiceInput = LaunchSettings &
  ServiceDescription & {
    readonly cluster?: string;
    readonly taskDefinition?: string;
    readonly desiredCount?: number;
    readonly deploymentController?: { readonly type: DeploymentController };
    readonly deploymentConfiguration?: Partial<DeploymentConfiguration>;
  };

const pick = (input: object, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input).filter(([name, value]) => names.includes(name) && value !== undefined && value !== null));

/**
 * Settings of a service revision that need new tasks when they change; `networkConfiguration` and so on of UpdateService in the API
 * reference: "This parameter triggers a new service deployment".
 */
export const rolledOutSettings = [
  'networkConfiguration',
  'platformVersion',
  'loadBalancers',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
] as const;

/** What ECS fills in and shows. */
const shownNetwork = (networkConfiguration: LaunchSettings['networkConfiguration']): LaunchSettings['networkConfiguration'] =>
  networkConfiguration?.awsvpcConfiguration && {
    awsvpcConfiguration: { securityGroups: [], assignPublicIp: 'DISABLED', ...networkConfiguration.awsvpcConfiguration },
  };

/** The settings of a service revision, beside its task definition. */
export const settingsOf = (input: LaunchSettings): LaunchSettings => {
  const networkConfiguration = shownNetwork(input.networkConfiguration);
  return {
    ...pick(input, ['launchType', 'capacityProviderStrategy', ...rolledOutSettings.filter((name) => name !== 'networkConfiguration')]),
    ...(networkConfiguration && { networkConfiguration }),
  };
};

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

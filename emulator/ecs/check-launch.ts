import { AwsError } from '../errors.js';
import { compatibilitiesOf } from './check-task-definition.js';
import type { Cluster, TaskDefinition } from './records.js';
import type { LaunchSettings, ServiceDescription } from './settings.js';

export type Launch = {
  readonly cluster: Cluster;
  readonly taskDefinition: TaskDefinition;
  readonly settings: LaunchSettings;
  readonly description: ServiceDescription;
};

const refuse = (message: string): never => {
  throw new AwsError('InvalidParameterException', message);
};

/** Providers that exist in every account: `FARGATE` and `FARGATE_SPOT` run on Fargate. */
const isFargateProvider = (name: string): boolean => name === 'FARGATE' || name === 'FARGATE_SPOT';

/** Where tasks with these settings run: a capacity provider strategy decides before the launch type. */
export const launchTypeOf = ({ launchType, capacityProviderStrategy }: LaunchSettings): string => {
  const [first] = capacityProviderStrategy ?? [];
  if (first) return isFargateProvider(first.capacityProvider) ? 'FARGATE' : 'EC2';
  return launchType ?? 'EC2';
};

/** A cluster's default strategy is used where neither a launch type nor a strategy is given. */
export const withClusterDefaults = (
  { settings: { defaultCapacityProviderStrategy } }: Cluster,
  settings: LaunchSettings,
): LaunchSettings => {
  const isGiven = settings.launchType !== undefined || (settings.capacityProviderStrategy?.length ?? 0) > 0;
  const strategy = defaultCapacityProviderStrategy as LaunchSettings['capacityProviderStrategy'];
  return isGiven || !strategy?.length ? settings : { ...settings, capacityProviderStrategy: strategy };
};

const checkCapacity = ({ settings }: Cluster, { launchType, capacityProviderStrategy = [] }: LaunchSettings): void => {
  if (capacityProviderStrategy.length === 0) return;
  if (launchType !== undefined)
    refuse('Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.');
  if (capacityProviderStrategy.length > 20) refuse('A capacity provider strategy can contain a maximum of 20 capacity providers.');
  const associated = (settings.capacityProviders ?? []) as readonly string[];
  if (capacityProviderStrategy.some(({ capacityProvider }) => !associated.includes(capacityProvider)))
    refuse(
      'The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. ' +
        'Associate the capacity provider with the cluster and try again.',
    );
};

const checkNetwork = ({ document }: TaskDefinition, { networkConfiguration }: LaunchSettings): void => {
  const { subnets } = networkConfiguration?.awsvpcConfiguration ?? {};
  if (document.networkMode !== 'awsvpc') {
    if (networkConfiguration?.awsvpcConfiguration)
      refuse('Network Configuration is not valid for the given networkMode of this task definition.');
    return;
  }
  if (!networkConfiguration?.awsvpcConfiguration) refuse("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  if (!subnets?.length) refuse('subnets can not be empty.');
};

const checkFargate = ({ taskDefinition, settings, description }: Launch): void => {
  if (launchTypeOf(settings) !== 'FARGATE') {
    if (settings.platformVersion !== undefined) refuse('The platform version must be null when specifying an EC2 launch type.');
    return;
  }
  if (!compatibilitiesOf(taskDefinition.document).includes('FARGATE')) refuse('Task definition does not support launch_type FARGATE.');
  if (description.placementConstraints?.length) refuse('Placement constraints are not supported with FARGATE launch type.');
  if (description.placementStrategy?.length) refuse('Placement strategies are not supported with FARGATE launch type.');
};

/**
 * Refuses to start tasks of a task definition with settings that ECS refuses; the words are those of public reports
 * (terraform-provider-aws, ecs-deploy, cloudlift).
 * @throws AwsError InvalidParameterException
 */
export const checkLaunch = (launch: Launch): void => {
  const { cluster, taskDefinition, settings, description } = launch;
  checkCapacity(cluster, settings);
  checkFargate(launch);
  checkNetwork(taskDefinition, settings);
  if ((description.placementConstraints?.length ?? 0) > 10) refuse('At most 10 placement constraints are allowed.');
  if ((description.placementStrategy?.length ?? 0) > 5) refuse('At most 5 placement strategies are allowed.');
};

/**
 * Refuses load balancers and volumes that the task definition does not have.
 * @throws AwsError InvalidParameterException
 */
export const checkAttached = ({ document }: TaskDefinition, { loadBalancers = [], volumeConfigurations = [] }: LaunchSettings): void => {
  for (const { containerName, containerPort } of loadBalancers) {
    const container = document.containerDefinitions.find(({ name }) => name === containerName);
    if (!container) refuse(`The container ${containerName} does not exist in the task definition.`);
    if (!container?.portMappings?.some((mapping) => mapping.containerPort === containerPort))
      refuse(`The container ${containerName} did not have a container port ${containerPort} defined.`);
  }
  for (const { name } of volumeConfigurations)
    if (!document.volumes?.some((volume) => volume.name === name)) refuse(`The volume ${name} does not exist in the task definition.`);
};

/**
 * Refuses a task without the configuration of a volume that is to be configured at launch (developer guide, "Use Amazon EBS volumes with
 * Amazon ECS"; ECS's words are not known), and a configuration without the role that creates the volume.
 * @throws AwsError InvalidParameterException
 */
export const checkLaunchedVolumes = ({ document }: TaskDefinition, { volumeConfigurations = [] }: LaunchSettings): void => {
  for (const { name, configuredAtLaunch } of document.volumes ?? []) {
    const given = volumeConfigurations.find((configuration) => configuration.name === name);
    if (configuredAtLaunch && !given) refuse(`The volume ${name} is configured at launch; volumeConfigurations does not have it.`);
    if (given && !given.managedEBSVolume?.roleArn) refuse(`The volume configuration ${name} has no managedEBSVolume with a roleArn.`);
  }
};

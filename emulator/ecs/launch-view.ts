import { launchTypeOf } from './check-launch.js';
import type { TaskDefinition } from './records.js';
import type { LaunchSettings } from './settings.js';

const latest = '1.4.0';

const families: Readonly<Record<string, string>> = {
  LINUX: 'Linux',
  WINDOWS_SERVER_2019_CORE: 'Windows Server 2019 Core',
  WINDOWS_SERVER_2019_FULL: 'Windows Server 2019 Full',
  WINDOWS_SERVER_2022_CORE: 'Windows Server 2022 Core',
  WINDOWS_SERVER_2022_FULL: 'Windows Server 2022 Full',
};

const platformFamilyOf = (taskDefinition: TaskDefinition | undefined): string => {
  const family = taskDefinition?.document.runtimePlatform?.operatingSystemFamily ?? 'LINUX';
  return families[family] ?? family;
};

/** The launch type, or the strategy in its place: ECS shows one of them. */
const capacityView = ({ launchType = 'EC2', capacityProviderStrategy }: LaunchSettings): object =>
  capacityProviderStrategy?.length ? { capacityProviderStrategy } : { launchType };

/** The version that `LATEST` means; a service shows what it was given, its deployments and tasks what they run on. */
export const resolvedVersion = ({ platformVersion }: LaunchSettings): string =>
  platformVersion === undefined || platformVersion === 'LATEST' ? latest : platformVersion;

const platformView = (settings: LaunchSettings, taskDefinition: TaskDefinition | undefined, platformVersion: string): object =>
  launchTypeOf(settings) === 'FARGATE' ? { platformVersion, platformFamily: platformFamilyOf(taskDefinition) } : {};

type Launched = { readonly settings: LaunchSettings; readonly taskDefinition: TaskDefinition | undefined };

/** Where a service's tasks are to run. */
export const serviceLaunchView = ({ settings, taskDefinition }: Launched): object => ({
  ...capacityView(settings),
  ...platformView(settings, taskDefinition, settings.platformVersion ?? 'LATEST'),
  ...(settings.networkConfiguration && { networkConfiguration: settings.networkConfiguration }),
});

/** Where the tasks of a service revision run. */
export const revisionLaunchView = ({ settings, taskDefinition }: Launched): object => ({
  ...capacityView(settings),
  ...platformView(settings, taskDefinition, resolvedVersion(settings)),
  ...(settings.networkConfiguration && { networkConfiguration: settings.networkConfiguration }),
  ...(settings.serviceConnectConfiguration !== undefined && { serviceConnectConfiguration: settings.serviceConnectConfiguration }),
  ...(settings.volumeConfigurations?.length && { volumeConfigurations: settings.volumeConfigurations }),
  ...(settings.vpcLatticeConfigurations?.length && { vpcLatticeConfigurations: settings.vpcLatticeConfigurations }),
});

/** Where one task runs. */
export const taskLaunchView = ({ settings, taskDefinition }: Launched): object => {
  const [provider] = settings.capacityProviderStrategy ?? [];
  return {
    launchType: launchTypeOf(settings),
    ...(provider && { capacityProviderName: provider.capacityProvider }),
    ...platformView(settings, taskDefinition, resolvedVersion(settings)),
  };
};

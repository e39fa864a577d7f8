import { DescribeServicesCommand, type Service as EcsService } from '@aws-sdk/client-ecs';
import type { ClientSettings } from './client-settings.js';
import { compact, ecs, toClusterAndService } from './ecs.js';
import { isNamed } from './sdk-errors.js';
import { described, type ServiceDescription } from './service.js';

/** A service with what decides before a deployment of it begins. */
export type ServiceInBatch = ServiceDescription & {
  /** Do its tasks run on Fargate? */
  readonly isFargate: boolean;
  /** Names of the alarms that guard its rollouts. */
  readonly alarms: readonly string[];
  /** Are its tasks in a namespace of Service Connect? */
  readonly hasServiceConnect: boolean;
  /** Since when its newest deployment is there. ISO 8601. */
  readonly since?: string;
  /** ECS's own counts of the tasks of each revision. */
  readonly tasks: readonly TasksOfRevision[];
};

/** `taskDefinition` is the ARN of the revision. */
export type TasksOfRevision = {
  readonly taskDefinition: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
};

/** The capacity providers that are Fargate's (ECS API, CapacityProviderStrategyItem). */
const fargateProviders = ['FARGATE', 'FARGATE_SPOT'];

/** Services of one DescribeServices (ECS API). */
const servicesPerCall = 10;

const sinceOf = ({ deployments }: EcsService): { readonly since?: string } => {
  const { createdAt } = compact(deployments).find(({ status }) => status === 'PRIMARY') ?? {};
  return createdAt ? { since: createdAt.toISOString() } : {};
};

const inBatch = (service: EcsService): ServiceInBatch => ({
  ...described(service),
  ...sinceOf(service),
  isFargate:
    service.launchType === 'FARGATE' ||
    compact(service.capacityProviderStrategy).some(({ capacityProvider }) => fargateProviders.includes(capacityProvider ?? '')),
  alarms: service.deploymentConfiguration?.alarms?.enable ? (service.deploymentConfiguration.alarms.alarmNames ?? []) : [],
  // The service itself does not say it (ECS API, Service and Deployment).
  hasServiceConnect: compact(service.deployments).some(
    ({ status, serviceConnectConfiguration }) => status === 'PRIMARY' && serviceConnectConfiguration?.enabled === true,
  ),
  tasks: compact(service.deployments).map(({ taskDefinition = '', desiredCount = 0, runningCount = 0, pendingCount = 0 }) => ({
    taskDefinition,
    desired: desiredCount,
    running: runningCount,
    pending: pendingCount,
  })),
});

/** Services of ECS, named `cluster/service`, ten a call. */
export class ServiceBatches {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** Those that exist, by their names. */
  async describe(services: readonly string[]): Promise<ReadonlyMap<string, ServiceInBatch>> {
    const found = new Map<string, ServiceInBatch>();
    const clusters = new Set(services.map((service) => toClusterAndService(service).cluster));
    for (const cluster of clusters) {
      const names = services.filter((service) => toClusterAndService(service).cluster === cluster);
      for (let start = 0; start < names.length; start += servicesPerCall)
        for (const service of await this.#batch(cluster, names.slice(start, start + servicesPerCall)))
          found.set(`${cluster}/${service.serviceName}`, inBatch(service));
    }
    return found;
  }

  async #batch(cluster: string, names: readonly string[]): Promise<readonly EcsService[]> {
    const services = names.map((name) => toClusterAndService(name).service);
    try {
      return compact((await ecs(this.#settings).send(new DescribeServicesCommand({ cluster, services }))).services);
    } catch (error) {
      if (isNamed(error, 'ClusterNotFoundException')) return [];
      throw error;
    }
  }
}

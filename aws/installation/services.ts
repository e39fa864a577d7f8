import { DescribeServicesCommand, DescribeTaskDefinitionCommand, type Service } from '@aws-sdk/client-ecs';
import type { Read, ServiceFacts } from '../../core/doctor/facts.js';
import type { ClientSettings } from '../client-settings.js';
import { compact, ecs, toClusterAndService } from '../ecs.js';
import { isNamed } from '../sdk-errors.js';
import { described } from '../service.js';
import { read, readEach } from './read.js';

/** Services of one DescribeServices (ECS API). */
const servicesPerCall = 10;

/** Services of one cluster that exist, by their names. */
const readCluster = async (settings: ClientSettings, cluster: string, names: readonly string[]): Promise<Map<string, Service>> => {
  const found = new Map<string, Service>();
  for (let start = 0; start < names.length; start += servicesPerCall) {
    const services = names.slice(start, start + servicesPerCall);
    const answer = await ecs(settings)
      .send(new DescribeServicesCommand({ cluster, services }))
      .catch((error: unknown) => {
        if (isNamed(error, 'ClusterNotFoundException')) return undefined;
        throw error;
      });
    for (const service of answer?.services ?? []) found.set(service.serviceName ?? '', service);
  }
  return found;
};

/** Undefined if ECS does not know the revision. */
const definitionOf = async (settings: ClientSettings, taskDefinition: string) => {
  try {
    return (await ecs(settings).send(new DescribeTaskDefinitionCommand({ taskDefinition }))).taskDefinition;
  } catch (error) {
    if (isNamed(error, 'ClientException')) return undefined;
    throw error;
  }
};

const factsOf = (service: Service, definition: ServiceFacts['definition']): ServiceFacts => {
  const { deploymentCircuitBreaker, alarms } = service.deploymentConfiguration ?? {};
  return {
    ...described(service),
    hasCircuitBreaker: deploymentCircuitBreaker?.enable ?? false,
    hasLoadBalancer: (service.loadBalancers ?? []).length > 0,
    gracePeriodSeconds: service.healthCheckGracePeriodSeconds ?? 0,
    alarms: alarms?.enable ? compact(alarms.alarmNames) : [],
    definition,
  };
};

/** Services of ECS, `cluster/service`, with the revisions that they are on. */
export const readServices = async (
  settings: ClientSettings,
  services: readonly string[],
): Promise<ReadonlyMap<string, Read<ServiceFacts | undefined>>> => {
  const places = [...new Set(services)].map((name) => ({ name, ...toClusterAndService(name) }));
  const clusters = await readEach(
    places.map(({ cluster }) => cluster),
    (cluster) =>
      read('ecs:DescribeServices', () =>
        readCluster(
          settings,
          cluster,
          places.filter((place) => place.cluster === cluster).map(({ service }) => service),
        ),
      ),
  );
  return readEach(services, async (name): Promise<Read<ServiceFacts | undefined>> => {
    const place = toClusterAndService(name);
    const cluster = clusters.get(place.cluster);
    if (!cluster || 'unread' in cluster) return cluster ?? { value: undefined };
    const service = cluster.value.get(place.service);
    if (!service) return { value: undefined };
    const definition = await read('ecs:DescribeTaskDefinition', () => definitionOf(settings, service.taskDefinition ?? ''));
    return 'unread' in definition ? definition : { value: factsOf(service, definition.value) };
  });
};

import type { ServiceDescription, Services } from '../aws/service.js';
import type { ServiceDeployments } from '../aws/service-deployment.js';
import type { DeploymentRecord } from '../core/records.js';
import type { Rollout } from '../core/verdict.js';

export type Eyes = { readonly services: Pick<Services, 'describe'>; readonly rollouts: Pick<ServiceDeployments, 'describe' | 'find'> };

export type Seen = { readonly service: ServiceDescription | undefined; readonly rollout: Rollout | undefined };

/** The revision whose rollout is watched: ours, or the one before it once the service is taken back by an update. */
const watched = ({ service, revision = '', base = '', serviceDeployment, startedAt, back }: DeploymentRecord) =>
  back?.by === 'update'
    ? { service, target: base, known: back.serviceDeployment, since: back.since }
    : { service, target: revision, known: serviceDeployment, since: startedAt };

/** What there is to see of a deployment's service, and of the rollout that decides about it. */
export const look = async ({ services, rollouts }: Eyes, record: DeploymentRecord): Promise<Seen> => {
  const { service: name, target, known, since } = watched(record);
  const containers = record.containers ?? [];
  const service = await services.describe(name);
  const rollout = known === undefined ? undefined : await rollouts.describe(known, target, containers);
  // A stopped one may have been replaced by another of the same revision: by our own, when an update was repeated.
  if (rollout && (rollout.status !== 'STOPPED' || service?.taskDefinition !== target)) return { service, rollout };
  return { service, rollout: (await rollouts.find(name, target, since, containers)) ?? rollout };
};

import type { ServiceDescription, Services } from '../../aws/service.js';
import type { ServiceDeployments } from '../../aws/service-deployment.js';
import type { RegisteredDeployment } from '../../core/records/records.js';
import { mayBeStale } from '../../core/rollout/clock.js';
import { isDeleted, type Rollout } from '../../core/rollout/observation.js';

export type ObserveDependencies = {
  readonly services: Pick<Services, 'describe'>;
  readonly rollouts: Pick<ServiceDeployments, 'describe' | 'find' | 'newestServiceRevision'>;
};

export type ObservedRollout = {
  readonly service: ServiceDescription | undefined;
  readonly rollout: Rollout | undefined;
  readonly newestServiceRevision?: string | undefined;
  readonly mayBeStale: boolean;
};

/** Which rollout is watched: the one of our revision, or, once an update rolls back, the one of the rollback's target. */
const watched = ({
  service,
  revision,
  previousRevision,
  rollbackTarget = previousRevision,
  serviceDeployment,
  startedAt,
  rollback,
}: RegisteredDeployment) =>
  rollback?.method === 'update'
    ? { service, target: rollbackTarget, serviceDeploymentArn: rollback.serviceDeployment, since: rollback.since }
    : { service, target: revision, serviceDeploymentArn: serviceDeployment, since: startedAt };

/** Reads the service of a deployment, and the rollout that decides about it. */
export const observeRollout = async (deps: ObserveDependencies, record: RegisteredDeployment, now: string): Promise<ObservedRollout> => {
  const service = await deps.services.describe(record.service);
  // The rollouts of a deleted service are gone, too.
  if (isDeleted(service)) return { service, rollout: undefined, mayBeStale: false };
  const rollout = await rolloutOf(deps, record, service, now);
  if (!rollout) return { service, rollout, mayBeStale: false };
  // Its status does not say what came after it.
  const isEnded = ['STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'].includes(rollout.status);
  const newestServiceRevision = isEnded
    ? await deps.rollouts.newestServiceRevision(record.service, { since: record.startedAt, now })
    : undefined;
  return { service, rollout, newestServiceRevision, mayBeStale: mayBeStale(rollout, now) };
};

const rolloutOf = async (
  { rollouts }: ObserveDependencies,
  record: RegisteredDeployment,
  service: ServiceDescription | undefined,
  now: string,
): Promise<Rollout | undefined> => {
  const { service: name, target, serviceDeploymentArn, since } = watched(record);
  const containers = record.containers ?? [];
  const rollout = serviceDeploymentArn === undefined ? undefined : await rollouts.describe(serviceDeploymentArn, target, containers);
  // A stopped one may have been replaced by another of the same revision: our own, if an update was repeated.
  if (rollout && (rollout.status !== 'STOPPED' || service?.taskDefinition !== target)) return rollout;
  return (await rollouts.find(name, target, { since, now }, containers)) ?? rollout;
};

import type { CountsOfRollout } from '../../aws/rollout-counts.js';
import { isTransient } from '../../aws/sdk-errors.js';
import { findService } from '../../core/configuration/configuration.js';
import { UnreadableState } from '../../core/lease/service-state.js';
import type { DeploymentView, Progress } from '../../core/query/answers.js';
import { deploymentView, type Named } from '../../core/query/deployment-view.js';
import type { DeploymentRecord, ServiceState } from '../../core/records/records.js';
import { noEvidence } from '../../core/rollout/evidence.js';
import { mapInBatches } from '../runtime/map-in-batches.js';
import type { Asked } from './reads.js';

const rethrow = (_: unknown, error: Error): never => {
  throw error;
};

/** Deployments with what ECS and their services' items say of those in progress, in their order. */
export const deploymentViews = async (
  asked: Asked,
  records: readonly Named<DeploymentRecord>[],
  noticed: readonly string[] = [],
): Promise<DeploymentView[]> => {
  const rollouts = await countsOf(asked, records);
  return mapInBatches(
    records,
    async (record) => {
      const lease = await leaseOf(asked, record);
      const progress = await progressOf(asked, record, rollouts);
      return deploymentView(record, { lease, now: asked.now, progress, noticed });
    },
    rethrow,
  );
};

/** The lease of its service: it decides about a deployment that has no revision yet. */
export const leaseOf = async ({ states }: Asked, { endedAt, revision, service }: DeploymentRecord): Promise<ServiceState['lease']> => {
  if (endedAt !== undefined || revision !== undefined) return undefined;
  try {
    return (await states.of(service)).lease;
  } catch (error) {
    if (error instanceof UnreadableState) return undefined;
    throw error;
  }
};

/** The service deployment that moves tasks now, and whose tasks they are: its own, or those that it goes back to. */
const rolloutOf = ({
  endedAt,
  rollback,
  serviceDeployment,
}: DeploymentRecord): { arn: string; side: keyof CountsOfRollout } | undefined => {
  if (endedAt !== undefined) return undefined;
  const isOwn = rollback?.method === 'update';
  const arn = isOwn ? rollback.serviceDeployment : serviceDeployment;
  return arn === undefined ? undefined : { arn, side: rollback && !isOwn ? 'sources' : 'target' };
};

/** None if ECS refuses to say them: progress is shown while it is known. */
const countsOf = async (
  { counts, configuration }: Asked,
  records: readonly DeploymentRecord[],
): Promise<ReadonlyMap<string, CountsOfRollout>> => {
  // The role may read those of configured services alone.
  const known = records.filter(({ service }) => findService(configuration, service));
  try {
    return await counts.of(known.flatMap((record) => rolloutOf(record)?.arn ?? []));
  } catch (error) {
    if (isTransient(error)) throw error;
    return new Map();
  }
};

const progressOf = async (
  { watch }: Asked,
  record: Named<DeploymentRecord>,
  rollouts: ReadonlyMap<string, CountsOfRollout>,
): Promise<Progress | undefined> => {
  const rollout = rolloutOf(record);
  const counts = rollout && rollouts.get(rollout.arn)?.[rollout.side];
  if (!counts) return undefined;
  const item = await watch.of(record.service);
  // An event counts in the item at once, a look in the record.
  const counted = item?.record === record.name ? (item.failed?.size ?? 0) : 0;
  return { ...counts, failed: Math.max(counted, (record.evidence ?? noEvidence).failedTasks) };
};

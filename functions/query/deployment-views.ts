import { isTransient } from '../../aws/sdk-errors.js';
import type { TasksOfRevision } from '../../aws/service-batch.js';
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
  const counts = await countsOf(asked, records);
  return mapInBatches(
    records,
    async (record) => {
      const lease = await leaseOf(asked, record);
      const progress = await progressOf(asked, record, counts);
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

/** The revision whose tasks ECS starts now, an ARN: of a rollback the one that it goes back to. Undefined while it starts none. */
const movingTo = ({ endedAt, rollback, rollbackTarget, previousRevision, updateRequestedAt, revision }: DeploymentRecord) => {
  if (endedAt !== undefined || updateRequestedAt === undefined) return undefined;
  return rollback ? (rollbackTarget ?? previousRevision) : revision;
};

/** None if ECS refuses to say them: progress is shown while it is known. */
const countsOf = async (
  { services, configuration }: Asked,
  records: readonly DeploymentRecord[],
): Promise<ReadonlyMap<string, readonly TasksOfRevision[]>> => {
  // The role may read those of configured services alone.
  const moving = records.filter((record) => movingTo(record) !== undefined && findService(configuration, record.service));
  try {
    const found = await services.describe([...new Set(moving.map(({ service }) => service))]);
    return new Map([...found].map(([service, { tasks }]) => [service, tasks]));
  } catch (error) {
    if (isTransient(error)) throw error;
    return new Map();
  }
};

const progressOf = async (
  { watch }: Asked,
  record: Named<DeploymentRecord>,
  ofServices: ReadonlyMap<string, readonly TasksOfRevision[]>,
): Promise<Progress | undefined> => {
  const to = movingTo(record);
  const tasks = (ofServices.get(record.service) ?? []).filter(({ taskDefinition }) => taskDefinition === to);
  if (tasks.length === 0) return undefined;
  const sum = (count: 'desired' | 'running' | 'pending'): number => tasks.reduce((total, one) => total + one[count], 0);
  const item = await watch.of(record.service);
  // An event counts in the item at once, a look in the record.
  const counted = item?.record === record.name ? (item.failed?.size ?? 0) : 0;
  const failed = Math.max(counted, (record.evidence ?? noEvidence).failedTasks);
  return { desired: sum('desired'), running: sum('running'), pending: sum('pending'), failed };
};

import type { Executions } from '../../aws/execution.js';
import type { RecordRepository } from '../../aws/record-repository.js';
import { type Liveness, lambdaDrainMs } from '../../core/lease/lease.js';
import type { DeploymentRecord, ServiceState } from '../../core/records/records.js';
import { ignoreMissingRecord } from './ignore-missing-record.js';

type Deps = { readonly executions: Pick<Executions, 'livenessOf'>; readonly records: Pick<RecordRepository, 'deployment'> };

/**
 * Whether the holder and the one in line still run; whose record is closed has had its turn. An orphan waits to be
 * resumed, for twenty minutes at most.
 */
export const readLiveness = async (
  { executions, records }: Deps,
  { lease, queued }: ServiceState,
  me: string,
  now: string,
): Promise<Map<string, Liveness>> => {
  const liveness = new Map<string, Liveness>();
  for (const other of new Set([lease?.execution, queued?.execution])) {
    if (other === undefined || other === me) continue;
    const name = lease?.execution === other ? lease.record : queued?.record;
    const { isRunning, endedAt } = await executions.livenessOf(other);
    const record = name === undefined ? undefined : await records.deployment(name).catch(ignoreMissingRecord);
    const deadFor = endedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(now) - endedAt.getTime();
    if (isRunning) liveness.set(other, record?.result === undefined ? 'running' : 'draining');
    else if (deadFor < lambdaDrainMs) liveness.set(other, 'draining');
    else liveness.set(other, lease?.execution === other && isAbandoned(record, deadFor) ? 'abandoned' : 'ended');
  }
  return liveness;
};

/** Whoever was not resumed by then is not waited for any longer. */
const adoptionMs = 1_200_000;

/** Has it touched the service without noting how that ended? */
const isAbandoned = (record: DeploymentRecord | undefined, deadFor: number): boolean =>
  deadFor < adoptionMs && record?.updateRequestedAt !== undefined && record.result === undefined;

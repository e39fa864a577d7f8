import type { Executions } from '../../aws/execution.js';
import type { RecordRepository } from '../../aws/record-repository.js';
import { type Liveness, lambdaDrainMs } from '../../core/lease/lease.js';
import { type DeploymentRecord, reachedResult, type ServiceState } from '../../core/records/records.js';
import { ignoreMissingRecord } from './ignore-missing-record.js';

type Deps = { readonly executions: Pick<Executions, 'livenessOf'>; readonly records: Pick<RecordRepository, 'deployment'> };

/**
 * Liveness of the lease holder and of the queued executions, by execution ARN. One whose record is closed is draining. An
 * abandoned one can be resumed for twenty minutes.
 */
export const readLiveness = async (
  { executions, records }: Deps,
  { lease, queued = {} }: ServiceState,
  me: string,
  now: string,
): Promise<Map<string, Liveness>> => {
  const liveness = new Map<string, Liveness>();
  for (const { execution, record: name } of [...(lease ? [lease] : []), ...Object.values(queued)]) {
    if (execution === me || liveness.has(execution)) continue;
    const { isRunning, endedAt } = await executions.livenessOf(execution);
    const record = await records.deployment(name).catch(ignoreMissingRecord);
    const endedForMs = endedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(now) - endedAt.getTime();
    if (isRunning) liveness.set(execution, !record || reachedResult(record) === undefined ? 'running' : 'draining');
    else if (endedForMs < lambdaDrainMs) liveness.set(execution, 'draining');
    else liveness.set(execution, lease?.execution === execution && isAbandoned(record, endedForMs) ? 'abandoned' : 'ended');
  }
  return liveness;
};

/** Milliseconds for which a resumption is waited for. */
const resumptionMs = 1_200_000;

/** Did it update the service without recording a result? */
const isAbandoned = (record: DeploymentRecord | undefined, endedForMs: number): boolean =>
  endedForMs < resumptionMs && record?.updateRequestedAt !== undefined && reachedResult(record) === undefined;

import type { RecordRepository } from '../../aws/record-repository.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { nextServiceState } from '../../core/lease/next-service-state.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord } from '../../core/records/records.js';
import type { Result } from '../../core/result/result.js';
import { publishMetrics } from '../runtime/metrics.js';
import { expiryOf } from './expiry.js';

type Deps = {
  readonly records: Pick<RecordRepository, 'close' | 'claimed'>;
  readonly states: Pick<ServiceStateRepository, 'of' | 'releaseLease' | 'dequeue'>;
};

/**
 * Closes the record, then releases the lease and saves the new service state. Safe to run twice, also by the sweep after a
 * failure in between: the record is pending until its result is reported, which comes after this.
 */
export const finalizeDeployment = async (
  { records, states }: Deps,
  { name, record, result, now }: { name: RecordName; record: DeploymentRecord; result: Result; now: string },
): Promise<void> => {
  const { service, execution, endedAt = now } = record;
  await records.close(name, { result, endedAt }, expiryOf(now));
  if (record.endedAt === undefined) publishMetrics(record, result, endedAt);
  const state = await states.of(service);
  if (state.lease?.record === name) {
    const claimed = record.image && (await records.claimed(record.image.repository, record.image.digest));
    await states.releaseLease(service, state.lease.execution, nextServiceState(record, result, state, endedAt, claimed?.pushedAt));
  }
  for (const [place, queued] of Object.entries(state.queued ?? {}))
    if (queued.execution === execution) await states.dequeue(service, place, execution);
};

import type { Ledger } from '../../aws/ledger.js';
import type { ServiceStates } from '../../aws/service-states.js';
import { learnedFrom } from '../../core/learned.js';
import type { DeploymentRecord, RecordName } from '../../core/records.js';
import type { Result } from '../../core/result/result.js';
import { publishMetrics } from '../runtime/metrics.js';
import { expiryOf } from './expiry.js';

type Deps = { readonly ledger: Pick<Ledger, 'close' | 'claimed'>; readonly states: Pick<ServiceStates, 'of' | 'settle' | 'leavePlace'> };

/**
 * Closes the record, then gives the lease back with what was learned. Safe to run twice, also by another who finds that
 * the first has died in between: the record is open until its end is told, which comes after this.
 */
export const settleDeployment = async (
  { ledger, states }: Deps,
  { name, record, result, now }: { name: RecordName; record: DeploymentRecord; result: Result; now: string },
): Promise<void> => {
  const { service, execution, endedAt = now } = record;
  await ledger.close(name, { result, endedAt }, expiryOf(now));
  if (record.endedAt === undefined) publishMetrics(record, result, endedAt);
  const state = await states.of(service);
  if (state.lease?.record === name) {
    const claimed = record.image && (await ledger.claimed(record.image.repository, record.image.digest));
    await states.settle(service, state.lease.execution, learnedFrom(record, result, state, endedAt, claimed?.pushedAt));
  }
  if (state.next?.execution === execution) await states.leavePlace(service, execution);
};

import type { Ledger } from '../../aws/ledger.js';
import type { ServiceStates } from '../../aws/service-states.js';
import type { Life } from '../../core/lease.js';
import type { DeploymentRecord, RecordName, ServiceState } from '../../core/records.js';
import * as messages from '../../core/result/messages.js';
import { type Result, resultOf } from '../../core/result/result.js';
import { gone } from './gone.js';

type Deps = { readonly ledger: Pick<Ledger, 'deployment' | 'update'>; readonly states: Pick<ServiceStates, 'requestCancel'> };

/**
 * A person's rollback does not wait behind the deployment that he wants to end: it asks that one to take the service
 * back, and waits for how that ends. Undefined where it has to go back itself.
 */
export const takeBackBy = async (
  { ledger, states }: Deps,
  name: RecordName,
  record: DeploymentRecord,
  { lease, cancel }: ServiceState,
  lives: ReadonlyMap<string, Life>,
): Promise<'wait' | Result | undefined> => {
  const asked = record.cancels && (await ledger.deployment(record.cancels).catch(gone));
  const end = asked ? asked.result : undefined;
  // One that had not touched the service has left it on what the person wants to go back from.
  if (end?.outcome === 'ROLLED_BACK') return resultOf('SKIPPED', 'ROLLBACK_DELEGATED', messages.rollbackDelegated(end.message));

  if (!lease || lives.get(lease.execution) !== 'running') return undefined;
  if (record.cancels !== lease.record) {
    const holder = await ledger.deployment(lease.record).catch(gone);
    if (holder?.operation?.kind === 'rollback') return resultOf('SKIPPED', 'DUPLICATE_ROLLBACK', messages.duplicateRollback());
    await ledger.update(name, { cancels: lease.record });
  }
  if (cancel?.record !== lease.record) {
    const { by, reason } = record.trigger;
    const words = { record: lease.record, ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
    await states.requestCancel(record.service, lease.execution, words);
  }
  return 'wait';
};

import type { RecordRepository } from '../../aws/record-repository.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import type { Liveness } from '../../core/lease/lease.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord, Priority, ServiceState } from '../../core/records/records.js';
import * as messages from '../../core/result/messages.js';
import { type Result, resultOf } from '../../core/result/result.js';
import { ignoreMissingRecord } from './ignore-missing-record.js';

type Deps = {
  readonly records: Pick<RecordRepository, 'deployment' | 'update'>;
  readonly states: Pick<ServiceStateRepository, 'requestCancel'>;
};

/**
 * An operator's rollback does not queue behind the deployment that it is to end: it asks the lease holder to roll back, and
 * waits for the result. Undefined if it must roll back itself, as one that names another source than the holder's.
 */
export const requestRollback = async (
  { records, states }: Deps,
  name: RecordName,
  record: DeploymentRecord,
  { lease, cancel }: ServiceState,
  liveness: ReadonlyMap<string, Liveness>,
): Promise<'wait' | Result | undefined> => {
  const asked = record.cancelTarget && (await records.deployment(record.cancelTarget).catch(ignoreMissingRecord));
  const end = asked ? asked.result : undefined;
  // A holder that had not updated the service leaves it on what the operator wants to roll back from.
  if (end?.outcome === 'ROLLED_BACK') return resultOf('SKIPPED', 'ROLLBACK_DELEGATED', messages.rollbackDelegated(end.message));

  if (!lease || liveness.get(lease.execution) !== 'running' || isOfOtherSource(record, lease.priority)) return undefined;
  if (record.cancelTarget !== lease.record) {
    const holder = await records.deployment(lease.record).catch(ignoreMissingRecord);
    if (holder?.operation?.kind === 'rollback') return resultOf('SKIPPED', 'DUPLICATE_ROLLBACK', messages.duplicateRollback());
    await records.update(name, { cancelTarget: lease.record });
  }
  if (cancel?.record !== lease.record) {
    const { by, reason } = record.trigger;
    const words = { record: lease.record, ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
    await states.requestCancel(record.service, lease.execution, words);
  }
  return 'wait';
};

/** An operation without an image, such as another rollback, may concern every source. */
const isOfOtherSource = ({ operation }: DeploymentRecord, { source }: Priority): boolean =>
  operation?.kind === 'rollback' && operation.repository !== undefined && source !== '' && operation.repository !== source;

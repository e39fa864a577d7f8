import type { RecordRepository } from '../../aws/record-repository.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { digestOf } from '../../core/image/image-reference.js';
import type { Liveness } from '../../core/lease/lease.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord, ServiceState } from '../../core/records/records.js';
import * as messages from '../../core/result/messages.js';
import { type Result, resultOf } from '../../core/result/result.js';
import { ignoreMissingRecord } from './ignore-missing-record.js';

type Deps = {
  readonly records: Pick<RecordRepository, 'deployment' | 'update'>;
  readonly states: Pick<ServiceStateRepository, 'requestCancel'>;
};

/**
 * An operator's rollback does not queue behind the deployment that it is to end: it asks the lease holder to roll back, and
 * waits for the result. Undefined if it must roll back itself, as one of another source than the holder's. One that names no source
 * is of the source of the first deployment that it asks.
 */
export const requestRollback = async (
  { records, states }: Deps,
  name: RecordName,
  record: DeploymentRecord,
  { lease, cancel }: ServiceState,
  liveness: ReadonlyMap<string, Liveness>,
): Promise<'wait' | Result | undefined> => {
  const asked = record.cancelTarget && (await records.deployment(record.cancelTarget).catch(ignoreMissingRecord));
  // A holder that had not updated the service, or that had not changed the image, leaves it on what the operator wants to roll back from.
  if (asked && asked.result?.outcome === 'ROLLED_BACK' && hasChangedImage(asked))
    return resultOf('SKIPPED', 'ROLLBACK_DELEGATED', messages.rollbackDelegated(asked.result.message));

  const source = rolledBackSource(record);
  if (!lease || liveness.get(lease.execution) !== 'running' || isOther(source, lease.priority.source)) return undefined;
  if (record.cancelTarget !== lease.record) {
    const holder = await records.deployment(lease.record).catch(ignoreMissingRecord);
    if (holder?.operation?.kind === 'rollback') return besideRollback(source, rolledBackSource(holder) ?? holder.image?.repository);
    const repository = source ?? lease.priority.source;
    await records.update(name, { cancelTarget: lease.record, ...(repository !== '' && { operation: { kind: 'rollback', repository } }) });
  }
  if (cancel?.record !== lease.record) {
    const { by, reason } = record.trigger;
    const words = { record: lease.record, ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
    await states.requestCancel(record.service, lease.execution, words);
  }
  return 'wait';
};

/** While another rollback runs: one of another source waits for its turn. Which source that is, its RegisterRevision saves. */
const besideRollback = (source: string | undefined, theirs: string | undefined): 'wait' | Result | undefined => {
  if (source !== undefined && theirs === undefined) return 'wait';
  return isOther(source, theirs) ? undefined : resultOf('SKIPPED', 'DUPLICATE_ROLLBACK', messages.duplicateRollback());
};

const rolledBackSource = ({ operation }: DeploymentRecord): string | undefined =>
  operation?.kind === 'rollback' ? operation.repository : undefined;

/** An operation without an image may concern every source. */
const isOther = (source: string | undefined, theirs = ''): boolean => source !== undefined && theirs !== '' && source !== theirs;

/** A redeployment, or a named revision, may have the image that ran before. */
const hasChangedImage = ({ image, previousImage = '' }: DeploymentRecord): boolean => {
  const before = digestOf(previousImage);
  return before === undefined || before !== image?.digest;
};

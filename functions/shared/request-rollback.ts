import type { RecordRepository } from '../../aws/record-repository.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import type { TaskTokens } from '../../aws/task-tokens.js';
import type { WatchItems } from '../../aws/watch-items.js';
import { digestOf } from '../../core/image/image-reference.js';
import type { Liveness } from '../../core/lease/lease.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord, ServiceState } from '../../core/records/records.js';
import * as messages from '../../core/result/messages.js';
import { type Result, resultOf } from '../../core/result/result.js';
import type { Visit } from '../../core/step/visit.js';
import { ignoreMissingRecord } from './ignore-missing-record.js';
import { wakeWatcher } from './wake-watcher.js';

type Deps = {
  readonly records: Pick<RecordRepository, 'deployment' | 'write'>;
  readonly states: Pick<ServiceStateRepository, 'requestCancel'>;
  readonly watch: Pick<WatchItems, 'addNews'>;
  readonly tokens: Pick<TaskTokens, 'wake'>;
};

type Holder = { readonly lease: NonNullable<ServiceState['lease']>; readonly record: DeploymentRecord | undefined };

/** The holder that an operator's rollback asks to roll back; undefined if none runs, or one of another source. */
const holderToAsk = async (
  { records }: Pick<Deps, 'records'>,
  record: DeploymentRecord,
  { lease }: ServiceState,
  liveness: ReadonlyMap<string, Liveness>,
): Promise<Holder | undefined> => {
  if (!lease || liveness.get(lease.execution) !== 'running' || isOther(rolledBackSource(record), lease.priority.source)) return undefined;
  return { lease, record: await records.deployment(lease.record).catch(ignoreMissingRecord) };
};

/** The result of an operator's rollback that another deployment has made needless; undefined if it waits, or must roll back itself. */
export const rollbackResult = async (
  deps: Pick<Deps, 'records'>,
  record: DeploymentRecord,
  state: ServiceState,
  liveness: ReadonlyMap<string, Liveness>,
): Promise<Result | undefined> => {
  const { cancelTarget } = record;
  const asked = cancelTarget && (await deps.records.deployment(cancelTarget).catch(ignoreMissingRecord));
  // A holder that had not updated the service, or that had not changed the image, leaves it on what the operator wants to roll back from.
  if (asked && asked.result?.outcome === 'ROLLED_BACK' && hasChangedImage(asked))
    return resultOf('SKIPPED', 'ROLLBACK_DELEGATED', messages.rollbackDelegated(asked.result.message));
  const holder = await holderToAsk(deps, record, state, liveness);
  if (!holder?.record || !isRollback(holder.record) || holder.lease.record === cancelTarget) return undefined;
  return besideRollback(rolledBackSource(record), rolledBackSource(holder.record) ?? holder.record.image?.repository);
};

/**
 * Asks the lease holder to roll back, for an operator's rollback that waits in its place of the queue. One that names no source is of
 * the source of the first deployment that it asks.
 */
export const requestRollback = async (
  deps: Deps,
  { name, visit }: { readonly name: RecordName; readonly visit: Visit },
  record: DeploymentRecord,
  state: ServiceState,
  liveness: ReadonlyMap<string, Liveness>,
): Promise<void> => {
  const holder = await holderToAsk(deps, record, state, liveness);
  if (!holder || (holder.record && isRollback(holder.record))) return;
  const { lease } = holder;
  if (record.cancelTarget !== lease.record) {
    const repository = rolledBackSource(record) ?? lease.priority.source;
    const asks = { cancelTarget: lease.record, ...(repository !== '' && { operation: { kind: 'rollback', repository } as const }) };
    if (!(await deps.records.write(name, visit, asks))) return;
  }
  const { by, reason } = record.trigger;
  const words = { record: lease.record, ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
  const isRequested = state.cancel?.record === lease.record || (await deps.states.requestCancel(record.service, lease.execution, words));
  // At each visit: an earlier invocation may have ended between its request and this.
  if (isRequested) await wakeWatcher(deps, record.service);
};

/** While another rollback runs: one of another source waits for its turn. Which source that is, its RegisterRevision saves. */
const besideRollback = (source: string | undefined, theirs: string | undefined): Result | undefined => {
  if (source !== undefined && theirs === undefined) return undefined;
  return isOther(source, theirs) ? undefined : resultOf('SKIPPED', 'DUPLICATE_ROLLBACK', messages.duplicateRollback());
};

/** To roll one back would bring back what it rolls back. */
const isRollback = ({ operation, undoes }: DeploymentRecord): boolean => operation?.kind === 'rollback' || undoes !== undefined;

const rolledBackSource = ({ operation, undoes }: DeploymentRecord): string | undefined =>
  operation?.kind === 'rollback' ? operation.repository : undoes?.repository;

/** An operation without an image may concern every source. */
const isOther = (source: string | undefined, theirs = ''): boolean => source !== undefined && theirs !== '' && source !== theirs;

/** A redeployment, or a named revision, may have the image that ran before. */
const hasChangedImage = ({ image, previousImage = '' }: DeploymentRecord): boolean => {
  const before = digestOf(previousImage);
  return before === undefined || before !== image?.digest;
};

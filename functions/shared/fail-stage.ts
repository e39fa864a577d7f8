import type { RecordRepository } from '../../aws/record-repository.js';
import { isNamed } from '../../aws/sdk-errors.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import type { TaskTokens } from '../../aws/task-tokens.js';
import type { WatchItems } from '../../aws/watch-items.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord, ReleaseRecord, StageDeployment } from '../../core/records/records.js';
import { isAmong, siblingsOf, stageBefore, stageFailedResult, stageOf } from '../../core/release/child-deployment.js';
import { isSuccessfulOutcome, type Result } from '../../core/result/result.js';
import { mapInBatches } from '../runtime/map-in-batches.js';
import { ignoreMissingRecord } from './ignore-missing-record.js';
import { wakeWatcher } from './wake-watcher.js';

export type FailStageDeps = {
  readonly records: Pick<RecordRepository, 'release' | 'failStage' | 'deployment'>;
  readonly states: Pick<ServiceStateRepository, 'of' | 'requestCancel'>;
  readonly watch: Pick<WatchItems, 'addNews'>;
  readonly tokens: Pick<TaskTokens, 'wake'>;
};

/** A deployment that has ended, also one that opened no record of the name. `release` is empty for one of no release. */
type Ended = {
  readonly name: RecordName;
  readonly release: RecordName | '';
  readonly service: string;
  readonly result: Result;
  readonly endedAt: string;
};

export type FailedStage = ReleaseRecord & Required<Pick<ReleaseRecord, 'stageFailure'>>;

/**
 * Saves in the record of its release that a deployment has failed its stage. Answers the release if that is what failed the stage, also
 * when run again; then `stopStage` follows. One that undoes another deployment is in no stage.
 */
export const failStage = async (
  { records }: Pick<FailStageDeps, 'records'>,
  { name, release, service, result, endedAt }: Ended,
): Promise<FailedStage | undefined> => {
  if (release === '' || isSuccessfulOutcome(result.outcome)) return undefined;
  const its = await records.release(release).catch(ignoreMissingRecord);
  const stage = its && (stageOf(its, name) ?? stageBefore(its, name));
  if (!stage) return undefined;
  const stageFailure = { stage: stage.name, service, at: endedAt };
  const failed = await records.failStage(release, stageFailure);
  // After its before task no deployment of the stage has begun: there is nothing to stop.
  return failed && !stageBefore(failed, name) ? { ...failed, stageFailure } : undefined;
};

/**
 * Wakes the deployments of a failed stage that have not begun, which find that it failed; and, where its plan says so, asks those that are
 * under way to roll back. One that looks for the lease only now finds the failure itself.
 */
export const stopStage = async (deps: FailStageDeps, release: FailedStage): Promise<void> => {
  const { stage, service } = release.stageFailure;
  const isAll = release.stages?.some(({ name, onFailure }) => name === stage && onFailure === 'rollBackAll');
  await mapInBatches(
    siblingsOf(release, stage, service),
    (sibling) => (isAll ? cancelWithStage(deps, sibling, service) : wakeUnbegun(deps, sibling)),
    (_, error) => {
      throw error;
    },
  );
};

type CancelDeps = Pick<FailStageDeps, 'watch' | 'tokens'> & {
  readonly states: Pick<ServiceStateRepository, 'of' | 'requestCancel'>;
};

/**
 * Has deployments of a stage that is rolled back, and whose executions have ended without a result, roll back, too: the executions that
 * resume them find the request.
 */
export const cancelUnfinished = async (deps: CancelDeps, deployments: readonly StageDeployment[]): Promise<void> => {
  for (const one of deployments) await cancelWithStage(deps, one, one.service);
};

type Lease = { readonly record: RecordName; readonly execution: string; readonly isCancelled: boolean };

/** Wakes the deployment if it waits for the lease; answers the lease if it has it. An item that cannot be read has no deployment begin. */
const wakeQueued = async ({ states, tokens }: CancelDeps, { service, name }: StageDeployment): Promise<Lease | undefined> => {
  const state = await states.of(service).catch((error: unknown) => {
    if (isNamed(error, 'UnreadableState')) return undefined;
    throw error;
  });
  const mine = [{ service, name }];
  for (const { record, token } of Object.values(state?.queued ?? {}))
    if (token !== undefined && isAmong(mine, record)) await tokens.wake(token);
  const { lease, cancel } = state ?? {};
  return lease && isAmong(mine, lease.record) ? { ...lease, isCancelled: cancel?.record === lease.record } : undefined;
};

const wakeUnbegun = async (deps: FailStageDeps, sibling: StageDeployment): Promise<void> => {
  const lease = await wakeQueued(deps, sibling);
  const record = lease && (await deps.records.deployment(lease.record).catch(ignoreMissingRecord));
  if (record && record.updateRequestedAt === undefined) await wakeWatcher(deps, sibling.service);
};

/** The request of an operator stays: it says more about the image. */
const cancelWithStage = async (deps: CancelDeps, sibling: StageDeployment, failedService: string): Promise<void> => {
  const lease = await wakeQueued(deps, sibling);
  if (!lease) return;
  const { record, execution, isCancelled } = lease;
  const isRequested = isCancelled || (await deps.states.requestCancel(sibling.service, execution, { record, failedService }));
  // At each run: an earlier one may have ended between its request and this.
  if (isRequested) await wakeWatcher(deps, sibling.service);
};

/**
 * The result of a deployment of a release that has not begun to change its service, if another one has failed the stage; undefined
 * if it may begin. It stores its token first: who fails the stage wakes it.
 */
export const resultOfFailedStage = async (
  records: Pick<RecordRepository, 'release'>,
  record: DeploymentRecord,
): Promise<Result | undefined> => {
  const release = record.release === undefined ? undefined : await records.release(record.release).catch(ignoreMissingRecord);
  return release && stageFailedResult(release, record);
};

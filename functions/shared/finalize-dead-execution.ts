import type { Executions } from '../../aws/execution.js';
import type { PendingRecords } from '../../aws/pending-records.js';
import type { RecordRepository } from '../../aws/record-repository.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import type { Topic } from '../../aws/topic.js';
import {
  abandonedReleaseResult,
  type ExecutionState,
  isOver,
  machineOf,
  type PendingRecord,
  parsePendingRecord,
  resultBeforeUpdate,
  resumptions,
  type StageResults,
  staleClaimCutoff,
  unresumableResult,
} from '../../core/housekeeping/sweep.js';
import type { DeploymentRecord, RecordName, ReleaseRecord } from '../../core/records/records.js';
import { isReportedByRelease } from '../../core/result/final-result.js';
import type { Result } from '../../core/result/result.js';
import { expiryOf } from './expiry.js';
import { finalizeDeployment } from './finalize-deployment.js';
import { notify_, orUndefined } from './publish-notification.js';
import { readStageResults } from './stage-results.js';

export type Deps = {
  readonly executions: Pick<Executions, 'describe' | 'start'>;
  readonly records: Pick<RecordRepository, 'release' | 'deploymentNamed' | 'update' | 'close' | 'claimed' | 'markDone' | 'releaseClaim'>;
  readonly states: Pick<ServiceStateRepository, 'of' | 'releaseLease' | 'dequeue'>;
  readonly pendingRecords: Pick<PendingRecords, 'names' | 'read' | 'take' | 'unclaim'>;
  readonly topic: Pick<Topic, 'publish'>;
};

/** What became of a record: for the log. */
export type SweepResult = { readonly did: 'closed' | 'resumed' | 'left' | 'nothing' | 'failed'; readonly why: string };

type DeadExecution<Record> = {
  readonly name: RecordName;
  readonly record: Record;
  readonly execution: ExecutionState;
  readonly now: string;
};

/** Does what a dead execution still owes of a record, or has another execution go on with it. */
export const finalizeDeadExecution = async (
  deps: Deps,
  { opened, ...dead }: Omit<DeadExecution<never>, 'record'> & { readonly opened: Extract<PendingRecord, { record: object }> },
): Promise<SweepResult> => {
  const { name, now, execution } = dead;
  const closed = opened.record.result;
  const result = closed ?? (opened.kind === 'release' ? await readReleaseResult(deps, opened.record, execution) : undefined);
  if (opened.kind === 'release' && !result) return { did: 'nothing', why: 'a deployment of it has not ended' };
  // Of two sweeps at once one goes on.
  if (!(await deps.pendingRecords.take(name, now, staleClaimCutoff(now)))) return { did: 'nothing', why: 'another sweep has it' };
  try {
    if (opened.kind === 'release' && result) return await finishRelease(deps, { ...dead, record: opened.record }, result);
    const deployment = { ...dead, record: opened.record as DeploymentRecord };
    if (closed) return await finishDeployment(deps, deployment, closed);
    return await (deployment.record.updateRequestedAt === undefined
      ? finishDeployment(deps, deployment, resultBeforeUpdate(execution))
      : resume(deps, deployment));
  } catch (error) {
    await orUndefined(deps.pendingRecords.unclaim(name, now));
    throw error;
  }
};

const finishDeployment = async (
  deps: Deps,
  { name, record, now }: DeadExecution<DeploymentRecord>,
  result: Result,
): Promise<SweepResult> => {
  const { records } = deps;
  const { service, execution, startedAt, endedAt = now } = record;
  await finalizeDeployment(deps, { name, record, result, now });
  const release = record.release === undefined ? undefined : await orUndefined(records.release(record.release));
  const isTold = record.notifiedAt !== undefined || (release !== undefined && isReportedByRelease(release, { ...record, endedAt }));
  if (!isTold) await notify_(deps, { result, execution, startedAt, now, name, service, isAll: true, deployment: record });
  else await records.markDone(name);
  return finished(result);
};

const finishRelease = async (deps: Deps, { name, record, now }: DeadExecution<ReleaseRecord>, result: Result): Promise<SweepResult> => {
  const { records } = deps;
  const { repository, image, execution, startedAt } = record;
  await records.close(name, { result, endedAt: now }, expiryOf(now));
  if (image) await records.releaseClaim(repository, image.digest, execution);
  if (record.notifiedAt === undefined)
    await notify_(deps, { result, execution, startedAt, now, name, service: '', isAll: true, release: record });
  else await records.markDone(name);
  return finished(result);
};

const finished = ({ outcome, message }: Result): SweepResult => ({ did: 'closed', why: `${outcome}: ${message}` });

/** Has a new execution watch what the dead one has begun; the next one where that died, too, before it began. */
const resume = async (deps: Deps, dead: DeadExecution<DeploymentRecord>): Promise<SweepResult> => {
  const { name, record, execution, now } = dead;
  for (const resumption of resumptions(name, record)) {
    const started = await deps.executions.start(machineOf(record.execution), resumption, { resume: name });
    if (!started.isOver) return { did: 'resumed', why: resumption };
    if (!isOver(await deps.executions.describe(started.execution), now))
      return { did: 'nothing', why: 'its resuming execution has just ended' };
  }
  return finishDeployment(deps, dead, unresumableResult(execution));
};

/** One that another version wrote, or nobody of ours, is not waited for. */
const isUnfinished = (record: DeploymentRecord & { readonly name: RecordName }): boolean =>
  record.endedAt === undefined && parsePendingRecord(record.name, record).kind === 'deployment';

/** Undefined while one of its deployments is open. One whose record cannot be read does not keep the release from being told. */
const readReleaseResult = async ({ records }: Deps, release: ReleaseRecord, execution: ExecutionState): Promise<Result | undefined> => {
  const stages = (release.stages ?? []).map(({ name }) => name);
  const reached = stages.slice(0, stages.indexOf(release.stage ?? '') + 1);
  const results = await Promise.all(
    reached.map(
      async (stage): Promise<StageResults> =>
        (await readStageResults(records, release, stage)).map((found) => ({
          ...found,
          isOpen: found.record !== undefined && isUnfinished(found.record),
        })),
    ),
  );
  return abandonedReleaseResult(release, results, execution);
};

import type { Executions } from '../../aws/execution.js';
import type { Ledger } from '../../aws/ledger.js';
import type { OpenRecords } from '../../aws/open-records.js';
import type { ServiceStates } from '../../aws/service-states.js';
import type { Topic } from '../../aws/topic.js';
import type { DeploymentRecord, RecordName, ReleaseRecord } from '../../core/records.js';
import { isReportedByRelease } from '../../core/result/final-result.js';
import type { Result } from '../../core/result/result.js';
import {
  abandonedReleaseResult,
  adoptions,
  type ExecutionState,
  isOver,
  machineOf,
  type Opened,
  readOpened,
  resultBeforeUpdate,
  type StageVerdicts,
  takenBefore,
  unresumableResult,
} from '../../core/sweep.js';
import { expiryOf } from './expiry.js';
import { settleDeployment } from './settle.js';
import { known, tell } from './tell.js';
import { verdictsOf } from './verdicts.js';

export type Deps = {
  readonly executions: Pick<Executions, 'describe' | 'start'>;
  readonly ledger: Pick<Ledger, 'release' | 'deploymentNamed' | 'update' | 'close' | 'claimed' | 'rest' | 'giveBack'>;
  readonly states: Pick<ServiceStates, 'of' | 'settle' | 'leavePlace'>;
  readonly openRecords: Pick<OpenRecords, 'names' | 'read' | 'take' | 'putBack'>;
  readonly topic: Pick<Topic, 'publish'>;
};

/** What became of a record: for the log. */
export type Fate = { readonly did: 'closed' | 'adopted' | 'left' | 'nothing' | 'failed'; readonly why: string };

type Dead<Record> = { readonly name: RecordName; readonly record: Record; readonly execution: ExecutionState; readonly now: string };

/** Does what a dead execution still owes of a record, or has another execution go on with it. */
export const bury = async (
  deps: Deps,
  { opened, ...dead }: Omit<Dead<never>, 'record'> & { readonly opened: Extract<Opened, { record: object }> },
): Promise<Fate> => {
  const { name, now, execution } = dead;
  const closed = opened.record.result;
  const result = closed ?? (opened.kind === 'release' ? await readReleaseResult(deps, opened.record, execution) : undefined);
  if (opened.kind === 'release' && !result) return { did: 'nothing', why: 'a deployment of it has not ended' };
  // Of two sweeps at once one goes on.
  if (!(await deps.openRecords.take(name, now, takenBefore(now)))) return { did: 'nothing', why: 'another sweep has it' };
  try {
    if (opened.kind === 'release' && result) return await finishRelease(deps, { ...dead, record: opened.record }, result);
    const deployment = { ...dead, record: opened.record as DeploymentRecord };
    if (closed) return await finishDeployment(deps, deployment, closed);
    return await (deployment.record.touched === undefined
      ? finishDeployment(deps, deployment, resultBeforeUpdate(execution))
      : adopt(deps, deployment));
  } catch (error) {
    await known(deps.openRecords.putBack(name, now));
    throw error;
  }
};

const finishDeployment = async (deps: Deps, { name, record, now }: Dead<DeploymentRecord>, result: Result): Promise<Fate> => {
  const { ledger } = deps;
  const { service, execution, startedAt, endedAt = now } = record;
  await settleDeployment(deps, { name, record, result, now });
  const release = record.release === undefined ? undefined : await known(ledger.release(record.release));
  const isTold = record.told !== undefined || (release !== undefined && isReportedByRelease(release, { ...record, endedAt }));
  if (!isTold) await tell(deps, { result, execution, startedAt, now, name, service, isAll: true, deployment: record });
  else await ledger.rest(name);
  return finished(result);
};

const finishRelease = async (deps: Deps, { name, record, now }: Dead<ReleaseRecord>, result: Result): Promise<Fate> => {
  const { ledger } = deps;
  const { repository, image, execution, startedAt } = record;
  await ledger.close(name, { result, endedAt: now }, expiryOf(now));
  if (image) await ledger.giveBack(repository, image.digest, execution);
  if (record.told === undefined) await tell(deps, { result, execution, startedAt, now, name, service: '', isAll: true, release: record });
  else await ledger.rest(name);
  return finished(result);
};

const finished = ({ outcome, message }: Result): Fate => ({ did: 'closed', why: `${outcome}: ${message}` });

/** Has a new execution watch what the dead one has begun; the next one where that died, too, before it began. */
const adopt = async (deps: Deps, dead: Dead<DeploymentRecord>): Promise<Fate> => {
  const { name, record, execution, now } = dead;
  for (const adoption of adoptions(name, record)) {
    const started = await deps.executions.start(machineOf(record.execution), adoption, { adopt: name });
    if (!started.isOver) return { did: 'adopted', why: adoption };
    if (!isOver(await deps.executions.describe(started.execution), now)) return { did: 'nothing', why: 'its adopter has just ended' };
  }
  return finishDeployment(deps, dead, unresumableResult(execution));
};

/** One that another version wrote, or nobody of ours, is not waited for. */
const isUnfinished = (record: DeploymentRecord & { readonly name: RecordName }): boolean =>
  record.endedAt === undefined && readOpened(record.name, record).kind === 'deployment';

/** Undefined while one of its deployments is open. One whose record cannot be read does not keep the release from being told. */
const readReleaseResult = async ({ ledger }: Deps, release: ReleaseRecord, execution: ExecutionState): Promise<Result | undefined> => {
  const stages = (release.stages ?? []).map(({ name }) => name);
  const reached = stages.slice(0, stages.indexOf(release.stage ?? '') + 1);
  const verdicts = await Promise.all(
    reached.map(
      async (stage): Promise<StageVerdicts> =>
        (await verdictsOf(ledger, release, stage)).map((found) => ({
          ...found,
          isOpen: found.record !== undefined && isUnfinished(found.record),
        })),
    ),
  );
  return abandonedReleaseResult(release, verdicts, execution);
};

import type { Executions } from '../../aws/execution.js';
import type { RecordRepository } from '../../aws/record-repository.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import type { WatchItems } from '../../aws/watch-items.js';
import { lambdaDrainMs } from '../../core/lease/lease.js';
import { priorityOf } from '../../core/lease/priority.js';
import type { RecordName } from '../../core/records/record-name.js';
import { reachedResult } from '../../core/records/records.js';
import * as messages from '../../core/result/messages.js';
import { resultOf, unfinished } from '../../core/result/result.js';
import type { ExecutionInput, OpenDeploymentOutput } from '../../core/step/contracts.js';
import { orderOf, visitAfter } from '../../core/step/visit.js';

type Deps = {
  readonly executions: Pick<Executions, 'livenessOf'>;
  readonly records: Pick<RecordRepository, 'deployment' | 'takeOver'>;
  readonly states: Pick<ServiceStateRepository, 'of' | 'takeOverLease'>;
  readonly watch: Pick<WatchItems, 'open' | 'takeOver'>;
};

/**
 * Resumes a deployment whose execution has ended, at the next visit of WatchRollout. Too early or too late, it changes
 * neither the record nor the lease.
 */
export const takeOverDeployment = async (
  { records, states, watch, executions }: Deps,
  name: RecordName,
  { execution, now }: Pick<ExecutionInput, 'execution' | 'now'>,
): Promise<OpenDeploymentOutput> => {
  const record = await records.deployment(name);
  const { service } = record;
  const notResumed = (message: string): OpenDeploymentOutput => ({
    action: 'finish',
    service,
    record: '',
    release: '',
    visit: 1,
    result: resultOf('SKIPPED', 'NOT_RESUMED', message),
  });
  if (record.updateRequestedAt === undefined) return notResumed(messages.notUpdatedYet(name));
  const state = await states.of(service);
  const { lease } = state;
  // With a visit of its own it enters the record: earlier invocations can no longer write. Run again, this finds what it has taken.
  const isMine = record.execution === execution;
  const visit = isMine ? (record.visit ?? 0) : orderOf({ number: visitAfter(record.visit), retry: 0 });
  const opened = { service, record: name, release: record.release ?? '', visit: visitAfter(visit) };
  const resumptions = (record.resumptions ?? 0) + 1;
  const takeRecord = async (): Promise<boolean> => isMine || records.takeOver(name, record.execution, { execution, resumptions, visit });
  if (lease && lease.record !== name) {
    if (!(await takeRecord())) return notResumed(messages.alreadyEnded(name));
    return { action: 'finish', ...opened, result: resultOf('SUPERSEDED', 'NEWER_DEPLOYMENT', messages.takenOver()) };
  }
  const from = lease?.execution ?? record.execution;
  if (from !== execution) {
    const { isRunning, endedAt } = await executions.livenessOf(from);
    if (isRunning || (endedAt && Date.parse(now) - endedAt.getTime() < lambdaDrainMs)) return notResumed(messages.stillHeld(name, from));
  }
  // Read only now: the last Lambda of the ended execution may have closed it.
  if (reachedResult(await records.deployment(name)) !== undefined) return notResumed(messages.alreadyEnded(name));
  const priority = { ...priorityOf(record), execution };
  const mine = { execution, record: name, since: now, priority };
  const taken = lease?.execution === execution ? state : await states.takeOverLease(service, mine, state);
  if (!taken) return notResumed(messages.resumedElsewhere(name));
  if (!(await takeRecord())) return notResumed(messages.alreadyEnded(name));
  await watch.open(service, mine, taken.fencingToken ?? 0);
  await watch.takeOver(service, mine);
  return { action: 'resume', ...opened, result: unfinished };
};

import type { Executions } from '../../aws/execution.js';
import type { RecordRepository } from '../../aws/record-repository.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { lambdaDrainMs } from '../../core/lease/lease.js';
import { priorityOf } from '../../core/lease/priority.js';
import type { RecordName } from '../../core/records/record-name.js';
import { reachedResult } from '../../core/records/records.js';
import * as messages from '../../core/result/messages.js';
import { resultOf, unfinished } from '../../core/result/result.js';
import type { ExecutionInput, OpenDeploymentOutput } from '../../core/step/contracts.js';

type Deps = {
  readonly executions: Pick<Executions, 'livenessOf'>;
  readonly records: Pick<RecordRepository, 'deployment' | 'update'>;
  readonly states: Pick<ServiceStateRepository, 'of' | 'takeOverLease'>;
};

/**
 * Resumes a deployment whose execution has ended, at the next visit of WatchRollout. Too early or too late, it changes
 * neither the record nor the lease.
 */
export const takeOverDeployment = async (
  { records, states, executions }: Deps,
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
    result: resultOf('SKIPPED', 'NOT_RESUMED', message),
  });
  if (record.updateRequestedAt === undefined) return notResumed(messages.notUpdatedYet(name));
  const { lease, fencingToken } = await states.of(service);
  const opened = { service, record: name, release: record.release ?? '' };
  if (lease && lease.record !== name) {
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
  const isMine = lease?.execution === execution;
  if (!isMine && !(await states.takeOverLease(service, { execution, record: name, since: now, priority }, { fencingToken, from })))
    return notResumed(messages.resumedElsewhere(name));
  // Once for each execution: this step runs again when its answer is lost.
  if (record.execution !== execution) await records.update(name, { execution, resumptions: (record.resumptions ?? 0) + 1 });
  return { action: 'resume', ...opened, result: unfinished };
};

import type { Executions } from '../../aws/execution.js';
import type { RecordRepository } from '../../aws/record-repository.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import { settingsOf } from '../../core/configuration/service-settings.js';
import type { DeploymentInput } from '../../core/input/deployment-input.js';
import { lambdaDrainMs } from '../../core/lease/lease.js';
import { priorityOf } from '../../core/lease/priority.js';
import type { Trigger } from '../../core/records/records.js';
import * as messages from '../../core/result/messages.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { type Result, resultOf, unfinished } from '../../core/result/result.js';
import type { ExecutionInput, OpenDeploymentOutput } from '../../core/step/contracts.js';

type Deps = Configured & Hands;
type Configured = { readonly configuration: Configuration };
type Hands = {
  readonly executions: Pick<Executions, 'livenessOf'>;
  readonly records: Pick<RecordRepository, 'deployment' | 'update'>;
  readonly states: Pick<ServiceStateRepository, 'of' | 'takeOverLease' | 'hold' | 'requestCancel'>;
};

const done = (result: Result, service = ''): OpenDeploymentOutput => ({
  action: 'finish',
  service,
  record: '',
  release: '',
  result,
});

const who = ({ by, reason }: Trigger) => ({ ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) });

/** Inputs of the deployment machine that deploy nothing new: hold, cancel, resume. @throws RejectedInput */
export const runControlCommand = async (
  { configuration, ...hands }: Deps,
  start: Exclude<DeploymentInput, { kind: 'deploy' }>,
  { execution, now }: ExecutionInput,
): Promise<OpenDeploymentOutput> => {
  if (start.kind === 'resume') return resume(hands, start.record, execution, now);
  const { states } = hands;
  const { service, trigger } = start;
  if (!(start.kind === 'hold' && service === '*')) settingsOf(configuration, service);
  if (start.kind === 'hold') {
    await states.hold(service, start.isOn ? { ...who(trigger), at: now } : undefined);
    return done(resultOf('SKIPPED', 'COMMAND_DONE', start.isOn ? messages.held(service) : messages.released(service)), service);
  }
  const { lease } = await states.of(service);
  if (lease && (await states.requestCancel(service, lease.execution, { record: lease.record, ...who(trigger) })))
    return done(resultOf('SKIPPED', 'COMMAND_DONE', messages.cancelRequested()), service);
  throw new RejectedInput(`no deployment of ${service} is in progress; there is nothing to cancel`);
};

/**
 * Resumes a deployment whose execution has ended, at the next visit of WatchRollout. Too early or too late, it changes
 * neither the record nor the lease.
 */
const resume = async (
  { records, states, executions }: Hands,
  name: string,
  execution: string,
  now: string,
): Promise<OpenDeploymentOutput> => {
  const record = await records.deployment(name);
  const { service } = record;
  if (record.updateRequestedAt === undefined) return done(resultOf('SKIPPED', 'NOT_RESUMED', messages.notUpdatedYet(name)), service);
  const { lease, fencingToken } = await states.of(service);
  const opened = { service, record: name, release: record.release ?? '' };
  if (lease && lease.record !== name) {
    return { action: 'finish', ...opened, result: resultOf('SUPERSEDED', 'NEWER_DEPLOYMENT', messages.takenOver()) };
  }
  const from = lease?.execution ?? record.execution;
  if (from !== execution) {
    const { isRunning, endedAt } = await executions.livenessOf(from);
    if (isRunning || (endedAt && Date.parse(now) - endedAt.getTime() < lambdaDrainMs))
      return done(resultOf('SKIPPED', 'NOT_RESUMED', messages.stillHeld(name, from)), service);
  }
  // Read only now: the last Lambda of the ended execution may have closed it.
  if ((await records.deployment(name)).result !== undefined)
    return done(resultOf('SKIPPED', 'NOT_RESUMED', messages.alreadyEnded(name)), service);
  const priority = { ...priorityOf(record), execution };
  const isMine = lease?.execution === execution;
  if (!isMine && !(await states.takeOverLease(service, { execution, record: name, since: now, priority }, { fencingToken, from })))
    return done(resultOf('SKIPPED', 'NOT_RESUMED', messages.resumedElsewhere(name)), service);
  await records.update(name, { execution, resumptions: (record.resumptions ?? 0) + 1 });
  return { action: 'resume', ...opened, result: unfinished };
};

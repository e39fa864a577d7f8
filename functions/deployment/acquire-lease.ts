import { Executions } from '../../aws/execution.js';
import { RecordRepository } from '../../aws/record-repository.js';
import { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { decideLease, leaseSkipReason } from '../../core/lease/lease.js';
import { nextServiceState } from '../../core/lease/next-service-state.js';
import { laterOf, priorityOf } from '../../core/lease/priority.js';
import { nameOf } from '../../core/records/execution-name.js';
import type { DeploymentRecord, ServiceState } from '../../core/records/records.js';
import * as messages from '../../core/result/messages.js';
import { type Result, resultOf, unfinished } from '../../core/result/result.js';
import { secondsUntilNextTurn } from '../../core/rollout/poll-interval.js';
import { type Decision, DeploymentStepInput } from '../../core/step/contracts.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { readLiveness } from '../shared/execution-liveness.js';
import { ignoreMissingRecord } from '../shared/ignore-missing-record.js';
import { requestRollback } from '../shared/request-rollback.js';

type Deps = {
  readonly executions: Pick<Executions, 'livenessOf'>;
  readonly records: Pick<RecordRepository, 'deployment' | 'update' | 'claimed'>;
  readonly states: Pick<ServiceStateRepository, 'of' | 'takeLease' | 'enqueue' | 'releaseLease' | 'requestCancel'>;
};

/** Whoever asks, and how young its image is. */
type Requester = { readonly record: DeploymentRecord; readonly pushedAt: string };

const finish = (result: Result): Decision<'finish'> => ({ action: 'finish', waitSeconds: 0, result });

/** Task state `AcquireLease`: the right to deploy the service now, or the one place in line, or the reason why neither. */
export const acquireLease =
  (deps: Deps) =>
  async ({ service, record: name, now }: DeploymentStepInput): Promise<Decision<'proceed' | 'wait' | 'finish'>> => {
    const { records, states } = deps;
    // The item before the record: what was closed since is seen, and a late second run neither takes nor queues again.
    const state = await states.of(service);
    const record = await records.deployment(name);
    if (record.result !== undefined) return finish(record.result);
    const { execution } = record;
    const pushedAt = await lastPushOf(records, record);
    const priority = priorityOf({ ...record, pushedAt });
    const requester: Requester = { record, pushedAt };
    // The longer it waits, the longer between two looks: an execution's history has room for 25,000 events.
    const wait = { action: 'wait', waitSeconds: secondsUntilNextTurn(record.startedAt, now), result: unfinished } as const;
    const liveness = await readLiveness(deps, state, execution, now);

    if (record.operation?.kind === 'rollback') {
      const way = await requestRollback(deps, name, record, state, liveness);
      if (way) return way === 'wait' ? wait : finish(way);
    }
    const decision = decideLease(state, { execution, priority }, (other) => liveness.get(other) ?? 'ended');
    if (decision.action === 'superseded')
      return finish(resultOf('SKIPPED', 'REPLACED_IN_QUEUE', messages.replacedInQueue(nameOf(decision.to))));
    if (decision.action === 'wait') return wait;
    // Run again after its answer was lost: a second write would take away a cancellation that came meanwhile.
    if (state.lease?.execution === execution) return holder(deps, requester, state);
    const seen = { fencingToken: state.fencingToken, ...(decision.replaceQueued !== undefined && { instead: decision.replaceQueued }) };
    if (decision.action === 'queue') {
      await states.enqueue(service, { execution, priority, record: name }, seen);
      return wait;
    }
    if (decision.takeOverFrom !== undefined) await finishFor(deps, service, state, now);
    const over = decision.takeOverFrom === undefined ? {} : { over: decision.takeOverFrom };
    const taken = await states.takeLease(service, { execution, record: name, since: now, priority }, { ...seen, ...over });
    return taken ? holder(deps, requester, taken) : wait;
  };

/** A holder that died between closing its record and giving the lease back: what it had learned is kept for it. */
const finishFor = async ({ records, states }: Deps, service: string, state: ServiceState, now: string): Promise<void> => {
  if (!state.lease) return;
  const dead = await records.deployment(state.lease.record).catch(ignoreMissingRecord);
  if (dead?.result)
    await states.releaseLease(service, state.lease.execution, nextServiceState(dead, dead.result, state, dead.endedAt ?? now));
};

/** What the holder of a lease may do with it, from the item as it was when he took it. */
const holder = async ({ states }: Deps, { record, pushedAt }: Requester, state: ServiceState): Promise<Decision<'proceed' | 'finish'>> => {
  const { hold } = await states.of('*');
  const skip = leaseSkipReason(state, hold, {
    isByHand: record.trigger.kind === 'hand',
    isForced: record.force ?? false,
    digest: record.image?.digest ?? '',
    pushedAt,
  });
  return skip ? finish(skip) : { action: 'proceed', waitSeconds: 0, result: unfinished };
};

/** When the image was pushed, or pushed again while its release was under way: what waits is as young as that. */
const lastPushOf = async (records: Deps['records'], { trigger, image, pushedAt, startedAt }: DeploymentRecord): Promise<string> => {
  const claimed = image && trigger.kind !== 'hand' ? await records.claimed(image.repository, image.digest) : undefined;
  return laterOf(pushedAt ?? startedAt, claimed?.pushedAt);
};

export const { step, handler } = defineStep({
  name: 'AcquireLease',
  input: DeploymentStepInput,
  permissions: atPackaging([
    { allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], on: 'table', for: 'the lease and the place in the queue' },
    { allow: ['states:DescribeExecution'], on: 'deploymentExecutions', for: 'whether the lease holder still runs' },
  ]),
  onFailure: atPackaging('FAILED, nothing changed; CloseDeployment releases what it took'),
  onRepeat: atPackaging('keeps its own lease or its own place'),
  run: (environment) => {
    const table = tableIn(environment);
    return acquireLease({
      executions: new Executions(environment.clients),
      records: new RecordRepository(table),
      states: new ServiceStateRepository(table),
    });
  },
});

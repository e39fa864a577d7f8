import { Executions } from '../../aws/execution.js';
import { Ledger } from '../../aws/ledger.js';
import { ServiceStates } from '../../aws/service-states.js';
import { type Decision, DeploymentInput } from '../../core/contracts.js';
import { nameOf } from '../../core/execution-name.js';
import { learnedFrom } from '../../core/learned.js';
import { leaseSkipReason, moveOf } from '../../core/lease.js';
import { secondsUntilNextTurn } from '../../core/poll-interval.js';
import { laterOf, rankOf } from '../../core/rank.js';
import type { DeploymentRecord, ServiceState } from '../../core/records.js';
import * as messages from '../../core/result/messages.js';
import { type Result, resultOf, unfinished } from '../../core/result/result.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { gone } from '../shared/gone.js';
import { livesOf } from '../shared/lives.js';
import { takeBackBy } from '../shared/take-back-by.js';

type Deps = {
  readonly executions: Pick<Executions, 'lifeOf'>;
  readonly ledger: Pick<Ledger, 'deployment' | 'update' | 'claimed'>;
  readonly states: Pick<ServiceStates, 'of' | 'takeLease' | 'takePlace' | 'settle' | 'requestCancel'>;
};

/** Whoever asks, and how young its image is. */
type Applicant = { readonly record: DeploymentRecord; readonly pushedAt: string };

const finish = (result: Result): Decision<'finish'> => ({ action: 'finish', waitSeconds: 0, result });

/** Task state `AcquireLease`: the right to deploy the service now, or the one place in line, or the reason why neither. */
export const acquireLease =
  (deps: Deps) =>
  async ({ service, record: name, now }: DeploymentInput): Promise<Decision<'proceed' | 'wait' | 'finish'>> => {
    const { ledger, states } = deps;
    // The item before the record: what was closed since is seen, and a late second run neither takes nor queues again.
    const state = await states.of(service);
    const record = await ledger.deployment(name);
    if (record.result !== undefined) return finish(record.result);
    const { execution } = record;
    const pushedAt = await lastPushOf(ledger, record);
    const rank = rankOf({ ...record, pushedAt });
    const applicant: Applicant = { record, pushedAt };
    // The longer it waits, the longer between two looks: an execution's history has room for 25,000 events.
    const wait = { action: 'wait', waitSeconds: secondsUntilNextTurn(record.startedAt, now), result: unfinished } as const;
    const lives = await livesOf(deps, state, execution, now);

    if (record.operation?.kind === 'rollback') {
      const way = await takeBackBy(deps, name, record, state, lives);
      if (way) return way === 'wait' ? wait : finish(way);
    }
    const move = moveOf(state, { execution, rank }, (other) => lives.get(other) ?? 'dead');
    if (move.move === 'yield') return finish(resultOf('SKIPPED', 'REPLACED_IN_QUEUE', messages.replacedInQueue(nameOf(move.to))));
    if (move.move === 'wait') return wait;
    // Run again after its answer was lost: a second write would take away a cancellation that came meanwhile.
    if (state.lease?.execution === execution) return holder(deps, applicant, state);
    const seen = { fence: state.fence, ...(move.instead !== undefined && { instead: move.instead }) };
    if (move.move === 'queue') {
      await states.takePlace(service, { execution, rank, record: name }, seen);
      return wait;
    }
    if (move.over !== undefined) await finishFor(deps, service, state, now);
    const over = move.over === undefined ? {} : { over: move.over };
    const taken = await states.takeLease(service, { execution, record: name, since: now, rank }, { ...seen, ...over });
    return taken ? holder(deps, applicant, taken) : wait;
  };

/** A holder that died between closing its record and giving the lease back: what it had learned is kept for it. */
const finishFor = async ({ ledger, states }: Deps, service: string, state: ServiceState, now: string): Promise<void> => {
  if (!state.lease) return;
  const dead = await ledger.deployment(state.lease.record).catch(gone);
  if (dead?.result) await states.settle(service, state.lease.execution, learnedFrom(dead, dead.result, state, dead.endedAt ?? now));
};

/** What the holder of a lease may do with it, from the item as it was when he took it. */
const holder = async ({ states }: Deps, { record, pushedAt }: Applicant, state: ServiceState): Promise<Decision<'proceed' | 'finish'>> => {
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
const lastPushOf = async (ledger: Deps['ledger'], { trigger, image, pushedAt, startedAt }: DeploymentRecord): Promise<string> => {
  const claimed = image && trigger.kind !== 'hand' ? await ledger.claimed(image.repository, image.digest) : undefined;
  return laterOf(pushedAt ?? startedAt, claimed?.pushedAt);
};

export const { step, handler } = defineStep({
  name: 'AcquireLease',
  input: DeploymentInput,
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
      ledger: new Ledger(table),
      states: new ServiceStates(table),
    });
  },
});

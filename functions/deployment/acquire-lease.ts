import { Executions } from '../../aws/execution.js';
import { RecordRepository } from '../../aws/record-repository.js';
import { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { appliedHold, type DeploymentCandidate, decideLease, isNewer, leaseSkipReason } from '../../core/lease/lease.js';
import { nextServiceState } from '../../core/lease/next-service-state.js';
import { laterOf, placeOf, priorityOf } from '../../core/lease/priority.js';
import { queuedAt, sourceOf } from '../../core/lease/service-state.js';
import { nameOf } from '../../core/records/execution-name.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord, QueueEntry, ServiceState } from '../../core/records/records.js';
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
  readonly records: Pick<RecordRepository, 'deployment' | 'update' | 'skip' | 'reopen' | 'claimed'>;
  readonly states: Pick<ServiceStateRepository, 'of' | 'takeLease' | 'enqueue' | 'withhold' | 'releaseLease' | 'requestCancel'>;
};

/** The deployment that asks for the lease, and when its image was last pushed. */
type Requester = { readonly name: RecordName; readonly record: DeploymentRecord; readonly pushedAt: string };

const finish = (result: Result): Decision<'finish'> => ({ action: 'finish', waitSeconds: 0, result });

/** Task state `AcquireLease`: takes the lease of the service, or its place in the queue, or says why it gets neither. */
export const acquireLease =
  (deps: Deps) =>
  async ({ service, record: name, now }: DeploymentStepInput): Promise<Decision<'proceed' | 'wait' | 'finish'>> => {
    const { records, states } = deps;
    // The item is read before the record: a late second run sees that the record is closed, and neither takes nor enqueues.
    const state = await states.of(service);
    const record = await records.deployment(name);
    if (record.result !== undefined) return finish(record.result);
    const { execution } = record;
    const pushedAt = await lastPushOf(records, record);
    const priority = priorityOf({ ...record, pushedAt });
    const requester: Requester = { name, record, pushedAt };
    // The longer it waits, the longer the interval: an execution's history has room for 25,000 events.
    const wait = { action: 'wait', waitSeconds: secondsUntilNextTurn(record.startedAt, now), result: unfinished } as const;
    const liveness = await readLiveness(deps, state, execution, now);

    if (record.operation?.kind === 'rollback') {
      const way = await requestRollback(deps, name, record, state, liveness);
      if (way) return way === 'wait' ? wait : finish(way);
    }
    const decision = decideLease(state, { execution, priority }, (other) => liveness.get(other) ?? 'ended');
    if (decision.action === 'superseded')
      return finish(resultOf('SKIPPED', 'REPLACED_IN_QUEUE', messages.replacedInQueue(nameOf(decision.to))));
    if (decision.action === 'refused') return finish(await refusedBy(records, decision.by));
    if (decision.action === 'wait') return wait;
    // Run again after its answer was lost: a second write would remove a cancel request that came in between.
    if (state.lease?.execution === execution) return holder(deps, requester, state, now);
    const expected = { fencingToken: state.fencingToken, ...decision };
    if (decision.action === 'queue') {
      const { since = now } = queuedAt(state, placeOf(priority)) ?? {};
      await states.enqueue(service, { execution, priority, record: name, since }, expected);
      return wait;
    }
    if (decision.takeOverFrom !== undefined) await finishFor(deps, service, state, now);
    const taken = await states.takeLease(service, { execution, record: name, since: now, priority }, expected);
    return taken ? holder(deps, requester, taken, now) : wait;
  };

const refusedBy = async (records: Deps['records'], { execution, record, since }: QueueEntry): Promise<Result> => {
  const first = await records.deployment(record).catch(ignoreMissingRecord);
  const { by, reason } = first?.trigger ?? {};
  return resultOf('SKIPPED', 'OPERATOR_WAITING', messages.operatorWaiting({ by, reason, since, execution: nameOf(execution) }));
};

/** Saves the service state for a holder that ended between closing its record and releasing the lease. */
const finishFor = async ({ records, states }: Deps, service: string, state: ServiceState, now: string): Promise<void> => {
  if (!state.lease) return;
  const ended = await records.deployment(state.lease.record).catch(ignoreMissingRecord);
  if (ended?.result)
    await states.releaseLease(service, state.lease.execution, nextServiceState(ended, ended.result, state, ended.endedAt ?? now));
};

/** Whether the holder may deploy, by the item as it was when it took the lease. */
const holder = async (
  deps: Deps,
  { name, record, pushedAt }: Requester,
  state: ServiceState,
  now: string,
): Promise<Decision<'proceed' | 'finish'>> => {
  const candidate: DeploymentCandidate = {
    isByHand: record.trigger.kind === 'hand',
    isForced: record.force ?? false,
    repository: record.image?.repository ?? '',
    digest: record.image?.digest ?? '',
    tag: record.image?.tag,
    pushedAt,
  };
  const skip = leaseSkipReason(state, candidate) ?? (await heldBack(deps, { ...record, name }, candidate, state, now));
  return skip ? finish(skip) : { action: 'proceed', waitSeconds: 0, result: unfinished };
};

/**
 * What a hold keeps back is saved before the hold is read again. The release of the hold removes it before it reads what was kept
 * back, so one of the two starts the deployment. The result is saved at once: otherwise that start would leave the service to this
 * deployment, whose record is closed half a minute later.
 */
const heldBack = async (
  { states, records }: Deps,
  { name, service, execution, release = '' }: DeploymentRecord & { readonly name: RecordName },
  candidate: DeploymentCandidate,
  state: ServiceState,
  now: string,
): Promise<Result | undefined> => {
  const { repository, digest, pushedAt, tag } = candidate;
  if (candidate.isByHand) return undefined;
  const { withheld } = sourceOf(state, repository);
  const readHold = async (one: ServiceState) => appliedHold(one, (await states.of('*')).hold, now);
  let hold = await readHold(state);
  while (hold) {
    const kept = { digest, pushedAt, release, hold, ...(tag !== undefined && { tag }) };
    if (!withheld || !isNewer(withheld, kept)) await states.withhold(service, execution, repository, kept);
    const result = resultOf('SKIPPED', 'ON_HOLD', messages.onHold(hold));
    await records.skip(name, result);
    const still = await readHold(await states.of(service));
    if (still?.at === hold.at) return result;
    if (!still) await records.reopen(name);
    // Another one by now: the release of the first has already started what that one kept back.
    hold = still;
  }
  return undefined;
};

/** When the image was last pushed, also while its release was in progress: a queued deployment is as new as that. */
const lastPushOf = async (records: Deps['records'], { trigger, image, pushedAt, startedAt }: DeploymentRecord): Promise<string> => {
  const claimed = image && trigger.kind !== 'hand' ? await records.claimed(image.repository, image.digest) : undefined;
  return laterOf(pushedAt ?? startedAt, claimed?.pushedAt);
};

export const { step, handler } = defineStep({
  name: 'AcquireLease',
  input: DeploymentStepInput,
  permissions: atPackaging([
    {
      allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      on: 'table',
      for: 'the lease, the place in the queue, and what a hold keeps back',
    },
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

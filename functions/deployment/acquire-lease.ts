import { Executions } from '../../aws/execution.js';
import { RecordRepository } from '../../aws/record-repository.js';
import { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { TaskTokens } from '../../aws/task-tokens.js';
import { WatchItems } from '../../aws/watch-items.js';
import {
  appliedHold,
  type DeploymentCandidate,
  decideLease,
  isNewerThan,
  type Liveness,
  lambdaDrainMs,
  leaseSkipReason,
} from '../../core/lease/lease.js';
import { nextServiceState } from '../../core/lease/next-service-state.js';
import { laterOf, placeOf, priorityOf } from '../../core/lease/priority.js';
import { queuedAt, sourceOf } from '../../core/lease/service-state.js';
import { isStillDeployed, notUndone } from '../../core/lease/undo.js';
import { nameOf } from '../../core/records/execution-name.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord, Priority, QueueEntry, ServiceState } from '../../core/records/records.js';
import { pushTo } from '../../core/release/claim-digest.js';
import { lostDeployment } from '../../core/result/final-result.js';
import * as messages from '../../core/result/messages.js';
import { type Result, resultOf, unfinished } from '../../core/result/result.js';
import { type Decision, decided, WaitingStepInput } from '../../core/step/contracts.js';
import { defineWaitingStep } from '../runtime/define-waiting-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { readLiveness } from '../shared/execution-liveness.js';
import { resultOfFailedStage } from '../shared/fail-stage.js';
import { ignoreMissingRecord } from '../shared/ignore-missing-record.js';
import { requestRollback, rollbackResult } from '../shared/request-rollback.js';
import { retryTransient } from '../shared/retry-transient.js';
import { untilUnchanged } from '../shared/until-unchanged.js';

type Deps = {
  readonly executions: Pick<Executions, 'livenessOf'>;
  readonly records: Pick<RecordRepository, 'enter' | 'deployment' | 'release' | 'write' | 'skip' | 'reopen' | 'claimed'>;
  readonly states: Pick<ServiceStateRepository, 'of' | 'takeLease' | 'enqueue' | 'withhold' | 'leave' | 'requestCancel'>;
  readonly watch: Pick<WatchItems, 'open' | 'addNews' | 'addWaiting'>;
  readonly tokens: Pick<TaskTokens, 'wake'>;
};

/** The deployment that asks for the lease, when its image was last pushed, and the state that it decides on. */
type Requester = {
  readonly name: RecordName;
  readonly record: DeploymentRecord;
  readonly pushedAt: string;
  readonly priority: Priority;
  readonly state: ServiceState;
  readonly liveness: ReadonlyMap<string, Liveness>;
};

type Answer = Decision<'proceed' | 'wait' | 'finish'> | undefined;

const finish = (result: Result): Decision<'finish'> => decided('finish', result);

/**
 * Task state `AcquireLease`: takes the lease of the service; or waits in its place of the queue, until what frees the lease wakes
 * it; or says why it gets neither.
 */
export const acquireLease =
  (deps: Deps) =>
  (input: WaitingStepInput): Promise<Answer> =>
    untilUnchanged(() => askForLease(deps, input));

const askForLease = async (deps: Deps, input: WaitingStepInput): Promise<Answer | 'changed'> => {
  const { service, record: name, visit, now } = input;
  // The item is read before the record is entered: once the record is closed, no earlier read leads to a write.
  const state = await deps.states.of(service);
  const record = await deps.records.enter(name, input.execution, visit);
  if (record === 'late') return undefined;
  if (record === 'lost') return finish(lostDeployment(name));
  if (record.result !== undefined) return finish(record.result);
  const failed = await resultOfFailedStage(deps.records, record);
  if (failed) return finish(failed);
  const { execution } = record;
  const pushedAt = await lastPushOf(deps.records, record);
  const priority = priorityOf({ ...record, pushedAt });
  const liveness = await readLiveness(deps, state, execution, now);
  const requester: Requester = { name, record, pushedAt, priority, state, liveness };

  const decision = decideLease(state, { execution, priority }, (other) => liveness.get(other) ?? 'ended');
  if (decision.action === 'refused') return finish(await refusedBy(deps.records, decision.by));
  const needless = isRollback(record) ? await rollbackResult(deps, record, state, liveness) : undefined;
  if (needless) return finish(needless);
  if (decision.action === 'superseded') return finish(supersededBy(record, decision.to));
  if (decision.action === 'queue') return waitInQueue(deps, requester, input);
  if (decision.takeOverFrom !== undefined && (await hasFinishedFor(deps, service, state, now))) return 'changed';
  return take(deps, requester, input);
};

const take = async (deps: Deps, requester: Requester, input: WaitingStepInput): Promise<Answer | 'changed'> => {
  const { name, record, priority, state } = requester;
  const { service, execution } = record;
  // Run again after its answer was lost: a second write would remove a cancel request that came in between.
  const isHolder = state.lease?.execution === execution;
  const taken = isHolder ? state : await deps.states.takeLease(service, { execution, record: name, since: input.now, priority }, state);
  if (!taken) return 'changed';
  if (!isHolder) await wakeReplaced(deps, state, priority);
  await deps.watch.open(service, { record: name, execution }, taken.fencingToken ?? 0);
  return proceedOrSkip(deps, requester, taken, input);
};

const waitInQueue = async (
  deps: Deps,
  { name, record, priority, state, liveness }: Requester,
  { visit, token, seconds, now }: WaitingStepInput,
): Promise<Answer | 'changed'> => {
  const { service, execution } = record;
  const since = queuedAt(state, placeOf(priority))?.since ?? now;
  const queued = await deps.states.enqueue(service, { execution, priority, record: name, since, token }, state);
  if (!queued) return 'changed';
  await wakeReplaced(deps, state, priority);
  // Only now: who fails the stage after this look wakes the token.
  const failed = await resultOfFailedStage(deps.records, record);
  if (failed) return finish(failed);
  // In its place: a start that is refused has asked for nothing.
  if (isRollback(record)) await requestRollback(deps, { name, visit }, record, queued, liveness);
  await wakeVerification(deps, service, queued, priority);
  const isDraining = state.lease !== undefined && liveness.get(state.lease.execution) === 'draining';
  return isDraining && seconds > drainedSeconds ? { ...decided('wait', unfinished), seconds: drainedSeconds } : undefined;
};

const supersededBy = ({ undoes }: DeploymentRecord, execution: string): Result =>
  undoes ? notUndone(undoes) : resultOf('SKIPPED', 'REPLACED_IN_QUEUE', messages.replacedInQueue(nameOf(execution)));

const isRollback = ({ operation }: DeploymentRecord): boolean => operation?.kind === 'rollback';

/** Wakes the deployment whose place was taken, after the write: it finds itself replaced. A retry does not know its token any more. */
const wakeReplaced = async ({ tokens }: Pick<Deps, 'tokens'>, before: ServiceState, priority: Priority): Promise<void> => {
  const inPlace = queuedAt(before, placeOf(priority));
  const { token, execution } = inPlace ?? {};
  if (token !== undefined && execution !== priority.execution) await retryTransient(() => tokens.wake(token));
};

/** A verification of the holder may end for what waits now: its next look decides that. A deployment without an image is of every source. */
const wakeVerification = async (
  { watch, tokens }: Pick<Deps, 'watch' | 'tokens'>,
  service: string,
  { lease }: ServiceState,
  { isByHand, source }: Priority,
): Promise<void> => {
  if (!isByHand && lease && !['', source].includes(lease.priority.source)) return;
  const item = await watch.addWaiting(service, { isByHand });
  const { token } = item ?? {};
  if (token !== undefined) await retryTransient(() => tokens.wake(token));
};

const refusedBy = async (records: Deps['records'], { execution, record, since }: QueueEntry): Promise<Result> => {
  const first = await records.deployment(record).catch(ignoreMissingRecord);
  const { by, reason } = first?.trigger ?? {};
  return resultOf('SKIPPED', 'OPERATOR_WAITING', messages.operatorWaiting({ by, reason, since, execution: nameOf(execution) }));
};

/** Seconds after which a holder that has ended has drained: nothing wakes the queue then. */
const drainedSeconds = lambdaDrainMs / 1000 + 5;

/** Saves the service state for a holder that ended between closing its record and releasing the lease; false if it ended otherwise. */
const hasFinishedFor = async ({ records, states }: Deps, service: string, state: ServiceState, now: string): Promise<boolean> => {
  const ended = state.lease && (await records.deployment(state.lease.record).catch(ignoreMissingRecord));
  if (!ended?.result) return false;
  await states.leave(service, { change: nextServiceState(ended, ended.result, state, ended.endedAt ?? now), places: [] }, state);
  return true;
};

/**
 * The holder proceeds unless a hold, the quarantine or a newer image says otherwise, by the state as it was when it took the lease. The
 * rollback of a release passes all three, and proceeds only while what it undoes is still deployed.
 */
const proceedOrSkip = async (
  deps: Deps,
  { name, record, pushedAt }: Requester,
  taken: ServiceState,
  { visit, now }: WaitingStepInput,
): Promise<Decision<'proceed' | 'finish'>> => {
  const { undoes } = record;
  if (undoes) return isStillDeployed(taken, undoes) ? decided('proceed', unfinished) : finish(notUndone(undoes));
  const candidate: DeploymentCandidate = {
    isByHand: record.trigger.kind === 'hand',
    isForced: record.force ?? false,
    isVersioned: record.isVersioned,
    repository: record.image?.repository ?? '',
    digest: record.image?.digest ?? '',
    tag: record.image?.tag,
    pushedAt,
  };
  const skip = leaseSkipReason(taken, candidate) ?? (await heldBack(deps, { ...record, name }, candidate, taken, { visit, now }));
  return skip ? finish(skip) : decided('proceed', unfinished);
};

/**
 * What a hold keeps back is saved before the hold is read again. The release of the hold removes it before it reads what was kept
 * back, so one of the two starts the deployment. The result is saved at once: otherwise that start would leave the service to this
 * deployment, whose record is not yet closed.
 */
const heldBack = async (
  { states, records }: Deps,
  { name, service, execution, release = '' }: DeploymentRecord & { readonly name: RecordName },
  candidate: DeploymentCandidate,
  state: ServiceState,
  { visit, now }: Pick<WaitingStepInput, 'visit' | 'now'>,
): Promise<Result | undefined> => {
  const { repository, digest, pushedAt, tag } = candidate;
  if (candidate.isByHand) return undefined;
  const { withheld } = sourceOf(state, repository);
  const readHold = async (one: ServiceState) => appliedHold(one, (await states.of('*')).hold, now);
  let hold = await readHold(state);
  while (hold) {
    const kept = { digest, pushedAt, release, hold, ...(tag !== undefined && { tag }) };
    if (!withheld || !isNewerThan(withheld, candidate)) await states.withhold(service, execution, repository, kept);
    const result = resultOf('SKIPPED', 'ON_HOLD', messages.onHold(hold));
    await records.skip(name, visit, result);
    const still = await readHold(await states.of(service));
    if (still?.at === hold.at) return result;
    if (!still) await records.reopen(name, visit);
    // Another one by now: the release of the first has already started what that one kept back.
    hold = still;
  }
  return undefined;
};

/** When the image was last pushed, also while its release was in progress: a queued deployment is as new as that. */
const lastPushOf = async (records: Deps['records'], record: DeploymentRecord): Promise<string> => {
  const { trigger, undoes, image, stage, pushedAt, startedAt } = record;
  const pushed = trigger.kind === 'hand' ? undefined : (undoes ?? image);
  const claimed = pushed && (await records.claimed(pushed.repository, pushed.digest));
  return laterOf(pushedAt ?? startedAt, claimed && pushTo(claimed, stage));
};

export const { step, handler } = defineWaitingStep({
  name: 'AcquireLease',
  input: WaitingStepInput,
  permissions: atPackaging([
    {
      allow: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      on: 'table',
      for: 'the lease, the place in the queue, the watch item, what a hold keeps back, and whether its release has failed',
    },
    { allow: ['states:DescribeExecution'], on: 'deploymentExecutions', for: 'whether the lease holder still runs' },
    { allow: ['states:SendTaskFailure'], on: 'anyTask', for: 'waking the deployment whose place it took, or that an operator rolls back' },
  ]),
  onFailure: atPackaging('FAILED, nothing changed; CloseDeployment releases what it took'),
  onRepeat: atPackaging('keeps its own lease or its own place'),
  run: (environment) => {
    const table = tableIn(environment);
    return acquireLease({
      executions: new Executions(environment.clients),
      records: new RecordRepository(table),
      states: new ServiceStateRepository(table),
      watch: new WatchItems(table),
      tokens: new TaskTokens(environment.clients),
    });
  },
});

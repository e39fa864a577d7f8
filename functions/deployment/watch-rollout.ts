import { isDeepStrictEqual } from 'node:util';
import { ContainerLogs } from '../../aws/container-logs.js';
import { RecordRepository } from '../../aws/record-repository.js';
import { isNamed } from '../../aws/sdk-errors.js';
import { Services } from '../../aws/service.js';
import { ServiceDeployments } from '../../aws/service-deployment.js';
import { ServiceStates } from '../../aws/service-states.js';
import { StoppedTasks } from '../../aws/stopped-tasks.js';
import { WatchItems } from '../../aws/watch-items.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import { type Limits, limitsOf } from '../../core/configuration/service-settings.js';
import { lateCallGuardSeconds } from '../../core/lease/lease.js';
import type { RecordName } from '../../core/records/record-name.js';
import {
  type DeploymentRecord,
  type NotFound,
  type RegisteredDeployment,
  registered,
  type ServiceState,
} from '../../core/records/records.js';
import { lostDeployment } from '../../core/result/final-result.js';
import * as messages from '../../core/result/messages.js';
import { type Result, resultOf, unfinished } from '../../core/result/result.js';
import { type Clock, isPaused, readClock } from '../../core/rollout/clock.js';
import { noEvidence } from '../../core/rollout/evidence.js';
import { isAbsent, isSuperseded, noneMissing, notFoundAgain, type Observation, type Rollout } from '../../core/rollout/observation.js';
import { isOnQuarantined } from '../../core/rollout/quarantine.js';
import { decideRollback } from '../../core/rollout/rollback-decision.js';
import { decideRollout, type RolloutDecision } from '../../core/rollout/rollout-decision.js';
import { isSafetyLook, lostEventsNet, rollbackNet, safetyNet, uncertainNet } from '../../core/rollout/safety-net.js';
import { completedAt, expectedOf, type WatchItem } from '../../core/rollout/watch-item.js';
import { type Decision, decided, WaitingStepInput } from '../../core/step/contracts.js';
import { acceptedDigests, knownSource } from '../../core/task-definition/revision-to-copy.js';
import { defineWaitingStep } from '../runtime/define-waiting-step.js';
import { publishSafetyLook } from '../runtime/metrics.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { collectEvidence, type EvidenceDependencies } from '../shared/collect-evidence.js';
import { keepWaiting } from '../shared/keep-waiting.js';
import { type ObserveDependencies, observeRollout } from '../shared/observe-rollout.js';

type Deps = ObserveDependencies &
  EvidenceDependencies & {
    readonly configuration: Configuration;
    readonly records: Pick<RecordRepository, 'enter' | 'write'>;
    readonly states: Pick<ServiceStates, 'of'>;
    readonly watch: Pick<WatchItems, 'of' | 'storeToken' | 'expect' | 'countFailure' | 'markPermanent'>;
  };

/** What one look at ECS finds, and the deadline by its clock. */
type Look = {
  readonly observation: Observation;
  readonly notFound: NotFound;
} & Pick<Clock, 'pause' | 'deadline'>;

/**
 * Task state `WatchRollout`: looks at ECS once, saves the evidence, and decides or waits, until an event of ECS or an operator wakes
 * it. It alone ends a rollout.
 */
export const watchRollout =
  (deps: Deps) =>
  async (input: WaitingStepInput): Promise<Decision<'wait' | 'update' | 'rollBack' | 'finish'> | undefined> => {
    const { service: name, record: recordName, visit, token, now } = input;
    const entered = await deps.records.enter(recordName, input.execution, visit);
    if (entered === 'late') return undefined;
    if (entered === 'lost') return decided('finish', lostDeployment(recordName));
    const record = registered(entered);
    const { rollback } = record;
    const limits = limitsOf(deps.configuration, name, knownSource(record));
    // Stored before the look: what happens after the look answers the token.
    const stored = await deps.watch.storeToken(name, { record: recordName, execution: record.execution }, visit, token);

    const look = await lookAt(deps, input, record, stored ?? unwatched(recordName, record), limits);
    const { service, rollout } = look.observation;
    const decision = rollback ? decideRollback(look.observation, rollback) : decideRollout(look.observation);
    // Late: a retry of this visit may have its token, and decides.
    if (!(await keep(deps.records, input, record, look, decision))) return undefined;
    // ECS documents no event for the end of a rollback that was requested.
    if (!rollback && isSafetyLook(input)) publishSafetyLook(name, decision.action === 'rollBack' || decision.action === 'finish', now);

    const result = resultIn(decision, rollout);
    if (decision.action !== 'wait') return decided(decision.action, result);
    const expected = expectedOf(record, limits, service);
    // The desired count has changed, or an execution that resumes the deployment has opened the item again.
    if (stored && !rollback && stored.limit !== expected.limit) await deps.watch.expect(name, recordName, expected);
    const isUnreported = look.observation.evidence.failedTasks > (stored?.failed?.size ?? 0);
    if (!rollback && input.because === 'timedOut' && isUnreported)
      return { ...decided('wait', result), ...lostEventsNet, deadline: look.deadline };
    const net = rollback ? rollbackNet : rollout ? safetyNet : uncertainNet;
    return keepWaiting(input, stored, look.deadline, { result, net });
  };

const lookAt = async (
  deps: Deps,
  { service: name, record: recordName, now }: WaitingStepInput,
  record: RegisteredDeployment,
  item: WatchItem,
  limits: Limits,
): Promise<Look> => {
  const state = await readable(deps.states.of(name));
  const seen = await observeRollout(deps, record, now);
  const evidence = await collectEvidence(deps, { name: recordName, record, item }, seen);
  const { pause, deadline, ...overdue } = readClock(record, { ...seen, completedAt: completedAt(item), evidence }, limits, now);
  const { revision, previousRevision, rollbackTarget, rollback, image } = record;
  const notFound = seen.rollout ? noneMissing : notFoundAgain(record.notFound, now);
  const observation: Observation = {
    ...seen,
    ...overdue,
    isAbsent: isAbsent(notFound, now),
    isCallRecent: rollback !== undefined && Date.parse(now) - Date.parse(rollback.sentAt) < lateCallGuardSeconds * 1000,
    evidence,
    maxFailedTasks: limits.maxFailedTasks,
    cancel: state.cancel?.record === recordName ? state.cancel : undefined,
    operation: record.operation?.kind,
    revision,
    previousRevision,
    replacedRevisions: [...(record.replacedRevisions ?? []), ...(state.expectedRevisions ?? [])],
    lastGood: state.knownGood?.at(-1)?.revision,
    isOnQuarantined: isOnQuarantined(record, seen, state),
    rollbackTarget,
    digests: acceptedDigests(image),
  };
  return { observation, notFound, pause, deadline };
};

/** Without an item of its own no event wakes the state, and its looks count for themselves. */
const unwatched = (record: RecordName, { execution }: DeploymentRecord): WatchItem => ({ record, execution, news: 0, seen: 0, groups: [] });

/** The result, or what is recorded if the execution ends before it answers again. */
const resultIn = (decision: RolloutDecision, rollout: Rollout | undefined): Result => {
  if (decision.action === 'finish') return decision.result;
  if (decision.action === 'rollBack') return resultOf('ROLLBACK_FAILED', decision.reason, decision.message);
  return rollout?.hook && isPaused(rollout) ? { ...unfinished, message: messages.awaitsHook(rollout.hook) } : unfinished;
};

/** A service state that cannot be read says nothing about the rollout. */
const readable = (state: Promise<ServiceState>): Promise<ServiceState> =>
  state.catch((error: unknown) => {
    if (isNamed(error, 'UnreadableState')) return {};
    throw error;
  });

/** Saves what the look found; false if the invocation is late. */
const keep = async (
  records: Deps['records'],
  { record: name, visit }: WaitingStepInput,
  record: DeploymentRecord,
  { observation, pause, notFound }: Look,
  decision: RolloutDecision,
): Promise<boolean> => {
  const { service, rollout, evidence } = observation;
  const isRollback = record.rollback?.method === 'update';
  const known = isRollback ? record.rollback?.serviceDeployment : record.serviceDeployment;
  const rollbackTarget = decision.action === 'rollBack' ? decision.to : undefined;
  const outcome = decision.action === 'finish' ? decision.result.outcome : undefined;
  const hasFailed = outcome !== undefined && outcome !== 'SUCCEEDED' && outcome !== 'SUPERSEDED';
  const changes: Partial<DeploymentRecord> = {
    ...(rollbackTarget !== undefined && { rollbackTarget }),
    ...(!isDeepStrictEqual(evidence, record.evidence ?? noEvidence) && { evidence }),
    ...(notFound.count !== (record.notFound?.count ?? 0) && { notFound }),
    ...(pause !== undefined && !isDeepStrictEqual(pause, record.pause) && { pause }),
    ...(hasFailed && service && !isSuperseded(observation) && { revisionAtFailure: service.taskDefinition }),
    ...(outcome === 'SUCCEEDED' && service?.desiredCount === 0 && { hadRunningTasks: false }),
    ...(rollout &&
      rollout.arn !== known &&
      (isRollback && record.rollback
        ? { rollback: { ...record.rollback, serviceDeployment: rollout.arn } }
        : { serviceDeployment: rollout.arn })),
  };
  return Object.keys(changes).length === 0 || records.write(name, visit, changes);
};

export const { step, handler } = defineWaitingStep({
  name: 'WatchRollout',
  input: WaitingStepInput,
  permissions: atPackaging([
    {
      allow: ['ecs:DescribeServices', 'ecs:ListServiceDeployments', 'ecs:DescribeServiceDeployments', 'ecs:DescribeServiceRevisions'],
      on: 'services',
      for: 'the state of the rollout',
    },
    { allow: ['ecs:ListTasks'], on: 'clusters', for: 'why tasks stopped' },
    { allow: ['ecs:DescribeTasks'], on: 'tasks', for: 'why tasks stopped' },
    {
      allow: ['logs:GetLogEvents'],
      on: 'logGroups',
      for: 'the last lines of a failed container; only its task definition names the group',
    },
    { allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], on: 'table', for: 'the record, the watch item and the evidence' },
  ]),
  onFailure: atPackaging('after ten failures in a row RollBack is tried; if that fails too, UNKNOWN, and nothing else is changed'),
  onRepeat: atPackaging('one more read'),
  run: (environment) => {
    const { clients, configuration } = environment;
    return watchRollout({
      configuration,
      services: new Services(clients),
      rollouts: new ServiceDeployments(clients),
      stoppedTasks: new StoppedTasks(clients),
      logs: new ContainerLogs(clients),
      records: new RecordRepository(tableIn(environment)),
      states: new ServiceStates(tableIn(environment)),
      watch: new WatchItems(tableIn(environment)),
    });
  },
});

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
import type { Limits } from '../../core/configuration/service-settings.js';
import { lateCallGuardSeconds } from '../../core/lease/lease.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord, NotFound, RegisteredDeployment, ServiceState } from '../../core/records/records.js';
import { type Clock, readClock } from '../../core/rollout/clock.js';
import { noEvidence } from '../../core/rollout/evidence.js';
import { isAbsent, isSuperseded, noneMissing, notFoundAgain, type Observation } from '../../core/rollout/observation.js';
import { isOnQuarantined } from '../../core/rollout/quarantine.js';
import type { RolloutDecision } from '../../core/rollout/rollout-decision.js';
import { completedAt, type WatchItem } from '../../core/rollout/watch-item.js';
import type { WaitingStepInput } from '../../core/step/contracts.js';
import { acceptedDigests } from '../../core/task-definition/revision-to-copy.js';
import { mustBeVerified } from '../../core/verification/planned-verification.js';
import type { Environment } from '../runtime/environment.js';
import { atPackaging, type Permission } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { collectEvidence, type EvidenceDependencies } from './collect-evidence.js';
import { type ObserveDependencies, observeRollout } from './observe-rollout.js';

export type LookDependencies = ObserveDependencies &
  EvidenceDependencies & { readonly configuration: Configuration; readonly states: Pick<ServiceStates, 'of'> };

/** What looks at rollouts, in an environment. */
export const lookWith = (environment: Environment) => {
  const { clients, configuration } = environment;
  const table = tableIn(environment);
  return {
    configuration,
    services: new Services(clients),
    rollouts: new ServiceDeployments(clients),
    stoppedTasks: new StoppedTasks(clients),
    logs: new ContainerLogs(clients),
    records: new RecordRepository(table),
    states: new ServiceStates(table),
    watch: new WatchItems(table),
  };
};

/** What a function is allowed that looks at rollouts. */
export const lookPermissions = atPackaging<Permission[]>([
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
]);

/** What one look at ECS finds, the state of the service, and the deadline by its clock. */
export type Look = {
  readonly observation: Observation;
  readonly state: ServiceState;
  readonly notFound: NotFound;
} & Pick<Clock, 'pause' | 'deadline'>;

/** Looks at the rollout of a deployment, or at its rollback. */
export const lookAt = async (
  deps: LookDependencies,
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
    mustBeVerified: mustBeVerified(deps.configuration, record, seen.service),
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
  return { observation, state, notFound, pause, deadline };
};

/** Without an item of its own no event wakes the state, and its looks count for themselves. */
export const unwatched = (record: RecordName, { execution }: DeploymentRecord): WatchItem => ({
  record,
  execution,
  news: 0,
  seen: 0,
  groups: [],
});

/** A service state that cannot be read says nothing about the rollout. */
const readable = (state: Promise<ServiceState>): Promise<ServiceState> =>
  state.catch((error: unknown) => {
    if (isNamed(error, 'UnreadableState')) return {};
    throw error;
  });

/** What the look found that the record does not say yet. */
export const changesOf = (
  record: DeploymentRecord,
  { observation, pause, notFound }: Look,
  decision: RolloutDecision,
): Partial<DeploymentRecord> => {
  const { service, rollout, evidence } = observation;
  const isRollback = record.rollback?.method === 'update';
  const known = isRollback ? record.rollback?.serviceDeployment : record.serviceDeployment;
  const rollbackTarget = decision.action === 'rollBack' ? decision.to : undefined;
  const outcome = decision.action === 'finish' ? decision.result.outcome : undefined;
  const hasFailed = outcome !== undefined && outcome !== 'SUCCEEDED' && outcome !== 'SUPERSEDED';
  return {
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
};

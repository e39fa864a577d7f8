import { nameOfUri } from '../image/image-name.js';
import { beforeTaskOf } from '../notification/before-task-report.js';
import { executionUrl } from '../notification/console-link.js';
import { secondsBetween } from '../notification/seconds-between.js';
import { nameOf } from '../records/execution-name.js';
import type { RecordName } from '../records/record-name.js';
import type { DeploymentRecord, Hold, Image, Operation, ServiceState, Trigger } from '../records/records.js';
import type { Result } from '../result/result.js';
import { revisionName } from '../rollout/observation.js';
import type { DeploymentSummary, DeploymentView, ImageView, Phase, Progress } from './answers.js';

// A view lists what it shows: a further member of a record is in no answer until it is added here.

export type Named<Item> = Item & { readonly name: RecordName };

export const imageView = ({ repository, tag, digest, commit, sourceUrl, created }: Image): ImageView => ({
  repository,
  ...(tag !== undefined && { tag }),
  digest,
  ...(commit !== undefined && { commit }),
  ...(sourceUrl !== undefined && { sourceUrl }),
  ...(created !== undefined && { created }),
});

export const holdView = ({ by, reason, at, until }: Hold): Hold => ({
  at,
  ...(by !== undefined && { by }),
  ...(reason !== undefined && { reason }),
  ...(until !== undefined && { until }),
});

export const triggerView = ({ kind, by, reason, hold, until }: Trigger): Trigger => ({
  kind,
  ...(by !== undefined && { by }),
  ...(reason !== undefined && { reason }),
  ...(hold && { hold: holdView(hold) }),
  ...(until !== undefined && { until }),
});

export const resultView = ({ outcome, reason, message, runbook }: Result): Result => ({
  outcome,
  reason,
  message,
  ...(runbook !== undefined && { runbook }),
});

/** A revision is registered within seconds of the lease: after these it waits for the rollout of another deployer. */
const registeringSeconds = 60;

/** What a deployment does now. `lease` is that of its service, which decides before it has a revision. `now` is ISO 8601. */
export const phaseOf = (record: Named<DeploymentRecord>, lease: ServiceState['lease'], now: string): Phase => {
  const { endedAt, rollback, verification, updateRequestedAt, beforeTask, revision } = record;
  if (endedAt !== undefined) return 'ended';
  if (rollback) return 'rollingBack';
  if (verification) return 'verifying';
  if (updateRequestedAt !== undefined) return 'rollingOut';
  if (beforeTask && !beforeTask.ended) return 'beforeTask';
  if (revision !== undefined) return 'updating';
  if (lease?.record !== record.name) return 'queued';
  return secondsBetween(lease.since, now) > registeringSeconds ? 'queued' : 'starting';
};

export type Looked = { readonly lease: ServiceState['lease']; readonly now: string };

export const deploymentSummary = (record: Named<DeploymentRecord>, { lease, now }: Looked): DeploymentSummary => {
  const { name, execution, service, stage, release, operation, image, trigger, startedAt, endedAt, result } = record;
  const kind: Operation['kind'] = operation?.kind ?? 'image';
  return {
    name,
    id: nameOf(execution),
    service,
    stage,
    ...(release !== undefined && { release }),
    operation: kind,
    ...(image && { image: imageView(image) }),
    trigger: triggerView(trigger),
    startedAt,
    ...(endedAt !== undefined && { endedAt }),
    phase: phaseOf(record, lease, now),
    ...revisionsOf(record),
    // A hold may end before the deployment does: then its result is removed again.
    ...(endedAt !== undefined && result && { result: resultView(result) }),
  };
};

/** What AWS says beside the record. */
export type Beside = Looked & {
  readonly progress?: Progress | undefined;
  /** What is remarkable about its execution. */
  readonly noticed?: readonly string[];
};

export const deploymentView = (record: Named<DeploymentRecord>, beside: Beside): DeploymentView => ({
  ...deploymentSummary(record, beside),
  ...(beside.progress && { progress: beside.progress }),
  ...rollbackOf(record),
  ...updateOf(record),
  ...evidenceOf(record),
  ...beforeTaskView(record, beside.now),
  ...verificationOf(record),
  ...warningsOf(record, beside.noticed ?? []),
  consoleUrl: executionUrl(record.execution),
});

const revisionsOf = ({ revision, previousRevision, previousImage, previousTag }: DeploymentRecord) => ({
  ...(revision !== undefined && { revision: revisionName(revision) }),
  ...(previousRevision !== undefined && { previousRevision: revisionName(previousRevision) }),
  ...(previousImage !== undefined && { previousImage: nameOfUri(previousImage, previousTag) }),
});

const rollbackOf = ({ rollback }: DeploymentRecord): Pick<DeploymentView, 'rollback'> => {
  if (!rollback) return {};
  const { since, method, reason, message } = rollback;
  return { rollback: { since, method, reason, message } };
};

const updateOf = ({ updateRequestedAt, evidence, pause }: DeploymentRecord) => ({
  ...(updateRequestedAt !== undefined && { updateRequestedAt }),
  ...(evidence !== undefined && evidence.failedTasks > 0 && { failedTasks: evidence.failedTasks }),
  ...(evidence?.failedAt !== undefined && { failedAt: evidence.failedAt }),
  ...(pause !== undefined && pause.seconds > 0 && { pausedSeconds: pause.seconds }),
});

const evidenceOf = ({ evidence }: DeploymentRecord): Pick<DeploymentView, 'failures' | 'log' | 'events' | 'alarms'> => {
  const { groups = [], logs, events = [], alarms = [] } = evidence ?? {};
  return {
    ...(groups.length > 0 && { failures: groups.map(({ count, description }) => ({ count, description })) }),
    ...(logs && { log: { container: logs.container, lines: logs.lines } }),
    ...(events.length > 0 && { events }),
    ...(alarms.length > 0 && { alarms }),
  };
};

const beforeTaskView = (record: DeploymentRecord, now: string): Pick<DeploymentView, 'beforeTask'> => {
  const beforeTask = beforeTaskOf(record, now);
  return beforeTask ? { beforeTask } : {};
};

const verificationOf = ({ verification }: DeploymentRecord): Pick<DeploymentView, 'verification'> => {
  if (!verification) return {};
  const { since, url, verifier } = verification;
  return { verification: { since, ...(url && { url: url.seen }), ...(verifier && { verifier: verifier.seen }) } };
};

const warningsOf = (
  { evidence, warnings = [], rollbackUnavailableReason = '' }: DeploymentRecord,
  noticed: readonly string[],
): Pick<DeploymentView, 'warnings'> => {
  const all = [
    ...noticed,
    ...(evidence?.warnings ?? []),
    ...warnings,
    ...(rollbackUnavailableReason === '' ? [] : [rollbackUnavailableReason]),
  ];
  return all.length > 0 ? { warnings: all } : {};
};

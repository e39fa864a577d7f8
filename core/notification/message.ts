import { imageName, nameOfUri } from '../image/image-name.js';
import type { CommandName } from '../input/control-input.js';
import { newestIsRolledBack } from '../preflight/messages.js';
import { nameOf } from '../records/execution-name.js';
import { executionNameOf, type RecordName } from '../records/record-name.js';
import type { ApprovalGiven, DeploymentRecord, ReleaseRecord, Trigger, Undo, VerificationRun } from '../records/records.js';
import { missingResult } from '../result/final-result.js';
import type { Result } from '../result/result.js';
import { type FailureGroup, noEvidence } from '../rollout/evidence.js';
import { revisionName } from '../rollout/observation.js';
import { type BeforeTaskReport, beforeTaskOf, type StageBeforeTask } from './before-task-report.js';
import { executionUrl, type Location, locationOf, serviceUrl } from './console-link.js';
import { cut } from './cut.js';
import { linesAfter } from './lines-after.js';
import { secondsBetween } from './seconds-between.js';
import type { ToPaste } from './to-paste.js';

/** The part of a notification about one service. */
export type ServiceReport = {
  readonly service: string;
  readonly stage: string;
  readonly result: Result;
  /** The image that ran before: `team/app:main-6 (a1b2c3d4a1b2)`; empty if unknown. */
  readonly from: string;
  /** What was registered: `web:12`, or `web:12, a copy of web:7` if that is not what ran; absent if nothing was. */
  readonly revision?: string;
  readonly durationSeconds: number;
  readonly beforeTask?: BeforeTaskReport;
  /** Since when it was verified, and what was seen. */
  readonly verification?: Pick<VerificationRun, 'since' | 'url' | 'verifier'>;
  /** What undid it, with its release. The details that follow are of both. */
  readonly undo?: { readonly result: Result; readonly durationSeconds: number };
  readonly failures: readonly FailureGroup[];
  readonly logs?: { readonly container: string; readonly lines: readonly string[] };
  readonly events: readonly string[];
  /** Alarms that fired, an unavailable rollback, limits of the evidence, and what is remarkable about the revision. */
  readonly warnings?: readonly string[];
  readonly consoleUrl: string;
};

/** An operator's command that is reported. */
export type ReportedName = CommandName | 'approve' | 'reject';

/** The notification of an execution's result, as data: mail, Slack and JSON are rendered from it. */
export type Message = {
  /** The execution's ARN, so that a notification that is published twice has one ID. */
  readonly id: string;
  readonly result: Result;
  /** Present if it reports an operator's command. `service` may be `*`; absent if it is about a release before `stage`. */
  readonly command?: { readonly name: ReportedName; readonly service?: string };
  readonly account: string;
  readonly region: string;
  readonly stage: string;
  readonly repository: string;
  /** The image: `team/app:main-7 (a1b2c3d4a1b2)`; without tag and digest as far as they are unknown. */
  readonly to: string;
  readonly trigger: Trigger | undefined;
  readonly commit?: string;
  readonly sourceUrl?: string;
  readonly durationSeconds: number;
  /** How much of that it waited at gates. */
  readonly waitedSeconds?: number;
  /** What it ignores because an operator asked for that. */
  readonly force?: true;
  readonly ignoreWindow?: true;
  readonly ignoreScan?: true;
  readonly approvals?: readonly ApprovalGiven[];
  /** The stage whose request for approval was open when it ended. */
  readonly withdrawn?: string;
  /** Stages that a later push added to it, with its tag. */
  readonly joined?: readonly { readonly stage: string; readonly tag: string }[];
  /** Stages that its tag does not reach, and why. */
  readonly passedOver?: NonNullable<ReleaseRecord['passedOver']>;
  /** What was rolled back: the release of an execution, by its name; by an operator, or this one because a stage failed. */
  readonly rollback?: { readonly of: string; readonly isByHand: boolean };
  /** What the checks before a stage noticed that did not stop it. */
  readonly warnings?: readonly string[];
  /** Those of stages, which have run or tried to. */
  readonly beforeTasks?: readonly StageBeforeTask[];
  readonly services: readonly ServiceReport[];
  /** Services left out, so that SNS accepts it. */
  readonly unlisted?: number;
  /** What to paste into a shell after a failure. */
  readonly lines?: readonly ToPaste[];
  readonly consoleUrl: string;
};

/** From the first execution of a record on, also if another one resumed it. */
const durationOf = ({ startedAt, endedAt }: DeploymentRecord | ReleaseRecord, now: string): number =>
  secondsBetween(startedAt, endedAt ?? now);

/** What was known before the update about a rollback; nothing once one has been proved. */
const rollbackWarning = ({ rollbackUnavailableReason = '' }: DeploymentRecord, { outcome }: Result): string[] => {
  if (rollbackUnavailableReason === '' || outcome === 'ROLLED_BACK') return [];
  return [`${outcome === 'ROLLBACK_FAILED' ? 'no rollback was possible' : 'a rollback may not be possible'}: ${rollbackUnavailableReason}`];
};

/** A migration outlives the revision that it was for. */
const beforeTaskWarning = ({ beforeTask }: DeploymentRecord, { outcome }: Result): string[] => {
  const isBack = outcome === 'ROLLED_BACK' || outcome === 'ROLLBACK_FAILED';
  return isBack && beforeTask !== undefined ? ['what its before task has changed is not undone'] : [];
};

/** A rollback leaves the family with a newest revision that does not work. */
const newestWarning = ({ revision }: DeploymentRecord, { outcome }: Result): string[] =>
  outcome === 'ROLLED_BACK' && revision !== undefined ? [newestIsRolledBack(revision)] : [];

const warningsOf = (record: DeploymentRecord, result: Result, isQuarantined: boolean): Pick<ServiceReport, 'warnings'> => {
  const { alarms = [], warnings = [] } = record.evidence ?? noEvidence;
  const all = [
    ...(isQuarantined ? ['the image is in quarantine on this service'] : []),
    ...alarms.map((alarm) => `alarm ${alarm} fired`),
    ...warnings,
    ...(record.warnings ?? []),
    ...rollbackWarning(record, result),
    ...newestWarning(record, result),
    ...beforeTaskWarning(record, result),
  ];
  return all.length > 0 ? { warnings: all } : {};
};

const revisionOf = ({ revision, base, operation }: DeploymentRecord): Pick<ServiceReport, 'revision'> => {
  const copied = operation?.kind === 'taskDefinition' ? operation.taskDefinition : base;
  const parts = [revision && revisionName(revision), copied && `a copy of ${revisionName(copied)}`].filter(Boolean);
  return parts.length > 0 ? { revision: parts.join(', ') } : {};
};

const hooksOf = (record: DeploymentRecord, now: string): Pick<ServiceReport, 'beforeTask' | 'verification'> => {
  const beforeTask = beforeTaskOf(record, now);
  const { since, url, verifier } = record.verification ?? {};
  return {
    ...(beforeTask && { beforeTask }),
    ...(since !== undefined && { verification: { since, ...(url && { url }), ...(verifier && { verifier }) } }),
  };
};

const reportOf = (
  location: Location,
  record: DeploymentRecord,
  { now, quarantined = [] }: Pick<NotificationInput, 'now' | 'quarantined'>,
  result = record.result ?? missingResult(record),
): ServiceReport => ({
  service: record.service,
  stage: record.stage,
  result,
  from: nameOfUri(record.previousImage ?? '', record.previousTag),
  ...revisionOf(record),
  durationSeconds: durationOf(record, now),
  ...hooksOf(record, now),
  failures: record.evidence?.groups ?? [],
  ...(record.evidence?.logs && { logs: record.evidence.logs }),
  events: record.evidence?.events ?? [],
  ...warningsOf(record, result, quarantined.includes(record.service)),
  consoleUrl: serviceUrl(location, record.service),
});

/** A service with what the release deployed to it, and what undid that. */
const undone = (report: ServiceReport, undo: ServiceReport): ServiceReport => ({
  ...report,
  undo: { result: undo.result, durationSeconds: undo.durationSeconds },
  ...(undo.result.outcome === 'SUCCEEDED' && undo.revision !== undefined && { revision: undo.revision }),
  failures: [...report.failures, ...undo.failures],
  ...(undo.logs && { logs: undo.logs }),
  events: [...report.events, ...undo.events],
  ...((report.warnings || undo.warnings) && { warnings: [...(report.warnings ?? []), ...(undo.warnings ?? [])] }),
});

/** What undoes the deployment with the record `undoes`; undefined while it left no record. */
export type UndoRecord = Undo & { readonly record: DeploymentRecord | undefined };

const reportsOf = (
  { deployments, undos = [] }: NotificationInput,
  report: (record: DeploymentRecord) => ServiceReport,
): ServiceReport[] => {
  const left = new Map(undos.map((undo) => [undo.undoes, undo]));
  const reports = deployments.map((record) => {
    const undo = left.get(record.name ?? '');
    if (!undo) return report(record);
    left.delete(undo.undoes);
    const { service, stage, execution, startedAt, trigger } = record;
    const result = missingResult(undo.record);
    return undone(report(record), report(undo.record ?? { service, stage, execution, startedAt, endedAt: startedAt, trigger, result }));
  });
  // Those of another release, which an operator rolls back.
  return [...reports, ...[...left.values()].flatMap(({ record }) => (record ? [report(record)] : []))];
};

type OfRelease = Pick<
  Message,
  'waitedSeconds' | 'force' | 'ignoreWindow' | 'ignoreScan' | 'approvals' | 'withdrawn' | 'joined' | 'passedOver' | 'rollback' | 'warnings'
>;

/** The stage whose request for approval was open when the release ended. */
const withdrawnBy = ({ stage, begun, waiting, result }: ReleaseRecord): string | undefined => {
  const wasAsked = waiting?.for === 'approval' && waiting.stage === stage && begun !== stage;
  return wasAsked && result?.reason !== 'REJECTED' && result?.reason !== 'APPROVAL_TIMED_OUT' ? stage : undefined;
};

/** How long it waited, also at the gate before which it ended: only one that is passed is counted in the record. */
const waitedOf = ({ waitedSeconds = 0, waiting, stage, begun, endedAt }: ReleaseRecord, now: string): number =>
  waitedSeconds + (waiting?.stage === stage && begun !== stage ? secondsBetween(waiting?.since ?? now, endedAt ?? now) : 0);

/** What its record says of a release beside its services. */
const ofRelease = (release: ReleaseRecord, now: string): OfRelease => {
  const { force, ignoreWindow, ignoreScan, approvals = [], stages = [], passedOver = [], warnings = [] } = release;
  const withdrawn = withdrawnBy(release);
  const waitedSeconds = waitedOf(release, now);
  const joined = stages.flatMap(({ name, tag }) => (tag === undefined ? [] : [{ stage: name, tag }]));
  const of = release.rollback && executionNameOf(release.rollback.of);
  return {
    ...(waitedSeconds > 0 && { waitedSeconds }),
    ...(force && { force }),
    ...(ignoreWindow && { ignoreWindow }),
    ...(ignoreScan && { ignoreScan }),
    ...(approvals.length > 0 && { approvals }),
    ...(withdrawn !== undefined && { withdrawn }),
    ...(joined.length > 0 && { joined }),
    ...(passedOver.length > 0 && { passedOver }),
    ...(of !== undefined && { rollback: { of, isByHand: of !== nameOf(release.execution) } }),
    ...(warnings.length > 0 && { warnings }),
  };
};

/** Times are ISO 8601. `release` is absent for a single deployment, and `undos` unless it rolled something back. */
export type NotificationInput = {
  readonly result: Result;
  readonly execution: string;
  readonly startedAt: string;
  readonly now: string;
  readonly release?: ReleaseRecord | undefined;
  /** What the input of an execution without a record names, of any length. */
  readonly repository?: string | undefined;
  readonly deployments: readonly (DeploymentRecord & { readonly name?: RecordName })[];
  readonly undos?: readonly UndoRecord[];
  /** The deployments that run the before tasks of the release's stages. */
  readonly beforeTasks?: readonly DeploymentRecord[];
  /** Services that have the image in quarantine because of what is reported. */
  readonly quarantined?: readonly string[];
};

const stageBeforeTasks = ({ beforeTasks = [], quarantined = [], now }: NotificationInput): StageBeforeTask[] =>
  beforeTasks.flatMap((record) => {
    const beforeTask = beforeTaskOf(record, now);
    if (!beforeTask) return [];
    const { stage, service } = record;
    return [{ stage, service, beforeTask, ...(quarantined.includes(service) && { isQuarantined: true }) }];
  });

/** Characters of the name of an ECR repository (ECR API, CreateRepository). */
const repositoryLimit = 256;

/** The notification of a release with its deployments, or of a single deployment. */
export const messageOf = (input: NotificationInput): Message => {
  const { result, execution, startedAt, now, release, deployments } = input;
  const location = locationOf(execution);
  const [first] = deployments;
  const own = release ?? first;
  const image = own?.image;
  // A stage that a later push added has the tag of that push, which its request for approval and its services show.
  const stageTag = release?.stages?.find(({ name }) => name === release.stage)?.tag;
  const beforeTasks = stageBeforeTasks(input);
  const repository = release?.repository ?? image?.repository ?? cut(input.repository ?? '', repositoryLimit);
  const services = reportsOf(input, (record) => reportOf(location, record, input, release ? undefined : result));
  const lines = linesAfter(input, services);
  return {
    id: execution,
    result,
    account: location.account,
    region: location.region,
    stage: own?.stage ?? '',
    repository,
    to: imageName(repository, stageTag ?? image?.tag ?? release?.tag, image?.digest),
    trigger: own?.trigger,
    ...(image?.commit !== undefined && { commit: image.commit }),
    ...(image?.sourceUrl !== undefined && { sourceUrl: image.sourceUrl }),
    durationSeconds: own ? durationOf(own, now) : secondsBetween(startedAt, now),
    ...(release && ofRelease({ ...release, result }, now)),
    ...(beforeTasks.length > 0 && { beforeTasks }),
    services,
    ...(lines.length > 0 && { lines }),
    consoleUrl: executionUrl(execution),
  };
};

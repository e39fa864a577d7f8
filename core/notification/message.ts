import { imageName, nameOfUri } from '../image/image-name.js';
import { consoleOf } from '../image/partition.js';
import type { CommandName } from '../input/control-input.js';
import type { DeploymentRecord, ReleaseRecord, Trigger } from '../records/records.js';
import { missingResult } from '../result/final-result.js';
import type { Outcome, Reason, Result } from '../result/result.js';
import { type FailureGroup, noEvidence } from '../rollout/evidence.js';
import { revisionName } from '../rollout/observation.js';

/** The part of a notification about one service. */
export type ServiceReport = {
  readonly service: string;
  readonly stage: string;
  readonly result: Result;
  /** The image that ran before: `team/app:main-6 (a1b2c3d4a1b2)`; empty if unknown. */
  readonly from: string;
  /** What was registered: `web:12`, or `web:12, a copy of web:7` if an operator named a revision; absent if nothing was. */
  readonly revision?: string;
  readonly durationSeconds: number;
  readonly failures: readonly FailureGroup[];
  readonly logs?: { readonly container: string; readonly lines: readonly string[] };
  readonly events: readonly string[];
  /** Alarms that fired, an unavailable rollback, and limits of the evidence. */
  readonly warnings?: readonly string[];
  readonly consoleUrl: string;
};

/** The notification of an execution's result, as data: mail, Slack and JSON are rendered from it. */
export type Message = {
  /** The execution's ARN, so that a notification that is published twice has one ID. */
  readonly id: string;
  readonly result: Result;
  /** Present if it reports an operator's command; `service` may be `*`. */
  readonly command?: { readonly name: CommandName; readonly service: string };
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
  readonly services: readonly ServiceReport[];
  readonly consoleUrl: string;
};

type Location = { readonly partition: string; readonly region: string; readonly account: string };

export const locationOf = (arn: string): Location => {
  const [, partition = '', , region = '', account = ''] = arn.split(':');
  return { partition, region, account };
};

/** Empty in a partition whose console has no known address. */
export const consoleUrl = ({ partition, region }: Location, path: string): string => {
  const host = consoleOf(partition);
  return host === undefined ? '' : `https://${region}.${host}/${path}`;
};

const executionUrl = (arn: string): string => {
  const location = locationOf(arn);
  return consoleUrl(location, `states/home?region=${location.region}#/v2/executions/details/${arn}`);
};

export const serviceUrl = (location: Location, service: string): string => {
  const [cluster = '', name = ''] = service.split('/');
  return consoleUrl(location, `ecs/v2/clusters/${cluster}/services/${name}?region=${location.region}`);
};

const seconds = (from: string, to: string): number => Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));

/** From the first execution of a record on, also if another one resumed it. */
const durationOf = ({ startedAt, endedAt }: DeploymentRecord | ReleaseRecord, now: string): number => seconds(startedAt, endedAt ?? now);

/** What was known before the update about a rollback; nothing once one has been proved. */
const rollbackWarning = ({ rollbackUnavailableReason = '' }: DeploymentRecord, { outcome }: Result): string[] => {
  if (rollbackUnavailableReason === '' || outcome === 'ROLLED_BACK') return [];
  return [`${outcome === 'ROLLBACK_FAILED' ? 'no rollback was possible' : 'a rollback may not be possible'}: ${rollbackUnavailableReason}`];
};

const warningsOf = (record: DeploymentRecord, result: Result): Pick<ServiceReport, 'warnings'> => {
  const { alarms = [], warnings = [] } = record.evidence ?? noEvidence;
  const all = [...alarms.map((alarm) => `alarm ${alarm} fired`), ...warnings, ...rollbackWarning(record, result)];
  return all.length > 0 ? { warnings: all } : {};
};

const revisionOf = ({ revision, operation }: DeploymentRecord): Pick<ServiceReport, 'revision'> => {
  const copied = operation?.kind === 'taskDefinition' && `a copy of ${revisionName(operation.taskDefinition)}`;
  const parts = [revision && revisionName(revision), copied].filter(Boolean);
  return parts.length > 0 ? { revision: parts.join(', ') } : {};
};

const reportOf = (
  location: Location,
  record: DeploymentRecord,
  now: string,
  result = record.result ?? missingResult(record),
): ServiceReport => ({
  service: record.service,
  stage: record.stage,
  result,
  from: nameOfUri(record.previousImage ?? '', record.previousTag),
  ...revisionOf(record),
  durationSeconds: durationOf(record, now),
  failures: record.evidence?.groups ?? [],
  ...(record.evidence?.logs && { logs: record.evidence.logs }),
  events: record.evidence?.events ?? [],
  ...warningsOf(record, result),
  consoleUrl: serviceUrl(location, record.service),
});

/** Times are ISO 8601. `release` is absent for a single deployment. */
export type NotificationInput = {
  readonly result: Result;
  readonly execution: string;
  readonly startedAt: string;
  readonly now: string;
  readonly release?: ReleaseRecord | undefined;
  readonly deployments: readonly DeploymentRecord[];
};

/** The notification of a release with its deployments, or of a single deployment. */
export const messageOf = ({ result, execution, startedAt, now, release, deployments }: NotificationInput): Message => {
  const location = locationOf(execution);
  const [first] = deployments;
  const own = release ?? first;
  const image = own?.image;
  const repository = release?.repository ?? image?.repository ?? '';
  return {
    id: execution,
    result,
    account: location.account,
    region: location.region,
    stage: own?.stage ?? '',
    repository,
    to: imageName(repository, image?.tag ?? release?.tag, image?.digest),
    trigger: own?.trigger,
    ...(image?.commit !== undefined && { commit: image.commit }),
    ...(image?.sourceUrl !== undefined && { sourceUrl: image.sourceUrl }),
    durationSeconds: own ? durationOf(own, now) : seconds(startedAt, now),
    services: deployments.map((record) => reportOf(location, record, now, release ? undefined : result)),
    consoleUrl: executionUrl(execution),
  };
};

/** What an outcome means, as text. */
const meaning: Record<Outcome, string> = {
  SUCCEEDED: 'deployed',
  PARTIAL: 'deployed in part; some services were skipped',
  SKIPPED: 'skipped, nothing changed',
  SUPERSEDED: 'superseded by something newer',
  FAILED: 'failed, nothing changed',
  ROLLED_BACK: 'failed and rolled back',
  ROLLBACK_FAILED: 'failed, and the rollback failed, too: check the service now',
  UNKNOWN: 'final state unknown: check the service now',
};

/** What a reason says beyond its outcome. */
const meaningOfReason: Partial<Record<Reason, string>> = {
  ROLLED_BACK_BY_OPERATOR: 'an operator rolled back to it',
  REDEPLOYED: 'deployed again',
  NOTHING_RUNNING: 'deployed; nothing is running',
  HELD: 'on hold',
  UNHELD: 'no longer on hold',
  CANCEL_REQUESTED: 'cancel requested',
};

/** What the result of a service means. */
export const meaningOfResult = ({ outcome, reason }: Result): string => {
  if (outcome === 'ROLLED_BACK' && reason === 'CANCELLED') return 'cancelled and rolled back';
  return meaningOfReason[reason] ?? meaning[outcome];
};

/** What the result of a notification means: a failed release may have changed some of its services. */
export const meaningOf = ({ result, services }: Message): string => {
  const isPartial = services.some(({ result: { outcome } }) => outcome === 'SUCCEEDED');
  if (isPartial && result.outcome === 'FAILED') return 'failed; some services run it';
  return meaningOfResult(result);
};

/** Formats whole seconds: `1 h 2 min`, `3 min 5 s`, `12 s`. */
export const duration = (total: number): string => {
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${total % 60} s` : `${total} s`;
};

const triggers: Readonly<Record<Exclude<Trigger['kind'], 'hand' | 'releasedHold'>, string>> = {
  push: 'a push',
  replication: 'a replication',
  pullThroughCache: 'a pull-through cache',
  reconcile: 'the reconciler, for a missed push event',
};

/** What started it, with the operator and the reason if they are known. */
export const startedBy = (trigger: Trigger | undefined): string => {
  if (!trigger) return '';
  if (trigger.kind === 'releasedHold') return heldBack(trigger);
  if (trigger.kind !== 'hand') return triggers[trigger.kind];
  return `hand${trigger.by ? `, ${trigger.by}` : ''}${trigger.reason ? `: ${trigger.reason}` : ''}`;
};

/** `held back by ada until 14:05 UTC; bob released the hold: done`. */
const heldBack = ({ hold, until = '', by, reason }: Trigger): string => {
  const end = by || reason ? `; ${by ?? 'an operator'} released the hold${reason ? `: ${reason}` : ''}` : '';
  return `held back by ${hold?.by ?? 'an operator'} until ${until.slice(11, 16)} UTC${end}`;
};

/** A title without the outcome: `my-learn-app:main-7 (a1b2c3d4a1b2) on production/web`. */
export const titleOf = ({ to, services, stage, command }: Message): string => {
  if (command) return command.service === '*' ? 'every service' : command.service;
  const [only] = services;
  const where = services.length === 1 && only ? only.service : stage;
  return [to || 'a deployment', where && `on ${where}`].filter(Boolean).join(' ');
};

/** The title after the outcome, which a command does not have: its meaning says it all. */
export const headlineOf = (message: Message): string =>
  message.command ? titleOf(message) : `${message.result.outcome}: ${titleOf(message)}`;

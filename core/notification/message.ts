import { digestOf, shortDigest } from '../image/image-reference.js';
import type { CommandName } from '../input/control-input.js';
import type { DeploymentRecord, ReleaseRecord, Trigger } from '../records/records.js';
import { type Outcome, type Result, unfinished } from '../result/result.js';
import { type FailureGroup, noEvidence } from '../rollout/evidence.js';

/** The part of a notification about one service. */
export type ServiceReport = {
  readonly service: string;
  readonly stage: string;
  readonly result: Result;
  /** Tag and digest that ran before; empty if unknown. */
  readonly from: string;
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
  readonly to: string;
  readonly trigger: Trigger | undefined;
  readonly commit?: string;
  readonly sourceUrl?: string;
  readonly durationSeconds: number;
  readonly services: readonly ServiceReport[];
  readonly consoleUrl: string;
};

const consoleHosts: Record<string, string> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

type Location = { readonly partition: string; readonly region: string; readonly account: string };

export const locationOf = (arn: string): Location => {
  const [, partition = '', , region = '', account = ''] = arn.split(':');
  return { partition, region, account };
};

export const consoleUrl = ({ partition, region }: Location, path: string): string =>
  `https://${region}.${consoleHosts[partition] ?? consoleHosts.aws}/${path}`;

const executionUrl = (arn: string): string => {
  const location = locationOf(arn);
  return consoleUrl(location, `states/home?region=${location.region}#/v2/executions/details/${arn}`);
};

export const serviceUrl = (location: Location, service: string): string => {
  const [cluster = '', name = ''] = service.split('/');
  return consoleUrl(location, `ecs/v2/clusters/${cluster}/services/${name}?region=${location.region}`);
};

const tagAndDigest = (tag: string | undefined, digest: string | undefined): string => {
  if (!digest) return tag ?? '';
  return tag ? `${tag} (${shortDigest(digest)})` : shortDigest(digest);
};

const seconds = (from: string, to: string): number => Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));

const before = ({ previousImage, previousTag }: DeploymentRecord): string => {
  if (!previousImage) return '';
  const digest = digestOf(previousImage);
  if (digest) return tagAndDigest(previousTag, digest);
  return previousImage.slice(previousImage.lastIndexOf('/') + 1);
};

const warningsOf = ({ evidence, rollbackUnavailableReason = '' }: DeploymentRecord): Pick<ServiceReport, 'warnings'> => {
  const { alarms = [], warnings = [] } = evidence ?? noEvidence;
  const all = [
    ...alarms.map((alarm) => `alarm ${alarm} fired`),
    ...warnings,
    ...(rollbackUnavailableReason ? [`no rollback was possible: ${rollbackUnavailableReason}`] : []),
  ];
  return all.length > 0 ? { warnings: all } : {};
};

const reportOf = (location: Location, record: DeploymentRecord, now: string, result?: Result): ServiceReport => ({
  service: record.service,
  stage: record.stage,
  result: result ?? record.result ?? unfinished,
  from: before(record),
  durationSeconds: seconds(record.startedAt, record.endedAt ?? now),
  failures: record.evidence?.groups ?? [],
  ...(record.evidence?.logs && { logs: record.evidence.logs }),
  events: record.evidence?.events ?? [],
  ...warningsOf(record),
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
  const image = release?.image ?? first?.image;
  return {
    id: execution,
    result,
    account: location.account,
    region: location.region,
    stage: release?.stage ?? first?.stage ?? '',
    repository: release?.repository ?? image?.repository ?? '',
    to: tagAndDigest(image?.tag ?? release?.tag, image?.digest),
    trigger: release?.trigger ?? first?.trigger,
    ...(image?.commit !== undefined && { commit: image.commit }),
    ...(image?.sourceUrl !== undefined && { sourceUrl: image.sourceUrl }),
    durationSeconds: seconds(startedAt, now),
    services: deployments.map((record) => reportOf(location, record, now, release ? undefined : result)),
    consoleUrl: executionUrl(execution),
  };
};

/** What an outcome means, as text. */
export const meaning: Record<Outcome, string> = {
  SUCCEEDED: 'deployed',
  PARTIAL: 'deployed in part; some services were skipped',
  SKIPPED: 'skipped, nothing changed',
  SUPERSEDED: 'superseded by something newer',
  FAILED: 'failed, nothing changed',
  ROLLED_BACK: 'failed and rolled back',
  ROLLBACK_FAILED: 'failed, and the rollback failed, too: check the service now',
  UNKNOWN: 'final state unknown: check the service now',
};

const commandMeaning: Record<CommandName, string> = {
  hold: 'on hold',
  unhold: 'no longer on hold',
  cancel: 'cancel requested',
};

/** What the outcome of a notification means: a failed release may have changed some of its services. */
export const meaningOf = ({ result: { outcome }, services, command }: Message): string => {
  if (command) return commandMeaning[command.name];
  const isPartial = services.some(({ result }) => result.outcome === 'SUCCEEDED');
  if (isPartial && outcome === 'FAILED') return 'failed; some services run it';
  return meaning[outcome];
};

/** Formats whole seconds: `1 h 2 min`, `3 min 5 s`, `12 s`. */
export const duration = (total: number): string => {
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${total % 60} s` : `${total} s`;
};

/** What started it, with the operator and the reason if they are known. */
export const startedBy = (trigger: Trigger | undefined): string => {
  if (!trigger) return '';
  if (trigger.kind === 'push') return 'a push';
  if (trigger.kind === 'reconcile') return 'the reconciler, for a missed push event';
  if (trigger.kind === 'releasedHold') return heldBack(trigger);
  return `hand${trigger.by ? `, ${trigger.by}` : ''}${trigger.reason ? `: ${trigger.reason}` : ''}`;
};

/** `held back by ada until 14:05 UTC; bob released the hold: done`. */
const heldBack = ({ hold, until = '', by, reason }: Trigger): string => {
  const end = by || reason ? `; ${by ?? 'an operator'} released the hold${reason ? `: ${reason}` : ''}` : '';
  return `held back by ${hold?.by ?? 'an operator'} until ${until.slice(11, 16)} UTC${end}`;
};

/** A title without the outcome: `my-learn-app main-7 on production/web`. */
export const titleOf = ({ repository, to, services, stage, command }: Message): string => {
  if (command) return command.service === '*' ? 'every service' : command.service;
  const image = [repository, to].filter(Boolean).join(' ');
  const [only] = services;
  const where = services.length === 1 && only ? only.service : stage;
  return [image || 'a deployment', where && `on ${where}`].filter(Boolean).join(' ');
};

import { imageName, nameOfUri } from '../image/image-name.js';
import type { CommandName } from '../input/control-input.js';
import { newestIsRolledBack } from '../preflight/messages.js';
import type { DeploymentRecord, ReleaseRecord, Trigger } from '../records/records.js';
import { missingResult } from '../result/final-result.js';
import type { Result } from '../result/result.js';
import { type FailureGroup, noEvidence } from '../rollout/evidence.js';
import { revisionName } from '../rollout/observation.js';
import { executionUrl, type Location, locationOf, serviceUrl } from './console-link.js';

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

const seconds = (from: string, to: string): number => Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));

/** From the first execution of a record on, also if another one resumed it. */
const durationOf = ({ startedAt, endedAt }: DeploymentRecord | ReleaseRecord, now: string): number => seconds(startedAt, endedAt ?? now);

/** What was known before the update about a rollback; nothing once one has been proved. */
const rollbackWarning = ({ rollbackUnavailableReason = '' }: DeploymentRecord, { outcome }: Result): string[] => {
  if (rollbackUnavailableReason === '' || outcome === 'ROLLED_BACK') return [];
  return [`${outcome === 'ROLLBACK_FAILED' ? 'no rollback was possible' : 'a rollback may not be possible'}: ${rollbackUnavailableReason}`];
};

/** A rollback leaves the family with a newest revision that does not work. */
const newestWarning = ({ revision }: DeploymentRecord, { outcome }: Result): string[] =>
  outcome === 'ROLLED_BACK' && revision !== undefined ? [newestIsRolledBack(revision)] : [];

const warningsOf = (record: DeploymentRecord, result: Result): Pick<ServiceReport, 'warnings'> => {
  const { alarms = [], warnings = [] } = record.evidence ?? noEvidence;
  const all = [
    ...alarms.map((alarm) => `alarm ${alarm} fired`),
    ...warnings,
    ...rollbackWarning(record, result),
    ...newestWarning(record, result),
  ];
  return all.length > 0 ? { warnings: all } : {};
};

const revisionOf = ({ revision, base, operation }: DeploymentRecord): Pick<ServiceReport, 'revision'> => {
  const copied = operation?.kind === 'taskDefinition' ? operation.taskDefinition : base;
  const parts = [revision && revisionName(revision), copied && `a copy of ${revisionName(copied)}`].filter(Boolean);
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

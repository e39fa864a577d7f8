import { nameOf } from './execution-name.js';

/** A record of the table, `<pk> <sk>`: a name short enough to travel through the states. */
export type RecordName = string;

export type Key = { readonly pk: string; readonly sk: string };

/** The keys of items of one partition, from one to another, both included. */
export type KeyRange = { readonly pk: string; readonly from: string; readonly to: string };

const servicePartition = (service: string): string => `service#${service}`;
const repositoryPartition = (repository: string): string => `repository#${repository}`;
const deploymentPrefix = 'deployment#';
const releasePrefix = 'release#';

/** The record of a deployment. `startedAt` is ISO 8601, `execution` an ARN. */
export const deploymentName = (service: string, startedAt: string, execution: string): RecordName =>
  nameOfKey({ pk: servicePartition(service), sk: `${deploymentPrefix}${startedAt}#${nameOf(execution)}` });

/** The record of a release. */
export const releaseName = (repository: string, startedAt: string, execution: string): RecordName =>
  nameOfKey({ pk: repositoryPartition(repository), sk: `${releasePrefix}${startedAt}#${nameOf(execution)}` });

/**
 * The record of an execution, also if its first step failed before it answered the name: `record` as answered, or what that
 * step would have named it. Empty if it has none.
 */
export const recordOfExecution = ({
  record,
  service,
  repository,
  startedAt,
  execution,
}: {
  readonly record: RecordName | '';
  readonly service?: string;
  readonly repository?: string;
  readonly startedAt: string;
  readonly execution: string;
}): RecordName | '' => {
  if (record !== '') return record;
  if (service) return deploymentName(service, startedAt, execution);
  return repository ? releaseName(repository, startedAt, execution) : '';
};

export const keyOf = (name: RecordName): Key => {
  const space = name.indexOf(' ');
  return { pk: name.slice(0, space), sk: name.slice(space + 1) };
};

export const nameOfKey = ({ pk, sk }: Key): RecordName => `${pk} ${sk}`;

/** What a name is the record of; undefined for other items of the table. */
export const kindOfRecord = (name: RecordName): 'deployment' | 'release' | undefined => {
  const { sk } = keyOf(name);
  if (sk.startsWith(deploymentPrefix)) return 'deployment';
  return sk.startsWith(releasePrefix) ? 'release' : undefined;
};

/** Is it the record of this execution, by its name? */
export const isRecordOf = ({ sk }: Key, executionName: string): boolean => sk.endsWith(`#${executionName}`);

/** When the execution was started whose record it is, ISO 8601. */
export const startedAtOf = (name: RecordName): string => keyOf(name).sk.split('#')[1] ?? '';

/** The name of the execution whose record it is. */
export const executionNameOf = (name: RecordName): string => name.slice(name.lastIndexOf('#') + 1);

/** The item with everything that decides about a service; `*` is every service. */
export const serviceStateKey = (service: string): Key => ({ pk: servicePartition(service), sk: 'state' });

/** The item that a service is watched by while a deployment holds its lease. */
export const watchKey = (service: string): Key => ({ pk: servicePartition(service), sk: 'watch' });

/** The service of a state's name; undefined for records. */
export const serviceOfState = (name: RecordName): string | undefined => {
  const { pk, sk } = keyOf(name);
  return sk === 'state' ? pk.slice(servicePartition('').length) : undefined;
};

/** The item that says since when the stages of a repository are known. */
export const firstSeenKey = (repository: string): Key => ({ pk: repositoryPartition(repository), sk: 'firstSeen' });

/** The item with the stages in which a digest has succeeded. */
export const passedKey = (repository: string, digest: string): Key => ({ pk: repositoryPartition(repository), sk: `passed#${digest}` });

/** The item that says which release has a digest. */
export const claimKey = (repository: string, digest: string): Key => ({ pk: repositoryPartition(repository), sk: `claim#${digest}` });

/** The item of the release that waits before a stage. */
export const gateKey = (repository: string, stage: string): Key => ({ pk: repositoryPartition(repository), sk: `gate#${stage}` });

/** Compared as text, `05.400Z` is before `05Z`. */
const toTheSecond = (time: string): string => time.slice(0, '2026-11-23T12:00:05'.length);

/** The deployments of a service that started since then, to the second. */
export const deploymentsSince = (service: string, since: string): KeyRange => ({
  pk: servicePartition(service),
  from: `${deploymentPrefix}${toTheSecond(since)}`,
  to: `${deploymentPrefix}~`,
});

/** The releases of a repository that started since then. */
export const releasesSince = (repository: string, since: string): KeyRange => ({
  pk: repositoryPartition(repository),
  from: `${releasePrefix}${since}`,
  to: `${releasePrefix}~`,
});

/** What has a history: the deployments of a service, or the releases of a repository. */
export type HistoryOf = { readonly service: string } | { readonly repository: string };

const historyKeys = (of: HistoryOf): { readonly pk: string; readonly prefix: string } =>
  'service' in of
    ? { pk: servicePartition(of.service), prefix: deploymentPrefix }
    : { pk: repositoryPartition(of.repository), prefix: releasePrefix };

/** The records of a history up to the one with this sort key. Undefined for a key of something else. */
export const historyUntil = (of: HistoryOf, until?: string): KeyRange | undefined => {
  const { pk, prefix } = historyKeys(of);
  if (until !== undefined && !until.startsWith(prefix)) return undefined;
  return { pk, from: prefix, to: until ?? `${prefix}~` };
};

/** The records of a history that started since then (ISO 8601), to the second. */
export const historySince = (of: HistoryOf, since: string): KeyRange => {
  const { pk, prefix } = historyKeys(of);
  return { pk, from: `${prefix}${toTheSecond(since)}`, to: `${prefix}~` };
};

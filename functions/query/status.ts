import {
  type Configuration,
  configuredServices,
  findServices,
  type Repository,
  repositoryOf,
} from '../../core/configuration/configuration.js';
import { hasEnded } from '../../core/lease/lease.js';
import { UnreadableState } from '../../core/lease/service-state.js';
import type { RepositoryStatus, ServiceStatus, StageStatus, Status } from '../../core/query/answers.js';
import { holdView, imageView, type Named } from '../../core/query/deployment-view.js';
import { releaseSummary, waitOf } from '../../core/query/release-view.js';
import type { QueryRequest } from '../../core/query/request.js';
import { serviceStatus, unreadableStatus } from '../../core/query/service-status.js';
import { type Key, keyOf, kindOfRecord } from '../../core/records/record-name.js';
import type { DeploymentRecord, Hold, ReleaseRecord } from '../../core/records/records.js';
import { mapInBatches } from '../runtime/map-in-batches.js';
import { rejectUnknownRepository, rejectUnknownService } from './known-names.js';
import type { Asked } from './reads.js';
import { deploymentOf, readable, releaseOf } from './records.js';

type Request = Extract<QueryRequest, { query: 'status' }>;

const rethrow = (_: unknown, error: Error): never => {
  throw error;
};

/** @throws RefusedQuery NOT_CONFIGURED for a repository or a service that slipway.yml does not name, and that has nothing in progress */
export const status = async (asked: Asked, request: Request): Promise<Status> => {
  const { configuration } = asked;
  const open = await openRecords(asked);
  const { repositories, services } = scopeOf(configuration, request, open);
  const all = await holdOfAll(asked);
  return {
    ...all.hold,
    repositories: repositories.map((one) => repositoryStatus(one, open.releases)),
    services: [...all.unreadable, ...(await mapInBatches(services, (service) => ofService(asked, service), rethrow))],
  };
};

type Open = { readonly releases: readonly Named<ReleaseRecord>[]; readonly services: readonly string[] };

/** The releases in progress, the newest first, and the services of deployments in progress: the index of pending records has them. */
const openRecords = async ({ history, pending }: Asked): Promise<Open> => {
  const names = (await pending.names()).filter((name) => kindOfRecord(name) !== undefined);
  const items = (await mapInBatches(names, (name) => history.read(name), rethrow)).flatMap((item) => item ?? []);
  const ofKind = (kind: string): Key[] => items.filter(({ pk, sk }) => kindOfRecord(`${pk} ${sk}`) === kind);
  const isOpen = ({ endedAt }: { readonly endedAt?: string }): boolean => endedAt === undefined;
  const releases = readable(ofKind('release'), releaseOf).records.filter(isOpen);
  const deployments = readable(ofKind('deployment'), deploymentOf).records.filter(isOpen);
  return {
    releases: releases.sort((one, other) => (keyOf(one.name).sk < keyOf(other.name).sk ? 1 : -1)),
    services: [...new Set(deployments.map(({ service }) => service))],
  };
};

/** What is asked about. A service that was taken out of slipway.yml is there until its deployment has ended. */
const scopeOf = (
  configuration: Configuration,
  { repository, service }: Request,
  open: Open,
): { readonly repositories: readonly Repository[]; readonly services: readonly string[] } => {
  if (repository !== undefined) {
    rejectUnknownRepository(configuration, repository);
    const repositories = [repositoryOf(configuration, repository)].flatMap((one) => one ?? []);
    return { repositories, services: servicesOf(repositories) };
  }
  if (service !== undefined) {
    if (!open.services.includes(service)) rejectUnknownService(configuration, service);
    const repositories = findServices(configuration, service).map((found) => found.repository);
    return { repositories: [...new Set(repositories)], services: [service] };
  }
  const configured = configuredServices(configuration).map((one) => one.service.service);
  return { repositories: Object.values(configuration.repositories), services: [...new Set([...configured, ...open.services])] };
};

const servicesOf = (repositories: readonly Repository[]): string[] => [
  ...new Set(repositories.flatMap(({ stages }) => stages.flatMap(({ services }) => services.map((one) => one.service)))),
];

const holdOfAll = async ({
  states,
  now,
}: Asked): Promise<{ readonly hold: { readonly holdOfAll?: Hold }; readonly unreadable: readonly ServiceStatus[] }> => {
  try {
    const { hold } = await states.of('*');
    return { hold: hold && !hasEnded(hold, now) ? { holdOfAll: holdView(hold) } : {}, unreadable: [] };
  } catch (error) {
    if (!(error instanceof UnreadableState)) throw error;
    return { hold: {}, unreadable: [unreadableStatus('*', error.message)] };
  }
};

const repositoryStatus = (repository: Repository, open: readonly Named<ReleaseRecord>[]): RepositoryStatus => {
  const releases = open.filter((one) => one.repository === repository.name);
  return {
    repository: repository.name,
    stages: repository.stages.map(({ name, services }) => ({
      name,
      services: services.map(({ service }) => service),
      ...waitingAt(name, releases),
    })),
    releases: releases.map(releaseSummary),
  };
};

const waitingAt = (stage: string, releases: readonly Named<ReleaseRecord>[]): Pick<StageStatus, 'waiting'> => {
  for (const release of releases) {
    const wait = waitOf(release);
    if (wait?.stage === stage && release.image) return { waiting: { ...wait, release: release.name, image: imageView(release.image) } };
  }
  return {};
};

const ofService = async (asked: Asked, service: string): Promise<ServiceStatus> => {
  const { states, configuration, now, history } = asked;
  try {
    const state = await states.of(service);
    const held = state.lease && (await history.read(state.lease.record));
    const current = held && readable([held], deploymentOf).records[0];
    return serviceStatus(service, { state, current, last: await lastEnded(asked, service) }, configuration, now);
  } catch (error) {
    if (error instanceof UnreadableState) return unreadableStatus(service, error.message);
    throw error;
  }
};

/** Newest records of a service among which one that has ended is looked for: more than these are never in progress at once. */
const newest = 25;

const lastEnded = async ({ history }: Asked, service: string): Promise<Named<DeploymentRecord> | undefined> => {
  let left = newest;
  for await (const item of history.newestFirst({ service }, 3)) {
    const [record] = readable([item], deploymentOf).records;
    if (record?.endedAt !== undefined) return record;
    if (--left === 0) return undefined;
  }
  return undefined;
};

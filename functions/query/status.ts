import {
  type Configuration,
  configuredServices,
  findServices,
  type Repository,
  repositoryOf,
} from '../../core/configuration/configuration.js';
import { hasEnded } from '../../core/lease/lease.js';
import { readState, UnreadableState } from '../../core/lease/service-state.js';
import type { RepositoryStatus, ServiceStatus, StageStatus, Status } from '../../core/query/answers.js';
import { holdView, imageView, type Named } from '../../core/query/deployment-view.js';
import { releaseSummary, waitOf } from '../../core/query/release-view.js';
import type { QueryRequest } from '../../core/query/request.js';
import { serviceStatus, unreadableStatus } from '../../core/query/service-status.js';
import type { DeploymentRecord, Hold, ReleaseRecord } from '../../core/records/records.js';
import { mapInBatches } from '../runtime/map-in-batches.js';
import { rejectUnknownRepository, rejectUnknownService } from './known-names.js';
import { openRecords } from './open-records.js';
import type { Asked } from './reads.js';
import { deploymentOf, readable } from './records.js';

type Request = Extract<QueryRequest, { query: 'status' }>;

const rethrow = (_: unknown, error: Error): never => {
  throw error;
};

/** @throws RefusedQuery NOT_CONFIGURED for a repository or a service that slipway.yml does not name, and that has nothing in progress */
export const status = async (asked: Asked, request: Request): Promise<Status> => {
  const { configuration } = asked;
  const { releases, deployments } = await openRecords(asked);
  const inProgress = [...new Set(deployments.map(({ service }) => service))];
  const { repositories, services } = scopeOf(configuration, request, inProgress);
  const items = await asked.stateBatch.of(['*', ...services]);
  const all = holdOfAll(asked, items);
  const ofEach = (service: string): Promise<ServiceStatus> => ofService(asked, { service, item: items.get(service), request });
  return {
    ...all.hold,
    repositories: repositories.map((one) => repositoryStatus(one, releases)),
    services: [...all.unreadable, ...(await mapInBatches(services, ofEach, rethrow))],
  };
};

/** What is asked about. A service that was taken out of slipway.yml is there until its deployment has ended. */
const scopeOf = (
  configuration: Configuration,
  { repository, service, services: some }: Request,
  inProgress: readonly string[],
): { readonly repositories: readonly Repository[]; readonly services: readonly string[] } => {
  if (repository !== undefined) {
    rejectUnknownRepository(configuration, repository);
    const repositories = [repositoryOf(configuration, repository)].flatMap((one) => one ?? []);
    return { repositories, services: servicesOf(repositories) };
  }
  const named = service === undefined ? some : [service];
  if (named !== undefined) {
    const services = [...new Set(named)];
    for (const one of services) if (!inProgress.includes(one)) rejectUnknownService(configuration, one);
    const repositories = services.flatMap((one) => findServices(configuration, one).map((found) => found.repository));
    return { repositories: [...new Set(repositories)], services };
  }
  const configured = configuredServices(configuration).map((one) => one.service.service);
  return { repositories: Object.values(configuration.repositories), services: [...new Set([...configured, ...inProgress])] };
};

const servicesOf = (repositories: readonly Repository[]): string[] => [
  ...new Set(repositories.flatMap(({ stages }) => stages.flatMap(({ services }) => services.map((one) => one.service)))),
];

type HoldOfAll = { readonly hold: { readonly holdOfAll?: Hold }; readonly unreadable: readonly ServiceStatus[] };

const holdOfAll = ({ now }: Asked, items: ReadonlyMap<string, object>): HoldOfAll => {
  try {
    const { hold } = readState('*', items.get('*'));
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

type OfService = { readonly service: string; readonly item: object | undefined; readonly request: Request };

const ofService = async (asked: Asked, { service, item, request }: OfService): Promise<ServiceStatus> => {
  const { configuration, now, history } = asked;
  try {
    const state = readState(service, item);
    const held = state.lease && (await history.read(state.lease.record));
    const current = held && readable([held], deploymentOf).records[0];
    const last = request.last === false ? undefined : await lastEnded(asked, service);
    return serviceStatus(service, { state, current, last }, configuration, now);
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

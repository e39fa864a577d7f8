import { type Configuration, findServices } from '../configuration/configuration.js';
import { hasEnded } from '../lease/lease.js';
import { sourceOf } from '../lease/service-state.js';
import { nameOf } from '../records/execution-name.js';
import type { DeploymentRecord, QueueEntry, ServiceState, Source } from '../records/records.js';
import { revisionName } from '../rollout/observation.js';
import { quarantineOf } from '../rollout/quarantine.js';
import type { ServiceStatus, SourceView } from './answers.js';
import { deploymentSummary, holdView, type Named } from './deployment-view.js';

type Read = {
  readonly state: ServiceState;
  /** The lease holder's record, and that of the newest deployment that has ended. */
  readonly current: Named<DeploymentRecord> | undefined;
  readonly last: Named<DeploymentRecord> | undefined;
};

/** `now` is ISO 8601. */
export const serviceStatus = (
  service: string,
  { state, current, last }: Read,
  configuration: Configuration,
  now: string,
): ServiceStatus => {
  const { hold, queued = {}, sources = {}, lease } = state;
  const repositories = new Set([...findServices(configuration, service).map(({ repository }) => repository.name), ...Object.keys(sources)]);
  const looked = { lease, now };
  return {
    service,
    sources: [...repositories].map((repository) => sourceView(state, repository)),
    ...(hold && !hasEnded(hold, now) && { hold: holdView(hold) }),
    ...(current && { current: deploymentSummary(current, looked) }),
    ...(current && lease && { leaseSince: lease.since }),
    queued: Object.values(queued).map(queuedView),
    ...(last && { last: deploymentSummary(last, looked) }),
  };
};

const queuedView = ({ execution, since, priority }: QueueEntry): ServiceStatus['queued'][number] => ({
  id: nameOf(execution),
  since,
  repository: priority.source,
});

const sourceView = (state: ServiceState, repository: string): SourceView => {
  const { lastDeployed, withheld } = sourceOf(state, repository);
  const knownGood = knownGoodOf(state, repository);
  return {
    repository,
    ...(lastDeployed && { lastDeployed: pushView(lastDeployed) }),
    quarantine: quarantineOf(state, repository).map(({ digest, reason, at }) => ({ digest, reason, at })),
    ...(withheld && { withheld: pushView(withheld) }),
    ...(knownGood.length > 0 && { knownGood }),
  };
};

const knownGoodOf = ({ knownGood = [] }: ServiceState, repository: string): NonNullable<SourceView['knownGood']> =>
  knownGood
    .filter((one) => one.repository === repository)
    .map(({ revision, at, ...pushed }) => ({ ...pushView(pushed), revision: revisionName(revision), at }))
    .reverse();

const pushView = ({ digest, tag, pushedAt }: NonNullable<Source['lastDeployed']>): NonNullable<SourceView['lastDeployed']> => ({
  digest,
  ...(tag !== undefined && { tag }),
  pushedAt,
});

export const unreadableStatus = (service: string, unreadable: string): ServiceStatus => ({ service, sources: [], queued: [], unreadable });

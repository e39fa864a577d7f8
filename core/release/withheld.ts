import { type Configuration, findService } from '../configuration/configuration.js';
import { appliedHold, isNewer } from '../lease/lease.js';
import { reach } from '../policy/tag-policy.js';
import { executionName } from '../records/execution-name.js';
import type { Hold, ServiceState, Withheld } from '../records/records.js';
import { quarantineOf } from '../rollout/quarantine.js';

/** A release to start: the name of its execution, and its input. */
export type ReleaseStart = { readonly repository: string; readonly digest: string; readonly name: string; readonly input: object };

/** Who released a hold and why, as far as known, and when (ISO 8601). */
export type HoldRelease = { readonly until: string; readonly by?: string | undefined; readonly reason?: string | undefined };

/** What a hold kept back from a service of a repository. */
type Kept = { readonly repository: string; readonly service: string; readonly withheld: Withheld };

/** The state of a service; `service` is `cluster/service`. */
export type NamedState = { readonly service: string; readonly state: ServiceState };

/**
 * The releases of what holds kept back from services that no hold applies to any more: for each service the newest image of a
 * repository whose tag reaches it, unless what runs is newer, or it is quarantined. They are automatic starts: the lease of each service
 * decides once more. The name is equal for one tag of an image that one hold kept back from one release, so that two callers start one
 * execution.
 */
export const withheldStarts = (
  configuration: Configuration,
  states: readonly NamedState[],
  holdOfAll: ServiceState['hold'],
  { until, by, reason }: HoldRelease,
): ReleaseStart[] => {
  const all = states.flatMap((one) => (appliedHold(one.state, holdOfAll, until) ? [] : keptFrom(one))).sort(newestFirst);
  const isCovered = ({ repository, service }: Kept, by: Kept): boolean =>
    by.repository === repository && reachesService(configuration, by, service);
  const starts: Kept[] = [];
  for (const kept of all) if (!starts.some((other) => isCovered(kept, other))) starts.push(kept);
  return starts.map(({ repository, withheld: { digest, tag, pushedAt, hold, release } }) => ({
    repository,
    digest,
    name: executionName([repository.slice(0, 40), digest.slice(7, 19)], [repository, digest, tag ?? '', release, hold.at, 'withheld']),
    input: { repository, digest, tag, pushedAt, hold: written(hold), until: iso(until), by, reason },
  }));
};

const keptFrom = ({ service, state }: NamedState): Kept[] =>
  Object.entries(state.sources ?? {}).flatMap(([repository, { withheld, lastDeployed }]) => {
    if (!withheld || quarantineOf(state, repository).some(({ digest }) => digest === withheld.digest)) return [];
    if (lastDeployed && (lastDeployed.digest === withheld.digest || isNewer(lastDeployed, withheld))) return [];
    return [{ repository, service, withheld }];
  });

const newestFirst = ({ withheld: one }: Kept, { withheld: other }: Kept): number =>
  isNewer(one, other) ? -1 : isNewer(other, one) ? 1 : 0;

/** Without a tag it reaches every stage. */
const reachesService = (configuration: Configuration, { repository, withheld: { tag } }: Kept, service: string): boolean => {
  const found = findService(configuration, service, repository);
  return tag === undefined || found === undefined || reach(found.repository, found.stage, tag).isReached;
};

/** A hold that was written into the item by hand may have other members, and its times another form. */
const written = ({ at, until, by, reason }: Hold): Hold => ({
  at: iso(at),
  ...(until !== undefined && { until: iso(until) }),
  ...(by !== undefined && { by }),
  ...(reason !== undefined && { reason }),
});

const iso = (time: string): string => new Date(time).toISOString();

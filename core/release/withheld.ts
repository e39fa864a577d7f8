import { appliedHold, isNewer } from '../lease/lease.js';
import { executionName } from '../records/execution-name.js';
import type { Hold, ServiceState, Withheld } from '../records/records.js';
import { quarantineOf } from '../rollout/quarantine.js';

/** A release to start: the name of its execution, and its input. */
export type ReleaseStart = { readonly repository: string; readonly digest: string; readonly name: string; readonly input: object };

/** Who released a hold and why, as far as known, and when (ISO 8601). */
export type HoldRelease = { readonly until: string; readonly by?: string | undefined; readonly reason?: string | undefined };

/**
 * The releases of what holds kept back from services that no hold applies to any more: of each repository the newest image, unless
 * what runs is newer, or it is quarantined. They are automatic starts: the lease of each service decides once more. The name is
 * equal for one image that one hold kept back from one release, so that two callers start one execution.
 */
export const withheldStarts = (
  states: readonly ServiceState[],
  holdOfAll: ServiceState['hold'],
  { until, by, reason }: HoldRelease,
): ReleaseStart[] => {
  const newest = new Map<string, Withheld>();
  for (const state of states) {
    if (appliedHold(state, holdOfAll, until)) continue;
    for (const [repository, { withheld, lastDeployed }] of Object.entries(state.sources ?? {})) {
      if (!withheld || quarantineOf(state, repository).some(({ digest }) => digest === withheld.digest)) continue;
      if (lastDeployed && (lastDeployed.digest === withheld.digest || isNewer(lastDeployed, withheld))) continue;
      const other = newest.get(repository);
      if (!other || isNewer(withheld, other)) newest.set(repository, withheld);
    }
  }
  return [...newest].map(([repository, { digest, tag, pushedAt, hold, release }]) => ({
    repository,
    digest,
    name: executionName([repository.slice(0, 40), digest.slice(7, 19)], [repository, digest, release, hold.at, 'withheld']),
    input: { repository, digest, tag, pushedAt, hold: written(hold), until: iso(until), by, reason },
  }));
};

/** A hold that was written into the item by hand may have other members, and its times another form. */
const written = ({ at, until, by, reason }: Hold): Hold => ({
  at: iso(at),
  ...(until !== undefined && { until: iso(until) }),
  ...(by !== undefined && { by }),
  ...(reason !== undefined && { reason }),
});

const iso = (time: string): string => new Date(time).toISOString();

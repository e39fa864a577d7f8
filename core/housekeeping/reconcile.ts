import type { Repository } from '../configuration/configuration.js';
import { matchTag } from '../policy/tag-policy.js';
import { executionName } from '../records/execution-name.js';
import type { DeploymentRecord, ReleaseRecord, ServiceState } from '../records/records.js';
import { historySeconds } from '../result/final-result.js';
import type { Reason } from '../result/result.js';

/** An image as its registry lists it. */
export type PushedImage = { readonly digest: string; readonly tags: readonly string[]; readonly pushedAt: string };

/** What might have to be released. */
export type Candidate = { readonly digest: string; readonly tag: string; readonly pushedAt: string };

/** The newest image that the policy allows, and no other: what is wrong with it does not make an older one right. */
export const newestAllowed = ({ tags: patterns }: Repository, images: readonly PushedImage[]): Candidate | undefined => {
  const allowed = images.flatMap(({ digest, tags, pushedAt }) => {
    const [tag] = tags.filter((one) => matchTag(patterns, one).allowed).sort();
    return tag === undefined ? [] : [{ digest, tag, pushedAt }];
  });
  const isNewer = (one: Candidate, other: Candidate): boolean =>
    one.pushedAt === other.pushedAt ? one.digest > other.digest : one.pushedAt > other.pushedAt;
  return allowed.reduce<Candidate | undefined>((newest, image) => (newest && isNewer(newest, image) ? newest : image), undefined);
};

/** Why its age forbids to release it; undefined when it does not. */
export const ineligibleReason = ({ tag, pushedAt }: Candidate, firstSeenAt: string, now: string): string | undefined => {
  if (Date.parse(pushedAt) < Date.parse(firstSeenAt))
    return `${tag} was pushed at ${pushedAt}, before the repository was known here, ${firstSeenAt}`;
  // Records expire: what was released before that cannot be told from what never was.
  if (Date.parse(now) - Date.parse(pushedAt) >= historySeconds * 1000)
    return `${tag} was pushed at ${pushedAt}, longer ago than the history goes back`;
  return undefined;
};

/** From when on a release of an image can have been started; clocks of two services may differ. */
export const searchFrom = ({ pushedAt }: Pick<Candidate, 'pushedAt'>): string => new Date(Date.parse(pushedAt) - 300_000).toISOString();

const isSkipped = ({ result }: Pick<ReleaseRecord, 'result'>, reason: Reason): boolean =>
  (result?.outcome === 'SKIPPED' || result?.outcome === 'PARTIAL') && result.reason === reason;

/** The release that decided about a digest: not one that another release of the same digest took precedence over. */
export const decidingRelease = (releases: readonly ReleaseRecord[]): ReleaseRecord | undefined =>
  releases.findLast((release) => !isSkipped(release, 'DUPLICATE_RELEASE')) ?? releases.at(-1);

/** Was the release, or one of its services, skipped because of a hold? */
export const wasHeld = (release: ReleaseRecord): boolean => isSkipped(release, 'ON_HOLD');

export const wasDeploymentHeld = (deployment: Pick<DeploymentRecord, 'result'>): boolean => isSkipped(deployment, 'ON_HOLD');

/** The services that were on hold then and are not now. */
export const releasedHolds = (
  held: readonly { readonly service: string; readonly state: Pick<ServiceState, 'hold'> }[],
  everywhere: Pick<ServiceState, 'hold'>,
): string[] => (everywhere.hold ? [] : held.filter(({ state }) => !state.hold).map(({ service }) => service));

/** The same for the same digest after the same release of it, so that two reconcilers at once start one. */
export const reconciliationName = ({ name }: Repository, { digest }: Candidate, before: ReleaseRecord | undefined): string =>
  executionName([name.slice(0, 40), digest.slice(7, 19)], [name, digest, before?.execution ?? '']);

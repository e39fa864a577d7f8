import type { Repository } from '../configuration/configuration.js';
import { isImageConfig } from '../image/manifest.js';
import { matchTag } from '../policy/tag-policy.js';
import { executionName } from '../records/execution-name.js';
import type { DeploymentRecord, ReleaseRecord, ServiceState } from '../records/records.js';
import { historySeconds } from '../result/final-result.js';
import type { Reason } from '../result/result.js';

/** What ECR lists. `pushedAt` is ISO 8601. */
export type PushedImage = {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt: string;
  /** The media type of its configuration or of the artifact, as far as ECR lists it: an index has none. */
  readonly artifactType?: string;
};

/** An image that may have to be released. */
export type ImageCandidate = { readonly digest: string; readonly tag: string; readonly pushedAt: string };

/** The images that the tag policy allows, the newest first; charts, signatures and the like are left out as far as ECR lists their type. */
export const allowedImages = ({ tags: patterns }: Repository, images: readonly PushedImage[]): ImageCandidate[] => {
  const allowed = images.flatMap(({ digest, tags, pushedAt, artifactType }) => {
    const [tag] = tags.filter((one) => matchTag(patterns, one).isAllowed).sort();
    const isImage = artifactType === undefined || isImageConfig(artifactType);
    return tag === undefined || !isImage ? [] : [{ digest, tag, pushedAt }];
  });
  const age = ({ pushedAt, digest }: ImageCandidate): string => `${pushedAt} ${digest}`;
  return allowed.sort((one, other) => (age(one) < age(other) ? 1 : -1));
};

/** Why the age of an image excludes it; undefined if it may be released. Times are ISO 8601. */
export const ineligibleReason = ({ tag, pushedAt }: ImageCandidate, firstSeenAt: string, now: string): string | undefined => {
  if (Date.parse(pushedAt) < Date.parse(firstSeenAt))
    return `${tag} was pushed at ${pushedAt}, before Slipway first saw the repository at ${firstSeenAt}`;
  // Records expire: without its record, a released image cannot be distinguished from one that was never released.
  if (Date.parse(now) - Date.parse(pushedAt) >= historySeconds * 1000)
    return `${tag} was pushed at ${pushedAt}, longer ago than records are kept`;
  return undefined;
};

/** The earliest start of a release of this image, ISO 8601: its push, less 5 min for clocks that differ. */
export const searchFrom = ({ pushedAt }: Pick<ImageCandidate, 'pushedAt'>): string =>
  new Date(Date.parse(pushedAt) - 300_000).toISOString();

const isSkipped = ({ result }: Pick<ReleaseRecord, 'result'>, reason: Reason): boolean =>
  (result?.outcome === 'SKIPPED' || result?.outcome === 'PARTIAL') && result.reason === reason;

/** The newest release that decided about a digest: not one that was skipped for another release of it, if there is another. */
export const decidingRelease = (releases: readonly ReleaseRecord[]): ReleaseRecord | undefined =>
  releases.findLast((release) => !isSkipped(release, 'DUPLICATE_RELEASE')) ?? releases.at(-1);

/** Was the release, or one of its services, skipped for a hold? */
export const wasHeld = (release: ReleaseRecord): boolean => isSkipped(release, 'ON_HOLD');

export const wasDeploymentHeld = (deployment: Pick<DeploymentRecord, 'result'>): boolean => isSkipped(deployment, 'ON_HOLD');

/** The services that were on hold and are no longer. */
export const releasedHolds = (
  held: readonly { readonly service: string; readonly state: Pick<ServiceState, 'hold'> }[],
  holdOfAll: Pick<ServiceState, 'hold'>,
): string[] => (holdOfAll.hold ? [] : held.filter(({ state }) => !state.hold).map(({ service }) => service));

/** The execution's name: equal for one digest after one release of it, so that two concurrent reconcilers start one execution. */
export const reconciliationName = ({ name }: Repository, { digest }: ImageCandidate, before: ReleaseRecord | undefined): string =>
  executionName([name.slice(0, 40), digest.slice(7, 19)], [name, digest, before?.execution ?? '']);

import type { Repository } from '../configuration/configuration.js';
import { isImageConfig } from '../image/manifest.js';
import { matchTag } from '../policy/tag-policy.js';
import { executionName } from '../records/execution-name.js';
import { historySeconds } from '../result/final-result.js';

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

/** The execution's name: equal for one digest, so that two concurrent reconcilers start one execution. */
export const reconciliationName = ({ name }: Repository, { digest }: ImageCandidate): string =>
  executionName([name.slice(0, 40), digest.slice(7, 19)], [name, digest]);

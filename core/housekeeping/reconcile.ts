import type { Repository, Stage } from '../configuration/configuration.js';
import { isImageConfig } from '../image/manifest.js';
import { reach } from '../policy/tag-policy.js';
import { executionName } from '../records/execution-name.js';
import type { ReleaseRecord, ReleaseStage } from '../records/records.js';
import { historySeconds } from '../result/final-result.js';

/** What ECR lists. `pushedAt` is ISO 8601. */
export type PushedImage = {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt: string;
  /** The media type of its configuration or of the artifact, as far as ECR lists it: an index has none. */
  readonly artifactType?: string;
};

/** An image that may have to be released, with a tag of it that reaches a stage. */
export type ImageCandidate = { readonly digest: string; readonly tag: string; readonly pushedAt: string };

/**
 * The images that a stage takes, the newest first; charts, signatures and the like are left out as far as ECR lists their type. Of several
 * tags that reach the stage, one that a semver pattern matches decides.
 */
export const imagesFor = (repository: Repository, stage: Stage, images: readonly PushedImage[]): ImageCandidate[] => {
  const taken = images.flatMap(({ digest, tags, pushedAt, artifactType }) => {
    const reaching = tags.map((tag) => ({ tag, ...reach(repository, stage, tag) })).filter(({ isReached }) => isReached);
    const [first] = reaching.sort((one, other) => Number(other.isVersioned) - Number(one.isVersioned) || (one.tag < other.tag ? -1 : 1));
    const isImage = artifactType === undefined || isImageConfig(artifactType);
    return first === undefined || !isImage ? [] : [{ digest, tag: first.tag, pushedAt }];
  });
  const age = ({ pushedAt, digest }: ImageCandidate): string => `${pushedAt} ${digest}`;
  return taken.sort((one, other) => (age(one) < age(other) ? 1 : -1));
};

/** Why the age of an image excludes it; undefined if it may be released. Times are ISO 8601. */
export const ineligibleReason = ({ tag, pushedAt }: ImageCandidate, firstSeenAt: string, now: string): string | undefined => {
  if (Date.parse(pushedAt) < Date.parse(firstSeenAt))
    return `${tag} was pushed at ${pushedAt}, before Slipway first saw the stage at ${firstSeenAt}`;
  // Records expire: without its record, a released image cannot be distinguished from one that was never released.
  if (Date.parse(now) - Date.parse(pushedAt) >= historySeconds * 1000)
    return `${tag} was pushed at ${pushedAt}, longer ago than records are kept`;
  return undefined;
};

/** The earliest start of a release of this image, ISO 8601: its push, less 5 min for clocks that differ. */
export const searchFrom = ({ pushedAt }: Pick<ImageCandidate, 'pushedAt'>): string =>
  new Date(Date.parse(pushedAt) - 300_000).toISOString();

/** The execution's name: equal for one tag of an image and the stages that it is for, so that two concurrent reconcilers start one. */
export const reconciliationName = ({ name }: Repository, { digest, tag }: ImageCandidate, stages: readonly string[]): string =>
  executionName([name.slice(0, 40), digest.slice(7, 19)], [name, digest, tag, ...stages]);

/**
 * The stages that these releases of a digest have planned, and that are not deployed again: also those that were rejected, or in which
 * the image failed. Two kinds are open again: what was refused because the digest had not succeeded in a required stage, once it has
 * (`passed`); and what a later tag added to a release that ended for a newer one before it came there.
 */
export const plannedStages = (
  { stages: configured }: Pick<Repository, 'stages'>,
  releases: readonly ReleaseRecord[],
  passed: ReadonlySet<string>,
): ReadonlySet<string> => {
  const isMet = (stage: string): boolean => passed.has(configured.find(({ name }) => name === stage)?.requires ?? '');
  return new Set(
    releases.flatMap(({ stages = [], stage: reached = '', result }) => {
      const end = stages.findIndex(({ name }) => name === reached);
      const isOpen = ({ tag }: ReleaseStage, index: number): boolean =>
        (result?.reason === 'STAGE_REQUIRED' && index >= end && isMet(reached)) ||
        (result?.outcome === 'SUPERSEDED' && index > end && tag !== undefined);
      return stages.filter((stage, index) => !isOpen(stage, index)).map(({ name }) => name);
    }),
  );
};

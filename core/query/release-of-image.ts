import { keyOf } from '../records/record-name.js';
import type { ReleaseRecord } from '../records/records.js';
import { pushOf } from '../release/claim-digest.js';
import type { Named } from './deployment-view.js';

/** What a release is looked for by. `since` is ISO 8601: events have whole seconds, so it counts to the second. */
export type WantedRelease = { readonly digest: string; readonly tag?: string | undefined; readonly since: string };

/** To the second, as text of ISO 8601 without a fraction. */
export const wholeSecond = (time: string): string => `${time.slice(0, '2026-11-23T12:00:05'.length)}Z`;

/**
 * The release that is bound to an image: the newest of its digest, and of its tag if one is given, whose push (or start by hand) is not
 * older than `since`. A stage that a later push added counts with its own tag and push. A rollback deploys no image of its own, so it is
 * never one.
 */
export const releaseOfImage = (releases: readonly Named<ReleaseRecord>[], wanted: WantedRelease): Named<ReleaseRecord> | undefined => {
  const [first] = releases
    .filter((release) => isOf(release, wanted))
    .sort((one, other) => (keyOf(one.name).sk < keyOf(other.name).sk ? 1 : -1));
  return first;
};

const isOf = (release: ReleaseRecord, { digest, tag, since }: WantedRelease): boolean => {
  const { image, stages = [] } = release;
  if (image?.digest !== digest) return false;
  const ownTag = image.tag ?? release.tag;
  const pushes = [
    { tag: ownTag, at: pushOf(release) },
    ...stages.flatMap((stage) => (stage.tag === undefined ? [] : [{ tag: stage.tag, at: pushOf(release, stage) }])),
  ];
  const from = Date.parse(wholeSecond(since));
  return pushes.some((push) => (tag === undefined || push.tag === tag) && Date.parse(push.at) >= from);
};

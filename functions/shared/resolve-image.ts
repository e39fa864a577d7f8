import { type Images, isArtifact } from '../../aws/image.js';
import { nameOfImage, shortDigest } from '../../core/image/image-reference.js';
import type { Image } from '../../core/records/records.js';
import type { ImageStart } from '../../core/release/planned-stages.js';
import * as messages from '../../core/result/messages.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { type Result, resultOf } from '../../core/result/result.js';

/**
 * The image of a release's start; a result if a push's tag has moved, which is no error of an operator. `registry` is its host.
 * @throws RejectedInput for an operator's start of an image that does not exist, or of something else
 */
export const resolveImage = async (images: Pick<Images, 'find'>, registry: string, start: ImageStart): Promise<Image | Result> => {
  const { repository, tag } = start;
  const digest = start.kind === 'reconcile' ? undefined : start.digest;
  if (start.kind === 'releasedHold') {
    const kept = await images.find(registry, repository, { digest });
    return kept && !isArtifact(kept)
      ? { ...kept, ...(tag !== undefined && { tag }) }
      : resultOf('SKIPPED', 'TAG_MOVED', messages.imageGone(start.digest, repository));
  }
  const found = await images.find(registry, repository, tag === undefined ? { digest } : { tag });
  if (found && isArtifact(found)) {
    const message = messages.notAnImage(nameOfImage({ repository, tag, digest }), found.artifactType);
    if (start.kind === 'hand') throw new RejectedInput(message);
    return resultOf('SKIPPED', 'NOT_AN_IMAGE', message);
  }
  if (!found && start.kind !== 'hand') return resultOf('SKIPPED', 'TAG_MOVED', messages.tagGone(tag ?? '', repository));
  if (found && start.kind === 'push') {
    if (found.digest !== digest) return resultOf('SKIPPED', 'TAG_MOVED', messages.tagMoved(tag ?? '', shortDigest(found.digest)));
    return found;
  }
  if (!found)
    throw new RejectedInput(
      `image ${nameOfImage({ repository, tag, digest })} is not in ${registry}; push it first, or check its ${tag === undefined ? 'digest' : 'tag'}`,
    );
  return found;
};

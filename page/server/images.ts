import type { PushedImage } from '../../core/housekeeping/reconcile.js';
import { isImageConfig } from '../../core/image/manifest.js';
import type { Images } from '../api.js';

/** As many as a dialog lists. */
const shown = 50;

/** The newest images, the newest first, each under each of its tags; charts, signatures and build caches are none. */
export const newestImages = (pushed: readonly PushedImage[]): Images['images'] =>
  pushed
    .filter(({ artifactType }) => artifactType === undefined || isImageConfig(artifactType))
    .flatMap(({ tags, digest, pushedAt }) => tags.map((tag) => ({ tag, digest, pushedAt })))
    .sort((one, other) => Date.parse(other.pushedAt) - Date.parse(one.pushedAt))
    .slice(0, shown);

import type { Check } from './finding.js';
import type { ImagePart } from './image-parts.js';
import { layersOf } from './image-parts.js';
import * as messages from './messages.js';
import { mayRunOn, type Platform, platformName } from './platform.js';

/** What the tasks of a service run on. */
export type Host = { readonly service: string; readonly platform: Platform };

const brokenCheck = ({ digest, manifest, platform }: ImagePart, missing: ReadonlySet<string>): Check | undefined => {
  const name = platformName(platform);
  if (manifest === undefined) return { code: 'IMAGE_INCOMPLETE', message: messages.manifestMissing(name, digest) };
  const { length } = layersOf(manifest).filter((layer) => missing.has(layer));
  return length === 0 ? undefined : { code: 'IMAGE_INCOMPLETE', message: messages.layersMissing(name, digest, length) };
};

/**
 * Whether each service can pull and run the image. A part that is not all there counts if every part that a service may run is like that:
 * a platform that no service has is no concern. `missing` are digests of layers.
 */
export const imageChecks = (parts: readonly ImagePart[], missing: ReadonlySet<string>, hosts: readonly Host[]): Check[] => {
  const broken = new Map(parts.map((part) => [part, brokenCheck(part, missing)]));
  const mismatches = hosts.flatMap(({ service, platform }): Check[] => {
    if (parts.some((part) => mayRunOn(part.platform, platform))) return [];
    const platforms = [...new Set(parts.map((part) => platformName(part.platform)))];
    return [{ code: 'PLATFORM_MISMATCH', service, message: messages.platformMismatch(service, platformName(platform), platforms) }];
  });
  const needed = hosts.length > 0 ? hosts.map(({ platform }) => platform) : [{}];
  const unusable = needed.flatMap((platform) => {
    const runnable = parts.filter((part) => mayRunOn(part.platform, platform));
    const checks = runnable.flatMap((part) => broken.get(part) ?? []);
    return checks.length === runnable.length ? checks : [];
  });
  return [...new Set(unusable), ...mismatches];
};

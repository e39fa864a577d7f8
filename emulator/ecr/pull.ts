import type { PlatformImage, PulledImage } from './api.js';
import { findImage, type ImageId } from './image-id.js';
import type { Layers } from './layers.js';
import type { Repository } from './repository.js';

/** The platform in an image's configuration (OCI image specification, config.md); nothing where that is unknown. */
const platformIn = (config: Uint8Array): Omit<PlatformImage, 'digest'> => {
  try {
    const { os, architecture } = JSON.parse(Buffer.from(config).toString()) as Record<string, unknown>;
    return { ...(typeof os === 'string' && { os }), ...(typeof architecture === 'string' && { architecture }) };
  } catch {
    return {};
  }
};

const platformOf = (repository: Repository, layers: Layers, digest: string): PlatformImage => {
  const config = repository.images.get(digest)?.manifest.config;
  const blob = config === undefined ? undefined : layers.find(repository, config);
  return { digest, ...(blob && platformIn(blob)) };
};

/** What a pull of the image finds; undefined when it is not there, or archived. */
export const pull = (repository: Repository, layers: Layers, id: ImageId): PulledImage | undefined => {
  const found = findImage(repository, id);
  const image = 'digest' in found ? repository.images.get(found.digest) : undefined;
  if (image?.status !== 'ACTIVE') return undefined;
  const { digest, isIndex, members, behaviour } = image.manifest;
  const platforms = isIndex
    ? members.map((member) => ({ ...platformOf(repository, layers, member.digest), ...member }))
    : [platformOf(repository, layers, digest)];
  return { digest, behaviour, isIndex, platforms };
};

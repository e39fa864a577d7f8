import type { PlatformImage, PulledImage } from './api.js';
import type { Layers } from './layers.js';
import { digestOf, type Registry, type Repository } from './repository.js';

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

/** A member of an index that was not put itself: on AWS it would have been. */
const memberOf = ({ images }: Repository, digest: string): PulledImage | undefined => {
  for (const { manifest } of images.values()) {
    const member = manifest.members.find((other) => other.digest === digest);
    if (member) return { digest, behaviour: manifest.behaviour, isIndex: false, platforms: [member] };
  }
  return undefined;
};

/** The image that a reference without its registry names. */
export const pull = (registry: Registry, layers: Layers, name: string, tag = 'latest', digest?: string): PulledImage | undefined => {
  const repository = registry.find(name);
  // Docker uses the digest of a reference with both.
  const found = repository && digestOf(repository, digest === undefined ? { imageTag: tag } : { imageDigest: digest });
  const manifest = found === undefined ? undefined : repository?.images.get(found)?.manifest;
  if (!repository || !manifest) return repository && digest !== undefined ? memberOf(repository, digest) : undefined;
  const { isIndex, members, behaviour } = manifest;
  const platforms = isIndex
    ? members.map((member) => ({ ...platformOf(repository, layers, member.digest), ...member }))
    : [platformOf(repository, layers, manifest.digest)];
  return { digest: manifest.digest, behaviour, isIndex, platforms };
};

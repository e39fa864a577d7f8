import type { Account } from '../account.js';
import type { PulledThrough, Replicated } from './api.js';
import { emitPullThrough, emitReplication } from './image-events.js';
import { readManifest } from './manifest.js';
import { type Registry, type Repository, store } from './repository.js';

/** Replication and pull-through cache create the repository that is missing, with the default settings. */
const repositoryFor = (registry: Registry, name: string): Repository =>
  registry.find(name) ?? registry.create(name, { isImmutable: false, scansOnPush: false });

/**
 * Into a repository with immutable tags an image is replicated without a tag that exists there.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
 */
const freeTag = ({ isImmutable, tags }: Repository, tag: string | undefined): string | undefined =>
  isImmutable && tag !== undefined && tags.has(tag) ? undefined : tag;

export const replicate = (account: Account, registry: Registry, image: Replicated): string => {
  const repository = repositoryFor(registry, image.repositoryName);
  const manifest = readManifest(image.imageManifest, undefined);
  const tag = freeTag(repository, image.imageTag);
  store(account, repository, manifest, tag);
  const { sourceRegion, sourceAccount = account.accountId } = image;
  emitReplication(account, repository, { digest: manifest.digest, tag, sourceRegion, sourceAccount });
  return manifest.digest;
};

export const pullThrough = (account: Account, registry: Registry, image: PulledThrough): string => {
  const repository = repositoryFor(registry, image.repositoryName);
  const manifest = readManifest(image.imageManifest, undefined);
  store(account, repository, manifest, image.imageTag);
  const { upstreamRegistryUrl } = image;
  emitPullThrough(account, repository, { digest: manifest.digest, tag: image.imageTag, upstreamRegistryUrl });
  return manifest.digest;
};

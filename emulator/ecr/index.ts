import type { EmulatedAccount } from '../emulated-account.js';
import type { Ecr } from './api.js';
import { pullThrough, replicate } from './arrivals.js';
import { batchDeleteImage } from './batch-delete-image.js';
import { batchGetImage } from './batch-get-image.js';
import { describeImageScanFindings, describeImages, listImages } from './describe-images.js';
import { completeLayerUpload, getDownloadUrlForLayer, initiateLayerUpload, Layers, uploadLayerPart } from './layers.js';
import { putImage } from './put-image.js';
import { createRepository, describeRepositories } from './repositories.js';
import { digestOf, Registry, type Repository } from './repository.js';

/** A member of an index that was not put itself: on AWS it would have been. */
const memberOf = ({ images }: Repository, digest: string): ReturnType<Ecr['pull']> => {
  for (const { manifest } of images.values()) {
    if (!manifest.platformDigests.includes(digest)) continue;
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    return { digest, behaviour: manifest.behaviour, mediaType, platformDigests: [digest], architectures: [] };
  }
  return undefined;
};

/** Amazon ECR: a private registry that keeps manifests and emits an event for every push. */
export const createEcr = (account: EmulatedAccount): Ecr => {
  const registry = new Registry(account);
  const layers = new Layers();
  account.add([
    createRepository(registry),
    describeRepositories(registry),
    putImage(registry),
    batchGetImage(registry),
    batchDeleteImage(registry),
    describeImages(registry),
    listImages(registry),
    describeImageScanFindings(registry),
    initiateLayerUpload(registry, layers),
    uploadLayerPart(registry, layers),
    completeLayerUpload(registry, layers),
    getDownloadUrlForLayer(registry, layers),
  ]);

  return {
    replicate: (image) => replicate(account, registry, image),
    pullThrough: (image) => pullThrough(account, registry, image),
    pull: (image) => {
      const [, registryId, region, name = '', tag, digest] =
        /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(image) ?? [];
      if (registryId !== account.accountId || region !== account.region) return undefined;
      const repository = registry.find(name);
      // Docker uses the digest of a reference with both.
      const id = digest === undefined ? { imageTag: tag ?? 'latest' } : { imageDigest: digest };
      const found = repository && digestOf(repository, id);
      const manifest = found === undefined ? undefined : repository?.images.get(found)?.manifest;
      if (manifest) {
        const { behaviour, mediaType, platformDigests, architectures } = manifest;
        return { digest: manifest.digest, behaviour, mediaType, platformDigests, architectures };
      }
      return digest === undefined || !repository ? undefined : memberOf(repository, digest);
    },
  };
};

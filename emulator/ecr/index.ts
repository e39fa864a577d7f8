import type { EmulatedAccount } from '../emulated-account.js';
import type { Ecr } from './api.js';
import { pullThrough, replicate } from './arrivals.js';
import { batchDeleteImage } from './batch-delete-image.js';
import { batchGetImage } from './batch-get-image.js';
import { describeImageScanFindings, describeImages, listImages } from './describe-images.js';
import { completeLayerUpload, getDownloadUrlForLayer, initiateLayerUpload, Layers, uploadLayerPart } from './layers.js';
import { pull } from './pull.js';
import { putImage } from './put-image.js';
import { createRepository, describeRepositories } from './repositories.js';
import { Registry } from './repository.js';

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
      return pull(registry, layers, name, tag, digest);
    },
  };
};

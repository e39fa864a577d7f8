import type { EmulatedAccount } from '../emulated-account.js';
import type { Ecr } from './api.js';
import { pullThrough, replicate } from './arrivals.js';
import { batchCheckLayerAvailability } from './batch-check-layer-availability.js';
import { batchDeleteImage } from './batch-delete-image.js';
import { batchGetImage } from './batch-get-image.js';
import { describeImages, listImages } from './describe-images.js';
import { getAuthorizationToken } from './get-authorization-token.js';
import { describeImageScanFindings, startImageScan } from './image-scan-findings.js';
import { completeLayerUpload, getDownloadUrlForLayer, initiateLayerUpload, Layers, uploadLayerPart } from './layers.js';
import { deleteLifecyclePolicy, getLifecyclePolicy, putLifecyclePolicy } from './lifecycle-policy.js';
import { pull } from './pull.js';
import { putImage } from './put-image.js';
import { registryHosts } from './registry-host.js';
import { createRepository, describeRepositories, putImageTagMutability } from './repositories.js';
import { Registry } from './repository.js';
import {
  batchGetRepositoryScanningConfiguration,
  getRegistryScanningConfiguration,
  putImageScanningConfiguration,
  putRegistryScanningConfiguration,
} from './scanning-configuration.js';
import { Scans } from './scans.js';
import { updateImageStorageClass } from './update-image-storage-class.js';

/** Amazon ECR: a private registry that keeps manifests and emits an event for every push. */
export const createEcr = (account: EmulatedAccount): Ecr => {
  const registry = new Registry(account);
  const layers = new Layers();
  const scans = new Scans(account);
  account.add([
    getAuthorizationToken(),
    createRepository(registry),
    describeRepositories(registry),
    putImageTagMutability(registry),
    putImage(registry, layers, scans),
    batchGetImage(registry),
    batchDeleteImage(registry),
    describeImages(registry),
    listImages(registry),
    describeImageScanFindings(registry, scans),
    startImageScan(registry, scans),
    putImageScanningConfiguration(registry),
    batchGetRepositoryScanningConfiguration(registry, scans),
    putRegistryScanningConfiguration(scans),
    getRegistryScanningConfiguration(scans),
    initiateLayerUpload(registry, layers),
    uploadLayerPart(registry, layers),
    completeLayerUpload(registry, layers),
    getDownloadUrlForLayer(registry, layers),
    batchCheckLayerAvailability(registry, layers),
    updateImageStorageClass(registry, scans),
    putLifecyclePolicy(registry),
    getLifecyclePolicy(registry),
    deleteLifecyclePolicy(registry),
  ]);

  return {
    replicate: (image) => replicate(account, registry, image),
    pullThrough: (image) => pullThrough(account, registry, image),
    hosts: (image) => registryHosts(account).includes(image.split('/')[0] ?? ''),
    pull: (image) => {
      const [, host = '', name = '', tag, digest] = /^([^/]+)\/([^:@]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(image) ?? [];
      const repository = registryHosts(account).includes(host) ? registry.find(name) : undefined;
      // Docker uses the digest of a reference with both.
      return repository && pull(repository, layers, digest === undefined ? { imageTag: tag ?? 'latest' } : { imageDigest: digest });
    },
  };
};

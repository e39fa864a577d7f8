import { type Operation, operation } from '../operation.js';
import { invalidParameter } from './manifest.js';
import { digestOf, type ImageId, imageIds, onRepository, type Registry } from './repository.js';

type Input = { registryId?: string; repositoryName: string; imageIds: ImageId[]; acceptedMediaTypes?: string[] };

export const checkIdCount = (ids: readonly ImageId[]): void => {
  if (ids.length < 1 || ids.length > 100)
    throw invalidParameter(`Invalid parameter at 'imageIds' failed to satisfy constraint: '${ids.length} is not from 1 to 100'`);
};

/** Returns manifests byte for byte as they were put. */
export const batchGetImage = (registry: Registry): Operation =>
  operation<Input, unknown>({
    service: 'ecr',
    name: 'BatchGetImage',
    input: { registryId: 'string', repositoryName: 'string', imageIds, acceptedMediaTypes: { list: 'string' } },
    required: ['repositoryName', 'imageIds'],
    permissions: onRepository('BatchGetImage'),
    run: ({ registryId, repositoryName, imageIds: ids, acceptedMediaTypes = [] }, { account }) => {
      checkIdCount(ids);
      const repository = registry.at(repositoryName, registryId);
      const images: unknown[] = [];
      const failures: unknown[] = [];
      for (const imageId of ids) {
        const digest = digestOf(repository, imageId);
        const image = digest === undefined ? undefined : repository.images.get(digest);
        if (!image) failures.push({ imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' });
        else if (acceptedMediaTypes.length > 0 && !acceptedMediaTypes.includes(image.manifest.mediaType)) {
          failures.push({
            imageId,
            failureCode: 'UnsupportedImageType',
            failureReason: `the image is ${image.manifest.mediaType}, which is not in acceptedMediaTypes`,
          });
        } else {
          images.push({
            registryId: account.accountId,
            repositoryName,
            imageId: { ...imageId, imageDigest: digest },
            imageManifest: image.manifest.text,
            imageManifestMediaType: image.manifest.mediaType,
          });
        }
      }
      return { images, failures };
    },
  });

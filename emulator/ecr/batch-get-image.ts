import { type Operation, operation } from '../operation.js';
import { findImage, type ImageId, imageIds, notFound } from './image-id.js';
import { invalidParameter } from './manifest.js';
import { type Image, onRepository, type Registry, tagsOf } from './repository.js';

type Input = { registryId?: string; repositoryName: string; imageIds: ImageId[]; acceptedMediaTypes?: string[] };

export const checkIdCount = (ids: readonly ImageId[]): void => {
  if (ids.length >= 1 && ids.length <= 100) return;
  const bound = ids.length < 1 ? 'greater than or equal to 1' : 'less than or equal to 100';
  throw invalidParameter(`Invalid parameter at 'imageIds' failed to satisfy constraint: 'Member must have length ${bound}'`);
};

/** Returns manifests byte for byte as they were put; of an image that is asked for by digest, one for each of its tags. */
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
        const found = findImage(repository, imageId);
        if ('failureCode' in found) {
          failures.push({ imageId, ...found });
          continue;
        }
        const { manifest, status } = repository.images.get(found.digest) as Image;
        // The model has no code for an image of another type; one that the client does not accept is not found by it. Neither has it one
        // for an archived image, whose pull fails with 404 (userguide/archive-image).
        const isAccepted = acceptedMediaTypes.length === 0 || acceptedMediaTypes.includes(manifest.mediaType);
        if (!isAccepted || status !== 'ACTIVE') failures.push({ imageId, ...notFound });
        else {
          const imageDigest = manifest.digest;
          const tags = imageId.imageTag === undefined ? tagsOf(repository, imageDigest) : [imageId.imageTag];
          for (const imageTag of tags.length === 0 ? [undefined] : tags) {
            images.push({
              registryId: account.accountId,
              repositoryName,
              imageId: { imageDigest, ...(imageTag === undefined ? {} : { imageTag }) },
              imageManifest: manifest.text,
              imageManifestMediaType: manifest.mediaType,
            });
          }
        }
      }
      return { images, failures };
    },
  });

import type { Account } from '../account.js';
import { type Operation, operation } from '../operation.js';
import { checkIdCount } from './batch-get-image.js';
import { emitDelete } from './image-events.js';
import { digestOf, type ImageId, imageIds, onRepository, type Registry, type Repository, tagsOf } from './repository.js';

type Input = { registryId?: string; repositoryName: string; imageIds: ImageId[] };

const isReferenced = ({ images }: Repository, digest: string): boolean =>
  [...images.values()].some(({ manifest }) => manifest.children.includes(digest));

/** Removes a tag, and the image with its last tag; by digest, the image with all tags. Returns the failure, if any. */
const remove = (account: Account, repository: Repository, imageId: ImageId): { failureCode: string; failureReason: string } | undefined => {
  const digest = digestOf(repository, imageId);
  if (digest === undefined) return { failureCode: 'ImageNotFound', failureReason: 'Requested image not found' };
  const tags = imageId.imageTag === undefined ? tagsOf(repository, digest) : [imageId.imageTag];
  const isLast = tagsOf(repository, digest).length <= tags.length;
  if (isLast && isReferenced(repository, digest)) {
    return {
      failureCode: 'ImageReferencedByManifestList',
      failureReason: 'Requested image referenced by manifest list',
    };
  }
  for (const tag of tags) repository.tags.delete(tag);
  if (isLast) repository.images.delete(digest);
  for (const tag of tags.length > 0 ? tags : [undefined]) {
    account.log.add('ecr', 'image-deleted', { repository: repository.name, tag, digest });
    emitDelete(account, repository, digest, tag);
  }
  return undefined;
};

export const batchDeleteImage = (registry: Registry): Operation =>
  operation<Input, unknown>({
    service: 'ecr',
    name: 'BatchDeleteImage',
    input: { registryId: 'string', repositoryName: 'string', imageIds },
    required: ['repositoryName', 'imageIds'],
    permissions: onRepository('BatchDeleteImage'),
    run: ({ registryId, repositoryName, imageIds: ids }, { account }) => {
      checkIdCount(ids);
      const repository = registry.at(repositoryName, registryId);
      const deleted: ImageId[] = [];
      const failures: unknown[] = [];
      for (const imageId of ids) {
        const imageDigest = digestOf(repository, imageId);
        const failure = remove(account, repository, imageId);
        if (failure) failures.push({ imageId, ...failure });
        else deleted.push({ ...imageId, ...(imageDigest === undefined ? {} : { imageDigest }) });
      }
      return { imageIds: deleted, failures };
    },
  });

import type { Account } from '../account.js';
import { type Operation, operation } from '../operation.js';
import { checkIdCount } from './batch-get-image.js';
import { emitDelete } from './image-events.js';
import { findImage, type ImageFailure, type ImageId, imageIds } from './image-id.js';
import { onRepository, type Registry, type Repository, tagsOf } from './repository.js';

type Input = { registryId?: string; repositoryName: string; imageIds: ImageId[] };

const isReferenced = ({ images }: Repository, digest: string): boolean =>
  [...images.values()].some(({ manifest }) => manifest.children.includes(digest));

/** Removes a tag, and the image with its last tag; by digest, the image with all tags. Returns what was removed, or why nothing was. */
const remove = (account: Account, repository: Repository, imageId: ImageId): readonly ImageId[] | ImageFailure => {
  const found = findImage(repository, imageId);
  if ('failureCode' in found) return found;
  const { digest } = found;
  const tags = imageId.imageTag === undefined ? tagsOf(repository, digest) : [imageId.imageTag];
  const isLast = tagsOf(repository, digest).length <= tags.length;
  if (isLast && isReferenced(repository, digest))
    return { failureCode: 'ImageReferencedByManifestList', failureReason: 'Requested image referenced by manifest list' };
  for (const tag of tags) repository.tags.delete(tag);
  if (isLast) repository.images.delete(digest);
  return (tags.length > 0 ? tags : [undefined]).map((tag) => {
    account.log.add('ecr', 'image-deleted', { repository: repository.name, tag, digest });
    emitDelete(account, repository, digest, tag);
    return { imageDigest: digest, ...(tag === undefined ? {} : { imageTag: tag }) };
  });
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
        const removed = remove(account, repository, imageId);
        if ('failureCode' in removed) failures.push({ imageId, ...removed });
        else deleted.push(...removed);
      }
      return { imageIds: deleted, failures };
    },
  });

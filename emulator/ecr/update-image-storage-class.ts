import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { emitStorageClass } from './image-events.js';
import { type ImageId, imageIds } from './image-id.js';
import { activate, digestOf, type Image, onRepository, type Registry, type Repository } from './repository.js';
import type { Scans } from './scans.js';

/** "Typically up to 20 minutes" (userguide/restore-image). */
const restoreMs = 20 * 60_000;

const archive = (account: Account, repository: Repository, image: Image): void => {
  image.status = 'ARCHIVED';
  image.archivedAt = account.clock.now;
  emitStorageClass(account, repository, image, 'ARCHIVE');
};

/** Until the restore has ended the image cannot be pulled. Then it is scanned as if it was pushed. */
const restore = (account: Account, repository: Repository, image: Image, scans: Scans): void => {
  image.status = 'ACTIVATING';
  account.clock.after(restoreMs, () => {
    const { digest } = image.manifest;
    // Pushed again, or deleted, meanwhile.
    if (image.status !== 'ACTIVATING' || repository.images.get(digest) !== image) return;
    activate(image, account.clock.now);
    scans.pushed(repository, digest);
    emitStorageClass(account, repository, image, 'STANDARD');
  });
};

type Input = { registryId?: string; repositoryName: string; imageId: ImageId; targetStorageClass: 'STANDARD' | 'ARCHIVE' };

export const updateImageStorageClass = (registry: Registry, scans: Scans): Operation =>
  operation<Input, unknown>({
    service: 'ecr',
    name: 'UpdateImageStorageClass',
    input: {
      registryId: 'string',
      repositoryName: 'string',
      imageId: imageIds.list,
      targetStorageClass: { oneOf: ['STANDARD', 'ARCHIVE'] },
    },
    required: ['repositoryName', 'imageId', 'targetStorageClass'],
    permissions: onRepository('UpdateImageStorageClass'),
    run: ({ registryId, repositoryName, imageId, targetStorageClass }, { account }) => {
      const repository = registry.at(repositoryName, registryId);
      const image = repository.images.get(digestOf(account, repository, imageId)) as Image;
      if ((image.status === 'ARCHIVED') === (targetStorageClass === 'ARCHIVE') || image.status === 'ACTIVATING')
        throw new AwsError(
          'ImageStorageClassUpdateNotSupportedException',
          `The image is ${image.status}; its storage class cannot be changed to ${targetStorageClass}`,
        );
      if (targetStorageClass === 'ARCHIVE') archive(account, repository, image);
      else restore(account, repository, image, scans);
      return { registryId: account.accountId, repositoryName, imageId, imageStatus: image.status };
    },
  });

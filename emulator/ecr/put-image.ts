import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { emitPush } from './image-events.js';
import { invalidParameter, type Manifest, readManifest } from './manifest.js';
import { onRepository, type Registry, type Repository, store } from './repository.js';

type Input = {
  registryId?: string;
  repositoryName: string;
  imageManifest: string;
  imageManifestMediaType?: string;
  imageTag?: string;
  imageDigest?: string;
};

const checkConflicts = (repository: Repository, { digest }: Manifest, tag: string | undefined, accountId: string): void => {
  const tagged = tag === undefined ? undefined : repository.tags.get(tag);
  if (repository.images.has(digest) && (tag === undefined || tagged === digest)) {
    throw new AwsError(
      'ImageAlreadyExistsException',
      `Image with digest '${digest}' and tag '${tag ?? 'null'}' already exists in the repository with name '${repository.name}' in registry with id '${accountId}'`,
    );
  }
  if (tagged !== undefined && repository.isImmutable) {
    throw new AwsError(
      'ImageTagAlreadyExistsException',
      `The image tag '${tag}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`,
    );
  }
};

/** Layers and the members of an index need not exist: only manifests are kept. */
export const putImage = (registry: Registry): Operation =>
  operation<Input, unknown>({
    service: 'ecr',
    name: 'PutImage',
    input: {
      registryId: 'string',
      repositoryName: 'string',
      imageManifest: 'string',
      imageManifestMediaType: 'string',
      imageTag: 'string',
      imageDigest: 'string',
    },
    required: ['repositoryName', 'imageManifest'],
    permissions: onRepository('PutImage'),
    run: ({ registryId, repositoryName, imageManifest, imageManifestMediaType, imageTag, imageDigest }, { account }) => {
      const repository = registry.at(repositoryName, registryId);
      const manifest = readManifest(imageManifest, imageManifestMediaType);
      if (imageTag !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9._-]{0,299}$/.test(imageTag))
        throw invalidParameter(`Invalid parameter at 'imageTag' failed to satisfy constraint: '${imageTag} is not a tag'`);
      if (imageDigest !== undefined && imageDigest !== manifest.digest) {
        throw new AwsError(
          'ImageDigestDoesNotMatchException',
          `The provided digest '${imageDigest}' does not match the digest '${manifest.digest}' of the image manifest`,
        );
      }
      checkConflicts(repository, manifest, imageTag, account.accountId);
      store(account, repository, manifest, imageTag);
      emitPush(account, repository, manifest, imageTag);
      return {
        image: {
          registryId: account.accountId,
          repositoryName,
          imageId: { imageDigest: manifest.digest, ...(imageTag === undefined ? {} : { imageTag }) },
          imageManifest,
          imageManifestMediaType: manifest.mediaType,
        },
      };
    },
  });

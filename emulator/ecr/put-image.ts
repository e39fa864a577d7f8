import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { emitPush } from './image-events.js';
import { isTag } from './image-id.js';
import type { Layers } from './layers.js';
import { invalidParameter, type Manifest, readManifest } from './manifest.js';
import { onRepository, type Registry, type Repository, store } from './repository.js';
import type { Scans } from './scans.js';

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
  // A push of an archived image restores it.
  if (repository.images.get(digest)?.status === 'ACTIVE' && (tag === undefined || tagged === digest)) {
    throw new AwsError(
      'ImageAlreadyExistsException',
      `Image with digest '${digest}' and tag '${tag ?? 'null'}' already exists in the repository with name '${repository.name}' in registry with id '${accountId}'`,
    );
  }
  if (tagged !== undefined && tagged !== digest && repository.isImmutable) {
    throw new AwsError(
      'ImageTagAlreadyExistsException',
      `The image tag '${tag}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`,
    );
  }
};

const checkParts = (layers: Layers, repository: Repository, { blobs, needsBlobs, children }: Manifest, accountId: string): void => {
  const refuse = (code: string, what: string, digests: readonly string[]): void => {
    if (digests.length === 0) return;
    throw new AwsError(
      code,
      `${what} with digests '[${digests.join(', ')}]' required for pushing image into repository with name '${repository.name}' in the registry with id '${accountId}' do not exist`,
    );
  };
  refuse(
    'LayersNotFoundException',
    'Layers',
    needsBlobs ? blobs.map(({ digest }) => digest).filter((digest) => !layers.find(repository, digest)) : [],
  );
  refuse(
    'ReferencedImagesNotFoundException',
    'Images',
    children.filter((digest) => !repository.images.has(digest)),
  );
};

/** Layers and the members of an index have to be in the repository already. */
export const putImage = (registry: Registry, layers: Layers, scans: Scans): Operation =>
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
      if (imageTag !== undefined && !isTag(imageTag))
        throw invalidParameter(`Invalid parameter at 'imageTag' failed to satisfy constraint: '${imageTag} is not a tag'`);
      if (imageDigest !== undefined && imageDigest !== manifest.digest) {
        throw new AwsError(
          'ImageDigestDoesNotMatchException',
          `The provided digest '${imageDigest}' does not match the digest '${manifest.digest}' of the image manifest`,
        );
      }
      checkConflicts(repository, manifest, imageTag, account.accountId);
      checkParts(layers, repository, manifest, account.accountId);
      store(account, repository, manifest, imageTag);
      scans.pushed(repository, manifest.digest);
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

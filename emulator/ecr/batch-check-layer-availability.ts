import { type Operation, operation } from '../operation.js';
import type { Layers } from './layers.js';
import { invalidParameter } from './manifest.js';
import { type Image, onRepository, type Registry, type Repository } from './repository.js';

type Availability = 'AVAILABLE' | 'UNAVAILABLE' | 'ARCHIVED';

/** A layer is archived with the last image that has it. */
const isArchived = (images: readonly Image[], digest: string): boolean => {
  const owners = images.filter(({ manifest }) => manifest.blobs.some((blob) => blob.digest === digest));
  return owners.length > 0 && owners.every(({ status }) => status !== 'ACTIVE');
};

const layerView = (repository: Repository, layers: Layers, layerDigest: string) => {
  const bytes = layers.find(repository, layerDigest);
  const images = [...repository.images.values()];
  const mediaType = images.flatMap(({ manifest }) => manifest.blobs).find(({ digest }) => digest === layerDigest)?.mediaType;
  let layerAvailability: Availability = bytes ? 'AVAILABLE' : 'UNAVAILABLE';
  if (bytes && isArchived(images, layerDigest)) layerAvailability = 'ARCHIVED';
  return {
    layerDigest,
    layerAvailability,
    ...(bytes && { layerSize: bytes.length }),
    ...(bytes && mediaType !== undefined && { mediaType }),
  };
};

type Input = { registryId?: string; repositoryName: string; layerDigests: string[] };

export const batchCheckLayerAvailability = (registry: Registry, layers: Layers): Operation =>
  operation<Input, unknown>({
    service: 'ecr',
    name: 'BatchCheckLayerAvailability',
    input: { registryId: 'string', repositoryName: 'string', layerDigests: { list: 'string' } },
    required: ['repositoryName', 'layerDigests'],
    permissions: onRepository('BatchCheckLayerAvailability'),
    run: ({ registryId, repositoryName, layerDigests }) => {
      const repository = registry.at(repositoryName, registryId);
      if (layerDigests.length < 1 || layerDigests.length > 100)
        throw invalidParameter(
          `Invalid parameter at 'layerDigests' failed to satisfy constraint: 'Member must have length from 1 to 100, has ${layerDigests.length}'`,
        );
      const isDigest = (text: string): boolean => /^[\w+.-]+:[0-9a-fA-F]+$/.test(text);
      return {
        layers: layerDigests.filter(isDigest).map((digest) => layerView(repository, layers, digest)),
        failures: layerDigests
          .filter((digest) => !isDigest(digest))
          .map((layerDigest) => ({
            layerDigest,
            failureCode: 'InvalidLayerDigest',
            failureReason: "Invalid request parameters: layer digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
          })),
      };
    },
  });

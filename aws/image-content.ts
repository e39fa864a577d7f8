import { BatchCheckLayerAvailabilityCommand, DescribeImagesCommand } from '@aws-sdk/client-ecr';
import type { Manifest } from '../core/image/manifest.js';
import type { ClientSettings } from './client-settings.js';
import { ecr, getConfiguration, getManifests, type ImageConfiguration, ifFound, parsed } from './manifests.js';

/** Digests of one BatchCheckLayerAvailability (ECR API). */
const layersPerCall = 100;

/** Whether everything that a pull of an image needs is in this account's registry. */
export class ImageContents {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** ACTIVE, ARCHIVED or ACTIVATING (ECR API, ImageStatus); undefined if there is no such image. */
  async status(repositoryName: string, imageDigest: string): Promise<string | undefined> {
    const answer = await ifFound(ecr(this.#settings).send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest }] })));
    const [image] = answer?.imageDetails ?? [];
    return image && (image.imageStatus ?? 'ACTIVE');
  }

  /** The manifests of those of at most 100 digests that are there. */
  async manifests(repository: string, digests: readonly string[]): Promise<ReadonlyMap<string, Manifest>> {
    if (digests.length === 0) return new Map();
    const imageIds = digests.map((imageDigest) => ({ imageDigest }));
    const { images = [] } = (await getManifests(this.#settings, repository, imageIds)) ?? {};
    return new Map(images.map(({ imageId, imageManifest }) => [imageId?.imageDigest ?? '', parsed<Manifest>(imageManifest)]));
  }

  /** Those of the digests that are not available, configurations of images included. */
  async missingLayers(repositoryName: string, digests: readonly string[]): Promise<ReadonlySet<string>> {
    const available = new Set<string>();
    for (let start = 0; start < digests.length; start += layersPerCall) {
      const layerDigests = digests.slice(start, start + layersPerCall);
      const answer = await ifFound(ecr(this.#settings).send(new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests })));
      for (const { layerDigest = '', layerAvailability } of answer?.layers ?? [])
        if (layerAvailability === 'AVAILABLE') available.add(layerDigest);
    }
    return new Set(digests.filter((digest) => !available.has(digest)));
  }

  /** The configuration that a manifest names by its digest. */
  configuration(repository: string, digest: string): Promise<Partial<ImageConfiguration>> {
    return getConfiguration(this.#settings, repository, digest);
  }
}

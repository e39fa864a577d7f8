import { BatchGetImageCommand, ECRClient } from '@aws-sdk/client-ecr';
import type { Image } from '../core/records.js';
import { type ClientSettings, clientFor } from './client-settings.js';

const ecr = clientFor(ECRClient);

// An index answers only to those who accept it; the others are what ECR documents.
const acceptedMediaTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.v1+json',
];

type Manifest = { readonly annotations?: Record<string, string>; readonly manifests?: readonly { readonly digest?: string }[] };

const parsed = (text: string | undefined): Manifest => {
  try {
    return JSON.parse(text ?? '{}') as Manifest;
  } catch {
    return {};
  }
};

/** Images of this account's registry. */
export class Images {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** The image of a tag or digest; undefined when the repository, the tag or the digest is not there. */
  async find(
    registry: string,
    repository: string,
    wanted: { readonly tag?: string | undefined; readonly digest?: string | undefined },
  ): Promise<Image | undefined> {
    const imageId = wanted.digest === undefined ? { imageTag: wanted.tag } : { imageDigest: wanted.digest };
    const answer = await ecr(this.#settings)
      .send(new BatchGetImageCommand({ repositoryName: repository, imageIds: [imageId], acceptedMediaTypes }))
      .catch((error: unknown) => {
        if (error instanceof Error && error.name === 'RepositoryNotFoundException') return undefined;
        throw error;
      });
    const image = answer?.images?.[0];
    const digest = image?.imageId?.imageDigest;
    if (!image || !digest) return undefined;
    const { annotations, manifests } = parsed(image.imageManifest);
    const sourceRevision = annotations?.['org.opencontainers.image.revision'];
    const sourceUrl = annotations?.['org.opencontainers.image.source'];
    return {
      registry,
      repository,
      digest,
      members: (manifests ?? []).flatMap((manifest) => manifest.digest ?? []).slice(0, 20),
      ...(wanted.tag !== undefined && { tag: wanted.tag }),
      ...(sourceRevision !== undefined && { sourceRevision }),
      ...(sourceUrl !== undefined && { sourceUrl }),
    };
  }
}

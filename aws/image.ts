import {
  BatchGetImageCommand,
  type BatchGetImageCommandOutput,
  DescribeImagesCommand,
  ECRClient,
  GetDownloadUrlForLayerCommand,
  type ImageIdentifier,
} from '@aws-sdk/client-ecr';
import type { PushedImage } from '../core/housekeeping/reconcile.js';
import type { ImageReference } from '../core/image/image-reference.js';
import type { Image } from '../core/records/records.js';
import { type ClientSettings, clientFor } from './client-settings.js';
import { isNamed } from './sdk-errors.js';

const ecr = clientFor(ECRClient);

// BatchGetImage answers an index only if its media type is accepted; the list is that of the ECR API.
const acceptedMediaTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.v1+json',
];

type PlatformManifest = { readonly digest?: string; readonly platform?: { readonly os?: string } };

type Manifest = {
  readonly annotations?: Record<string, string>;
  readonly config?: { readonly digest?: string };
  readonly manifests?: readonly PlatformManifest[];
};

const parsed = <T>(text: string | undefined): Partial<T> => {
  try {
    return JSON.parse(text ?? '{}') as Partial<T>;
  } catch {
    return {};
  }
};

/** May a task run this manifest of an index? buildx adds attestations to an index, as manifests of an unknown platform. */
const isRunnable = ({ platform }: PlatformManifest): boolean => platform?.os !== 'unknown';

const runnable = ({ manifests = [] }: Partial<Manifest>): string[] =>
  manifests
    .filter(isRunnable)
    .flatMap(({ digest }) => digest ?? [])
    .slice(0, 20);

/** Milliseconds to wait for an image's configuration, which only adds the commit to a notification. */
const timeoutMs = 3_000;

/** Images of this account's registry. */
export class Images {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** The image of a tag or digest; undefined if the repository, the tag or the digest does not exist. */
  async find(
    registry: string,
    repository: string,
    reference: { readonly tag?: string | undefined; readonly digest?: string | undefined },
  ): Promise<Image | undefined> {
    const imageId = reference.digest === undefined ? { imageTag: reference.tag } : { imageDigest: reference.digest };
    const image = (await this.#get(repository, [imageId]))?.images?.[0];
    const digest = image?.imageId?.imageDigest;
    if (!image || !digest) return undefined;
    const manifest = parsed<Manifest>(image.imageManifest);
    // A missing label must not fail a deployment.
    const labels = await this.#labels(repository, manifest).catch(() => ({}) as Record<string, string>);
    const commit = labels['org.opencontainers.image.revision'];
    const sourceUrl = labels['org.opencontainers.image.source'];
    return {
      registry,
      repository,
      digest,
      platformDigests: runnable(manifest),
      ...(reference.tag !== undefined && { tag: reference.tag }),
      ...(commit !== undefined && { commit }),
      ...(sourceUrl !== undefined && { sourceUrl }),
    };
  }

  /** Is there an image of this tag or digest? */
  async has({ repository, tag, digest }: Pick<ImageReference, 'repository' | 'tag' | 'digest'>): Promise<boolean> {
    const imageIds = [digest === undefined ? { imageTag: tag ?? 'latest' } : { imageDigest: digest }];
    return (await this.#get(repository, imageIds))?.images?.[0] !== undefined;
  }

  /** The digests of the manifests of its platforms; empty for an image of one platform, and for one that does not exist. */
  async platformDigests({ repository, digest }: { readonly repository: string; readonly digest: string }): Promise<string[]> {
    const found = await this.#get(repository, [{ imageDigest: digest }]);
    return runnable(parsed<Manifest>(found?.images?.[0]?.imageManifest));
  }

  /** Every tagged image of a repository, in no order (ECR API, DescribeImages); empty if the repository does not exist. */
  async tagged(repository: string): Promise<PushedImage[]> {
    const images: PushedImage[] = [];
    let nextToken: string | undefined;
    do {
      const page = await ecr(this.#settings)
        .send(
          new DescribeImagesCommand({
            repositoryName: repository,
            filter: { tagStatus: 'TAGGED' },
            maxResults: 1000,
            ...(nextToken && { nextToken }),
          }),
        )
        .catch((error: unknown) => {
          if (isNamed(error, 'RepositoryNotFoundException')) return undefined;
          throw error;
        });
      for (const { imageDigest, imageTags = [], imagePushedAt } of page?.imageDetails ?? [])
        if (imageDigest && imagePushedAt) images.push({ digest: imageDigest, tags: imageTags, pushedAt: imagePushedAt.toISOString() });
      nextToken = page?.nextToken;
    } while (nextToken);
    return images;
  }

  /** Annotations of the manifest and labels of its configuration; an index has those of its first platform. */
  async #labels(repository: string, { annotations = {}, config, manifests = [] }: Partial<Manifest>): Promise<Record<string, string>> {
    const first = manifests.find(isRunnable)?.digest;
    if (first !== undefined) return { ...(await this.#labels(repository, await this.#manifest(repository, first))), ...annotations };
    if (config?.digest === undefined || annotations['org.opencontainers.image.revision'] !== undefined) return annotations;
    const { downloadUrl = '' } = await ecr(this.#settings).send(
      new GetDownloadUrlForLayerCommand({ repositoryName: repository, layerDigest: config.digest }),
    );
    const answer = await fetch(downloadUrl, { signal: AbortSignal.timeout(timeoutMs) });
    const { config: inner } = parsed<{ config: { Labels?: Record<string, string> } }>(await answer.text());
    return { ...inner?.Labels, ...annotations };
  }

  async #get(repositoryName: string, imageIds: ImageIdentifier[]): Promise<BatchGetImageCommandOutput | undefined> {
    return ecr(this.#settings)
      .send(new BatchGetImageCommand({ repositoryName, imageIds, acceptedMediaTypes }))
      .catch((error: unknown) => {
        if (isNamed(error, 'RepositoryNotFoundException')) return undefined;
        throw error;
      });
  }

  async #manifest(repository: string, digest: string): Promise<Partial<Manifest>> {
    const { images } = await ecr(this.#settings).send(
      new BatchGetImageCommand({ repositoryName: repository, imageIds: [{ imageDigest: digest }], acceptedMediaTypes }),
    );
    return parsed<Manifest>(images?.[0]?.imageManifest);
  }
}

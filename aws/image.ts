import { DescribeImagesCommand } from '@aws-sdk/client-ecr';
import type { PushedImage } from '../core/housekeeping/reconcile.js';
import { createdAtOf } from '../core/image/created-label.js';
import type { ImageReference } from '../core/image/image-reference.js';
import { artifactTypeOf, candidatesOf, type Manifest } from '../core/image/manifest.js';
import { cut } from '../core/notification/cut.js';
import type { Image } from '../core/records/records.js';
import type { ClientSettings } from './client-settings.js';
import { ecr, getConfiguration, getManifests, ifFound, parsed } from './manifests.js';

/** Members of an index that are looked at; more than that are not known. */
const memberLimit = 20;

/** Undefined if there are more than are looked at: the digests of the others are not known. */
const platformsOf = (manifest: Manifest): string[] | undefined => {
  const platforms = candidatesOf(manifest);
  return platforms.length > memberLimit ? undefined : platforms;
};

/** What a repository has under a tag or digest if it is no container image: its media type. */
export type Artifact = { readonly artifactType: string };

export const isArtifact = (found: Image | Artifact): found is Artifact => 'artifactType' in found;

/** Characters of a label that are kept: a label may be longer than a record. */
const labelLimit = 300;

/** Images of this account's registry. */
export class Images {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /**
   * The image of a tag or digest, or the type of what is there instead: ECR keeps charts, signatures and build caches, too. Undefined if
   * the repository, the tag or the digest does not exist.
   */
  async find(
    registry: string,
    repository: string,
    reference: { readonly tag?: string | undefined; readonly digest?: string | undefined },
  ): Promise<Image | Artifact | undefined> {
    const imageId = reference.digest === undefined ? { imageTag: reference.tag } : { imageDigest: reference.digest };
    const image = (await getManifests(this.#settings, repository, [imageId]))?.images?.[0];
    const digest = image?.imageId?.imageDigest;
    if (!image || !digest) return undefined;
    const manifest = parsed<Manifest>(image.imageManifest);
    const members = await this.#members(repository, manifest);
    const artifactType = artifactTypeOf(manifest, members);
    if (artifactType !== undefined) return { artifactType };
    const platformDigests = platformsOf(manifest);
    // A missing label must not fail a deployment.
    const labels = await this.#labels(repository, manifest, members).catch(() => ({}) as Record<string, string>);
    const [commit, sourceUrl] = ['revision', 'source'].map((name) => {
      const label: unknown = labels[`org.opencontainers.image.${name}`];
      return typeof label === 'string' ? cut(label, labelLimit) : undefined;
    });
    const created = createdAtOf(labels['org.opencontainers.image.created']);
    return {
      registry,
      repository,
      digest,
      ...(platformDigests && { platformDigests }),
      ...(reference.tag !== undefined && { tag: reference.tag }),
      ...(commit !== undefined && { commit }),
      ...(sourceUrl !== undefined && { sourceUrl }),
      ...(created !== undefined && { created }),
    };
  }

  /** The digest of a tag or digest, and when it was pushed (ISO 8601); undefined if the repository, the tag or the digest does not exist. */
  async pushed(
    repositoryName: string,
    { tag, digest }: { readonly tag?: string | undefined; readonly digest?: string | undefined },
  ): Promise<Pick<PushedImage, 'digest' | 'pushedAt'> | undefined> {
    const imageIds = [digest === undefined ? { imageTag: tag } : { imageDigest: digest }];
    const found = await ifFound(ecr(this.#settings).send(new DescribeImagesCommand({ repositoryName, imageIds })));
    const { imageDigest, imagePushedAt } = found?.imageDetails?.[0] ?? {};
    return imageDigest && imagePushedAt ? { digest: imageDigest, pushedAt: imagePushedAt.toISOString() } : undefined;
  }

  /** Is there an image of this tag or digest? */
  async has({ repository, tag, digest }: Pick<ImageReference, 'repository' | 'tag' | 'digest'>): Promise<boolean> {
    const imageIds = [digest === undefined ? { imageTag: tag ?? 'latest' } : { imageDigest: digest }];
    return (await getManifests(this.#settings, repository, imageIds))?.images?.[0] !== undefined;
  }

  /**
   * The digests of the manifests of its platforms; empty for an image of one platform, and for one that does not exist. Undefined if they
   * are too many.
   */
  async platformDigests({ repository, digest }: { readonly repository: string; readonly digest: string }): Promise<string[] | undefined> {
    const found = await getManifests(this.#settings, repository, [{ imageDigest: digest }]);
    return platformsOf(parsed<Manifest>(found?.images?.[0]?.imageManifest));
  }

  /** The media type of what is no container image; undefined for an image, and for a digest that does not exist. */
  async artifactType(repository: string, digest: string): Promise<string | undefined> {
    const found = await getManifests(this.#settings, repository, [{ imageDigest: digest }]);
    const manifest = parsed<Manifest>(found?.images?.[0]?.imageManifest);
    return artifactTypeOf(manifest, await this.#members(repository, manifest));
  }

  /** Every tagged image of a repository, in no order (ECR API, DescribeImages); empty if the repository does not exist. */
  async tagged(repository: string): Promise<PushedImage[]> {
    const images: PushedImage[] = [];
    let nextToken: string | undefined;
    do {
      const page = await ifFound(
        ecr(this.#settings).send(
          new DescribeImagesCommand({
            repositoryName: repository,
            filter: { tagStatus: 'TAGGED' },
            maxResults: 1000,
            ...(nextToken && { nextToken }),
          }),
        ),
      );
      for (const { imageDigest, imageTags = [], imagePushedAt, artifactMediaType } of page?.imageDetails ?? [])
        if (imageDigest && imagePushedAt)
          images.push({
            digest: imageDigest,
            tags: imageTags,
            pushedAt: imagePushedAt.toISOString(),
            ...(artifactMediaType !== undefined && { artifactType: artifactMediaType }),
          });
      nextToken = page?.nextToken;
    } while (nextToken);
    return images;
  }

  /** Annotations of the manifest and labels of its configuration; an index has those of its first platform. */
  async #labels(
    repository: string,
    { annotations = {}, config }: Partial<Manifest>,
    [first]: readonly Partial<Manifest>[],
  ): Promise<Record<string, string>> {
    if (first !== undefined) return { ...(await this.#labels(repository, first, [])), ...annotations };
    const isLabelled = ['revision', 'created'].every((name) => annotations[`org.opencontainers.image.${name}`] !== undefined);
    if (config?.digest === undefined || isLabelled) return annotations;
    const { config: inner } = await getConfiguration(this.#settings, repository, config.digest);
    return { ...inner?.Labels, ...annotations };
  }

  /** The manifests of the members of an index that may be images, in the index's order. */
  async #members(repository: string, index: Manifest): Promise<Manifest[]> {
    const digests = candidatesOf(index).slice(0, memberLimit);
    if (digests.length === 0) return [];
    const { images = [] } =
      (await getManifests(
        this.#settings,
        repository,
        digests.map((imageDigest) => ({ imageDigest })),
      )) ?? {};
    return digests.flatMap((digest) => {
      const member = images.find(({ imageId }) => imageId?.imageDigest === digest);
      return member ? [parsed<Manifest>(member.imageManifest)] : [];
    });
  }
}

import type { ImageContents } from '../../aws/image-content.js';
import { imageName } from '../../core/image/image-name.js';
import { artifactTypeOf, type Manifest } from '../../core/image/manifest.js';
import type { Check } from '../../core/preflight/finding.js';
import { type Host, imageChecks } from '../../core/preflight/image-checks.js';
import { layersOf, membersToRead, partsOf } from '../../core/preflight/image-parts.js';
import * as messages from '../../core/preflight/messages.js';
import type { Image } from '../../core/records/records.js';
import type { Reads } from './preflight-reads.js';

type Deps = { readonly content: Pick<ImageContents, 'status' | 'manifests' | 'missingLayers' | 'configuration'> };

/** Whether the image is there as a whole, and is one that each of the hosts can run. */
export const checkImage = async ({ content }: Deps, reads: Reads, image: Image, hosts: readonly Host[]): Promise<Check[]> => {
  const { repository, digest } = image;
  const status = await reads.allowed('ecr:DescribeImages', () => content.status(repository, digest), 'ACTIVE');
  if (status === undefined) return [{ code: 'IMAGE_MISSING', message: messages.imageMissing(image) }];
  if (status !== 'ACTIVE') return [{ code: 'IMAGE_NOT_ACTIVE', message: messages.imageNotActive(image, status) }];

  const readManifests = (digests: readonly string[]) => content.manifests(repository, digests);
  const found = await reads.allowed('ecr:BatchGetImage', () => readManifests([digest]), undefined);
  if (found === undefined) return [];
  const manifest = found.get(digest);
  if (manifest === undefined) return [{ code: 'IMAGE_MISSING', message: messages.imageMissing(image) }];
  const members = await readManifests(membersToRead(manifest));
  const type = artifactTypeOf(manifest, [...members.values()]);
  if (type !== undefined) return [{ code: 'NOT_AN_IMAGE', message: messages.notAnImage(imageName(repository, image.tag, digest), type) }];

  const parts = partsOf(digest, manifest, members, await configuredPlatform({ content }, reads, repository, manifest));
  const layers = [...new Set(parts.flatMap((part) => (part.manifest ? layersOf(part.manifest) : [])))];
  const missing = await reads.allowed(
    'ecr:BatchCheckLayerAvailability',
    () => content.missingLayers(repository, layers),
    new Set<string>(),
  );
  return imageChecks(parts, missing, hosts);
};

/** The platform of an image that is no index. One that cannot be read is unknown: only ECR can say why it could not. */
const configuredPlatform = async ({ content }: Deps, reads: Reads, repository: string, { config }: Manifest) => {
  const { digest } = config ?? {};
  if (digest === undefined) return {};
  return reads.allowed(
    'ecr:GetDownloadUrlForLayer',
    async () => {
      const { os, architecture } = await content.configuration(repository, digest);
      return { os, architecture };
    },
    {},
  );
};

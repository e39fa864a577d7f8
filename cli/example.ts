import { createHash } from 'node:crypto';
import { ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import type { Behaviour } from '../emulator/ecr/api.js';
import type { Emulator } from '../emulator/emulator.js';

/** The repository of the example slipway.yml. */
export const repository = 'my-learn-app';

/** The build that every created service runs before anything is pushed; `tagFor` makes its tag. */
export const firstBuild = 1;

/** An image manifest for the emulator. `behaviour` says how the image runs; `revision` makes one digest differ from another. */
export const manifest = (behaviour: Behaviour, revision: string, repositoryName = repository): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    annotations: {
      'slipway.behaviour': behaviour,
      'org.opencontainers.image.revision': revision,
      'org.opencontainers.image.source': `https://github.com/example/${repositoryName}`,
    },
  });

/** Pushes an image as `docker push` ends, with PutImage; without a tag if that is empty. Returns its digest. */
export const push = async (
  emulator: Emulator,
  tag: string,
  behaviour: Behaviour,
  revision = tag,
  repositoryName = repository,
): Promise<string> => {
  const { image } = await new ECRClient(emulator.clientConfig()).send(
    new PutImageCommand({
      repositoryName,
      ...(tag !== '' && { imageTag: tag }),
      imageManifest: manifest(behaviour, revision, repositoryName),
    }),
  );
  return image?.imageId?.imageDigest ?? '';
};

/** A tag that the pattern (an exact tag, or a glob with `*` and `?`) matches: `main-*` and 2 give `main-2`. */
export const tagFor = (pattern: string, build: number): string =>
  pattern
    .replace(pattern.includes('*') ? '*' : '?', String(build))
    .replaceAll('*', '')
    .replaceAll('?', '0');

/**
 * The image that the services of a repository run before anything is pushed, by its tag. Where the repository's first pattern is an
 * exact tag, the next push moves it, so that the digest is given instead.
 */
export const firstImage = (pattern: string, repositoryName: string): string => {
  const tag = tagFor(pattern, firstBuild);
  if (tag !== pattern) return `${repositoryName}:${tag}`;
  const digest = createHash('sha256')
    .update(manifest('healthy', tag, repositoryName))
    .digest('hex');
  return `${repositoryName}@sha256:${digest}`;
};

import { digestOf, parseImageReference, shortDigest, withoutTag } from './image-reference.js';

/** The name of an image for messages: `team/app:main-7 (a1b2c3d4a1b2)`; empty without a repository. */
export const imageName = (repository: string, tag: string | undefined, digest: string | undefined): string =>
  `${repository}${repository && tag ? `:${tag}` : ''}${digest ? ` (${shortDigest(digest)})` : ''}`;

/** Where the repository is named beside it: `main-7 (a1b2c3d4a1b2)`. */
export const shortName = ({ tag, digest }: { readonly tag?: string; readonly digest: string }): string =>
  tag === undefined ? shortDigest(digest) : `${tag} (${shortDigest(digest)})`;

/**
 * The name of an image that a task definition names: without the host of an ECR registry, and with that of any other. `knownTag` is used
 * if the image is named by its digest alone.
 */
export const nameOfUri = (uri: string, knownTag: string | undefined): string => {
  const path = withoutTag(uri);
  const digest = digestOf(uri);
  const tag = uri.slice(path.length).match(/^:([^@]+)/)?.[1];
  return imageName(parseImageReference(uri)?.repository ?? path, tag ?? (digest && knownTag), digest);
};

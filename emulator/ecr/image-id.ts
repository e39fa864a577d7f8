export type ImageId = { readonly imageDigest?: string; readonly imageTag?: string };

export const imageIds = { list: { members: { imageDigest: 'string', imageTag: 'string' } } } as const;

/** Codes of botocore's `ImageFailureCode`. */
export type ImageFailure = { readonly failureCode: string; readonly failureReason: string };

export const isTag = (tag: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9._-]{0,299}$/.test(tag);

const failure = (failureCode: string, failureReason: string): ImageFailure => ({ failureCode, failureReason });

const invalid = (failureCode: string, reason: string): ImageFailure => failure(failureCode, `Invalid request parameters: ${reason}`);

export const notFound = failure('ImageNotFound', 'Requested image not found');

/** The digest of the image, or why there is none: reasons as moto and LocalStack record them; that of an invalid tag is not recorded. */
export const findImage = (
  { images, tags }: { readonly images: ReadonlyMap<string, unknown>; readonly tags: ReadonlyMap<string, string> },
  { imageDigest, imageTag }: ImageId,
): { readonly digest: string } | ImageFailure => {
  if (imageDigest === undefined && imageTag === undefined) return invalid('MissingDigestAndTag', 'both tag and digest cannot be null');
  if (imageDigest !== undefined && !/^[\w+.-]+:[0-9a-fA-F]+$/.test(imageDigest))
    return invalid('InvalidImageDigest', "image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'");
  if (imageTag !== undefined && !isTag(imageTag))
    return invalid('InvalidImageTag', "image tag should satisfy the regex '[a-zA-Z0-9_][a-zA-Z0-9-_.]{0,299}'");
  const digest = imageTag === undefined ? imageDigest : tags.get(imageTag);
  if (digest === undefined || !images.has(digest)) return notFound;
  if (imageDigest !== undefined && imageDigest !== digest)
    return invalid('ImageTagDoesNotMatchDigest', 'given tag does not map to the given digest');
  return { digest };
};

/** The part of a descriptor that says what it describes (OCI Image Specification, "Content Descriptors"). */
export type Descriptor = {
  readonly mediaType?: string;
  readonly artifactType?: string;
  readonly digest?: string;
  readonly platform?: { readonly os?: string; readonly architecture?: string };
  /** Only of a layer that is kept elsewhere. */
  readonly urls?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
};

/** A manifest or, with `manifests`, an index. */
export type Manifest = {
  readonly artifactType?: string;
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
};

const imageConfigs = new Set(['application/vnd.oci.image.config.v1+json', 'application/vnd.docker.container.image.v1+json']);

/** Layers of a file system, compressed or not: `…oci.image.layer.v1.tar+zstd`, `…docker.image.rootfs.foreign.diff.tar.gzip`. */
const filesystemLayer = /^application\/vnd\.(?:oci\.image\.layer|docker\.image\.rootfs)\.(?:[a-z0-9]+\.)+tar\b/;

export const isImageConfig = (type: string): boolean => imageConfigs.has(type);

const isFilesystem = ({ mediaType = '' }: Descriptor): boolean => filesystemLayer.test(mediaType);

const withoutType = 'a manifest without a media type';

/**
 * The media type of a manifest of one platform that is no container image; undefined for an image. Signatures and attestations have the
 * configuration of an image, so its layers count, too: all of an image's are of a file system.
 */
const artifactTypeOfManifest = ({ artifactType = '', config, layers = [] }: Manifest): string | undefined => {
  if (artifactType !== '' && !isImageConfig(artifactType)) return artifactType;
  // Docker's schema 1 has no configuration, and is for images only.
  if (config === undefined) return undefined;
  const { mediaType = withoutType } = config;
  if (!isImageConfig(mediaType)) return mediaType;
  const layer = layers.find((one) => !isFilesystem(one));
  return layer && (layer.mediaType ?? withoutType);
};

/** Is a member of an index a manifest that may be an image? buildx marks attestations; the members of its cache are layers. */
const mayBeImage = ({ mediaType = '', artifactType = '', platform, annotations = {} }: Descriptor): boolean =>
  /\.(?:manifest|index)\b/.test(mediaType) &&
  (artifactType === '' || isImageConfig(artifactType)) &&
  platform?.os !== 'unknown' &&
  annotations['vnd.docker.reference.type'] === undefined;

/** The digests of the members of an index that may be images; empty for a manifest. */
export const candidatesOf = ({ manifests = [] }: Manifest): string[] => manifests.filter(mayBeImage).flatMap(({ digest }) => digest ?? []);

/**
 * The media type of what is no container image; undefined for an image. An index is one if a member is. `members` are the manifests
 * of its candidates, as far as they could be read.
 */
export const artifactTypeOf = (manifest: Manifest, members: readonly Manifest[]): string | undefined => {
  if (manifest.manifests === undefined) return artifactTypeOfManifest(manifest);
  if (manifest.artifactType !== undefined && !isImageConfig(manifest.artifactType)) return manifest.artifactType;
  const candidates = candidatesOf(manifest);
  const [first] = manifest.manifests;
  if (candidates.length === 0)
    return first?.artifactType ?? first?.annotations?.['vnd.docker.reference.type'] ?? first?.mediaType ?? 'an index without manifests';
  // A member that could not be read, or that is an index, is not known to be anything else.
  if (members.length === 0) return undefined;
  const types = members.map((member) => (member.manifests === undefined ? artifactTypeOfManifest(member) : undefined));
  return types.every((type) => type !== undefined) ? types[0] : undefined;
};

import { createHash } from 'node:crypto';
import { AwsError, NotEmulated } from '../errors.js';
import type { Behaviour, PlatformImage } from './api.js';
import { type ScanOutcome, scanOutcomeIn } from './scan-outcome.js';

type Descriptor = {
  readonly mediaType?: string;
  readonly digest?: string;
  readonly size?: number;
  /** Only of a layer that is kept elsewhere. */
  readonly urls?: readonly string[];
  readonly platform?: { readonly architecture?: string; readonly os?: string };
};

type Document = {
  readonly mediaType?: string;
  readonly artifactType?: string;
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  /** Only in an index. */
  readonly manifests?: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
};

/** A configuration or a layer that lies in the repository. */
type Blob = { readonly digest: string; readonly mediaType: string | undefined };

/** A manifest or an index, as far as the emulator reads it. */
export type Manifest = {
  readonly text: string;
  readonly digest: string;
  readonly mediaType: string;
  readonly artifactMediaType: string | undefined;
  readonly isIndex: boolean;
  /** The configuration and the layers. */
  readonly blobs: readonly Blob[];
  /** Of an image of the emulator's own, which says how it behaves, the blobs need not be there. */
  readonly needsBlobs: boolean;
  /** The members of an index, attestations included. */
  readonly children: readonly string[];
  /** The members of an index that can run, attestations excluded, as the index describes them. */
  readonly members: readonly PlatformImage[];
  /** The digest of a plain manifest's configuration, which has the platform. */
  readonly config: string | undefined;
  readonly sizeInBytes: number;
  readonly behaviour: Behaviour;
  readonly scan: ScanOutcome;
};

export const invalidParameter = (message: string): AwsError => new AwsError('InvalidParameterException', message);

const behaviours: readonly Behaviour[] = [
  ...(['healthy', 'crashes-on-start', 'never-healthy', 'cannot-pull', 'slow-to-start', 'crashes-later'] as const),
  ...(['migrates', 'migration-fails', 'migration-hangs'] as const),
];

const behaviourAnnotation = 'slipway.behaviour';

const behaviourIn = (annotations: Document['annotations']): Behaviour => {
  const text = annotations?.[behaviourAnnotation] ?? 'healthy';
  const behaviour = behaviours.find((name) => name === text);
  if (behaviour === undefined) throw new NotEmulated(`image behaviour ${text} (known: ${behaviours.join(', ')})`);
  return behaviour;
};

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const isAbsentOr = (is: (value: unknown) => boolean, value: unknown): boolean => value === undefined || is(value);
const isList = (value: unknown): boolean => Array.isArray(value) && value.every(isObject);

const isDocument = (value: unknown): value is Document => {
  if (!isObject(value)) return false;
  const { config, annotations, layers, manifests } = value as Record<string, unknown>;
  return (
    [config, annotations].every((member) => isAbsentOr(isObject, member)) &&
    [layers, manifests].every((member) => isAbsentOr(isList, member))
  );
};

const documentIn = (text: string): Document => {
  try {
    const document: unknown = JSON.parse(text);
    if (isDocument(document)) return document;
  } catch {
    // Answered below.
  }
  throw invalidParameter("Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'");
};

// buildx adds attestations to an index as members of the platform unknown/unknown.
const isRunnable = ({ platform }: Descriptor): boolean => platform?.architecture !== 'unknown';

const sizeOf = ({ config, layers = [], manifests = [] }: Document): number =>
  manifests.length > 0
    ? Math.max(...manifests.map(({ size = 0 }) => size))
    : [config, ...layers].reduce((sum, descriptor) => sum + (descriptor?.size ?? 0), 0);

const blobsOf = ({ config, layers = [] }: Document): Blob[] =>
  [config, ...layers].flatMap((blob) =>
    blob?.digest === undefined || blob.urls ? [] : [{ digest: blob.digest, mediaType: blob.mediaType }],
  );

const present = <T>(value: T | undefined): value is T => value !== undefined;

/** Parses PutImage's manifest. */
export const readManifest = (text: string, mediaTypeGiven: string | undefined): Manifest => {
  const document = documentIn(text);
  const mediaType = mediaTypeGiven ?? document.mediaType;
  if (mediaType === undefined)
    throw invalidParameter(
      "Invalid parameter at 'imageManifestMediaType' failed to satisfy constraint: 'must be given: the manifest has no mediaType'",
    );
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const { manifests } = document;
  return {
    text,
    digest,
    mediaType,
    artifactMediaType: document.artifactType ?? document.config?.mediaType,
    isIndex: manifests !== undefined,
    blobs: blobsOf(document),
    needsBlobs: document.annotations?.[behaviourAnnotation] === undefined,
    children: manifests?.map((child) => child.digest).filter(present) ?? [],
    members: (manifests ?? []).filter(isRunnable).flatMap((child) => (child.digest ? [{ ...child.platform, digest: child.digest }] : [])),
    config: document.config?.digest,
    sizeInBytes: sizeOf(document),
    behaviour: behaviourIn(document.annotations),
    scan: scanOutcomeIn(document.annotations),
  };
};

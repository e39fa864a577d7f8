import {
  BatchGetImageCommand,
  type BatchGetImageCommandOutput,
  ECRClient,
  GetDownloadUrlForLayerCommand,
  type ImageIdentifier,
} from '@aws-sdk/client-ecr';
import { type ClientSettings, clientFor } from './client-settings.js';
import { isNamed } from './sdk-errors.js';

export const ecr = clientFor(ECRClient);

// BatchGetImage answers an index only if its media type is accepted; the list is that of the ECR API.
const acceptedMediaTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.v1+json',
];

/** A JSON document from a registry; empty if it is none. */
export const parsed = <T>(text: string | undefined): Partial<T> => {
  try {
    return JSON.parse(text ?? '{}') as Partial<T>;
  } catch {
    return {};
  }
};

/** Undefined if the repository, or what was asked for in it, does not exist. */
export const ifFound = async <T>(answer: Promise<T>): Promise<T | undefined> =>
  answer.catch((error: unknown) => {
    if (isNamed(error, 'RepositoryNotFoundException', 'ImageNotFoundException')) return undefined;
    throw error;
  });

/** Manifests of at most 100 tags or digests; undefined if the repository does not exist. */
export const getManifests = (
  settings: ClientSettings,
  repositoryName: string,
  imageIds: ImageIdentifier[],
): Promise<BatchGetImageCommandOutput | undefined> =>
  ifFound(ecr(settings).send(new BatchGetImageCommand({ repositoryName, imageIds, acceptedMediaTypes })));

/** The members of an image's configuration that are read (OCI Image Specification, "Image Configuration"). */
export type ImageConfiguration = {
  readonly os?: string;
  readonly architecture?: string;
  readonly config?: { readonly Labels?: Readonly<Record<string, string>> };
};

/** Milliseconds to wait for an image's configuration: what it says is worth no more. */
const timeoutMs = 3_000;

/** The configuration that a manifest names by its digest; empty if ECR does not have it, or the storage behind it does not answer. */
export const getConfiguration = async (
  settings: ClientSettings,
  repositoryName: string,
  layerDigest: string,
): Promise<Partial<ImageConfiguration>> => {
  const found = ecr(settings).send(new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }));
  const { downloadUrl = '' } = await found.catch((error: unknown) => {
    if (isNamed(error, 'LayersNotFoundException', 'LayerInaccessibleException')) return { downloadUrl: '' };
    throw error;
  });
  const text = await fetch(downloadUrl, { signal: AbortSignal.timeout(timeoutMs) })
    .then((answer) => answer.text())
    .catch(() => undefined);
  return parsed<ImageConfiguration>(text);
};

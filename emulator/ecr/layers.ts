import { createHash } from 'node:crypto';
import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { onRepository, type Registry, type Repository } from './repository.js';

/** Blobs by repository and digest; uploads under way by their ID. */
export class Layers {
  readonly #blobs = new Map<string, Uint8Array>();
  readonly #uploads = new Map<string, Uint8Array[]>();

  begin(uploadId: string): void {
    this.#uploads.set(uploadId, []);
  }

  part(uploadId: string): Uint8Array[] {
    const parts = this.#uploads.get(uploadId);
    if (!parts) throw new AwsError('UploadNotFoundException', `An upload with id '${uploadId}' could not be found`);
    return parts;
  }

  /** @throws AwsError InvalidLayerException when the bytes have none of the digests */
  complete(repository: Repository, uploadId: string, layerDigests: readonly string[]): string {
    const bytes = Buffer.concat(this.part(uploadId));
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    if (!layerDigests.includes(digest))
      throw new AwsError('InvalidLayerException', `the layer's digest is ${digest}, which is none of ${layerDigests.join(', ')}`);
    this.#blobs.set(`${repository.name} ${digest}`, bytes);
    this.#uploads.delete(uploadId);
    return digest;
  }

  find(repository: Repository, digest: string): Uint8Array | undefined {
    return this.#blobs.get(`${repository.name} ${digest}`);
  }
}

type Named = { registryId?: string; repositoryName: string };

const named = { registryId: 'string', repositoryName: 'string' } as const;

export const initiateLayerUpload = (registry: Registry, layers: Layers): Operation =>
  operation<Named, unknown>({
    service: 'ecr',
    name: 'InitiateLayerUpload',
    input: named,
    required: ['repositoryName'],
    permissions: onRepository('InitiateLayerUpload'),
    run: ({ repositoryName, registryId }, { account }) => {
      registry.at(repositoryName, registryId);
      const uploadId = account.random.uuid();
      layers.begin(uploadId);
      return { uploadId, partSize: 20_971_520 };
    },
  });

export const uploadLayerPart = (registry: Registry, layers: Layers): Operation =>
  operation<Named & { uploadId: string; partFirstByte: number; partLastByte: number; layerPartBlob: Uint8Array | string }, unknown>({
    service: 'ecr',
    name: 'UploadLayerPart',
    input: { ...named, uploadId: 'string', partFirstByte: 'number', partLastByte: 'number', layerPartBlob: 'blob' },
    required: ['repositoryName', 'uploadId', 'layerPartBlob'],
    permissions: onRepository('UploadLayerPart'),
    run: ({ repositoryName, registryId, uploadId, partLastByte, layerPartBlob }, { account }) => {
      registry.at(repositoryName, registryId);
      layers.part(uploadId).push(typeof layerPartBlob === 'string' ? Buffer.from(layerPartBlob, 'base64') : layerPartBlob);
      return { registryId: account.accountId, repositoryName, uploadId, lastByteReceived: partLastByte };
    },
  });

export const completeLayerUpload = (registry: Registry, layers: Layers): Operation =>
  operation<Named & { uploadId: string; layerDigests: string[] }, unknown>({
    service: 'ecr',
    name: 'CompleteLayerUpload',
    input: { ...named, uploadId: 'string', layerDigests: { list: 'string' } },
    required: ['repositoryName', 'uploadId', 'layerDigests'],
    permissions: onRepository('CompleteLayerUpload'),
    run: ({ repositoryName, registryId, uploadId, layerDigests }, { account }) => {
      const layerDigest = layers.complete(registry.at(repositoryName, registryId), uploadId, layerDigests);
      return { registryId: account.accountId, repositoryName, uploadId, layerDigest };
    },
  });

export const getDownloadUrlForLayer = (registry: Registry, layers: Layers): Operation =>
  operation<Named & { layerDigest: string }, unknown>({
    service: 'ecr',
    name: 'GetDownloadUrlForLayer',
    input: { ...named, layerDigest: 'string' },
    required: ['repositoryName', 'layerDigest'],
    permissions: onRepository('GetDownloadUrlForLayer'),
    run: ({ repositoryName, registryId, layerDigest }) => {
      const bytes = layers.find(registry.at(repositoryName, registryId), layerDigest);
      if (!bytes)
        throw new AwsError(
          'LayersNotFoundException',
          `The layer with digest '${layerDigest}' does not exist in the repository '${repositoryName}'`,
        );
      // AWS returns a temporary URL of Amazon S3; here the URL contains the bytes.
      return { downloadUrl: `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`, layerDigest };
    },
  });

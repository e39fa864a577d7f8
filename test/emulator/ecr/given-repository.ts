import { createHash } from 'node:crypto';
import { createEcr } from '../../../emulator/ecr/index.js';
import type { AccountOptions } from '../../../emulator/emulated-account.js';
import type { BusEvent, Events } from '../../../emulator/events/api.js';
import { givenAccount } from '../given-account.js';

export const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

export const manifestType = 'application/vnd.oci.image.manifest.v1+json';
export const indexType = 'application/vnd.oci.image.index.v1+json';
export const uri = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop';

const blobsOf = (config: string, layer: string) => ({
  config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(config), size: 100 },
  layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: digestOf(layer), size: 2000 }],
});
/** An image of the emulator's own, whose layers need not be there. */
export const manifest = (version: string, behaviour = 'healthy') =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    ...blobsOf(version, 'layer'),
    annotations: { 'slipway.behaviour': behaviour },
  });
export const realManifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: manifestType,
  ...blobsOf('{"architecture":"arm64"}', 'a layer'),
});

export const members = ['amd64', 'arm64', 'unknown'] as const;
export const index = JSON.stringify({
  schemaVersion: 2,
  mediaType: indexType,
  manifests: members.map((architecture) => ({
    mediaType: manifestType,
    digest: digestOf(manifest(architecture)),
    size: 500,
    platform: { architecture, os: architecture === 'unknown' ? 'unknown' : 'linux' },
  })),
  annotations: { 'slipway.behaviour': 'never-healthy' },
});

type Emitted = Pick<BusEvent, 'source' | 'detail-type' | 'resources' | 'detail'>;
type Details = { imageDetails: Record<string, unknown>[]; nextToken?: string };

export const givenRepository = async (repository = {}, options?: AccountOptions) => {
  const emitted: Emitted[] = [];
  const events: Partial<Events> = { emit: (event) => emitted.push(event) };
  const given = givenAccount((account) => ({ ecr: createEcr(account), events: events as Events }), options);
  await given.ask('ecr', 'CreateRepository', { repositoryName: 'shop', ...repository });
  const put = async (imageManifest: string, imageTag?: string) => {
    const { image } = await given.ask<{ image: { imageId: { imageDigest: string } } }>('ecr', 'PutImage', {
      repositoryName: 'shop',
      imageManifest,
      imageTag,
    });
    return image.imageId.imageDigest;
  };
  const putIndex = async (imageTag?: string) => {
    for (const architecture of members) await put(manifest(architecture));
    return put(index, imageTag);
  };
  const upload = async (text: string, layerDigest = digestOf(text)) => {
    const { uploadId } = await given.ask('ecr', 'InitiateLayerUpload', { repositoryName: 'shop' });
    const layerPartBlob = Buffer.from(text);
    const part = { repositoryName: 'shop', uploadId, partFirstByte: 0, partLastByte: layerPartBlob.length - 1, layerPartBlob };
    await given.ask('ecr', 'UploadLayerPart', part);
    await given.ask('ecr', 'CompleteLayerUpload', { repositoryName: 'shop', uploadId, layerDigests: [layerDigest] });
  };
  const get = (imageId: object, input = {}) => given.ask('ecr', 'BatchGetImage', { repositoryName: 'shop', imageIds: [imageId], ...input });
  const describe = (input = {}) => given.ask<Details>('ecr', 'DescribeImages', { repositoryName: 'shop', ...input });
  return { ...given, emitted, put, putIndex, upload, get, describe };
};

import { createEcr } from '../../../emulator/ecr/index.js';
import type { AccountOptions } from '../../../emulator/emulated-account.js';
import type { BusEvent, Events } from '../../../emulator/events/api.js';
import { givenAccount } from '../given-account.js';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';
const uri = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop';

const manifest = (version: string, annotations: Record<string, string> = {}) =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: `sha256:${version}`, size: 100 },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: 'sha256:layer', size: 2000 }],
    annotations,
  });
// sha256 of the text of manifest('1').
const digest1 = 'sha256:5d8f93aca0a21cf98cc3fea0a44b53bd41384657464b031e72820c5099a44523';

const child = (letter: string, architecture: string) => ({
  mediaType: manifestType,
  digest: `sha256:${letter.repeat(64)}`,
  size: 500,
  platform: { architecture, os: architecture === 'unknown' ? 'unknown' : 'linux' },
});
const index = JSON.stringify({
  schemaVersion: 2,
  mediaType: indexType,
  manifests: [child('a', 'amd64'), child('b', 'arm64'), child('c', 'unknown')],
  annotations: { 'slipway.behaviour': 'never-healthy' },
});

type Emitted = Pick<BusEvent, 'source' | 'detail-type' | 'resources' | 'detail'>;
type Details = { imageDetails: Record<string, unknown>[]; nextToken?: string };

const givenRepository = async (repository = {}, options?: AccountOptions) => {
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
  const describe = (input = {}) => given.ask<Details>('ecr', 'DescribeImages', { repositoryName: 'shop', ...input });
  return { ...given, emitted, put, describe };
};

test('a repository has the URI of its registry', async () => {
  const { ask } = await givenRepository();

  expect(await ask('ecr', 'DescribeRepositories', { repositoryNames: ['shop'] })).toMatchObject({
    repositories: [
      {
        repositoryArn: 'arn:aws:ecr:eu-west-1:123456789012:repository/shop',
        registryId: '123456789012',
        repositoryName: 'shop',
        repositoryUri: uri,
        imageTagMutability: 'MUTABLE',
      },
    ],
  });
  await expect(ask('ecr', 'CreateRepository', { repositoryName: 'shop' })).rejects.toMatchObject({
    code: 'RepositoryAlreadyExistsException',
  });
  await expect(ask('ecr', 'DescribeImages', { repositoryName: 'none' })).rejects.toMatchObject({
    code: 'RepositoryNotFoundException',
    message: "The repository with name 'none' does not exist in the registry with id '123456789012'",
  });
});

test('the digest of an image is the hash of its manifest, which is returned byte for byte', async () => {
  const { ask, put } = await givenRepository();

  expect(await put(manifest('1'), 'v1')).toBe(digest1);

  expect(await ask('ecr', 'BatchGetImage', { repositoryName: 'shop', imageIds: [{ imageTag: 'v1' }, { imageTag: 'v2' }] })).toEqual({
    images: [
      {
        registryId: '123456789012',
        repositoryName: 'shop',
        imageId: { imageTag: 'v1', imageDigest: digest1 },
        imageManifest: manifest('1'),
        imageManifestMediaType: manifestType,
      },
    ],
    failures: [{ imageId: { imageTag: 'v2' }, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' }],
  });
});

test('an image whose media type is not accepted is a failure', async () => {
  const { ask, put } = await givenRepository();
  await put(index, 'v1');
  const get = (acceptedMediaTypes: string[]) =>
    ask('ecr', 'BatchGetImage', { repositoryName: 'shop', imageIds: [{ imageTag: 'v1' }], acceptedMediaTypes });

  expect(await get([manifestType])).toMatchObject({ images: [], failures: [{ imageId: { imageTag: 'v1' } }] });
  expect(await get([manifestType, indexType])).toMatchObject({ images: [{ imageManifest: index }], failures: [] });
});

test('a tag moves to the image that was pushed last, and the older image stays without it', async () => {
  const { account, put, describe } = await givenRepository();
  const first = await put(manifest('1'), 'latest');
  await account.clock.advance(60_999);
  const second = await put(manifest('2'), 'latest');
  await put(manifest('2'), 'v2');

  expect((await describe()).imageDetails).toEqual([
    {
      registryId: '123456789012',
      repositoryName: 'shop',
      imageDigest: first,
      imageSizeInBytes: 2100,
      imagePushedAt: new Date('2026-11-23T09:00:00Z'),
      imageManifestMediaType: manifestType,
      artifactMediaType: 'application/vnd.oci.image.config.v1+json',
      imageStatus: 'ACTIVE',
    },
    expect.objectContaining({ imageDigest: second, imageTags: ['latest', 'v2'], imagePushedAt: new Date('2026-11-23T09:01:00Z') }),
  ]);
});

test('in an immutable repository a tag cannot be moved', async () => {
  const { put } = await givenRepository({ imageTagMutability: 'IMMUTABLE' });
  await put(manifest('1'), 'v1');

  await expect(put(manifest('2'), 'v1')).rejects.toMatchObject({ code: 'ImageTagAlreadyExistsException' });
  await expect(put(manifest('1'), 'v1')).rejects.toMatchObject({ code: 'ImageAlreadyExistsException' });
});

test('pushing the same image with the same tag again is refused, and emits no second event', async () => {
  const { put, emitted } = await givenRepository();
  await put(manifest('1'), 'v1');

  await expect(put(manifest('1'), 'v1')).rejects.toMatchObject({ code: 'ImageAlreadyExistsException' });
  await expect(put(manifest('1'))).rejects.toMatchObject({ code: 'ImageAlreadyExistsException' });

  expect(emitted).toHaveLength(1);
});

test('a manifest that is not JSON, has no media type, or another digest is refused', async () => {
  const { ask } = await givenRepository();
  const put = (input: object) => ask('ecr', 'PutImage', { repositoryName: 'shop', ...input });

  await expect(put({ imageManifest: 'x' })).rejects.toMatchObject({ code: 'InvalidParameterException' });
  await expect(put({ imageManifest: '{}' })).rejects.toMatchObject({ code: 'InvalidParameterException' });
  await expect(put({ imageManifest: manifest('1'), imageDigest: `sha256:${'0'.repeat(64)}` })).rejects.toMatchObject({
    code: 'ImageDigestDoesNotMatchException',
  });
  await expect(put({ imageManifest: manifest('1', { 'slipway.behaviour': 'dances' }) })).rejects.toMatchObject({ code: 'NotEmulated' });
});

test('a push emits the documented event', async () => {
  const { account, put, emitted } = await givenRepository();
  const digest = await put(manifest('1'), 'v1');

  expect(emitted).toEqual([
    {
      source: 'aws.ecr',
      'detail-type': 'ECR Image Action',
      resources: [],
      detail: { result: 'SUCCESS', 'repository-name': 'shop', 'image-digest': digest, 'action-type': 'PUSH', 'image-tag': 'v1' },
    },
  ]);
  expect(account.log.of('ecr', 'image-pushed')).toMatchObject([{ detail: { repository: 'shop', tag: 'v1', digest } }]);
});

test.each([
  ['absent', {}],
  ['empty', { 'image-tag': '' }],
] as const)('an untagged push: the tag is %s', async (untaggedPush, expected) => {
  const { put, emitted } = await givenRepository({}, { assumptions: { untaggedPush } });
  const digest = await put(manifest('1'));

  expect(emitted[0]?.detail).toEqual({
    result: 'SUCCESS',
    'repository-name': 'shop',
    'image-digest': digest,
    'action-type': 'PUSH',
    ...expected,
  });
});

test('a push may carry media types', async () => {
  const { put, emitted } = await givenRepository({}, { assumptions: { pushMediaTypes: 'present' } });
  await put(manifest('1'), 'v1');

  expect(emitted[0]?.detail).toMatchObject({
    'manifest-media-type': manifestType,
    'artifact-media-type': 'application/vnd.oci.image.config.v1+json',
  });
});

test.each([
  ['one', [['v1', 'index']]],
  [
    'several',
    [
      [undefined, 'a'],
      [undefined, 'b'],
      [undefined, 'c'],
      ['v1', 'index'],
    ],
  ],
] as const)('the push of a multi-platform image is announced by %s', async (eventsPerPush, expected) => {
  const { put, emitted } = await givenRepository({}, { assumptions: { eventsPerPush } });
  const digest = await put(index, 'v1');

  const seen = emitted.map(({ detail }) => [
    detail['image-tag'],
    detail['image-digest'] === digest ? 'index' : String(detail['image-digest'])[7],
  ]);
  expect(seen).toEqual(expected);
});

test('DescribeImages by ID finds tags and digests, and says which image is missing', async () => {
  const { describe, put } = await givenRepository();
  const digest = await put(manifest('1'), 'v1');

  expect((await describe({ imageIds: [{ imageTag: 'v1' }, { imageDigest: digest }] })).imageDetails).toHaveLength(1);
  await expect(describe({ imageIds: [{ imageTag: 'v2' }] })).rejects.toMatchObject({
    code: 'ImageNotFoundException',
    message:
      "The image with imageId {imageDigest:'null', imageTag:'v2'} does not exist within the repository with name 'shop' in the registry with id '123456789012'",
  });
  await expect(describe({ imageIds: Array.from({ length: 101 }, () => ({ imageTag: 'v1' })) })).rejects.toMatchObject({
    code: 'InvalidParameterException',
  });
});

test('lists page, and filter by tag status', async () => {
  const { ask, describe, put } = await givenRepository();
  const first = await put(manifest('1'), 'v1');
  const second = await put(manifest('2'));
  const third = await put(manifest('3'), 'v3');

  const page = await describe({ maxResults: 2 });
  expect(page.imageDetails.map(({ imageDigest }) => imageDigest)).toEqual([first, second]);
  expect((await describe({ maxResults: 2, nextToken: page.nextToken })).imageDetails).toMatchObject([{ imageDigest: third }]);
  expect((await describe({ filter: { tagStatus: 'UNTAGGED' } })).imageDetails).toMatchObject([{ imageDigest: second }]);
  expect(await ask('ecr', 'ListImages', { repositoryName: 'shop', filter: { tagStatus: 'TAGGED' } })).toEqual({
    imageIds: [
      { imageDigest: first, imageTag: 'v1' },
      { imageDigest: third, imageTag: 'v3' },
    ],
  });
});

test('deleting the last tag deletes the image, and each deletion emits an event', async () => {
  const { ask, describe, put, emitted } = await givenRepository();
  const digest = await put(manifest('1'), 'v1');
  await put(manifest('1'), 'latest');
  const remove = (imageTag: string) => ask('ecr', 'BatchDeleteImage', { repositoryName: 'shop', imageIds: [{ imageTag }] });

  expect(await remove('latest')).toEqual({ imageIds: [{ imageTag: 'latest', imageDigest: digest }], failures: [] });
  expect((await describe()).imageDetails).toMatchObject([{ imageTags: ['v1'] }]);
  await remove('v1');
  expect((await describe()).imageDetails).toEqual([]);
  expect(await remove('v1')).toMatchObject({ imageIds: [], failures: [{ failureCode: 'ImageNotFound' }] });
  expect(emitted.slice(2).map(({ detail }) => [detail['action-type'], detail['image-tag']])).toEqual([
    ['DELETE', 'latest'],
    ['DELETE', 'v1'],
  ]);
});

test('an image that was not scanned has no scan', async () => {
  const { ask, put } = await givenRepository();
  await put(manifest('1'), 'v1');
  const findings = (imageTag: string) => ask('ecr', 'DescribeImageScanFindings', { repositoryName: 'shop', imageId: { imageTag } });

  await expect(findings('v1')).rejects.toMatchObject({ code: 'ScanNotFoundException' });
  await expect(findings('v2')).rejects.toMatchObject({ code: 'ImageNotFoundException' });
});

test('pull finds an image by tag and by digest, with its behaviour and platforms', async () => {
  const { ecr, put } = await givenRepository();
  const plain = await put(manifest('1', { 'slipway.behaviour': 'crashes-on-start' }), 'v1');
  const multi = await put(index, 'latest');

  expect(ecr.pull(`${uri}:v1`)).toEqual({
    digest: plain,
    behaviour: 'crashes-on-start',
    isIndex: false,
    platforms: [{ digest: plain }],
  });
  expect(ecr.pull(`${uri}@${multi}`)).toEqual({
    digest: multi,
    behaviour: 'never-healthy',
    isIndex: true,
    platforms: [
      { digest: `sha256:${'a'.repeat(64)}`, os: 'linux', architecture: 'amd64' },
      { digest: `sha256:${'b'.repeat(64)}`, os: 'linux', architecture: 'arm64' },
    ],
  });
  expect(ecr.pull(uri)?.digest).toBe(multi);
  expect(ecr.pull(`${uri}@sha256:${'a'.repeat(64)}`)).toMatchObject({ digest: `sha256:${'a'.repeat(64)}`, behaviour: 'never-healthy' });
  expect(ecr.pull(`${uri}:v1@${multi}`)?.digest).toBe(multi);
});

test.each([
  `${uri}:none`,
  `${uri}@sha256:${'0'.repeat(64)}`,
  'nginx:latest',
  uri.replace('123456789012', '999999999999'),
  uri.replace('shop', 'cart'),
])('pull finds nothing at %s', async (image) => {
  const { ecr, put } = await givenRepository();
  await put(manifest('1'), 'latest');

  expect(ecr.pull(image)).toBeUndefined();
});

test('a replicated image arrives in a repository of its name, with the documented event', async () => {
  const { account, ecr, emitted, ask } = await givenRepository();

  const digest = ecr.replicate({
    repositoryName: 'docker-hub/alpine',
    imageManifest: manifest('1'),
    imageTag: '3.17.2',
    sourceRegion: 'us-west-2',
  });

  expect(emitted).toEqual([
    {
      source: 'aws.ecr',
      'detail-type': 'ECR Replication Action',
      resources: ['arn:aws:ecr:eu-west-1:123456789012:repository/docker-hub/alpine'],
      detail: {
        result: 'SUCCESS',
        'repository-name': 'docker-hub/alpine',
        'image-digest': digest,
        'source-account': '123456789012',
        'action-type': 'REPLICATE',
        'source-region': 'us-west-2',
        'image-tag': '3.17.2',
      },
    },
  ]);
  expect(await ask('ecr', 'DescribeImages', { repositoryName: 'docker-hub/alpine' })).toMatchObject({
    imageDetails: [{ imageDigest: digest, imageTags: ['3.17.2'], imagePushedAt: new Date(account.clock.now) }],
  });
});

test('an image is replicated without a tag that is immutable at its destination', async () => {
  const { ecr, emitted, put, describe } = await givenRepository({ imageTagMutability: 'IMMUTABLE' });
  const first = await put(manifest('1'), 'v1');

  const second = ecr.replicate({ repositoryName: 'shop', imageManifest: manifest('2'), imageTag: 'v1', sourceRegion: 'us-west-2' });

  expect((await describe()).imageDetails).toEqual([
    expect.objectContaining({ imageDigest: first, imageTags: ['v1'] }),
    expect.not.objectContaining({ imageTags: expect.anything() }),
  ]);
  expect(emitted[1]?.detail).toMatchObject({ 'image-digest': second });
  expect(emitted[1]?.detail).not.toHaveProperty('image-tag');
});

test('an image that a pull-through cache takes from upstream arrives with the documented event', async () => {
  const { ecr, emitted, ask } = await givenRepository();

  const digest = ecr.pullThrough({
    repositoryName: 'docker-hub/alpine',
    imageManifest: manifest('1'),
    imageTag: '3.17.2',
    upstreamRegistryUrl: 'public.ecr.aws',
  });

  expect(emitted).toEqual([
    {
      source: 'aws.ecr',
      'detail-type': 'ECR Pull Through Cache Action',
      resources: ['arn:aws:ecr:eu-west-1:123456789012:repository/docker-hub/alpine'],
      detail: {
        'rule-version': '1',
        'sync-status': 'SUCCESS',
        'ecr-repository-prefix': 'docker-hub',
        'repository-name': 'docker-hub/alpine',
        'upstream-registry-url': 'public.ecr.aws',
        'image-tag': '3.17.2',
        'image-digest': digest,
      },
    },
  ]);
  expect(await ask('ecr', 'DescribeImages', { repositoryName: 'docker-hub/alpine' })).toMatchObject({
    imageDetails: [{ imageTags: ['3.17.2'] }],
  });
});

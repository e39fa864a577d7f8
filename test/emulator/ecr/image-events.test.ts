import { digestOf, givenRepository, manifest, manifestType, members } from './given-repository.js';

test('pushing the same image with the same tag again is refused, and emits no second event', async () => {
  const { put, emitted } = await givenRepository();
  await put(manifest('1'), 'v1');

  await expect(put(manifest('1'), 'v1')).rejects.toMatchObject({ code: 'ImageAlreadyExistsException' });
  await expect(put(manifest('1'))).rejects.toMatchObject({ code: 'ImageAlreadyExistsException' });

  expect(emitted).toHaveLength(1);
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

test('another tag for an image that is there is a push of its own, and the image keeps the time of its first one', async () => {
  const { account, put, describe, emitted } = await givenRepository();
  const digest = await put(manifest('one'), 'main-1');
  const [before] = (await describe()).imageDetails;
  await account.clock.advance(3_600_000);

  await put(manifest('one'), 'v1.0.0');

  expect(emitted[1]?.detail).toMatchObject({ 'action-type': 'PUSH', 'image-tag': 'v1.0.0', 'image-digest': digest });
  expect((await describe()).imageDetails).toEqual([{ ...before, imageTags: ['main-1', 'v1.0.0'] }]);
});

test('the push of an image for several platforms is announced for each of its manifests', async () => {
  const { putIndex, emitted } = await givenRepository();
  const digest = await putIndex('v1');

  expect(emitted.map(({ detail }) => [detail['image-tag'], detail['image-digest']])).toEqual([
    ...members.map((architecture) => [undefined, digestOf(manifest(architecture))]),
    ['v1', digest],
  ]);
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

describe('a scan', () => {
  const findings = ({ ask }: Awaited<ReturnType<typeof givenRepository>>, imageTag: string) =>
    ask('ecr', 'DescribeImageScanFindings', { repositoryName: 'shop', imageId: { imageTag } });

  test('does not exist where the repository does not scan on push, nor of an image that is not there', async () => {
    const given = await givenRepository();
    await given.put(manifest('1'), 'v1');

    await expect(findings(given, 'v1')).rejects.toMatchObject({ code: 'ScanNotFoundException' });
    await expect(findings(given, 'v2')).rejects.toMatchObject({ code: 'ImageNotFoundException' });
  });

  test('of an image that was pushed completes some seconds later, with the documented event', async () => {
    const given = await givenRepository({ imageScanningConfiguration: { scanOnPush: true } });
    const imageDigest = await given.put(manifest('1'), 'v1');

    expect(await findings(given, 'v1')).toMatchObject({
      imageId: { imageTag: 'v1', imageDigest },
      imageScanStatus: { status: 'IN_PROGRESS' },
    });

    await given.account.clock.run();
    expect(await findings(given, 'v1')).toMatchObject({
      imageScanStatus: { status: 'COMPLETE' },
      imageScanFindings: { imageScanCompletedAt: new Date(given.account.clock.now), findings: [], findingSeverityCounts: {} },
    });
    expect(given.emitted[1]).toEqual({
      source: 'aws.ecr',
      'detail-type': 'ECR Image Scan',
      resources: ['arn:aws:ecr:eu-west-1:123456789012:repository/shop'],
      detail: {
        'scan-status': 'COMPLETE',
        'repository-name': 'shop',
        'finding-severity-counts': {},
        'image-digest': imageDigest,
        'image-tags': ['v1'],
      },
    });
  });

  test('of an index does not exist, only those of its members', async () => {
    const given = await givenRepository({ imageScanningConfiguration: { scanOnPush: true } });
    await given.putIndex('v1');

    await expect(findings(given, 'v1')).rejects.toMatchObject({ code: 'ScanNotFoundException' });
    await given.account.clock.run();
    expect(given.emitted.filter((event) => event['detail-type'] === 'ECR Image Scan')).toHaveLength(members.length);
  });
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

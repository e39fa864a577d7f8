import { digestOf, givenRepository, index, indexType, manifest, manifestType, uri } from './given-repository.js';

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

  expect(await put(manifest('1'), 'v1')).toBe(digestOf(manifest('1')));

  expect(await ask('ecr', 'BatchGetImage', { repositoryName: 'shop', imageIds: [{ imageTag: 'v1' }, { imageTag: 'v2' }] })).toEqual({
    images: [
      {
        registryId: '123456789012',
        repositoryName: 'shop',
        imageId: { imageTag: 'v1', imageDigest: digestOf(manifest('1')) },
        imageManifest: manifest('1'),
        imageManifestMediaType: manifestType,
      },
    ],
    failures: [{ imageId: { imageTag: 'v2' }, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' }],
  });
});

test('an image whose media type is not accepted is not found', async () => {
  const { get, putIndex } = await givenRepository();
  await putIndex('v1');
  const accepting = (acceptedMediaTypes: string[]) => get({ imageTag: 'v1' }, { acceptedMediaTypes });

  expect(await accepting([manifestType])).toMatchObject({
    images: [],
    failures: [{ imageId: { imageTag: 'v1' }, failureCode: 'ImageNotFound' }],
  });
  expect(await accepting([manifestType, indexType])).toMatchObject({ images: [{ imageManifest: index }], failures: [] });
});

describe('BatchGetImage and BatchDeleteImage', () => {
  test.each([
    [{}, 'MissingDigestAndTag', 'Invalid request parameters: both tag and digest cannot be null'],
    [
      { imageDigest: 'v1' },
      'InvalidImageDigest',
      "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
    ],
    [{ imageDigest: 'sha256:xyz' }, 'InvalidImageDigest', expect.any(String)],
    [{ imageTag: 'a/b' }, 'InvalidImageTag', expect.any(String)],
    [{ imageTag: '-v1' }, 'InvalidImageTag', expect.any(String)],
    [{ imageTag: 'v'.repeat(301) }, 'InvalidImageTag', expect.any(String)],
    [{ imageTag: 'v'.repeat(300) }, 'ImageNotFound', 'Requested image not found'],
    [{ imageDigest: digestOf('none') }, 'ImageNotFound', 'Requested image not found'],
    [{ imageTag: 'v2', imageDigest: digestOf(manifest('1')) }, 'ImageNotFound', 'Requested image not found'],
    [
      { imageTag: 'v1', imageDigest: digestOf('none') },
      'ImageTagDoesNotMatchDigest',
      'Invalid request parameters: given tag does not map to the given digest',
    ],
  ])('refuse %j with the code %s', async (imageId, failureCode, failureReason) => {
    const { ask, get, put } = await givenRepository();
    await put(manifest('1'), 'v1');

    const failures = [{ imageId, failureCode, failureReason }];
    expect(await get(imageId)).toEqual({ images: [], failures });
    expect(await ask('ecr', 'BatchDeleteImage', { repositoryName: 'shop', imageIds: [imageId] })).toEqual({ imageIds: [], failures });
  });

  test('answer an image that is named by its digest once for each of its tags', async () => {
    const { ask, get, put } = await givenRepository();
    const imageDigest = await put(manifest('1'), 'v1');
    await put(manifest('1'), 'latest');
    const both = [
      { imageDigest, imageTag: 'v1' },
      { imageDigest, imageTag: 'latest' },
    ];

    expect(await get({ imageDigest })).toMatchObject({ images: both.map((imageId) => ({ imageId })) });
    expect(await ask('ecr', 'BatchDeleteImage', { repositoryName: 'shop', imageIds: [{ imageDigest }] })).toEqual({
      imageIds: both,
      failures: [],
    });
  });
});

describe('repository names', () => {
  test.each(['team_x/my__learn', 'a--b', 'a---b', 'a.b/c-d_e', 'ab', '1/2/3', 'a'.repeat(256)])(
    '%s is accepted',
    async (repositoryName) => {
      const { ask } = await givenRepository();

      expect(await ask('ecr', 'CreateRepository', { repositoryName })).toMatchObject({ repository: { repositoryName } });
    },
  );

  test.each(['a', 'A/b', 'a___b', 'a..b', 'a//b', '/a', 'a/', '-ab', 'ab-', 'a b', 'a'.repeat(257)])(
    '%s is refused',
    async (repositoryName) => {
      const { ask } = await givenRepository();

      await expect(ask('ecr', 'CreateRepository', { repositoryName })).rejects.toMatchObject({ code: 'InvalidParameterException' });
    },
  );
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

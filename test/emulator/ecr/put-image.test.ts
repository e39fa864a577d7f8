import { digestOf, givenRepository, index, manifest, manifestType, realManifest } from './given-repository.js';

describe('PutImage refuses', () => {
  test('an image whose layers or configuration are missing', async () => {
    const { put, upload, describe, emitted } = await givenRepository();
    const refusal = (digest: string) => ({
      code: 'LayersNotFoundException',
      message: `Layers with digests '[${digest}]' required for pushing image into repository with name 'shop' in the registry with id '123456789012' do not exist`,
    });
    await upload('a layer');

    await expect(put(realManifest, 'v1')).rejects.toMatchObject(refusal(digestOf('{"architecture":"arm64"}')));
    expect(await describe()).toEqual({ imageDetails: [] });
    expect(emitted).toEqual([]);

    await upload('{"architecture":"arm64"}');
    expect(await put(realManifest, 'v1')).toBe(digestOf(realManifest));
  });

  test('an image one of whose layers lies in another repository', async () => {
    const { ask, put, upload } = await givenRepository();
    await ask('ecr', 'CreateRepository', { repositoryName: 'cart' });
    await upload('a layer');
    await upload('{"architecture":"arm64"}');
    await put(realManifest);

    await expect(ask('ecr', 'PutImage', { repositoryName: 'cart', imageManifest: realManifest })).rejects.toMatchObject({
      code: 'LayersNotFoundException',
    });
  });

  test('no layer that is kept elsewhere', async () => {
    const { put } = await givenRepository();
    const layers = [{ digest: digestOf('windows'), size: 1, urls: ['https://mcr.microsoft.com/v2/windows'] }];

    await expect(put(JSON.stringify({ schemaVersion: 2, mediaType: manifestType, layers }))).resolves.toMatch(/^sha256:/);
  });

  test('an index of which a member is missing', async () => {
    const { put } = await givenRepository();
    await put(manifest('amd64'));
    await put(manifest('unknown'));

    await expect(put(index, 'v1')).rejects.toMatchObject({
      code: 'ReferencedImagesNotFoundException',
      message: `Images with digests '[${digestOf(manifest('arm64'))}]' required for pushing image into repository with name 'shop' in the registry with id '123456789012' do not exist`,
    });
  });

  test.each(['a/b', '.v1', 'v'.repeat(301)])('the tag %s', async (tag) => {
    const { put } = await givenRepository();

    await expect(put(manifest('1'), tag)).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });

  test.each([128, 150, 300])('no tag of %i characters', async (length) => {
    const { put, describe } = await givenRepository();
    await put(manifest('1'), 'v'.repeat(length));

    expect(await describe()).toMatchObject({ imageDetails: [{ imageTags: ['v'.repeat(length)] }] });
  });
});

test('a layer whose digest is not the given one is not kept', async () => {
  const { put, upload } = await givenRepository();
  await upload('{"architecture":"arm64"}');

  await expect(upload('a layer', digestOf('another layer'))).rejects.toMatchObject({ code: 'InvalidLayerException' });
  await expect(put(realManifest)).rejects.toMatchObject({ code: 'LayersNotFoundException' });
});

test('in an immutable repository a tag cannot be moved', async () => {
  const { put } = await givenRepository({ imageTagMutability: 'IMMUTABLE' });
  await put(manifest('1'), 'v1');

  await expect(put(manifest('2'), 'v1')).rejects.toMatchObject({ code: 'ImageTagAlreadyExistsException' });
  await expect(put(manifest('1'), 'v1')).rejects.toMatchObject({ code: 'ImageAlreadyExistsException' });
});

test('a manifest that is not JSON, has no media type, or another digest is refused', async () => {
  const { ask } = await givenRepository();
  const put = (input: object) => ask('ecr', 'PutImage', { repositoryName: 'shop', ...input });

  await expect(put({ imageManifest: 'x' })).rejects.toMatchObject({ code: 'InvalidParameterException' });
  await expect(put({ imageManifest: '{}' })).rejects.toMatchObject({ code: 'InvalidParameterException' });
  await expect(put({ imageManifest: manifest('1'), imageDigest: `sha256:${'0'.repeat(64)}` })).rejects.toMatchObject({
    code: 'ImageDigestDoesNotMatchException',
  });
  await expect(put({ imageManifest: manifest('1', 'dances') })).rejects.toMatchObject({ code: 'NotEmulated' });
});

test.each(['[]', 'null', '{"manifests":5}', '{"layers":[null]}', '{"config":"x"}', '{"annotations":[]}'])(
  'the manifest %s is refused',
  async (text) => {
    const { put } = await givenRepository();

    await expect(put(text)).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'",
    });
  },
);

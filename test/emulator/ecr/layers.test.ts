import { digestOf, givenRepository, manifest, realManifest } from './given-repository.js';

const config = '{"architecture":"arm64"}';

const given = async () => {
  const shop = await givenRepository();
  const check = (layerDigests: readonly string[], repositoryName = 'shop') =>
    shop.ask('ecr', 'BatchCheckLayerAvailability', { repositoryName, layerDigests });
  return { ...shop, check };
};

test('the layers that an image needs are available once they were uploaded', async () => {
  const { check, upload, put } = await given();
  await upload('a layer');
  await upload(config);
  await put(realManifest, 'v1');

  expect(await check([digestOf('a layer'), digestOf(config), digestOf('another')])).toEqual({
    layers: [
      {
        layerDigest: digestOf('a layer'),
        layerAvailability: 'AVAILABLE',
        layerSize: 7,
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      },
      {
        layerDigest: digestOf(config),
        layerAvailability: 'AVAILABLE',
        layerSize: config.length,
        mediaType: 'application/vnd.oci.image.config.v1+json',
      },
      { layerDigest: digestOf('another'), layerAvailability: 'UNAVAILABLE' },
    ],
    failures: [],
  });
});

test("an image of the emulator's own may lack its layers", async () => {
  const { check, put } = await given();
  await put(manifest('one'), 'v1');

  expect(await check([digestOf('layer')])).toMatchObject({ layers: [{ layerAvailability: 'UNAVAILABLE' }] });
});

test('a layer is archived with the last image that has it', async () => {
  const { ask, check, upload, put } = await given();
  await upload('a layer');
  await upload(config);
  const digest = await put(realManifest, 'v1');
  const other = await put(realManifest.replace('"schemaVersion"', '"annotations":{},"schemaVersion"'), 'v2');
  const archive = (imageDigest: string) =>
    ask('ecr', 'UpdateImageStorageClass', { repositoryName: 'shop', imageId: { imageDigest }, targetStorageClass: 'ARCHIVE' });

  await archive(digest);
  expect(await check([digestOf('a layer')])).toMatchObject({ layers: [{ layerAvailability: 'AVAILABLE' }] });
  await archive(other);
  expect(await check([digestOf('a layer')])).toMatchObject({ layers: [{ layerAvailability: 'ARCHIVED' }] });
});

test('what is no digest is a failure of its own', async () => {
  const { check } = await given();

  expect(await check(['latest'])).toMatchObject({ layers: [], failures: [{ layerDigest: 'latest', failureCode: 'InvalidLayerDigest' }] });
});

test.each([
  ['no layer', [], 'shop', 'InvalidParameterException'],
  ['more than 100 layers', Array.from({ length: 101 }, (_, number) => digestOf(String(number))), 'shop', 'InvalidParameterException'],
  ['a repository that does not exist', [digestOf('a layer')], 'none', 'RepositoryNotFoundException'],
])('%s is refused', async (_, digests, repository, code) => {
  const { check } = await given();

  await expect(check(digests, repository)).rejects.toMatchObject({ code });
});

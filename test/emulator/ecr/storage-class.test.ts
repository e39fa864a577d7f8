import { givenRepository, index, manifest, members, uri } from './given-repository.js';

const given = async (options?: Parameters<typeof givenRepository>[1]) => {
  const shop = await givenRepository({}, options);
  const { account, ask, describe, emitted } = shop;
  const store = (imageTag: string, targetStorageClass: string) =>
    ask('ecr', 'UpdateImageStorageClass', { repositoryName: 'shop', imageId: { imageTag }, targetStorageClass });
  const statusOf = async (imageTag: string) => (await describe({ imageIds: [{ imageTag }] })).imageDetails[0];
  const pulled = () => account.services.ecr.pull(`${uri}:v1`);
  const actions = () => emitted.map(({ detail }) => detail).filter((detail) => detail['action-type'] === 'UPDATE_STORAGE_CLASS');
  const digest = await shop.put(manifest('one'), 'v1');
  return { ...shop, store, statusOf, pulled, actions, digest };
};

test('an archived image is described, and cannot be pulled', async () => {
  const { store, statusOf, pulled, get, describe, actions, digest } = await given();

  expect(await store('v1', 'ARCHIVE')).toMatchObject({ imageId: { imageTag: 'v1' }, imageStatus: 'ARCHIVED' });

  expect(await statusOf('v1')).toMatchObject({ imageDigest: digest, imageStatus: 'ARCHIVED', lastArchivedAt: expect.any(Date) });
  expect(pulled()).toBeUndefined();
  expect(await get({ imageTag: 'v1' })).toMatchObject({ images: [], failures: [{ failureCode: 'ImageNotFound' }] });
  expect((await describe()).imageDetails).toEqual([]);
  expect((await describe({ filter: { imageStatus: 'ARCHIVED' } })).imageDetails).toHaveLength(1);
  expect(actions()).toMatchObject([{ result: 'SUCCESS', 'image-digest': digest, 'target-storage-class': 'ARCHIVE' }]);
});

test('an archived image may be hidden from who asks for it by ID', async () => {
  const { store, statusOf } = await given({ assumptions: { archivedImageById: 'notFound' } });

  await store('v1', 'ARCHIVE');

  await expect(statusOf('v1')).rejects.toMatchObject({ code: 'ImageNotFoundException' });
});

test('a restore takes up to 20 minutes', async () => {
  const { store, statusOf, pulled, account, actions, digest } = await given();
  await store('v1', 'ARCHIVE');

  expect(await store('v1', 'STANDARD')).toMatchObject({ imageStatus: 'ACTIVATING' });
  await account.clock.advance(60_000);
  expect(await statusOf('v1')).toMatchObject({ imageStatus: 'ACTIVATING' });
  expect(pulled()).toBeUndefined();
  await expect(store('v1', 'ARCHIVE')).rejects.toMatchObject({ code: 'ImageStorageClassUpdateNotSupportedException' });
  await account.clock.run();

  expect(await statusOf('v1')).toMatchObject({ imageStatus: 'ACTIVE', lastActivatedAt: expect.any(Date) });
  expect(pulled()).toMatchObject({ digest });
  expect(actions()[1]).toMatchObject({ 'target-storage-class': 'STANDARD', 'last-activated-at': expect.any(String) });
});

test('a push restores an archived image at once, with its first time', async () => {
  const { store, statusOf, put, pulled, account, digest } = await given();
  const before = await statusOf('v1');
  await store('v1', 'ARCHIVE');
  await account.clock.advance(60_000);

  await put(manifest('one'), 'v1');

  expect(await statusOf('v1')).toMatchObject({ imageStatus: 'ACTIVE', imagePushedAt: before?.imagePushedAt });
  expect(pulled()).toMatchObject({ digest });
});

test.each([
  ['v1', 'STANDARD', 'ImageStorageClassUpdateNotSupportedException'],
  ['v2', 'ARCHIVE', 'ImageNotFoundException'],
  ['v1', 'GLACIER', 'ValidationException'],
])('%s cannot be moved to %s', async (tag, storageClass, code) => {
  const { store } = await given();

  await expect(store(tag, storageClass)).rejects.toMatchObject({ code });
});

test('an index that is pushed again restores nothing but itself', async () => {
  const { store, putIndex, put, ask, describe, digest } = await given();
  const indexDigest = await putIndex('all');
  await store('all', 'ARCHIVE');
  await ask('ecr', 'UpdateImageStorageClass', { repositoryName: 'shop', imageId: { imageDigest: digest }, targetStorageClass: 'ARCHIVE' });

  expect(await put(index, 'all')).toBe(indexDigest);

  expect((await describe()).imageDetails).toHaveLength(members.length + 1);
});

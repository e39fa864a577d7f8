import { ImageContents } from '../../aws/image-content.js';
import { digest } from '../core/given.js';
import { type Answer, type Call, fakeAws } from './fake-aws.js';

const contents = (answer: (call: Call) => Answer) => {
  const { settings, calls } = fakeAws(answer);
  return { content: new ImageContents(settings), calls };
};
const missing = (name: string): Answer => [400, { __type: name, message: name }];

test.each<[string, Answer, string | undefined]>([
  ['its status', [200, { imageDetails: [{ imageDigest: digest, imageStatus: 'ARCHIVED' }] }], 'ARCHIVED'],
  ['ACTIVE where ECR answers none', [200, { imageDetails: [{ imageDigest: digest }] }], 'ACTIVE'],
  ['none without the image', missing('ImageNotFoundException'), undefined],
  ['none without the repository', missing('RepositoryNotFoundException'), undefined],
])('the status of an image is %s', async (_, answer, status) => {
  expect(await contents(() => answer).content.status('my-learn-app', digest)).toBe(status);
});

test('layers are asked for a hundred at a time, and those that are not available are missing', async () => {
  const digests = Array.from({ length: 201 }, (_, index) => `sha256:${index}`);
  const { content, calls } = contents(({ input }) => {
    const asked = input.layerDigests as string[];
    const layers = asked.map((layerDigest) => ({ layerDigest, layerAvailability: layerDigest === 'sha256:7' ? 'ARCHIVED' : 'AVAILABLE' }));
    return [200, { layers: layers.filter(({ layerDigest }) => layerDigest !== 'sha256:200'), failures: [] }];
  });

  expect([...(await content.missingLayers('my-learn-app', digests))]).toEqual(['sha256:7', 'sha256:200']);
  expect(calls.map(({ input }) => (input.layerDigests as string[]).length)).toEqual([100, 100, 1]);
  expect([...(await content.missingLayers('my-learn-app', []))]).toEqual([]);
});

test('manifests are answered by their digests, as far as they are there', async () => {
  const { content, calls } = contents(() => [
    200,
    { images: [{ imageId: { imageDigest: 'sha256:1' }, imageManifest: '{"layers":[]}' }], failures: [{ failureCode: 'ImageNotFound' }] },
  ]);

  expect([...(await content.manifests('my-learn-app', ['sha256:1', 'sha256:2']))]).toEqual([['sha256:1', { layers: [] }]]);
  expect([...(await content.manifests('my-learn-app', []))]).toEqual([]);
  expect(calls).toHaveLength(1);
});

test.each(['LayersNotFoundException', 'LayerInaccessibleException'])('a configuration for which ECR answers %s is empty', async (name) => {
  expect(await contents(() => missing(name)).content.configuration('my-learn-app', 'sha256:1')).toEqual({});
});

test('a configuration that the storage does not answer is empty', async () => {
  const { content } = contents(() => [200, { downloadUrl: 'http://127.0.0.1:1/nothing', layerDigest: 'sha256:1' }]);

  expect(await content.configuration('my-learn-app', 'sha256:1')).toEqual({});
});

import { Images } from '../../aws/image.js';
import type { Image } from '../../core/records/records.js';
import { digest, registry } from '../core/given.js';
import { fakeAws } from './fake-aws.js';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const memberOf = (index: number): string => `sha256:${String(index).padStart(64, '0')}`;

/** A registry that has an index of so many images. */
const imagesOf = (count: number): Images => {
  const member = JSON.stringify({ config: { mediaType: 'application/vnd.oci.image.config.v1+json' }, layers: [] });
  const manifests = Array.from({ length: count }, (_, index) => ({ mediaType: manifestType, digest: memberOf(index) }));
  return new Images(
    fakeAws(({ input }) => {
      const ids = input.imageIds as readonly { imageTag?: string; imageDigest?: string }[];
      const images = ids.map(({ imageDigest = digest }) => ({
        imageId: { imageDigest },
        imageManifest: imageDigest === digest ? JSON.stringify({ manifests }) : member,
      }));
      return [200, { images, failures: [] }];
    }).settings,
  );
};

test.each([
  [20, 20],
  [21, undefined],
])('of an image of %i platforms %s digests are known: what a task reports proves nothing if they are not all', async (count, known) => {
  const images = imagesOf(count);
  const found = (await images.find(registry, 'my-learn-app', { tag: 'v1' })) as Image;

  expect([found.digest, found.platformDigests?.length]).toEqual([digest, known]);
  expect((await images.platformDigests({ repository: 'my-learn-app', digest }))?.length).toBe(known);
});

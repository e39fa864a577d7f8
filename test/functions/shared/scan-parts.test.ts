import type { Configuration } from '../../../core/configuration/configuration.js';
import type { Manifest } from '../../../core/image/manifest.js';
import { scannedParts } from '../../../functions/shared/scan-parts.js';
import { digest, image } from '../../core/given.js';
import { configured, type GivenPreflight, givenPreflight } from '../given-preflight.js';

const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const platform = (architecture: string, os = 'linux') => ({
  mediaType,
  digest: `sha256:${os}-${architecture}`,
  platform: { os, architecture },
});
const index: Manifest = {
  manifests: [
    platform('amd64'),
    platform('arm64'),
    platform('amd64', 'windows'),
    // buildx adds an attestation for each.
    { mediaType, digest: 'sha256:attestation', platform: { os: 'unknown', architecture: 'unknown' } },
  ],
};

const onArm = { definition: { runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' } } } as const;
const web = 'production/s0';

const partsOf = async (given: GivenPreflight = {}, configuration: Configuration = configured([{}]), services = [web]) => {
  const { deps, calls } = givenPreflight({ manifests: { [digest]: index }, ...given });
  return { parts: await scannedParts(deps, { image, services, configuration, look: 'one' }), calls };
};
const platforms = async (...asked: Parameters<typeof partsOf>) => (await partsOf(...asked)).parts.map((part) => part.platform);

test('of an image without an index, itself, and no service is read', async () => {
  const { parts, calls } = await partsOf({ manifests: { [digest]: { layers: [] } } });
  expect(parts).toEqual([{ digest }]);
  expect(calls).toEqual(['ecr:BatchGetImage']);
});

test('of an index, the members that a service runs', async () => {
  expect((await partsOf()).parts).toEqual([{ digest: 'sha256:linux-amd64', platform: 'linux/amd64' }]);
  expect(await platforms({ revisions: { 7: onArm } })).toEqual(['linux/arm64']);
});

test('of services on several platforms, each', async () => {
  const services = { 'production/s1': { taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:8' } };
  const given = { revisions: { 7: {}, 8: onArm }, services };
  const asked = [configured([{}, {}]), [web, 'production/s1']] as const;
  expect(await platforms(given, asked[0], [...asked[1]])).toEqual(['linux/amd64', 'linux/arm64']);
});

test.each<[string, GivenPreflight]>([
  ['that does not exist', { services: { [web]: undefined } }],
  ['that may not be read', { denied: ['ecs:DescribeServices'] }],
  ['whose revision may not be read', { denied: ['ecs:DescribeTaskDefinition'] }],
  ['on instances of any architecture', { services: { [web]: { isFargate: false } } }],
])('of a service %s, all members but attestations', async (_, given) => {
  expect(await platforms(given)).toEqual(['linux/amd64', 'linux/arm64', 'windows/amd64']);
});

test('a service that slipway.yml no longer names runs none', async () => {
  expect(await platforms({ revisions: { 7: onArm } }, configured([{}]), [web, 'production/gone'])).toEqual(['linux/arm64']);
});

test('of an index for other platforms, none', async () => {
  expect(await platforms({ manifests: { [digest]: { manifests: [platform('s390x')] } } })).toEqual([]);
});

test('an image that is gone is asked for by its digest', async () => {
  expect((await partsOf({ manifests: {} })).parts).toEqual([{ digest }]);
});

test('a read that is throttled fails the look, which is repeated', async () => {
  await expect(partsOf({ readsAtOnce: 0 })).rejects.toMatchObject({ name: 'ThrottlingException' });
});

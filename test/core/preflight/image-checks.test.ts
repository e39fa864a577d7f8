import type { Manifest } from '../../../core/image/manifest.js';
import { imageChecks } from '../../../core/preflight/image-checks.js';
import { layersOf, partsOf } from '../../../core/preflight/image-parts.js';
import type { Platform } from '../../../core/preflight/platform.js';

const amd64 = { os: 'linux', architecture: 'amd64' };
const arm64 = { os: 'linux', architecture: 'arm64' };
const manifest: Manifest = { config: { digest: 'config' }, layers: [{ digest: 'one' }, { digest: 'far', urls: ['https://elsewhere'] }] };
const member = (digest: string, platform: object) => ({ mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, platform });
const index: Manifest = {
  manifests: [member('for-amd', amd64), member('for-arm', arm64), member('attestation', { os: 'unknown', architecture: 'unknown' })],
};
const bothMembers = new Map<string, Manifest>([
  ['for-amd', { config: { digest: 'amd-config' }, layers: [] }],
  ['for-arm', { config: { digest: 'arm-config' }, layers: [] }],
]);
const on = (...platforms: Platform[]) => platforms.map((platform, number) => ({ service: `production/s${number}`, platform }));
const none: ReadonlySet<string> = new Set();
const codes = (checks: ReturnType<typeof imageChecks>) => checks.map(({ code, service }) => (service ? `${code} ${service}` : code));

test('layers that are kept elsewhere are not ECR’s', () => {
  expect(layersOf(manifest)).toEqual(['config', 'one']);
});

test('attestations are no parts of an index', () => {
  expect(partsOf('index', index, bothMembers, {}).map(({ digest }) => digest)).toEqual(['for-amd', 'for-arm']);
});

test.each<[string, Platform, Platform[], string[]]>([
  ['its own platform', amd64, [amd64], []],
  ['another platform', amd64, [arm64, amd64], ['PLATFORM_MISMATCH production/s0']],
  ['a platform that is not known', {}, [arm64], []],
  ['a host that is not known', amd64, [{}], []],
])('an image of one platform on %s', (_, configured, hosts, expected) => {
  expect(codes(imageChecks(partsOf('image', manifest, new Map(), configured), none, on(...hosts)))).toEqual(expected);
});

test.each<[string, string[], string[], Platform[], string[]]>([
  ['all there', [], [], [amd64, arm64], []],
  ['a platform missing that no service has', ['for-arm'], [], [amd64], []],
  ['a platform missing that a service has', ['for-arm'], [], [amd64, arm64], ['IMAGE_INCOMPLETE']],
  ['a layer missing of a platform that two services have', [], ['arm-config'], [arm64, arm64], ['IMAGE_INCOMPLETE']],
  ['a layer missing of one of the platforms that a host may have', [], ['arm-config'], [{}], []],
  ['layers missing of all platforms that a host may have', ['for-amd'], ['arm-config'], [{}], ['IMAGE_INCOMPLETE', 'IMAGE_INCOMPLETE']],
  ['everything missing, and no service that can be deployed', ['for-amd', 'for-arm'], [], [], ['IMAGE_INCOMPLETE', 'IMAGE_INCOMPLETE']],
  ['no platform of a service', [], [], [{ os: 'windows' }], ['PLATFORM_MISMATCH production/s0']],
])('an index with %s', (_, lost, missing, hosts, expected) => {
  const members = new Map([...bothMembers].filter(([digest]) => !lost.includes(digest)));

  expect(codes(imageChecks(partsOf('index', index, members, {}), new Set(missing), on(...hosts)))).toEqual(expected);
});

import { mayRunOn, platformName, platformOf } from '../../../core/preflight/platform.js';

test.each<[string, Parameters<typeof platformOf>[0], boolean, string]>([
  ['the default of Fargate', {}, true, 'linux/amd64'],
  ['a revision for Fargate alone', { requiresCompatibilities: ['FARGATE'] }, false, 'linux/amd64'],
  ['a revision for Fargate and EC2 that runs on EC2', { requiresCompatibilities: ['FARGATE', 'EC2'] }, false, 'an unknown platform'],
  ['an instance of EC2', {}, false, 'an unknown platform'],
  ['an architecture that is named', { runtimePlatform: { cpuArchitecture: 'ARM64' } }, true, 'linux/arm64'],
  ['an architecture on EC2', { runtimePlatform: { cpuArchitecture: 'ARM64' } }, false, 'arm64'],
  ['Windows', { runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } }, true, 'windows/amd64'],
  ['an architecture of a later time', { runtimePlatform: { cpuArchitecture: 'RISCV64', operatingSystemFamily: 'LINUX' } }, true, 'linux'],
])('the platform of %s', (_, definition, isFargate, expected) => {
  expect(platformName(platformOf(definition, isFargate))).toBe(expected);
});

test('what is unknown may run', () => {
  expect(mayRunOn({}, { os: 'linux', architecture: 'amd64' })).toBe(true);
  expect(mayRunOn({ os: 'linux', architecture: 'arm64' }, {})).toBe(true);
  expect(mayRunOn({ os: 'windows', architecture: 'amd64' }, { os: 'linux', architecture: 'amd64' })).toBe(false);
});

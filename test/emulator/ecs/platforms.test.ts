import type { PlatformImage } from '../../../emulator/ecr/api.js';
import { circuitBreaker, digest, givenService, registry } from './given-service.js';

const logConfiguration = { logDriver: 'awslogs', options: { 'awslogs-group': '/web' } };

/** How the first task of a rollout ends, or that the rollout succeeds. */
const outcomeOf = async (image: { isIndex: boolean; platforms: PlatformImage[] }, runtimePlatform?: object) => {
  const { account, images, logs, register, update, minutes, serviceDeployment, call } = await givenService(
    {},
    { deploymentConfiguration: circuitBreaker(true) },
  );
  images[`${registry}/web:other`] = { digest: digest('0'), behaviour: 'healthy', ...image };
  await update({ taskDefinition: await register('other', { logConfiguration }, runtimePlatform && { runtimePlatform }) });
  await minutes(20);
  const { status, targetServiceRevision } = await serviceDeployment();
  const { serviceRevisions } = await call('DescribeServiceRevisions', { serviceRevisionArns: [targetServiceRevision.arn] });
  const [stopped] = status === 'SUCCESSFUL' ? [] : account.log.of('ecs', 'task-stopped');
  return { status, stopped: stopped?.detail, log: logs.join('\n'), image: serviceRevisions[0].containerImages[0] };
};

const linux = (architecture: string, letter = '1'): PlatformImage => ({ digest: digest(letter), os: 'linux', architecture });
const arm = { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' };
const windows = { cpuArchitecture: 'X86_64', operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' };

describe('an index', () => {
  test.each([
    ['without a runtimePlatform, which is X86_64', [linux('arm64')], undefined, 'linux/amd64'],
    ['for ARM64', [linux('amd64')], arm, 'linux/arm64 v8'],
    ['for Windows', [linux('amd64')], windows, 'windows/amd64'],
    ['that has attestations only', [], undefined, 'linux/amd64'],
  ])('that lacks the platform of a task %s cannot be pulled', async (_, platforms, runtimePlatform, platform) => {
    const { status, stopped } = await outcomeOf({ isIndex: true, platforms }, runtimePlatform);

    expect(status).toBe('ROLLBACK_SUCCESSFUL');
    expect(stopped).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: `CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform '${platform}'`,
    });
  });

  test.each([
    ['amd64', undefined],
    ['arm64', arm],
  ])('for several platforms runs its member for %s', async (architecture, runtimePlatform) => {
    const platforms = [linux('arm64', architecture === 'arm64' ? '1' : '2'), linux('amd64', architecture === 'amd64' ? '1' : '3')];

    expect(await outcomeOf({ isIndex: true, platforms }, runtimePlatform)).toMatchObject({
      status: 'SUCCESSFUL',
      image: { imageDigest: digest('0') },
    });
  });
});

describe('a plain manifest', () => {
  test.each([
    ['arm64', undefined],
    ['amd64', arm],
  ])('for %s on the other architecture is pulled, and its container exits', async (architecture, runtimePlatform) => {
    const { status, stopped, log } = await outcomeOf({ isIndex: false, platforms: [linux(architecture)] }, runtimePlatform);

    expect(status).toBe('ROLLBACK_SUCCESSFUL');
    expect(stopped).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      exitCode: 1,
    });
    expect(log).toContain('exec /usr/local/bin/docker-entrypoint.sh: exec format error');
  });

  test('of an unknown platform runs', async () => {
    expect(await outcomeOf({ isIndex: false, platforms: [{ digest: digest('1') }] })).toMatchObject({ status: 'SUCCESSFUL' });
  });
});

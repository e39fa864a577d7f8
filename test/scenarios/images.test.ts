import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { appContainer, closePipelines, givenPipeline } from '../support/pipeline.js';
import { pairwise } from '../support/variants.js';

afterEach(closePipelines);

const last = <T>(all: readonly T[]): T | undefined => all.at(-1);

describe.each(pairwise(['resolvedDigest', 'exitAfterRunning']))('under $variant', ({ assumptions }) => {
  test('a healthy image reaches every stage, and every service runs it', async () => {
    const pipeline = await givenPipeline({ assumptions });

    const release = await pipeline.release('main-2');

    expect(release).toMatchObject({ status: 'SUCCEEDED', outcome: 'SUCCEEDED', reason: 'DEPLOYED' });
    for (const service of ['staging/web', 'production/web', 'production/worker'])
      expect(pipeline.running(service)).toEqual([release.digest]);
    expect(pipeline.messages()).toMatchObject([{ result: { outcome: 'SUCCEEDED' } }]);
  });

  test.each([false, true])(
    'an image that crashes on start is rolled back, whether or not ECS would (circuit breaker: %s)',
    async (breaker) => {
      const pipeline = await givenPipeline({
        assumptions,
        services: { 'staging/web': { tasks: 2, breaker }, 'production/web': {}, 'production/worker': {} },
      });
      const [before] = pipeline.running('staging/web');

      const release = await pipeline.release('main-2', 'crashes-on-start');

      expect(release).toMatchObject({ status: 'FAILED', outcome: 'ROLLED_BACK', reason: 'CRASHED' });
      expect(pipeline.running('staging/web')).toEqual([before]);
      expect(pipeline.running('production/web')).toEqual([before]);
      const message = last(pipeline.messages());
      expect(message).toMatchObject({
        result: { outcome: 'ROLLED_BACK', reason: 'CRASHED' },
        attributes: { outcome: 'ROLLED_BACK', service: 'staging/web', stage: 'staging' },
      });
      expect(message?.services[0]?.logs?.lines.join('\n')).toContain('ECONNREFUSED');
    },
  );

  test('an image that is never healthy is rolled back as unhealthy', async () => {
    const pipeline = await givenPipeline({ assumptions });
    const [before] = pipeline.running('staging/web');

    const release = await pipeline.release('main-2', 'never-healthy');

    expect(release).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'UNHEALTHY' });
    expect(pipeline.running('staging/web')).toEqual([before]);
  });

  test('an image that cannot be pulled is rolled back after the second failure', async () => {
    const pipeline = await givenPipeline({
      assumptions,
      services: { 'staging/web': { tasks: 4 }, 'production/web': {}, 'production/worker': {} },
    });
    const [before] = pipeline.running('staging/web');

    const release = await pipeline.release('main-2', 'cannot-pull');

    expect(release).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CANNOT_PULL' });
    expect(pipeline.running('staging/web')).toEqual([before]);
  });

  test('an image that crashes only later is reported as ECS saw its rollout', async () => {
    const pipeline = await givenPipeline({ assumptions });

    await pipeline.push('main-2', 'crashes-later');
    const { clock, log } = pipeline.account;
    await clock.run({ until: () => log.of('states', 'execution-ended').some(({ detail }) => detail.machine === 'slipway-dev-release') });

    const [release] = await pipeline.executions('release');
    expect(['SUCCEEDED', 'ROLLED_BACK']).toContain(release?.outcome);
    const service = pipeline.service('staging/web');
    expect(service?.serviceDeployments[0]?.status).toBe(release?.outcome === 'SUCCEEDED' ? 'SUCCESSFUL' : 'ROLLBACK_SUCCESSFUL');
  });

  test('an image for several platforms is deployed by its index', async () => {
    const pipeline = await givenPipeline({ assumptions });

    await pipeline.pushIndex('main-2', ['amd64']);
    await pipeline.runUntilIdle();

    const releases = await pipeline.executions('release');
    expect(releases.filter(({ outcome }) => outcome === 'SUCCEEDED')).toHaveLength(1);
    expect(releases.every(({ outcome }) => outcome === 'SUCCEEDED' || outcome === 'SKIPPED')).toBe(true);
  });

  test('a push whose event is delivered twice is deployed once', async () => {
    const pipeline = await givenPipeline({ assumptions });
    pipeline.account.faults.injectDelivery({ kind: 'doubled' });

    await pipeline.release('main-2');

    const updates = pipeline.account.log.of('ecs', 'service-updated');
    expect(updates).toHaveLength(3);
    const outcomes = (await pipeline.executions('release')).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'SUCCEEDED')).toHaveLength(1);
  });
});

test('an image that is slow to start is deployed', async () => {
  const pipeline = await givenPipeline();

  const release = await pipeline.release('main-2', 'slow-to-start');

  expect(release).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running('production/worker')).toEqual([release.digest]);
});

test('charts, caches, signatures and attestations are no images: pushed with a tag that is allowed, they are skipped', async () => {
  const pipeline = await givenPipeline();
  const blob = async (mediaType: string) => ({ mediaType, digest: await pipeline.upload({ mediaType }), size: 1 });
  const manifest = async (tag: string | undefined, config: string, layer: string, more: object = {}) => {
    const content = { config: await blob(config), layers: [await blob(layer)], ...more };
    return pipeline.putManifest(
      tag,
      JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', ...content }),
    );
  };
  const image = 'application/vnd.oci.image.config.v1+json';

  await manifest('main-buildcache', 'application/vnd.buildkit.cacheconfig.v0', 'application/vnd.oci.image.layer.v1.tar+gzip');
  await manifest('v1.2.3', 'application/vnd.cncf.helm.config.v1+json', 'application/vnd.cncf.helm.chart.content.v1.tar+gzip');
  await manifest('main-sbom', 'application/vnd.oci.empty.v1+json', 'application/spdx+json', { artifactType: 'application/spdx+json' });
  await manifest('v9.sig', image, 'application/vnd.dev.cosign.simplesigning.v1+json');
  const attestation = await manifest(undefined, image, 'application/vnd.in-toto+json');
  const member = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: attestation, size: 1 };
  await pipeline.putManifest(
    'main-att',
    JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [member] }),
  );
  await pipeline.runUntilIdle();

  const reasons = (await pipeline.executions('release')).map(({ outcome, reason }) => `${outcome} ${reason}`);
  expect(reasons).toEqual(Array.from({ length: 5 }, () => 'SKIPPED NOT_AN_IMAGE'));
  expect(pipeline.account.log.of('ecs', 'service-updated')).toEqual([]);
});

test.each(['replicate', 'pullThrough'] as const)('an image that arrives without a push is deployed (%s)', async (arrives) => {
  const pipeline = await givenPipeline();

  const digest = await pipeline[arrives]('main-2');
  await pipeline.runUntilIdle();

  expect(last(await pipeline.executions('release'))).toMatchObject({ outcome: 'SUCCEEDED', reason: 'DEPLOYED' });
  expect(pipeline.running('production/web')).toEqual([digest]);
});

test('images of single platforms are not deployed where their tags are excluded, and their index is', async () => {
  const stack = { directory: '.serverless', configurationFile: 'test/support/platform-tags.yml' };
  const pipeline = await givenPipeline({ stack, services: { 'staging/web': {} } });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const amd64 = { mediaType, digest: await pipeline.push('main-7-amd64'), size: 1, platform: { architecture: 'amd64', os: 'linux' } };
  const arm64 = {
    mediaType,
    digest: await pipeline.push('main-7-arm64', 'crashes-on-start'),
    size: 1,
    platform: { architecture: 'arm64', os: 'linux' },
  };

  const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [amd64, arm64] };
  await pipeline.putManifest('main-7', JSON.stringify(index));
  await pipeline.runUntilIdle();

  const results = (await pipeline.executions('release')).map(({ outcome, reason }) => `${outcome} ${reason}`);
  expect(results.sort()).toEqual(['SKIPPED TAG_NOT_MATCHED', 'SKIPPED TAG_NOT_MATCHED', 'SUCCEEDED DEPLOYED']);
  expect(pipeline.account.log.of('ecs', 'service-updated')).toHaveLength(1);
});

test('an image is deployed under the host of the registry that the container names, and rolled back to', async () => {
  const image = '123456789012.dkr-ecr.eu-west-1.on.aws/my-learn-app';
  const containers = [{ ...appContainer, image: `${image}:main-1` }];
  const pipeline = await givenPipeline({ services: { 'staging/web': { containers }, 'production/web': {}, 'production/worker': {} } });

  const imageOfService = async () => {
    const taskDefinition = pipeline.service('staging/web')?.taskDefinition;
    const described = await pipeline.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    return described.taskDefinition?.containerDefinitions?.[0]?.image;
  };

  const { digest, outcome } = await pipeline.release('main-2');

  expect(outcome).toBe('SUCCEEDED');
  expect(await imageOfService()).toBe(`${image}@${digest}`);
  expect(await pipeline.release('main-3', 'crashes-on-start')).toMatchObject({ outcome: 'ROLLED_BACK' });
  expect(await imageOfService()).toBe(`${image}@${digest}`);
});

test('of two containers only the one of the repository gets the image', async () => {
  const sidecar = { name: 'proxy', image: 'public.ecr.aws/nginx/nginx:1.29', essential: true };
  const pipeline = await givenPipeline({
    services: { 'staging/web': { containers: [appContainer, sidecar] }, 'production/web': {}, 'production/worker': {} },
  });
  const [proxy] = pipeline.running('staging/web', 'proxy');

  const release = await pipeline.release('main-2');

  expect(release.outcome).toBe('SUCCEEDED');
  expect(pipeline.running('staging/web', 'app')).toEqual([release.digest]);
  expect(pipeline.running('staging/web', 'proxy')).toEqual([proxy]);
});

describe('an image for several platforms, if ECS reports the digest of the platform', () => {
  const givenIndex = async (attestations = 0) => {
    const pipeline = await givenPipeline({ assumptions: { resolvedDigest: 'platform' } });
    await pipeline.pushIndex('main-2', [...Array.from({ length: attestations }, () => 'unknown'), 'amd64']);
    await pipeline.runUntilIdle();
    return pipeline;
  };

  test('is deployed, however many attestations are listed before it', async () => {
    const pipeline = await givenIndex(20);

    expect(last(await pipeline.executions('release'))).toMatchObject({ outcome: 'SUCCEEDED', reason: 'DEPLOYED' });
  });

  test('can be rolled back to, redeployed and deployed by its revision', async () => {
    const pipeline = await givenIndex();
    const service = 'staging/web';
    const taskDefinition = pipeline.service(service)?.taskDefinition ?? '';
    await pipeline.release('main-3');

    for (const operation of [{ rollback: true }, { redeploy: true }, { taskDefinition }])
      expect(await pipeline.ended(await pipeline.start('deployment', { service, ...operation }))).toMatchObject({ outcome: 'SUCCEEDED' });
  });
});

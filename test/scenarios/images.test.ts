import { appContainer, closePipelines, givenPipeline } from '../support/pipeline.js';
import { pairwise } from '../support/variants.js';

afterEach(closePipelines);

const last = <T>(all: readonly T[]): T | undefined => all.at(-1);

describe.each(pairwise(['resolvedDigest', 'rollback', 'stoppedVisible', 'exitAfterRunning']))('under $variant', ({ assumptions }) => {
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

import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { deploying, messageOf, minutes, web } from '../support/failing.js';
import { givenPackagedStack } from '../support/packaged-stack.js';
import { appContainer, closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { sourceOf, unchecked } from '../support/staged.js';

afterEach(closePipelines);

const all = ['staging/web', 'production/web', 'production/worker'];

const updates = ({ account }: Pipeline, cluster: string, service: string) =>
  account.log.of('ecs', 'service-updated').filter(({ detail }) => detail.cluster === cluster && detail.service === service);

const outcomes = async (pipeline: Pipeline) => (await pipeline.executions('release')).map(({ outcome }) => outcome).sort();

describe('more stopped tasks within the hour than one look reads', () => {
  /** Fifteen times every task of the service was interrupted, and replaced. */
  const afterInterruptions = async (behaviour: 'healthy' | 'crashes-on-start') => {
    const { pipeline, before, digest, start } = await deploying(behaviour, { tasks: 40 });
    const { clock, log, services } = pipeline.account;
    for (let round = 0; round < 15; round++) {
      for (const { arn } of pipeline.service(web)?.runningTasks ?? []) services.ecs.stopTask(arn, 'SpotInterruption', 'interrupted');
      await clock.advance(50_000);
    }
    expect(log.of('ecs', 'task-stopped')).toHaveLength(600);
    return { pipeline, before, digest, start };
  };

  test('do not fail the next deployment', async () => {
    const { pipeline, digest, start } = await afterInterruptions('healthy');

    expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'SUCCEEDED', reason: 'DEPLOYED' });
    expect(pipeline.account.log.of('lambda', 'failed')).toEqual([]);
    expect(pipeline.running(web)).toEqual([digest]);
  });

  test('do not hide a crash loop, and the message warns that some of them were not read', async () => {
    const { pipeline, before, start } = await afterInterruptions('crashes-on-start');
    const arn = await start();
    const ended = await pipeline.ended(arn);
    await pipeline.account.clock.advance(5 * minutes);

    expect(ended).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CRASHED' });
    expect(messageOf(pipeline, arn)?.services[0]?.warnings).toContainEqual(expect.stringContaining('500'));
    expect(messageOf(pipeline, arn)?.durationSeconds).toBeLessThan(10 * 60);
    expect(pipeline.running(web)).toEqual([before]);
  });
});

describe('three tags in one second', () => {
  test('of one digest are one release, and one deployment of each service', async () => {
    const pipeline = await givenPipeline();
    const digests = [];
    for (const tag of ['main-2', 'main-latest', 'v1.0.0']) digests.push(await pipeline.push(tag, 'healthy', 'one build'));
    await pipeline.runUntilIdle();

    expect(new Set(digests).size).toBe(1);
    expect(await outcomes(pipeline)).toEqual(['SKIPPED', 'SKIPPED', 'SUCCEEDED']);
    for (const service of all) {
      const [cluster = '', name = ''] = service.split('/');
      expect(updates(pipeline, cluster, name)).toHaveLength(1);
      expect(pipeline.running(service)).toEqual(digests.slice(0, 1));
    }
    expect(pipeline.slack.received).toHaveLength(1);
  });

  test('of three digests end with the highest digest on every service', async () => {
    const pipeline = await givenPipeline();
    // The time of an event is in seconds.
    const digests = [];
    for (const tag of ['main-2', 'main-3', 'main-4']) digests.push(await pipeline.push(tag));
    await pipeline.runUntilIdle();

    const [highest] = digests.toSorted().reverse();
    for (const service of all) expect(pipeline.running(service)).toEqual([highest]);
    expect((await outcomes(pipeline)).filter((outcome) => outcome === 'SUCCEEDED').length).toBeGreaterThanOrEqual(1);
    expect((await outcomes(pipeline)).every((outcome) => ['SUCCEEDED', 'SKIPPED'].includes(outcome))).toBe(true);
    for (const service of all) {
      const [cluster = '', name = ''] = service.split('/');
      expect(updates(pipeline, cluster, name).length).toBeLessThanOrEqual(3);
    }
  });
});

test('two containers of one repository in a task definition both get the image', async () => {
  const containers = [appContainer, { ...appContainer, name: 'jobs' }, { name: 'proxy', image: 'public.ecr.aws/nginx/nginx:1.29' }];
  const pipeline = await givenPipeline({ services: { 'staging/web': { containers }, 'production/web': {}, 'production/worker': {} } });
  const [proxy] = pipeline.running('staging/web', 'proxy');

  const { outcome, digest } = await pipeline.release('main-2');

  expect(outcome).toBe('SUCCEEDED');
  expect(pipeline.running('staging/web', 'app')).toEqual([digest]);
  expect(pipeline.running('staging/web', 'jobs')).toEqual([digest]);
  expect(pipeline.running('staging/web', 'proxy')).toEqual([proxy]);
});

test('an event that arrives an hour late is deployed once', async () => {
  const pipeline = await givenPipeline();
  pipeline.account.faults.injectDelivery({ rule: 'push', kind: 'delayed', delayMs: 60 * minutes });
  const digest = await pipeline.push('main-2');
  await pipeline.account.clock.advance(59 * minutes);
  await pipeline.runUntilIdle();
  // The reconciler may have been faster.
  await pipeline.account.clock.advance(130 * minutes);

  for (const service of all) {
    const [cluster = '', name = ''] = service.split('/');
    expect(pipeline.running(service)).toEqual([digest]);
    expect(updates(pipeline, cluster, name)).toHaveLength(1);
  }
  expect((await outcomes(pipeline)).filter((outcome) => outcome === 'SUCCEEDED')).toHaveLength(1);
});

test('an execution that is aborted between Register and Update, with another one queued, does not block that', async () => {
  const { pipeline, start } = await deploying('healthy');
  const { clock, log } = pipeline.account;
  const arn = await start();
  await clock.run({ until: () => log.of('states', 'state-entered').some(({ detail }) => detail.state === 'UpdateService') });
  await new SFNClient(pipeline.emulator.clientConfig()).send(new StopExecutionCommand({ executionArn: arn }));
  const digest = await pipeline.push('next');
  const next = await pipeline.start('deployment', { service: web, image: pipeline.imageUri('next') });

  expect(await pipeline.ended(next)).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running(web)).toEqual([digest]);
  await clock.advance(20 * minutes);
  expect(messageOf(pipeline, arn)).toMatchObject({ result: { outcome: 'FAILED', reason: 'ABORTED' } });
});

test('pain: throttling with many services: of forty, three fail, and all are rolled back, while others use up ECS’s rates', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `production/service-${index + 1}`);
  const failing = ['production/service-1', 'production/service-20', 'production/service-40'];
  const pipeline = await givenPipeline({
    stack: await givenPackagedStack('test/support/many-services.yml'),
    services: Object.fromEntries(names.map((name) => [name, failing.includes(name) ? {} : unchecked])),
  });
  const { clock, faults, log } = pipeline.account;
  const [before = ''] = pipeline.running('production/service-1');

  const digest = await pipeline.push('main-2', 'never-healthy');
  await clock.run({ until: () => log.of('states', 'state-entered').some(({ detail }) => detail.state === 'DeployServices') });
  faults.inject({ on: 'ecs.*', kind: 'throttled', times: 60 });
  await pipeline.runUntilIdle();

  const result = { outcome: 'ROLLED_BACK', reason: 'UNHEALTHY', message: expect.stringContaining('37 other services were rolled back') };
  expect(await pipeline.executions('release')).toMatchObject([result]);
  expect(pipeline.messages()).toMatchObject([{ result, services: { length: 40 } }]);
  expect(log.of('fault', 'throttled')).toHaveLength(60);
  // Each once forward; back by an update of its own, or of ECS after the rollout was stopped.
  expect(log.of('ecs', 'service-updated').length).toBeLessThanOrEqual(80);
  for (const name of names) expect(pipeline.running(name)).toEqual([before]);
  const sources = await Promise.all(names.map(async (name) => ({ name, ...(await sourceOf(pipeline, name)) })));
  expect(sources.filter(({ lastDeployed }) => lastDeployed)).toEqual([]);
  // The first failure cancels what is under way: that of another one that would have failed, too, says nothing of the image.
  const quarantined = sources.filter(({ quarantine = [] }) => quarantine.some((one) => one.digest === digest)).map(({ name }) => name);
  expect(quarantined).not.toEqual([]);
  expect(failing).toEqual(expect.arrayContaining(quarantined));
});

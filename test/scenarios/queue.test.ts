import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { deploymentsOf } from '../support/table.js';
import { atOnce, entered, waits } from '../support/waiting.js';

afterEach(closePipelines);

const minutes = 60_000;
const web = 'production/web';
const one = { services: { 'production/web': { tasks: 2 } } };

/** Starts the deployment machine by hand with an image of this tag. */
const deploy = (pipeline: Pipeline, tag: string, more: object = {}): Promise<string> =>
  pipeline.start('deployment', { service: web, image: pipeline.imageUri(tag), ...more });

const updates = (pipeline: Pipeline, service = 'web') =>
  pipeline.account.log.of('ecs', 'service-updated').filter(({ detail }) => detail.service === service);

/** Lets time pass until ECS was asked to update the service. */
const updated = async (pipeline: Pipeline, times = 1): Promise<void> => {
  await pipeline.account.clock.run({ until: () => updates(pipeline).length >= times });
};

/** Between an UpdateService and the end of its deployment there is no other UpdateService. */
const expectNeverTwoAtOnce = (pipeline: Pipeline): void => {
  const holders = new Set<string>();
  for (const { source, type, detail } of pipeline.account.log.entries) {
    if (source === 'ecs' && type === 'service-updated') holders.add(String(detail.taskDefinition));
    if (source === 'ecs' && (type === 'rollout-completed' || type === 'rollback-completed')) holders.clear();
    expect(holders.size).toBeLessThanOrEqual(1);
  }
};

test('pain: two deployments of one service run at once: the second waits for the first, and the newer image runs in the end', async () => {
  const pipeline = await givenPipeline(one);
  await pipeline.push('other-1', 'healthy', 'a');
  const newer = await pipeline.push('other-2', 'healthy', 'b');

  const first = await deploy(pipeline, 'other-1');
  await updated(pipeline);
  const second = await deploy(pipeline, 'other-2');

  expect(await pipeline.ended(first)).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(await pipeline.ended(second)).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running(web)).toEqual([newer]);
  expect(entered(pipeline, second, 'AcquireLease')).toHaveLength(2);
  expect((entered(pipeline, second, 'RegisterRevision')[0] ?? 0) - (entered(pipeline, first, 'CloseDeployment')[0] ?? 0)).toBeLessThan(
    atOnce,
  );
  expectNeverTwoAtOnce(pipeline);
});

test('a hundred pushes in a minute cause at most three deployments of a service: it runs the newest, and each other one ends at once', async () => {
  const pipeline = await givenPipeline();
  const { clock, log } = pipeline.account;
  const pushedAt: number[] = [];
  let newest = '';
  for (let index = 0; index < 100; index++) {
    // The time of an event is in seconds: within one, the image with the highest digest counts as the newest.
    await clock.advance(index < 99 ? 600 : 1_000);
    newest = await pipeline.push(`main-${index}`, 'healthy', `build-${index}`);
    pushedAt.push(clock.now);
  }
  await pipeline.runUntilIdle();

  for (const service of ['staging/web', web, 'production/worker']) {
    const [cluster, name] = service.split('/');
    expect(updates(pipeline, name).filter(({ detail }) => detail.cluster === cluster).length).toBeLessThanOrEqual(3);
    expect(pipeline.running(service)).toEqual([newest]);
  }
  const endedAt = new Map(log.of('states', 'execution-ended').map(({ time, detail }) => [detail.execution, time]));
  const passed = (await deploymentsOf(pipeline, 'staging/web')).filter(({ result }) => result.reason === 'REPLACED_IN_QUEUE');
  expect(passed.length).toBeGreaterThan(95);
  for (const { image, execution } of passed) {
    const next = pushedAt[Number(image.tag.slice('main-'.length)) + 1] ?? Number.NaN;
    expect((endedAt.get(execution) ?? Number.NaN) - next).toBeLessThan(atOnce);
  }
});

test('the event of an older push that arrives an hour late does not replace a newer image', async () => {
  const pipeline = await givenPipeline();
  pipeline.account.faults.injectDelivery({ kind: 'delayed', delayMs: 60 * minutes });
  await pipeline.push('main-1a', 'healthy', 'older');
  await pipeline.account.clock.advance(minutes);
  const newer = await pipeline.push('main-2', 'healthy', 'newer');
  await pipeline.runUntilIdle();

  const [, late] = await pipeline.executions('release');
  expect(late).toMatchObject({ outcome: 'SKIPPED', reason: 'OLDER_PUSH' });
  for (const service of ['staging/web', web, 'production/worker']) expect(pipeline.running(service)).toEqual([newer]);
});

test('a second operator is refused while the deployment of the first one waits, which then runs', async () => {
  const pipeline = await givenPipeline(one);
  for (const name of ['1', '2', '3']) await pipeline.push(`other-${name}`, 'healthy', name);

  const first = await deploy(pipeline, 'other-1');
  await updated(pipeline);
  const second = await deploy(pipeline, 'other-2', { by: 'ada' });
  await pipeline.account.clock.advance(5_000);
  const third = await deploy(pipeline, 'other-3');

  expect(await pipeline.ended(third)).toMatchObject({
    outcome: 'SKIPPED',
    reason: 'OPERATOR_WAITING',
    message: expect.stringContaining('ada'),
  });
  expect(await pipeline.ended(first)).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(await pipeline.ended(second)).toMatchObject({ outcome: 'SUCCEEDED' });
});

test('the lease of an aborted holder is taken over once none of its functions can still run', async () => {
  const pipeline = await givenPipeline(one);
  await pipeline.push('other-1', 'healthy', 'a');
  const digest = await pipeline.push('other-2', 'healthy', 'b');
  const first = await deploy(pipeline, 'other-1');
  const { clock, log } = pipeline.account;
  await clock.run({ until: () => log.of('states', 'state-entered').some(({ detail }) => detail.state === 'RegisterRevision') });
  await pipeline.executionsClient.send(new StopExecutionCommand({ executionArn: first }));

  const second = await deploy(pipeline, 'other-2');

  expect(await pipeline.ended(second)).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running(web)).toEqual([digest]);
});

describe('holds', () => {
  test('skip automatic deployments until they are released, but not those of an operator', async () => {
    const pipeline = await givenPipeline();
    const [before] = pipeline.running('staging/web');
    await pipeline.control('hold', '*', { by: 'ada', reason: 'freeze' });

    const held = await pipeline.release('main-2');
    expect(held).toMatchObject({ outcome: 'SKIPPED', reason: 'ON_HOLD' });
    expect(pipeline.running('staging/web')).toEqual([before]);

    expect(await pipeline.ended(await deploy(pipeline, 'main-2'))).toMatchObject({ outcome: 'SUCCEEDED' });
    await pipeline.control('unhold', '*');
    expect(await pipeline.release('main-3')).toMatchObject({ outcome: 'SUCCEEDED' });
  });

  test('that are released as soon as they have kept an image back release it, though its first release has not ended', async () => {
    const pipeline = await givenPipeline();
    const { clock, log } = pipeline.account;
    await pipeline.control('hold', web);
    const digest = await pipeline.push('main-2');
    const ofWeb = () =>
      log.of('states', 'execution-started').find(({ detail }) => (detail.input as { service?: string }).service === web)?.detail.execution;
    await clock.run({ until: () => entered(pipeline, String(ofWeb()), 'CloseDeployment').length > 0 });

    await pipeline.control('unhold', web);
    await pipeline.runUntilIdle();

    expect((await pipeline.executions('release')).at(-1)).toMatchObject({ outcome: 'SUCCEEDED', reason: 'DEPLOYED' });
    for (const service of ['staging/web', web, 'production/worker']) expect(pipeline.running(service)).toEqual([digest]);
  });

  test('of a later stage release what they kept back there, though an operator deployed another image to the stage before', async () => {
    const pipeline = await givenPipeline();
    await pipeline.push('other-1', 'healthy', 'other');
    await pipeline.control('hold', web);
    const kept = await pipeline.push('main-2');
    await pipeline.runUntilIdle();
    await pipeline.ended(await deploy(pipeline, 'other-1', { service: 'staging/web' }));

    await pipeline.control('unhold', web);
    await pipeline.runUntilIdle();

    expect((await pipeline.executions('release')).at(-1)).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(pipeline.running(web)).toEqual([kept]);
    expect(pipeline.running('staging/web')).not.toEqual([kept]);
  });

  test('for a service that slipway.yml does not name are rejected', async () => {
    const pipeline = await givenPipeline(one);

    expect(await pipeline.control('hold', 'production/api')).toMatchObject({
      outcome: 'FAILED',
      reason: 'INVALID_INPUT',
    });
  });
});

describe('an image that failed on a service', () => {
  test('is quarantined there, and deployed again only by an operator with "force"', async () => {
    const pipeline = await givenPipeline(one);
    await pipeline.push('other-1', 'crashes-on-start', 'a');
    await pipeline.ended(await deploy(pipeline, 'other-1'));

    expect(await pipeline.ended(await deploy(pipeline, 'other-1'))).toMatchObject({ outcome: 'SKIPPED', reason: 'QUARANTINED' });
    expect(await pipeline.ended(await deploy(pipeline, 'other-1', { force: true }))).toMatchObject({ outcome: 'ROLLED_BACK' });
  });
});

describe('a rollback by an operator', () => {
  test('during a deployment is not queued: the holder of the lease rolls back at once', async () => {
    const pipeline = await givenPipeline(one);
    const [before] = pipeline.running(web);
    await pipeline.push('other-1', 'slow-to-start', 'a');
    const running = await deploy(pipeline, 'other-1');
    await waits(pipeline, running, 'WatchRollout');

    const rollback = await pipeline.start('deployment', { service: web, rollback: true, by: 'ada', reason: 'wrong build' });

    expect(await pipeline.ended(running)).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CANCELLED' });
    expect(await pipeline.ended(rollback)).toMatchObject({ outcome: 'SKIPPED', reason: 'ROLLBACK_DELEGATED' });
    const [asked = 0] = entered(pipeline, rollback, 'AcquireLease');
    expect((entered(pipeline, running, 'RollBack')[0] ?? 0) - asked).toBeLessThan(atOnce);
    expect((entered(pipeline, rollback, 'CloseDeployment')[0] ?? 0) - (entered(pipeline, running, 'CloseDeployment')[0] ?? 0)).toBeLessThan(
      atOnce,
    );
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('deploys the revision that was last good before, and quarantines the newer image', async () => {
    const pipeline = await givenPipeline(one);
    const older = await pipeline.push('other-1', 'healthy', 'a');
    const newer = await pipeline.push('other-2', 'healthy', 'b');
    await pipeline.ended(await deploy(pipeline, 'other-1'));
    await pipeline.ended(await deploy(pipeline, 'other-2'));

    const rollback = await pipeline.ended(await pipeline.start('deployment', { service: web, rollback: true }));

    expect(rollback).toMatchObject({ outcome: 'SUCCEEDED', reason: 'ROLLED_BACK_BY_OPERATOR' });
    expect(pipeline.running(web)).toEqual([older]);
    expect(await pipeline.ended(await pipeline.start('deployment', { service: web, image: pipeline.imageUri(newer) }))).toMatchObject({
      outcome: 'SKIPPED',
      reason: 'QUARANTINED',
    });
  });

  test('goes one image further back each time, and after the first one to what ran before', async () => {
    const pipeline = await givenPipeline(one);
    const [before = ''] = pipeline.running(web);
    const digests = [before];
    for (const version of ['1', '2', '3']) {
      digests.push(await pipeline.push(`other-${version}`, 'healthy', version));
      await pipeline.ended(await deploy(pipeline, `other-${version}`));
    }

    for (const older of digests.slice(0, -1).toReversed()) {
      expect(await pipeline.ended(await pipeline.start('deployment', { service: web, rollback: true }))).toMatchObject({
        outcome: 'SUCCEEDED',
      });
      expect(pipeline.running(web)).toEqual([older]);
    }
  });

  test('of the first deployment of a service deploys what ran before it', async () => {
    const pipeline = await givenPipeline(one);
    const before = pipeline.running(web);
    const digest = await pipeline.push('other-1', 'healthy', 'a');
    await pipeline.ended(await deploy(pipeline, 'other-1'));
    expect(pipeline.running(web)).toEqual([digest]);

    expect(await pipeline.ended(await pipeline.start('deployment', { service: web, rollback: true }))).toMatchObject({
      outcome: 'SUCCEEDED',
    });

    expect(pipeline.running(web)).toEqual(before);
    expect(await pipeline.ended(await pipeline.start('deployment', { service: web, rollback: true }))).toMatchObject({ outcome: 'FAILED' });
  });

  test('without an earlier deployment is rejected before anything changes', async () => {
    const pipeline = await givenPipeline(one);

    const rollback = await pipeline.ended(await pipeline.start('deployment', { service: web, rollback: true }));

    expect(rollback).toMatchObject({ outcome: 'FAILED', reason: 'INVALID_INPUT' });
    expect(updates(pipeline)).toEqual([]);
  });

  test('by a cancel request without a deployment in progress is rejected', async () => {
    const pipeline = await givenPipeline(one);

    expect(await pipeline.control('cancel', web)).toMatchObject({
      outcome: 'FAILED',
      reason: 'INVALID_INPUT',
    });
  });
});

test('a redeployment runs the same image with a new revision', async () => {
  const pipeline = await givenPipeline(one);
  const digest = await pipeline.push('other-1', 'healthy', 'a');
  await pipeline.ended(await deploy(pipeline, 'other-1'));
  const before = pipeline.service(web)?.taskDefinition;

  expect(await pipeline.ended(await pipeline.start('deployment', { service: web, redeploy: true, reason: 'new secrets' }))).toMatchObject({
    outcome: 'SUCCEEDED',
    reason: 'REDEPLOYED',
  });

  expect(pipeline.running(web)).toEqual([digest]);
  expect(pipeline.service(web)?.taskDefinition).not.toBe(before);
});

test('a revision that an operator names is deployed as a new copy', async () => {
  const pipeline = await givenPipeline(one);
  const [first = ''] = pipeline.running(web);
  await pipeline.push('other-1', 'healthy', 'a');
  await pipeline.ended(await deploy(pipeline, 'other-1'));

  expect(await pipeline.ended(await pipeline.start('deployment', { service: web, taskDefinition: 'production-web:1' }))).toMatchObject({
    outcome: 'SUCCEEDED',
  });
  expect(pipeline.running(web)).toEqual([first]);
});

const updatedIn = ({ account: { clock, log } }: Pipeline, cluster: string, times: number) =>
  clock.run({ until: () => log.of('ecs', 'service-updated').filter(({ detail }) => detail.cluster === cluster).length >= times });

/** A is in production when B is pushed to staging; then the tag is moved back to A. */
test.each(['has done', 'is doing'])(
  'a tag that is moved back to an image still in production is released again, while a newer one %s staging',
  async (how) => {
    const pipeline = await givenPipeline();
    const a = await pipeline.push('main-moving', 'slow-to-start', 'a');
    await updatedIn(pipeline, 'production', 2);
    const b = await pipeline.push('main-moving', 'healthy', 'b');
    await updatedIn(pipeline, 'staging', 2);
    if (how === 'has done') await pipeline.account.clock.run({ until: () => pipeline.running('staging/web').join() === b });
    await pipeline.account.clock.advance(2_000);
    expect(await pipeline.push('main-moving', 'slow-to-start', 'a')).toBe(a);
    await pipeline.runUntilIdle();

    for (const service of ['staging/web', 'production/web', 'production/worker']) expect(pipeline.running(service)).toEqual([a]);
    expect((await pipeline.executions('release')).map(({ outcome }) => outcome)).toEqual(['SUCCEEDED', 'PARTIAL', 'SUCCEEDED']);
  },
);

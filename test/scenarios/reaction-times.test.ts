import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { taskEvent } from '../core/input/given-ecs-events.js';
import { deploying, times, until, web } from '../support/failing.js';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { deploymentsOf } from '../support/table.js';
import { atOnce, entered, eventsOfEcs, failedTaskEvents, invocations, rollingOut, waits } from '../support/waiting.js';

afterEach(closePipelines);

/** When the execution entered the state, the first time or another one. */
const entryOf = (pipeline: Pipeline, execution: string, state: string, index = 0): number =>
  entered(pipeline, execution, state).at(index) ?? Number.NaN;

const timeOf = ({ account }: Pipeline, type: string, index = 0): number => account.log.of('ecs', type).at(index)?.time ?? Number.NaN;

describe('pain: a crash loop is noticed far too late', () => {
  test.each([
    ['crashes-on-start', 1, 3],
    ['crashes-on-start', 4, 3],
    ['never-healthy', 20, 3],
    ['crashes-on-start', 100, 10],
    ['cannot-pull', 20, 2],
  ] as const)(
    '(%s, %i tasks): it is stopped within two seconds of the event of failure %i, and before the circuit breaker acts',
    async (behaviour, tasks, limit) => {
      const { pipeline, before, start } = await deploying(behaviour, { tasks, breaker: true });
      const events = eventsOfEcs(pipeline);

      expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'ROLLED_BACK' });

      const reached = failedTaskEvents(events)[limit - 1]?.at ?? Number.NaN;
      expect(timeOf(pipeline, 'service-deployment-stop-requested')).toBeGreaterThan(reached);
      expect(timeOf(pipeline, 'service-deployment-stop-requested') - reached).toBeLessThan(atOnce);
      expect(times(pipeline, 'rollout-failed')).toBe(0);
      expect(pipeline.running(web)).toEqual([before]);
    },
  );

  test('200 tasks that fail in one second are counted up to the limit, and at most one look comes before the rollback', async () => {
    const { pipeline, before, start } = await deploying('slow-to-start', { tasks: 300 });
    const { clock, services } = pipeline.account;
    const arn = await start();
    await waits(pipeline, arn, 'WatchRollout');
    // Reads show the rollout by then.
    await clock.advance(10_000);
    const failedAt = clock.now;
    const taskDefinitionArn = pipeline.service(web)?.taskDefinition;
    for (let task = 0; task < 200; task++)
      clock.after(task * 5, () => services.events.emit(taskEvent(task, { detail: { taskDefinitionArn } })));
    await until(pipeline, 'service-deployment-stop-requested');

    expect(clock.now - failedAt).toBeLessThan(atOnce);
    expect(entered(pipeline, arn, 'WatchRollout').filter((time) => time > failedAt).length).toBeLessThanOrEqual(1);
    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CRASHED' });
    expect(invocations(pipeline, 'handleEcsEvent')).toBeGreaterThanOrEqual(200);
    expect((await deploymentsOf(pipeline))[0]).toMatchObject({ evidence: { failedTasks: 30, groups: [{ count: 30 }] } });
    expect(pipeline.running(web)).toEqual([before]);
  });
});

/** A deployment that waits while the rollout of another deployer runs, in an account whose reads are never old. */
const behindAnotherRollout = async () => {
  const given = await deploying('healthy', {}, { staleReadMs: 0 });
  await given.pipeline.forceNewDeployment(web);
  const arn = await given.start();
  await waits(given.pipeline, arn, 'RegisterRevision');
  return { ...given, arn };
};

test('the end of a rollout by another deployer wakes the deployment that waits for it', async () => {
  const { pipeline, digest, arn } = await behindAnotherRollout();
  const events = eventsOfEcs(pipeline);

  expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED' });

  const completed = events.find(({ detail }) => detail.eventName === 'SERVICE_DEPLOYMENT_COMPLETED')?.at ?? Number.NaN;
  expect(entryOf(pipeline, arn, 'UpdateService') - completed).toBeLessThan(atOnce);
  expect(pipeline.running(web)).toEqual([digest]);
});

test('an update by another deployer wakes the deployment that it supersedes', async () => {
  const { pipeline, before, arn } = await rollingOut();
  const [{ taskDefinition: revision = '' } = {}] = pipeline.service(web)?.serviceDeployments.slice(1) ?? [];
  const updatedAt = pipeline.account.clock.now;
  await pipeline.ecs.send(new UpdateServiceCommand({ cluster: 'production', service: 'web', taskDefinition: revision }));

  expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' });

  // A second look, as reads may lag behind the event, and one when they show what replaced the rollout.
  expect(entryOf(pipeline, arn, 'CloseDeployment') - updatedAt).toBeLessThan(40_000);
  await pipeline.runUntilIdle();
  expect(pipeline.running(web)).toEqual([before]);
});

describe('a cancel request', () => {
  test('ends a deployment that waits for the rollout of another deployer at once', async () => {
    const { pipeline, arn } = await behindAnotherRollout();
    const askedAt = pipeline.account.clock.now;
    await pipeline.control('cancel', web, { by: 'ada' });

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'FAILED', reason: 'CANCELLED' });
    expect(entryOf(pipeline, arn, 'CloseDeployment') - askedAt).toBeLessThan(atOnce);
    expect(times(pipeline, 'service-updated')).toBe(1);
  });

  test('rolls a rollout back at once, and the deployment that waits in the queue is next', async () => {
    const { pipeline, arn } = await rollingOut();
    const digest = await pipeline.push('next');
    const next = await pipeline.start('deployment', { service: web, image: pipeline.imageUri('next') });
    await waits(pipeline, next, 'AcquireLease');
    const askedAt = pipeline.account.clock.now;
    await pipeline.control('cancel', web, { by: 'ada' });

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CANCELLED' });
    expect(timeOf(pipeline, 'service-deployment-stop-requested') - askedAt).toBeLessThan(atOnce);
    expect(await pipeline.ended(next)).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(entryOf(pipeline, next, 'RegisterRevision') - entryOf(pipeline, arn, 'CloseDeployment')).toBeLessThan(atOnce);
    expect(pipeline.running(web)).toEqual([digest]);
  });

  test('changes nothing of a rollback in progress', async () => {
    const { pipeline, before, start } = await deploying('crashes-on-start');
    const arn = await start();
    await until(pipeline, 'service-deployment-stop-requested');
    await waits(pipeline, arn, 'WatchRollout');
    await pipeline.control('cancel', web, { by: 'ada' });

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CRASHED' });
    expect(times(pipeline, 'service-deployment-stop-requested')).toBe(1);
    expect(pipeline.running(web)).toEqual([before]);
  });
});

test('a rollback by an operator ends a deployment that waits for the rollout of another deployer, and is next', async () => {
  const { pipeline, arn } = await behindAnotherRollout();
  const rollback = await pipeline.start('deployment', { service: web, rollback: true, by: 'ada' });

  expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'FAILED', reason: 'CANCELLED' });
  expect(entryOf(pipeline, arn, 'CloseDeployment') - entryOf(pipeline, rollback, 'AcquireLease')).toBeLessThan(atOnce);
  await waits(pipeline, rollback, 'RegisterRevision');
  expect(entryOf(pipeline, rollback, 'RegisterRevision') - entryOf(pipeline, arn, 'CloseDeployment')).toBeLessThan(atOnce);
});

test('a hold lets a rollout go on, and skips an automatic deployment in the queue when the lease is free', async () => {
  const pipeline = await givenPipeline({ services: { 'staging/web': {}, 'production/web': {}, 'production/worker': {} } });
  const [image] = [pipeline.imageUri(await pipeline.push('other', 'slow-to-start'))];
  const first = await pipeline.start('deployment', { service: 'staging/web', image });
  await waits(pipeline, first, 'WatchRollout');
  await pipeline.push('main-2');
  const { clock, log } = pipeline.account;
  const started = () => log.of('states', 'execution-started').filter(({ detail }) => detail.machine === 'slipway-dev-deployment');
  await clock.run({ until: () => started().length === 2 });
  const queued = String(started()[1]?.detail.execution);
  await waits(pipeline, queued, 'AcquireLease');
  await pipeline.control('hold', 'staging/web', { by: 'ada' });

  expect(await pipeline.ended(first)).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(await pipeline.ended(queued)).toMatchObject({ outcome: 'SKIPPED', reason: 'ON_HOLD' });
  expect(entryOf(pipeline, queued, 'CloseDeployment') - entryOf(pipeline, first, 'CloseDeployment')).toBeLessThan(atOnce);
});

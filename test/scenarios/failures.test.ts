import { DeleteServiceCommand, RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { deploying, givenAlarm, guardedBy, messageOf, minutes, setAlarm, times, until, web } from '../support/failing.js';
import { appContainer, closePipelines, type Pipeline } from '../support/pipeline.js';
import { deploymentsOf } from '../support/table.js';

afterEach(closePipelines);

/** The same service on ARM64. */
const onArm = async (pipeline: Pipeline): Promise<void> => {
  const { taskDefinition } = await pipeline.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'production-web',
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      runtimePlatform: { cpuArchitecture: 'ARM64' },
      containerDefinitions: [appContainer],
    }),
  );
  await pipeline.ecs.send(
    new UpdateServiceCommand({ cluster: 'production', service: 'web', taskDefinition: taskDefinition?.taskDefinitionArn ?? '' }),
  );
  await pipeline.runUntilIdle();
};

describe('a crash loop', () => {
  test('pain: the message of a failure has no reason: it has the exit code, the last lines and what ECS said', async () => {
    const { pipeline, start } = await deploying('crashes-on-start');
    const arn = await start();
    await pipeline.ended(arn);
    await pipeline.runUntilIdle();

    const message = messageOf(pipeline, arn);
    expect(message).toMatchObject({ result: { outcome: 'ROLLED_BACK', reason: 'CRASHED' } });
    expect(message?.services[0]?.failures).toEqual([
      { count: 3, description: 'exit 1 in app: Essential container in task exited (EssentialContainerExited)' },
    ]);
    expect(message?.services[0]?.logs).toMatchObject({
      container: 'app',
      lines: expect.arrayContaining(['Error: connect ECONNREFUSED database:5432']),
    });
    expect(message?.services[0]?.events).toEqual([]);
  });

  test('that begins after the first tasks were healthy is rolled back, too', async () => {
    const { pipeline, before, start } = await deploying('crashes-later', {
      tasks: 3,
      deploymentConfiguration: guardedBy('web-5xx', { bakeTimeInMinutes: 20 }),
    });
    await givenAlarm(pipeline, 'web-5xx', 'OK');
    const arn = await start();

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CRASHED' });
    expect(times(pipeline, 'task-healthy')).toBeGreaterThan(3);
    expect(times(pipeline, 'service-deployment-stop-requested')).toBeGreaterThan(0);
    expect(pipeline.running(web)).toEqual([before]);
  });
});

describe('an image for another processor', () => {
  test('that is a plain manifest is rolled back after the second task: its program cannot be run', async () => {
    const { pipeline, before, start } = await deploying('healthy', { tasks: 1 });
    const config = {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: await pipeline.upload({ os: 'linux', architecture: 'arm64' }),
    };
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    await pipeline.putManifest('other', JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [] }));

    expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CRASHED' });
    expect((await deploymentsOf(pipeline))[0]?.evidence).toMatchObject({ failedTasks: 2, permanent: 2 });
    expect(pipeline.running(web)).toEqual([before]);
  });

  test.each([
    ['that is an index', false, 'arm64'],
    ['that is an index, for a service on ARM64,', true, 'amd64'],
  ])('%s cannot be pulled, and is rolled back after the second task', async (_, isOnArm, architecture) => {
    const { pipeline, before, start } = await deploying('healthy', { tasks: 1 });
    if (isOnArm) await onArm(pipeline);
    await pipeline.pushIndex('other', [architecture]);

    expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CANNOT_PULL' });
    expect((await deploymentsOf(pipeline))[0]?.evidence).toMatchObject({ failedTasks: 2, permanent: 2 });
    expect(pipeline.running(web)).toEqual([before]);
  });
});

describe('tasks that were not stopped because of the image', () => {
  test.each([10, 100])(
    'four Spot interruptions in a service of %i tasks are no failure',
    async (tasks) => {
      const { pipeline, digest, start } = await deploying('healthy', { tasks });
      const arn = await start();
      const { clock, log, services } = pipeline.account;
      const ours = () => pipeline.service(web)?.runningTasks.filter((task) => task.digests.app === digest) ?? [];
      await clock.run({ until: () => ours().length >= 4 });
      for (const task of ours().slice(0, 4)) services.ecs.stopTask(task.arn, 'SpotInterruption', 'Your Spot Task was interrupted.');

      expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED' });
      expect(log.of('ecs', 'task-stopped').filter(({ detail }) => detail.stopCode === 'SpotInterruption')).toHaveLength(4);
      await clock.advance(10 * minutes);
      expect(pipeline.running(web)).toEqual([digest]);
    },
    60_000,
  );
});

describe('tasks that ECS cannot place', () => {
  test('are rolled back after ten minutes', async () => {
    const { pipeline, before, start } = await deploying('healthy');
    pipeline.account.services.ecs.failPlacement('production', 'web', 'RESOURCE:CPU');
    const arn = await start();
    const ended = await pipeline.ended(arn);
    await pipeline.runUntilIdle();

    expect(ended).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'PLACEMENT' });
    expect(messageOf(pipeline, arn)).toMatchObject({ result: { reason: 'PLACEMENT' }, durationSeconds: expect.any(Number) });
    const took = messageOf(pipeline, arn)?.durationSeconds ?? 0;
    expect(took).toBeGreaterThan(600);
    expect(took).toBeLessThan(15 * 60);
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('for a few minutes do not fail the deployment', async () => {
    const { pipeline, digest, start } = await deploying('healthy');
    pipeline.account.services.ecs.failPlacement('production', 'web', 'RESOURCE:CPU');
    const arn = await start();
    await pipeline.account.clock.advance(5 * minutes);
    pipeline.account.services.ecs.failPlacement('production', 'web', undefined);

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(pipeline.running(web)).toEqual([digest]);
  });
});

test('pain: a waiter gives a good deployment up: the timeout of a service is extended by its bake time', async () => {
  const { pipeline, digest, start } = await deploying('healthy', {
    tasks: 1,
    deploymentConfiguration: guardedBy('web-5xx', { bakeTimeInMinutes: 45 }),
  });
  await givenAlarm(pipeline, 'web-5xx', 'OK');

  expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running(web)).toEqual([digest]);
});

test('pain: success with nothing running: a service with a desired count of 0 ends with a reason of its own', async () => {
  const { pipeline, start } = await deploying('crashes-on-start', { tasks: 0 });

  expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'SUCCEEDED', reason: 'NOTHING_RUNNING' });
});

test.each([
  ['is in progress', 'service-updated', 'healthy'],
  ['is rolled back', 'service-deployment-stop-requested', 'crashes-on-start'],
] as const)('a service that is deleted while its rollout %s is reported as deleted', async (_, moment, behaviour) => {
  const { pipeline, start } = await deploying(behaviour);
  const arn = await start();
  await until(pipeline, moment);
  await pipeline.ecs.send(new DeleteServiceCommand({ cluster: 'production', service: 'web', force: true }));

  expect(await pipeline.ended(arn)).toMatchObject({ status: 'SUCCEEDED', outcome: 'SUPERSEDED', reason: 'SERVICE_DELETED' });
});

describe('an alarm that guards the deployment', () => {
  test('and is in ALARM at its start is ignored by ECS, and does not stop the deployment', async () => {
    const { pipeline, digest, start } = await deploying('healthy', { tasks: 1, deploymentConfiguration: guardedBy('web-5xx') });
    await givenAlarm(pipeline, 'web-5xx', 'ALARM');

    expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'SUCCEEDED', reason: 'DEPLOYED' });
    expect(pipeline.running(web)).toEqual([digest]);
  });

  test('and fires is the reason of the rollback', async () => {
    const { pipeline, before, start } = await deploying('healthy', {
      tasks: 1,
      deploymentConfiguration: guardedBy('web-5xx', { bakeTimeInMinutes: 10 }),
    });
    await givenAlarm(pipeline, 'web-5xx', 'OK');
    const arn = await start();
    await until(pipeline, 'service-updated');
    await pipeline.account.clock.advance(3 * minutes);
    await setAlarm(pipeline, 'web-5xx', 'ALARM');
    const ended = await pipeline.ended(arn);
    await pipeline.runUntilIdle();

    expect(ended).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'ALARM' });
    expect(messageOf(pipeline, arn)).toMatchObject({
      result: { reason: 'ALARM' },
      services: [
        {
          warnings: [
            expect.stringContaining('in quarantine'),
            expect.stringContaining('web-5xx'),
            expect.stringContaining('the newest of its family'),
          ],
        },
      ],
    });
    expect(pipeline.running(web)).toEqual([before]);
  });
});

test('a rollout that ends by its early success criteria has succeeded before all tasks run', async () => {
  const { pipeline, start } = await deploying('slow-to-start', {
    tasks: 10,
    deploymentConfiguration: {
      minimumHealthyPercent: 50,
      maximumPercent: 200,
      earlySuccessCriteria: { enable: true, healthyPercent: 50, sourceServiceRevisionCleanup: 'DEFERRED' },
    },
  });

  expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'SUCCEEDED', reason: 'DEPLOYED' });
  expect(pipeline.service(web)?.runningTasks.length).toBeLessThan(10);
});

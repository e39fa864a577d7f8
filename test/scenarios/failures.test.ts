import { DeleteServiceCommand, RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { deploying, givenAlarm, guardedBy, messageOf, minutes, setAlarm, times, until, web } from '../support/failing.js';
import { appContainer, closePipelines, type Pipeline } from '../support/pipeline.js';

afterEach(closePipelines);

/** Times at which the execution entered a state. */
const entered = (pipeline: Pipeline, arn: string, state: string): number[] =>
  pipeline.account.services.states
    .history(arn)
    .filter(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name === state)
    .map(({ timestamp }) => timestamp.getTime());

const indexFor = (architecture: string): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [
      {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest: `sha256:${'a'.repeat(64)}`,
        size: 1,
        platform: { architecture, os: 'linux' },
      },
    ],
  });

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
  await pipeline.releaseLease();
};

describe('a crash loop', () => {
  test('pain: a crash loop is noticed far too late: it is acted on within two looks of the task that made it one', async () => {
    const { pipeline, before, start } = await deploying('crashes-on-start');
    const arn = await start();

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK' });

    const stops = pipeline.account.log.of('ecs', 'task-stopped').filter(({ detail }) => detail.exitCode === 1);
    const third = stops[2]?.time ?? 0;
    const acted = pipeline.account.log.of('ecs', 'service-deployment-stop-requested')[0]?.time ?? 0;
    expect(acted).toBeGreaterThan(third);
    expect(entered(pipeline, arn, 'WatchRollout').filter((time) => time > third && time <= acted).length).toBeLessThanOrEqual(2);
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('pain: the message of a failure has no reason: it has the exit code, the last lines and what ECS said', async () => {
    const { pipeline, start } = await deploying('crashes-on-start');
    const arn = await start();
    await pipeline.ended(arn);
    await pipeline.releaseLease();

    const message = messageOf(pipeline, arn);
    expect(message).toMatchObject({ result: { outcome: 'ROLLED_BACK', reason: 'CRASHED' } });
    expect(message?.services[0]?.failures).toEqual([
      { count: 3, what: 'exit 1 in app: Essential container in task exited (EssentialContainerExited)' },
    ]);
    expect(message?.services[0]?.logs).toMatchObject({
      container: 'app',
      lines: expect.arrayContaining(['Error: connect ECONNREFUSED database:5432']),
    });
    expect(message?.services[0]?.events.join('\n')).not.toContain('steady state');
  });

  test('that begins after the first tasks were healthy is one all the same', async () => {
    const { pipeline, before, start } = await deploying('crashes-later', {
      tasks: 3,
      deploymentConfiguration: guardedBy('web-5xx', { bakeTimeInMinutes: 20 }),
    });
    await givenAlarm(pipeline, 'web-5xx', 'OK');
    const arn = await start();

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK', message: expect.stringContaining('exit 1 in app') });
    expect(times(pipeline, 'task-healthy')).toBeGreaterThan(3);
    expect(times(pipeline, 'service-deployment-stop-requested')).toBeGreaterThan(0);
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('of an image for another processor is given up at the second task, for that never heals', async () => {
    const { pipeline, before, start } = await deploying('healthy', { tasks: 1 });
    await onArm(pipeline);
    await pipeline.putManifest('other', indexFor('amd64'));

    expect(await pipeline.ended(await start())).toMatchObject({
      outcome: 'ROLLED_BACK',
      message: expect.stringMatching(/^2 tasks failed: 2 × exit 255 in app.*; that does not heal by itself; the service is back on/),
    });
    expect(pipeline.running(web)).toEqual([before]);
  });
});

describe('stopped tasks that say nothing of the image', () => {
  test.each([10, 300])(
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

describe('tasks that find no place', () => {
  test('are given up after ten minutes, with ECS’s reason', async () => {
    const { pipeline, before, start } = await deploying('healthy');
    pipeline.account.services.ecs.failPlacement('production', 'web', 'RESOURCE:CPU');
    const arn = await start();
    const ended = await pipeline.ended(arn);
    await pipeline.releaseLease();

    expect(ended).toMatchObject({ outcome: 'ROLLED_BACK', message: expect.stringContaining('RESOURCE:CPU') });
    expect(messageOf(pipeline, arn)).toMatchObject({ result: { reason: 'PLACEMENT' }, durationSeconds: expect.any(Number) });
    const took = messageOf(pipeline, arn)?.durationSeconds ?? 0;
    expect(took).toBeGreaterThan(600);
    expect(took).toBeLessThan(15 * 60);
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('for a few minutes are waited for', async () => {
    const { pipeline, digest, start } = await deploying('healthy');
    pipeline.account.services.ecs.failPlacement('production', 'web', 'RESOURCE:CPU');
    const arn = await start();
    await pipeline.account.clock.advance(5 * minutes);
    pipeline.account.services.ecs.failPlacement('production', 'web', undefined);

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(pipeline.running(web)).toEqual([digest]);
  });
});

test('pain: a good deployment is given up by a waiter: a bake time longer than the timeout ends in no time-out', async () => {
  const { pipeline, digest, start } = await deploying('healthy', {
    tasks: 1,
    deploymentConfiguration: guardedBy('web-5xx', { bakeTimeInMinutes: 45 }),
  });
  await givenAlarm(pipeline, 'web-5xx', 'OK');

  expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running(web)).toEqual([digest]);
});

test('pain: green with nothing running: a service that nobody wants tasks of is deployed, and nothing is claimed of the image', async () => {
  const { pipeline, start } = await deploying('crashes-on-start', { tasks: 0 });

  expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'SUCCEEDED', message: 'nothing is running: desired count is 0' });
});

test.each([
  ['is going on', 'service-updated', 'healthy'],
  ['is taken back', 'service-deployment-stop-requested', 'crashes-on-start'],
] as const)('a service that is deleted while its rollout %s is told as deleted', async (_, moment, behaviour) => {
  const { pipeline, start } = await deploying(behaviour);
  const arn = await start();
  await until(pipeline, moment);
  await pipeline.ecs.send(new DeleteServiceCommand({ cluster: 'production', service: 'web', force: true }));

  expect(await pipeline.ended(arn)).toMatchObject({ status: 'SUCCEEDED', outcome: 'SUPERSEDED', reason: 'SERVICE_DELETED' });
});

describe('an alarm that guards the deployment', () => {
  test('and is in ALARM at its start is named, for ECS ignores it then', async () => {
    const { pipeline, digest, start } = await deploying('healthy', { tasks: 1, deploymentConfiguration: guardedBy('web-5xx') });
    await givenAlarm(pipeline, 'web-5xx', 'ALARM');

    expect(await pipeline.ended(await start())).toMatchObject({
      outcome: 'SUCCEEDED',
      message: '1 of 1 tasks run it; alarm web-5xx did not guard it: ECS ignores alarms where one is in ALARM as a rollout begins',
    });
    expect(pipeline.running(web)).toEqual([digest]);
  });

  test('and fires takes it back, and is named', async () => {
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
    await pipeline.releaseLease();

    expect(ended).toMatchObject({ outcome: 'ROLLED_BACK', message: expect.stringContaining('alarm web-5xx fired') });
    expect(messageOf(pipeline, arn)).toMatchObject({ result: { reason: 'ALARM' }, services: [{ warnings: ['alarm web-5xx fired'] }] });
    expect(pipeline.running(web)).toEqual([before]);
  });
});

test('a rollout that is done before all its tasks run says how many were still starting', async () => {
  const { pipeline, start } = await deploying('slow-to-start', {
    tasks: 10,
    deploymentConfiguration: {
      minimumHealthyPercent: 50,
      maximumPercent: 200,
      earlySuccessCriteria: { enable: true, healthyPercent: 50, sourceServiceRevisionCleanup: 'DEFERRED' },
    },
  });

  const { outcome, message } = await pipeline.ended(await start());

  expect(outcome).toBe('SUCCEEDED');
  expect(message).toMatch(/^\d of 10 tasks run it; \d tasks? still starting when the service's early success criteria were met$/);
});

import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  DeleteServiceCommand,
  DescribeServicesCommand,
  RegisterTaskDefinitionCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { Behaviour } from '../../emulator/services.js';
import {
  appContainer,
  closePipelines,
  givenPipeline,
  type Pipeline,
  type PipelineOptions,
  type ServiceOptions,
} from '../support/pipeline.js';
import { readings } from '../support/readings.js';

afterEach(closePipelines);

const minutes = 60_000;
const web = 'production/web';

type Configuration = NonNullable<ServiceOptions['deploymentConfiguration']>;
const rolling = { minimumHealthyPercent: 100, maximumPercent: 200 };
/** The breaker trips before Slipway's own count of failed tasks. */
const quickBreaker = (rollback: boolean): Configuration => ({
  ...rolling,
  deploymentCircuitBreaker: { enable: true, rollback, thresholdConfiguration: { type: 'COUNT', value: 2 } },
});
const guardedBy = (alarm: string, more: Partial<Configuration> = {}): Configuration => ({
  ...rolling,
  alarms: { alarmNames: [alarm], enable: true, rollback: true },
  ...more,
});

/** One service that runs the first image, while another one is deployed to it by hand. */
const deploying = async (behaviour: Behaviour, service: ServiceOptions = { tasks: 3 }, options: PipelineOptions = {}) => {
  const pipeline = await givenPipeline({ ...options, services: { [web]: service } });
  const [before = ''] = pipeline.running(web);
  const digest = await pipeline.push('other', behaviour);
  const start = () => pipeline.start('deployment', { service: web, image: pipeline.imageUri('other') });
  return { pipeline, before, digest, start };
};

const until = (pipeline: Pipeline, type: string, times = 1) =>
  pipeline.world.clock.run({ until: () => pipeline.world.log.of('ecs', type).length >= times });

const times = (pipeline: Pipeline, type: string): number => pipeline.world.log.of('ecs', type).length;

const messageOf = (pipeline: Pipeline, arn: string) => pipeline.messages().find(({ id }) => id === arn);

const setAlarm = async ({ emulator }: Pipeline, AlarmName: string, StateValue: 'OK' | 'ALARM'): Promise<void> => {
  await new CloudWatchClient(emulator.clientConfig()).send(
    new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'for the test' }),
  );
};

const givenAlarm = async (pipeline: Pipeline, name: string, state: 'OK' | 'ALARM'): Promise<void> => {
  await new CloudWatchClient(pipeline.emulator.clientConfig()).send(
    new PutMetricAlarmCommand({
      AlarmName: name,
      Namespace: 'App',
      MetricName: 'Errors',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
  await setAlarm(pipeline, name, state);
};

/** Times at which the execution entered a state. */
const entered = (pipeline: Pipeline, arn: string, state: string): number[] =>
  pipeline.world.services.states
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
  await pipeline.settle();
};

describe('a crash loop', () => {
  test('is acted on within two looks of the task that made it one', async () => {
    const { pipeline, before, start } = await deploying('crashes-on-start');
    const arn = await start();

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK' });

    const stops = pipeline.world.log.of('ecs', 'task-stopped').filter(({ detail }) => detail.exitCode === 1);
    const third = stops[2]?.time ?? 0;
    const acted = pipeline.world.log.of('ecs', 'service-deployment-stop-requested')[0]?.time ?? 0;
    expect(acted).toBeGreaterThan(third);
    expect(entered(pipeline, arn, 'CheckRollout').filter((time) => time > third && time <= acted).length).toBeLessThanOrEqual(2);
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('is told with its reason, its last lines and what ECS said', async () => {
    const { pipeline, start } = await deploying('crashes-on-start');
    const arn = await start();
    await pipeline.ended(arn);
    await pipeline.settle();

    const message = messageOf(pipeline, arn);
    expect(message).toMatchObject({ ending: { outcome: 'ROLLED_BACK', cause: 'CRASHED' } });
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

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK', sentence: expect.stringContaining('exit 1 in app') });
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
      sentence: expect.stringMatching(/^2 tasks failed: 2 × exit 255 in app.*; that does not heal by itself; the service is back on/),
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
      const { clock, log, services } = pipeline.world;
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
    pipeline.world.services.ecs.failPlacement('production', 'web', 'RESOURCE:CPU');
    const arn = await start();
    const ended = await pipeline.ended(arn);
    await pipeline.settle();

    expect(ended).toMatchObject({ outcome: 'ROLLED_BACK', sentence: expect.stringContaining('RESOURCE:CPU') });
    expect(messageOf(pipeline, arn)).toMatchObject({ ending: { cause: 'PLACEMENT' }, durationSeconds: expect.any(Number) });
    const took = messageOf(pipeline, arn)?.durationSeconds ?? 0;
    expect(took).toBeGreaterThan(600);
    expect(took).toBeLessThan(15 * 60);
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('for a few minutes are waited for', async () => {
    const { pipeline, digest, start } = await deploying('healthy');
    pipeline.world.services.ecs.failPlacement('production', 'web', 'RESOURCE:CPU');
    const arn = await start();
    await pipeline.world.clock.advance(5 * minutes);
    pipeline.world.services.ecs.failPlacement('production', 'web', undefined);

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(pipeline.running(web)).toEqual([digest]);
  });
});

test('a bake time longer than the timeout ends in no time-out', async () => {
  const { pipeline, digest, start } = await deploying('healthy', {
    tasks: 1,
    deploymentConfiguration: guardedBy('web-5xx', { bakeTimeInMinutes: 45 }),
  });
  await givenAlarm(pipeline, 'web-5xx', 'OK');

  expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running(web)).toEqual([digest]);
});

test('a service that nobody wants tasks of is deployed, and nothing is claimed of the image', async () => {
  const { pipeline, start } = await deploying('crashes-on-start', { tasks: 0 });

  expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'SUCCEEDED', sentence: 'nothing is running: desired count is 0' });
});

test.each([
  ['is going on', 'service-updated', 'healthy'],
  ['is taken back', 'service-deployment-stop-requested', 'crashes-on-start'],
] as const)('a service that is deleted while its rollout %s is told as deleted', async (_, moment, behaviour) => {
  const { pipeline, start } = await deploying(behaviour);
  const arn = await start();
  await until(pipeline, moment);
  await pipeline.ecs.send(new DeleteServiceCommand({ cluster: 'production', service: 'web', force: true }));

  expect(await pipeline.ended(arn)).toMatchObject({ status: 'SUCCEEDED', outcome: 'SUPERSEDED', cause: 'DELETED' });
});

describe('an alarm that guards the deployment', () => {
  test('and is in ALARM at its start is named, for ECS ignores it then', async () => {
    const { pipeline, digest, start } = await deploying('healthy', { tasks: 1, deploymentConfiguration: guardedBy('web-5xx') });
    await givenAlarm(pipeline, 'web-5xx', 'ALARM');

    expect(await pipeline.ended(await start())).toMatchObject({
      outcome: 'SUCCEEDED',
      sentence: '1 of 1 tasks run it; alarm web-5xx did not guard it: ECS ignores alarms where one is in ALARM as a rollout begins',
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
    await pipeline.world.clock.advance(3 * minutes);
    await setAlarm(pipeline, 'web-5xx', 'ALARM');
    const ended = await pipeline.ended(arn);
    await pipeline.settle();

    expect(ended).toMatchObject({ outcome: 'ROLLED_BACK', sentence: expect.stringContaining('alarm web-5xx fired') });
    expect(messageOf(pipeline, arn)).toMatchObject({ ending: { cause: 'ALARM' }, services: [{ notes: ['alarm web-5xx fired'] }] });
    expect(pipeline.running(web)).toEqual([before]);
  });
});

describe.each(readings)('under $reading', ({ doubts }) => {
  test('ECS that rolls back by itself is no success, though the service is as stable as after one', async () => {
    const { pipeline, before, start } = await deploying(
      'crashes-on-start',
      { tasks: 3, deploymentConfiguration: quickBreaker(true) },
      { doubts },
    );

    expect(await pipeline.ended(await start())).toMatchObject({ status: 'FAILED', outcome: 'ROLLED_BACK' });

    const { services } = await pipeline.ecs.send(new DescribeServicesCommand({ cluster: 'production', services: ['web'] }));
    expect(services?.[0]).toMatchObject({ deployments: { length: 1 }, runningCount: 3, desiredCount: 3 });
    expect(times(pipeline, 'service-deployment-stop-requested')).toBe(0);
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('a breaker that may not roll back leaves the service on the broken image: Slipway takes it back', async () => {
    const { pipeline, before, start } = await deploying(
      'crashes-on-start',
      { tasks: 3, deploymentConfiguration: quickBreaker(false) },
      { doubts },
    );

    expect(await pipeline.ended(await start())).toMatchObject({
      outcome: 'ROLLED_BACK',
      sentence: expect.stringContaining('exit 1 in app'),
    });
    expect(times(pipeline, 'service-updated')).toBe(2);
    await pipeline.world.clock.advance(10 * minutes);
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('a breaker that is quicker than our stop, which ECS refuses then, rolls back, and that is told', async () => {
    const { pipeline, before, start } = await deploying(
      'crashes-on-start',
      {
        tasks: 3,
        deploymentConfiguration: {
          ...rolling,
          deploymentCircuitBreaker: { enable: true, rollback: true, thresholdConfiguration: { type: 'COUNT', value: 4 } },
        },
      },
      { doubts },
    );
    pipeline.world.faults.inject({ on: 'ecs.StopServiceDeployment', kind: 'conflict', times: Number.POSITIVE_INFINITY });

    expect(await pipeline.ended(await start())).toMatchObject({
      outcome: 'ROLLED_BACK',
      sentence: expect.stringContaining('exit 1 in app'),
    });
    expect(pipeline.world.log.of('fault', 'conflict').length).toBeGreaterThan(0);
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('a person who updates the service while ECS rolls back has taken it over: nothing failed', async () => {
    const { pipeline, start } = await deploying(
      'crashes-on-start',
      { tasks: 3, deploymentConfiguration: { ...quickBreaker(true), minimumHealthyPercent: 0, maximumPercent: 100 } },
      { doubts },
    );
    const arn = await start();
    await until(pipeline, 'rollback-started');
    await pipeline.ecs.send(new UpdateServiceCommand({ cluster: 'production', service: 'web', forceNewDeployment: true }));

    expect(await pipeline.ended(arn)).toMatchObject({ status: 'SUCCEEDED', outcome: 'SUPERSEDED', cause: 'CRASHED' });
    expect(times(pipeline, 'service-updated')).toBe(2);
  });

  test('a person who updates the service while it is deployed has taken it over, and keeps it', async () => {
    const { pipeline, before, start } = await deploying('slow-to-start', { tasks: 3 }, { doubts });
    const { taskDefinition = '' } = pipeline.service(web) ?? {};
    const arn = await start();
    await until(pipeline, 'rollout-started', 2);
    await pipeline.ecs.send(new UpdateServiceCommand({ cluster: 'production', service: 'web', taskDefinition }));

    expect(await pipeline.ended(arn)).toMatchObject({ status: 'SUCCEEDED', outcome: 'SUPERSEDED' });
    await pipeline.world.clock.advance(10 * minutes);
    expect(times(pipeline, 'service-updated')).toBe(2);
    expect(pipeline.running(web)).toEqual([before]);
  });
});

test('a stop that ECS refuses once is asked for again', async () => {
  const { pipeline, before, start } = await deploying('crashes-on-start');
  pipeline.world.faults.inject({ on: 'ecs.StopServiceDeployment', kind: 'conflict' });

  expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'ROLLED_BACK' });
  expect(pipeline.running(web)).toEqual([before]);
});

test('a person who stops the rollout in the ECS console is told as such', async () => {
  const { pipeline, before, start } = await deploying('slow-to-start');
  const arn = await start();
  await until(pipeline, 'rollout-started', 2);
  const [current] = pipeline.service(web)?.serviceDeployments ?? [];
  await pipeline.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn: current?.arn ?? '', stopType: 'ROLLBACK' }));
  const ended = await pipeline.ended(arn);
  await pipeline.settle();

  expect(ended).toMatchObject({ outcome: 'ROLLED_BACK', sentence: expect.stringContaining('somebody stopped it in ECS') });
  expect(messageOf(pipeline, arn)).toMatchObject({ ending: { cause: 'CANCELLED' } });
  expect(pipeline.running(web)).toEqual([before]);
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

  const { outcome, sentence } = await pipeline.ended(await start());

  expect(outcome).toBe('SUCCEEDED');
  expect(sentence).toMatch(/^\d of 10 tasks run it; \d tasks? still starting when the service's early success criteria were met$/);
});

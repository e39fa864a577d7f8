import { CloudWatchClient, PutCompositeAlarmCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Behaviour } from '../../emulator/ecr/api.js';
import { deploying, givenAlarm, minutes, setAlarm, web } from '../support/failing.js';
import { hooked } from '../support/hooked.js';
import { closePipelines, type Pipeline, type PipelineOptions } from '../support/pipeline.js';
import { sourceOf } from '../support/staged.js';
import { deploymentsOf, stateOf } from '../support/table.js';
import { atOnce, entered, waits } from '../support/waiting.js';

afterEach(closePipelines);

const bothReadings = [{ callbackBeforeReturn: 'accepted' }, { callbackBeforeReturn: 'afterReturn' }] as const;

/** One service that is verified, and a deployment of an image that runs or waits. */
const verifying = async (verify: object, behaviour: Behaviour = 'healthy', options: PipelineOptions = {}, tasks = 3) => {
  const stack = await hooked({ stages: [{ name: 'production', services: [{ service: web, verify }] }] });
  return deploying(behaviour, { tasks }, { ...options, stack });
};

/** The same, after a minute of its bake; `setUp` comes before the deployment. */
const baking = async (verify: object, setUp: (pipeline: Pipeline) => Promise<void> = async () => {}, options: PipelineOptions = {}) => {
  const { start, ...given } = await verifying(verify, 'healthy', options);
  await setUp(given.pipeline);
  const arn = await start();
  await waits(given.pipeline, arn, 'Verify');
  await given.pipeline.account.clock.advance(minutes);
  return { ...given, arn };
};

const alarm = (state: 'OK' | 'ALARM') => (pipeline: Pipeline) => givenAlarm(pipeline, 'web-5xx', state);
const guarded = { alarms: ['web-5xx'], bake: '5m' };
const knownGood = async (pipeline: Pipeline) => (await stateOf(pipeline, web)).knownGood as { readonly digest: string }[] | undefined;

describe.each(bothReadings)('with callbacks that are %j', (assumptions) => {
  test('a bake costs its state and the look at its end, and the success is known good', async () => {
    const { pipeline, digest, start } = await verifying({ bake: '5m' }, 'healthy', { assumptions });
    const arn = await start();

    expect(await pipeline.ended(arn)).toMatchObject({
      outcome: 'SUCCEEDED',
      reason: 'DEPLOYED',
      message: expect.stringContaining('5 min'),
    });
    const path = await pipeline.path(arn);
    expect(path.slice(path.indexOf('IsRolloutComplete'))).toEqual([
      'IsRolloutComplete',
      'Verify',
      'Verify',
      'CloseDeployment',
      'IsReporting',
      'Notify',
      'IsSuccessful',
      'Succeeded',
    ]);
    const [begun = 0, end = 0] = entered(pipeline, arn, 'Verify');
    expect(end - begun).toBeGreaterThanOrEqual(5 * minutes - atOnce);
    expect(end - begun).toBeLessThanOrEqual(5 * minutes);
    expect(await knownGood(pipeline)).toMatchObject([{ digest }]);
    expect(pipeline.running(web)).toEqual([digest]);
  });

  test.each([1, 3])(
    'with a desired count of %i a revision that crashes later is rolled back and quarantined, though ECS has completed its rollout',
    async (tasks) => {
      const { pipeline, before, digest, start } = await verifying({ bake: '5m' }, 'crashes-later', { assumptions }, tasks);
      const arn = await start();

      expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CRASHED' });
      expect(pipeline.running(web)).toEqual([before]);
      expect((await sourceOf(pipeline, web)).quarantine).toMatchObject([{ digest, reason: 'CRASHED' }]);
    },
  );

  test('an alarm that flaps within the bake ends it at once', async () => {
    const { pipeline, arn, before, digest } = await baking(guarded, alarm('OK'), { assumptions });
    await setAlarm(pipeline, 'web-5xx', 'ALARM');
    const at = pipeline.account.clock.now;
    await setAlarm(pipeline, 'web-5xx', 'OK');

    expect(await pipeline.ended(arn)).toMatchObject({
      outcome: 'ROLLED_BACK',
      reason: 'ALARM',
      message: expect.stringContaining('web-5xx'),
    });
    expect((entered(pipeline, arn, 'RollBack')[0] ?? 0) - at).toBeLessThan(atOnce);
    expect(pipeline.running(web)).toEqual([before]);
    expect((await sourceOf(pipeline, web)).quarantine).toMatchObject([{ digest, reason: 'ALARM' }]);
  });
});

describe('the alarms of a bake', () => {
  test('that flap while no event arrives are missed, but not one that is in ALARM at its end', async () => {
    const { pipeline, arn } = await baking(guarded, alarm('OK'));
    pipeline.account.faults.injectDelivery({ rule: 'slipway-dev-alarms-1', kind: 'lost', times: Number.POSITIVE_INFINITY });
    await setAlarm(pipeline, 'web-5xx', 'ALARM');

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'ALARM' });
    expect(entered(pipeline, arn, 'Verify')).toHaveLength(2);
  });

  test('that were in ALARM before the update guard nothing, and the message says so', async () => {
    const { pipeline, arn } = await baking(guarded, alarm('ALARM'));

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED', message: expect.stringContaining('did not guard') });
  });

  test('may be composite, and have not enough data', async () => {
    const setUp = async (pipeline: Pipeline) => {
      const cloudWatch = new CloudWatchClient(pipeline.emulator.clientConfig());
      await cloudWatch.send(
        new PutMetricAlarmCommand({
          AlarmName: 'idle',
          Namespace: 'App',
          MetricName: 'None',
          Statistic: 'Sum',
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 1,
          ComparisonOperator: 'GreaterThanThreshold',
        }),
      );
      await givenAlarm(pipeline, 'web-5xx', 'OK');
      await cloudWatch.send(new PutCompositeAlarmCommand({ AlarmName: 'web', AlarmRule: 'ALARM("web-5xx")' }));
    };
    const quiet = await baking({ alarms: ['web', 'idle'], bake: '5m' }, setUp);
    expect(await quiet.pipeline.ended(quiet.arn)).toMatchObject({ outcome: 'SUCCEEDED' });

    const arn = await quiet.pipeline.start('deployment', { service: web, redeploy: true });
    await waits(quiet.pipeline, arn, 'Verify');
    await setAlarm(quiet.pipeline, 'web-5xx', 'ALARM');
    expect(await quiet.pipeline.ended(arn)).toMatchObject({
      outcome: 'ROLLED_BACK',
      reason: 'ALARM',
      message: expect.stringMatching(/alarm web \(/),
    });
  });

  test('that cannot be read for ten looks have verified nothing', async () => {
    const { pipeline, before, start } = await verifying(guarded);
    pipeline.account.faults.inject({ on: 'cloudwatch.DescribeAlarms', kind: 'accessDenied', times: Number.POSITIVE_INFINITY });
    const arn = await start();

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'AWS_ERROR' });
    expect(entered(pipeline, arn, 'Verify')).toHaveLength(10);
    expect(pipeline.running(web)).toEqual([before]);
  });
});

describe('within a bake', () => {
  test('an operator who cancels rolls it back', async () => {
    const { pipeline, arn, before } = await baking({ bake: '5m' });
    await pipeline.control('cancel', web, { by: 'ada', reason: 'wrong prices' });

    expect(await pipeline.ended(arn)).toMatchObject({
      outcome: 'ROLLED_BACK',
      reason: 'CANCELLED',
      message: expect.stringContaining('ada'),
    });
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('an operator who rolls back has it rolled back', async () => {
    const { pipeline, arn, before } = await baking({ bake: '5m' });
    const rollback = await pipeline.start('deployment', { service: web, rollback: true, by: 'ada' });

    expect(await pipeline.ended(rollback)).toMatchObject({ outcome: 'SKIPPED', reason: 'ROLLBACK_DELEGATED' });
    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CANCELLED' });
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('an operator who deploys ends it: it is not known good, and its revision is still Slipway’s own', async () => {
    const { pipeline, arn, digest } = await baking({ bake: '5m' });
    const at = pipeline.account.clock.now;
    const fixed = await pipeline.push('fixed');
    const other = await pipeline.start('deployment', { service: web, image: pipeline.imageUri('fixed') });

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' });
    expect((entered(pipeline, arn, 'CloseDeployment')[0] ?? 0) - at).toBeLessThan(2 * atOnce);
    expect(await stateOf(pipeline, web)).toMatchObject({ expectedRevisions: [expect.stringContaining(':2')] });
    expect(await pipeline.ended(other)).toMatchObject({ outcome: 'SUCCEEDED' });
    expect((await knownGood(pipeline))?.map((one) => one.digest)).toEqual([fixed]);
    expect(await sourceOf(pipeline, web)).toMatchObject({ lastDeployed: { digest: fixed }, quarantine: [] });
    expect(pipeline.running(web)).not.toContain(digest);
  });

  test.each([
    ['waits for its end', false, ['SUCCEEDED', 'SUCCEEDED']],
    ['ends it where it yields', true, ['SUPERSEDED', 'SUCCEEDED']],
  ] as const)('a newer push %s', async (_, yields, outcomes) => {
    const { pipeline } = await verifying({ bake: '5m', ...(yields && { yields }) });
    await pipeline.push('main-2');
    await pipeline.account.clock.run({
      until: () => pipeline.account.log.of('states', 'state-entered').some(({ detail }) => detail.state === 'Verify'),
    });
    await pipeline.account.clock.advance(minutes);
    const newest = await pipeline.push('main-3');
    await pipeline.runUntilIdle();

    expect((await deploymentsOf(pipeline, web)).map(({ result }) => result.outcome)).toEqual(outcomes);
    expect(pipeline.running(web)).toEqual([newest]);
    expect(await sourceOf(pipeline, web)).toMatchObject({ lastDeployed: { digest: newest }, quarantine: [] });
  });

  test('another deployer ends it', async () => {
    const { pipeline, arn } = await baking({ bake: '5m' });
    await pipeline.ecs.send(new UpdateServiceCommand({ cluster: 'production', service: 'web', taskDefinition: 'production-web:1' }));

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' });
  });

  test('an execution that is aborted is resumed, and bakes no longer than it would have', async () => {
    const { pipeline, arn, digest } = await baking({ bake: '20m' });
    await pipeline.executionsClient.send(new StopExecutionCommand({ executionArn: arn, cause: 'wrong stage' }));
    await pipeline.account.clock.advance(30 * minutes);
    const [, resumed] = await pipeline.executions('deployment');
    const [begun = 0] = entered(pipeline, arn, 'Verify');

    expect(await pipeline.ended(resumed?.arn ?? '')).toMatchObject({
      outcome: 'SUCCEEDED',
      message: expect.stringContaining('wrong stage'),
    });
    const last = entered(pipeline, resumed?.arn ?? '', 'Verify').at(-1) ?? 0;
    expect(last - begun).toBeLessThan(20 * minutes + atOnce);
    expect(pipeline.running(web)).toEqual([digest]);
  });
});

describe('a function of the user', () => {
  const answers: Record<string, (event: unknown, run: { sleep: (ms: number) => Promise<void> }) => Promise<unknown>> = {
    verifies: async () => ({ version: 1, verified: true, message: '12 checks' }),
    refuses: async () => ({ version: 1, verified: false, message: 'the cart is broken' }),
    'answers nonsense': async () => 'yes',
    'answers nothing': async () => undefined,
    throws: async () => {
      throw new Error('cannot reach it');
    },
    'times out': async (_, { sleep }) => sleep(10 * minutes),
    'answers 6 MB': async () => ({ version: 1, verified: true, message: 'x'.repeat(6 * 1024 * 1024) }),
    'answers 5,000 characters': async () => ({ version: 1, verified: true, message: 'x'.repeat(5000) }),
    'answers 300 KB': async () => ({ version: 1, verified: true, message: 'x'.repeat(300 * 1024) }),
  };

  test.each([
    ['verifies', 'SUCCEEDED DEPLOYED', '12 checks', false],
    ['refuses', 'ROLLED_BACK VERIFICATION', 'the cart is broken', true],
    ['answers nonsense', 'ROLLED_BACK VERIFICATION', 'answered yes', false],
    ['answers nothing', 'ROLLED_BACK VERIFICATION', 'answered null', false],
    ['throws', 'ROLLED_BACK VERIFICATION', 'failed with Error', false],
    ['times out', 'ROLLED_BACK VERIFICATION', 'failed with Sandbox.Timedout', false],
    ['answers 6 MB', 'ROLLED_BACK VERIFICATION', 'failed with', false],
    ['answers 5,000 characters', 'ROLLED_BACK VERIFICATION', 'more than 4,096', false],
    ['answers 300 KB', 'ROLLED_BACK VERIFICATION', 'failed with', false],
  ])('that %s', async (name, result, words, isQuarantined) => {
    const events: unknown[] = [];
    const { pipeline, start } = await verifying({ function: 'my-verifier' }, 'healthy', {
      prepare: ({ account }) => {
        account.services.lambda.putUserFunction('my-verifier', async (event, run) => {
          events.push(event);
          return answers[name]?.(event, run);
        });
      },
    });
    const { outcome, reason, message } = await pipeline.ended(await start());

    expect(`${outcome} ${reason}`).toBe(result);
    expect(message).toContain(words);
    expect(message.length).toBeLessThan(1500);
    expect(events[0]).toMatchObject({ version: 1, stackStage: 'dev', service: web, image: { tag: 'other' }, release: '' });
    expect((await sourceOf(pipeline, web)).quarantine ?? []).toHaveLength(isQuarantined ? 1 : 0);
  });
});

import { DeleteServiceCommand } from '@aws-sdk/client-ecs';
import type { Behaviour } from '../../emulator/ecr/api.js';
import { deploying, givenAlarm, guardedBy, minutes, rolling, web } from '../support/failing.js';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { atOnce, entered, eventsOfEcs, failedTaskEvents, waits } from '../support/waiting.js';

afterEach(closePipelines);

const timeOf = ({ account }: Pipeline, type: string, index = 0): number => account.log.of('ecs', type).at(index)?.time ?? Number.NaN;

const entryOf = (pipeline: Pipeline, execution: string, state: string): number => entered(pipeline, execution, state)[0] ?? Number.NaN;

describe('while no event of ECS arrives,', () => {
  const deaf = async (behaviour: Behaviour, tasks: number) => {
    const given = await deploying(behaviour, { tasks });
    given.pipeline.account.faults.injectDelivery({ rule: 'slipway-dev-ecs', kind: 'lost', times: Number.POSITIVE_INFINITY });
    return given;
  };

  test('a crash loop is seen by the first look of the safety net, after two minutes', async () => {
    const { pipeline, before, start } = await deaf('crashes-on-start', 4);
    const events = eventsOfEcs(pipeline);
    const arn = await start();

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CRASHED' });
    const third = failedTaskEvents(events)[2]?.at ?? Number.NaN;
    expect(timeOf(pipeline, 'service-deployment-stop-requested') - third).toBeLessThan(120_000 + atOnce);
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('the success of a rollout that takes four minutes is seen by the second one, after five more', async () => {
    const { pipeline, digest, start } = await deaf('slow-to-start', 20);
    const arn = await start();

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED', reason: 'DEPLOYED' });
    const [first = 0, second = 0, ...others] = entered(pipeline, arn, 'WatchRollout').slice(1);
    expect(second - first).toBe(300_000);
    expect(others).toEqual([]);
    expect(pipeline.running(web)).toEqual([digest]);
  });

  test('a deployment that waits for a rollout of another deployer begins after two minutes', async () => {
    const { pipeline, digest, start } = await deaf('healthy', 2);
    await pipeline.forceNewDeployment(web);
    const arn = await start();

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(entryOf(pipeline, arn, 'UpdateService') - timeOf(pipeline, 'rollout-completed', 1)).toBeLessThan(120_000);
    expect(pipeline.running(web)).toEqual([digest]);
  });
});

test('a service that is deleted has no event: the safety net sees it', async () => {
  const { pipeline, start } = await deploying('slow-to-start');
  const arn = await start();
  await waits(pipeline, arn, 'WatchRollout');
  await pipeline.account.clock.advance(10_000);
  await pipeline.ecs.send(new DeleteServiceCommand({ cluster: 'production', service: 'web', force: true }));

  expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUPERSEDED', reason: 'SERVICE_DELETED' });
  expect(entryOf(pipeline, arn, 'CloseDeployment') - timeOf(pipeline, 'service-deleted')).toBeLessThan(120_000);
});

describe('a deadline has no event: the state looks when it has come', () => {
  test('if tasks cannot be placed, ten minutes after the first of them', async () => {
    const { pipeline, before, start } = await deploying('healthy');
    pipeline.account.services.ecs.failPlacement('production', 'web', 'RESOURCE:CPU');
    const events = eventsOfEcs(pipeline);
    const arn = await start();

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'PLACEMENT' });
    const unplaced = events.find(({ detail }) => detail.eventName === 'SERVICE_TASK_PLACEMENT_FAILURE')?.at ?? Number.NaN;
    const after = timeOf(pipeline, 'service-deployment-stop-requested') - unplaced;
    expect(after).toBeGreaterThan(10 * minutes);
    expect(after).toBeLessThan(10 * minutes + atOnce);
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('if a rollout without a circuit breaker does not end, at the timeout of the service', async () => {
    // Two tasks at a time, for an hour.
    const { pipeline, before, start } = await deploying('slow-to-start', {
      tasks: 40,
      deploymentConfiguration: { ...rolling, maximumPercent: 105 },
    });
    const arn = await start();

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'TIMED_OUT' });
    const after = timeOf(pipeline, 'service-deployment-stop-requested') - entryOf(pipeline, arn, 'UpdateService');
    expect(after).toBeGreaterThan(30 * minutes);
    expect(after).toBeLessThan(30 * minutes + atOnce);
    await pipeline.runUntilIdle();
    expect(pipeline.running(web)).toEqual([before]);
  });
});

test.each([
  ['a minute', 0, 17],
  ['two hours', 118, 26],
])('a deployment of %s, %i minutes of them to bake, takes at most %i state transitions', async (_, bakeTimeInMinutes, limit) => {
  const { pipeline, start } = await deploying('healthy', {
    tasks: 1,
    deploymentConfiguration: guardedBy('web-5xx', { bakeTimeInMinutes }),
  });
  await givenAlarm(pipeline, 'web-5xx', 'OK');
  const arn = await start();

  expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.account.services.states.transitions(arn)).toBeLessThanOrEqual(limit);
});

test('on a day without deployments nothing runs but the two schedules', async () => {
  const pipeline = await givenPipeline();
  await pipeline.account.clock.advance(24 * 60 * minutes);

  expect(pipeline.account.services.states.executions()).toEqual([]);
  const invoked = pipeline.account.log.of('lambda', 'invoked').map(({ detail }) => detail.function);
  expect(new Set(invoked)).toEqual(new Set(['slipway-dev-sweep', 'slipway-dev-reconcile']));
});

import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { deploymentEvent, hookEvent, taskEvent } from '../core/input/given-ecs-events.js';
import { deploying, givenAlarm, guardedBy, minutes, web } from '../support/failing.js';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { itemsOf, writeItem } from '../support/table.js';
import { pairwise } from '../support/variants.js';
import { atOnce, entered, eventsOfEcs, failedTaskEvents, invocations, rollingOut, tokensOf, waits } from '../support/waiting.js';

afterEach(closePipelines);

test.each([100, 1_000])('of a healthy rollout of %i tasks at most ten events invoke a function', async (tasks) => {
  const { pipeline, digest, start } = await deploying('healthy', { tasks });

  expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'SUCCEEDED' });
  await pipeline.runUntilIdle();

  expect(invocations(pipeline, 'handleEcsEvent')).toBeGreaterThan(0);
  expect(invocations(pipeline, 'handleEcsEvent')).toBeLessThanOrEqual(10);
  expect(pipeline.running(web)).toEqual([digest]);
});

const watchItemOf = async (pipeline: Pipeline, service = web) =>
  (await itemsOf(pipeline)).find(({ pk, sk }) => pk === `service#${service}` && sk === 'watch');

const region = 'arn:aws:ecs:eu-west-1:123456789012';

describe('while a deployment waits,', () => {
  test.each<[string, unknown, string]>([
    ['of another service', taskEvent(1, { detail: { group: 'service:api' } }), 'unwatched'],
    ['of the same name in another cluster', taskEvent(1, { detail: { clusterArn: `${region}:cluster/staging` } }), 'unwatched'],
    ['of another revision', taskEvent(), 'unwatched'],
    ['of a deployment in another cluster', deploymentEvent(undefined, { resources: [`${region}:service/staging/web`] }), 'unwatched'],
    ['of another source', { ...deploymentEvent(), source: 'my.app' }, 'unknown'],
    ['without its detail', { ...taskEvent(), detail: null }, 'unknown'],
    ['that is none', 'text', 'unknown'],
  ])('an event %s has no effect', async (_, event, did) => {
    const { pipeline, arn } = await rollingOut();
    const item = await watchItemOf(pipeline);
    const looks = entered(pipeline, arn, 'WatchRollout').length;

    expect(await pipeline.invoke('handleEcsEvent', event)).toMatchObject({ did });

    expect(await watchItemOf(pipeline)).toEqual(item);
    expect(entered(pipeline, arn, 'WatchRollout')).toHaveLength(looks);
    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED' });
  });

  test('an event of another service, or of the same name in another cluster, invokes no function', async () => {
    const { pipeline } = await rollingOut();
    const before = invocations(pipeline, 'handleEcsEvent');
    const { events } = pipeline.account.services;
    events.emit(taskEvent(1, { detail: { group: 'service:api' } }));
    events.emit(taskEvent(1, { detail: { clusterArn: `${region}:cluster/other` } }));
    events.emit(deploymentEvent(undefined, { resources: [`${region}:service/other/web`] }));
    events.emit(hookEvent(undefined, { detail: { serviceArn: `${region}:service/other/web` } }));
    await pipeline.account.clock.advance(atOnce);

    expect(invocations(pipeline, 'handleEcsEvent')).toBe(before);
  });

  test('an event cannot be forged', async () => {
    const { pipeline, arn } = await rollingOut();
    const looks = entered(pipeline, arn, 'WatchRollout').length;
    const { source: Source, 'detail-type': DetailType, resources: Resources, detail } = deploymentEvent('SERVICE_DEPLOYMENT_FAILED');
    const entry = { Source, DetailType, Resources: [...Resources], Detail: JSON.stringify(detail) };
    const { Entries } = await new EventBridgeClient(pipeline.emulator.clientConfig()).send(new PutEventsCommand({ Entries: [entry] }));
    await pipeline.account.clock.advance(atOnce);

    expect(Entries).toMatchObject([{ ErrorCode: 'NotAuthorizedForSourceException' }]);
    expect(entered(pipeline, arn, 'WatchRollout')).toHaveLength(looks);
  });
});

describe('a watch item', () => {
  test.each<[string, (tokens: readonly string[]) => object]>([
    ['with a token that is none', () => ({ token: 'none' })],
    ['with a token that is closed', ([first]) => ({ token: first })],
    ['without a token', () => ({ token: undefined })],
    ['of an older version', () => ({ schema: 1 })],
    ['of another execution', () => ({ execution: 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:other' })],
    ['of another deployment', () => ({ record: 'service#production/web deployment#other' })],
  ])('%s does no harm: the safety net looks at the deployment, which succeeds', async (_, changes) => {
    const { pipeline, digest, arn } = await rollingOut();
    await writeItem(pipeline, { ...(await watchItemOf(pipeline)), ...changes(tokensOf(pipeline, arn)) });

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED', reason: 'DEPLOYED' });
    expect(pipeline.account.log.of('lambda', 'failed')).toEqual([]);
    expect(pipeline.running(web)).toEqual([digest]);
  });

  test('with the token of another execution has that one look, which changes nothing', async () => {
    const pipeline = await givenPipeline({ services: { [web]: {}, 'production/worker': {} } });
    const image = pipeline.imageUri(await pipeline.push('other', 'slow-to-start'));
    const executions = [];
    for (const service of [web, 'production/worker']) {
      const arn = await pipeline.start('deployment', { service, image });
      await waits(pipeline, arn, 'WatchRollout');
      executions.push(arn);
    }
    const other = await watchItemOf(pipeline, 'production/worker');
    await writeItem(pipeline, { ...(await watchItemOf(pipeline)), token: other?.token });

    for (const arn of executions) expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED' });
  });
});

const switches = ['callbackBeforeReturn', 'closedToken', 'tokenPerRetry', 'completedEvent', 'userRollbackEvent', 'hookEvents'] as const;

describe.each(pairwise([...switches]))('under $variant', ({ assumptions }) => {
  const timeOf = ({ account }: Pipeline, type: string): number => account.log.of('ecs', type).at(-1)?.time ?? Number.NaN;
  const closing = (pipeline: Pipeline, arn: string): number => entered(pipeline, arn, 'CloseDeployment')[0] ?? Number.NaN;

  test('a crash loop is stopped at once, and its end is seen within a minute', async () => {
    const { pipeline, before, start } = await deploying('crashes-on-start', { tasks: 4 }, { assumptions });
    const events = eventsOfEcs(pipeline);
    const arn = await start();

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CRASHED' });
    expect(timeOf(pipeline, 'service-deployment-stop-requested') - (failedTaskEvents(events)[2]?.at ?? Number.NaN)).toBeLessThan(atOnce);
    expect(closing(pipeline, arn) - timeOf(pipeline, 'rollback-completed')).toBeLessThan(minutes);
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('the end of a bake is seen within half a minute', async () => {
    const { pipeline, digest, start } = await deploying(
      'healthy',
      { tasks: 2, deploymentConfiguration: guardedBy('web-5xx', { bakeTimeInMinutes: 10 }) },
      { assumptions },
    );
    await givenAlarm(pipeline, 'web-5xx', 'OK');
    const arn = await start();

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(closing(pipeline, arn) - timeOf(pipeline, 'rollout-completed')).toBeLessThan(30_000);
    expect(pipeline.running(web)).toEqual([digest]);
  });
});

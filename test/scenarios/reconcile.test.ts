import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';

afterEach(closePipelines);

const minutes = (count: number) => count * 60_000;

/** A stack whose reconciler has run for the first time. */
const given = async () => {
  const pipeline = await givenPipeline();
  await pipeline.account.clock.advance(minutes(61));
  return pipeline;
};

/** A push whose event is lost. */
const pushMissed = async (pipeline: Pipeline, tag: string): Promise<string> => {
  pipeline.account.faults.injectDelivery({ rule: 'slipway-dev-push-1', kind: 'lost' });
  const digest = await pipeline.push(tag);
  await pipeline.runUntilIdle();
  return digest;
};

const releases = async (pipeline: Pipeline) => (await pipeline.executions('release')).map(({ outcome }) => outcome);

test('a push from before the stack was deployed is not released', async () => {
  const pipeline = await givenPipeline();

  await pipeline.account.clock.advance(minutes(200));

  expect(await releases(pipeline)).toEqual([]);
});

test('a missed push is released within the hour, once', async () => {
  const pipeline = await given();
  const digest = await pushMissed(pipeline, 'main-2');
  expect(await releases(pipeline)).toEqual([]);

  await pipeline.account.clock.advance(minutes(61));
  await pipeline.runUntilIdle();

  expect(await releases(pipeline)).toEqual(['SUCCEEDED']);
  for (const service of ['staging/web', 'production/web', 'production/worker']) expect(pipeline.running(service)).toEqual([digest]);
  expect(pipeline.messages().map(({ trigger }) => trigger)).toEqual([{ kind: 'reconcile' }]);

  await pipeline.account.clock.advance(minutes(200));
  expect(await releases(pipeline)).toEqual(['SUCCEEDED']);
});

test('a missed push of the first hour, before the reconciler has run, is released if another was received before it', async () => {
  const pipeline = await givenPipeline();
  await pipeline.release('main-2');
  const digest = await pushMissed(pipeline, 'main-3');

  await pipeline.account.clock.advance(minutes(61));
  await pipeline.runUntilIdle();

  expect(await releases(pipeline)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  expect(pipeline.running('production/web')).toEqual([digest]);
});

test('two reconcilers at once start one release', async () => {
  const pipeline = await given();
  await pushMissed(pipeline, 'main-2');
  pipeline.account.faults.injectDelivery({ rule: 'slipway-dev-reconcile', kind: 'doubled', times: 5 });
  pipeline.account.faults.injectInvocation({ function: 'reconcile', kind: 'twice', times: 10 });

  await pipeline.account.clock.advance(minutes(130));

  expect(await releases(pipeline)).toEqual(['SUCCEEDED']);
});

test('a push that was received is not released a second time, also if it failed', async () => {
  const pipeline = await given();
  expect(await pipeline.release('main-2', 'crashes-on-start')).toMatchObject({ outcome: 'ROLLED_BACK' });

  await pipeline.account.clock.advance(minutes(200));

  expect(await releases(pipeline)).toEqual(['ROLLED_BACK']);
});

test('a tag that the policy does not allow is not released', async () => {
  const pipeline = await given();
  await pushMissed(pipeline, 'feature-1');

  await pipeline.account.clock.advance(minutes(130));

  expect(await releases(pipeline)).toEqual([]);
});

test('a missed push that is older than a released one is not released', async () => {
  const pipeline = await given();
  await pushMissed(pipeline, 'main-2');
  await pipeline.account.clock.advance(2_000);
  const { digest } = await pipeline.release('main-3');

  await pipeline.account.clock.advance(minutes(200));

  expect(await releases(pipeline)).toEqual(['SUCCEEDED']);
  expect(pipeline.running('production/web')).toEqual([digest]);
});

test('a push that a hold skipped is released at once when the hold is, and not before', async () => {
  const pipeline = await given();
  await pipeline.control('hold', 'production/web', { by: 'ada' });
  const { digest, outcome } = await pipeline.release('main-2');
  expect(outcome).toBe('PARTIAL');
  expect(pipeline.slack.received).toMatchObject([
    { text: expect.stringContaining('on hold') },
    { text: expect.stringContaining('PARTIAL') },
  ]);

  await pipeline.account.clock.advance(minutes(130));
  expect(await releases(pipeline)).toEqual(['PARTIAL']);
  expect(pipeline.running('production/web')).not.toEqual([digest]);

  await pipeline.control('unhold', 'production/web', { by: 'ada' });
  await pipeline.runUntilIdle();
  expect(await releases(pipeline)).toEqual(['PARTIAL', 'SUCCEEDED']);
  expect(pipeline.running('production/web')).toEqual([digest]);
  expect(pipeline.messages().at(-1)?.trigger).toMatchObject({ kind: 'releasedHold', hold: { by: 'ada' } });
  expect(pipeline.messages().at(-1)?.text).toMatch(/held back by ada until 2026-11-23 \d\d:\d\d UTC/);

  await pipeline.account.clock.advance(minutes(130));
  expect(await releases(pipeline)).toEqual(['PARTIAL', 'SUCCEEDED']);
});

test('the newest image that a hold kept back runs after it, also if it got more tags meanwhile', async () => {
  const pipeline = await given();
  await pipeline.control('hold', 'production/web');
  await pipeline.push('main-2', 'healthy', 'kept back');
  await pipeline.runUntilIdle();
  const newest = await pipeline.push('main-3', 'healthy', 'newest');
  await pipeline.runUntilIdle();
  for (const tag of ['main-latest', 'feature-1']) await pipeline.push(tag, 'healthy', 'newest');
  await pipeline.runUntilIdle();

  await pipeline.control('unhold', 'production/web');
  await pipeline.runUntilIdle();

  expect(pipeline.running('production/web')).toEqual([newest]);
});

test('a push that a hold of all services skipped is released at once when the hold is', async () => {
  const pipeline = await given();
  await pipeline.control('hold', '*');
  await pipeline.release('main-2');
  await pipeline.account.clock.advance(minutes(130));
  expect(await releases(pipeline)).toEqual(['SKIPPED']);

  await pipeline.control('unhold', '*');
  await pipeline.runUntilIdle();

  expect(await releases(pipeline)).toEqual(['SKIPPED', 'SUCCEEDED']);
});

test('a reconciler that fails finds the missed push in its next run', async () => {
  const pipeline = await given();
  await pushMissed(pipeline, 'main-2');
  pipeline.account.faults.inject({ on: 'ecr.DescribeImages', kind: 'serverError', times: 3 });

  await pipeline.account.clock.advance(minutes(125));

  expect(await releases(pipeline)).toEqual(['SUCCEEDED']);
});

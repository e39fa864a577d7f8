import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { resultsOn, sourceOf, staged, staging, web, worker } from '../support/staged.js';

afterEach(closePipelines);

const minutes = 60_000;
const hours = 60 * minutes;
const all = [staging, web, worker];
const operator = { by: 'ada', reason: 'wrong prices' };
const undone = { outcome: 'SUCCEEDED', reason: 'ROLLED_BACK_WITH_RELEASE' };
const refused = { outcome: 'FAILED', reason: 'INVALID_INPUT' };
const nameOf = (arn: string) => arn.split(':').at(-1) ?? '';

const start = (pipeline: Pipeline, more: object = {}) =>
  pipeline.start('release', { repository: 'my-learn-app', rollback: true, ...operator, ...more });
const rollBack = async (pipeline: Pipeline, more: object = {}) => pipeline.ended(await start(pipeline, more));

const runningAll = (pipeline: Pipeline) => all.map((service) => pipeline.running(service));
const onAll = (digest: string) => all.map(() => [digest]);
const quarantinedAll = (pipeline: Pipeline) =>
  Promise.all(all.map(async (service) => ((await sourceOf(pipeline, service)).quarantine ?? []).map(({ digest }) => digest)));

test('rolls every service of the last release back, on hold and while windows are closed, and is reported once', async () => {
  const pipeline = await givenPipeline();
  const two = await pipeline.release('main-2');
  const three = await pipeline.release('main-3');
  await pipeline.control('hold', '*', { by: 'bob' });
  const window = { days: ['sat'], from: '09:00', to: '10:00', timezone: 'UTC' };
  const gates = { window, approval: true };
  await pipeline.deployAgain(
    staged({ name: 'staging', services: [staging], ...gates }, { name: 'production', services: [web, worker], ...gates }),
  );
  const before = pipeline.messages().length;

  const rollback = await rollBack(pipeline);

  expect(rollback).toMatchObject(undone);
  expect(runningAll(pipeline)).toEqual(onAll(two.digest));
  expect(await quarantinedAll(pipeline)).toEqual(onAll(three.digest));
  // The reconciler does not bring it back.
  await pipeline.control('unhold', '*');
  await pipeline.account.clock.advance(3 * hours);
  expect(runningAll(pipeline)).toEqual(onAll(two.digest));
  const reported = pipeline.messages().slice(before);
  expect(reported.filter(({ command }) => !command)).toMatchObject([
    {
      id: rollback.arn,
      result: undone,
      trigger: { kind: 'hand', ...operator },
      rollback: { of: nameOf(three.arn), isByHand: true },
      services: all.map((service) => ({ service, result: undone })),
      text: expect.stringContaining('migrations that it ran are not undone'),
    },
  ]);
});

test('goes one release further back each time, until none is left; then an operator and the next push behave as ever', async () => {
  const pipeline = await givenPipeline();
  const [first = ''] = pipeline.running(web);
  const two = await pipeline.release('main-2');
  const three = await pipeline.release('main-3');

  expect(await rollBack(pipeline)).toMatchObject(undone);
  // No service runs it any more.
  expect(await rollBack(pipeline, { release: three.arn })).toMatchObject({ outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' });
  expect(runningAll(pipeline)).toEqual(onAll(two.digest));
  expect(await rollBack(pipeline)).toMatchObject(undone);
  expect(runningAll(pipeline)).toEqual(onAll(first));
  expect(await rollBack(pipeline)).toMatchObject({ ...refused, message: expect.stringContaining('no release of my-learn-app') });
  expect(await quarantinedAll(pipeline)).toEqual(all.map(() => [three.digest, two.digest]));

  // What was rolled back is not deployed again by a push of another tag of it; by hand it is.
  await pipeline.push('main-3b', 'healthy', 'build-2');
  await pipeline.runUntilIdle();
  expect(runningAll(pipeline)).toEqual(onAll(first));
  const redeployed = await pipeline.start('deployment', { service: web, redeploy: true });
  expect(await pipeline.ended(redeployed)).toMatchObject({ outcome: 'SUCCEEDED' });
  const forced = await pipeline.start('deployment', { service: worker, image: pipeline.imageUri('main-3'), force: true });
  expect(await pipeline.ended(forced)).toMatchObject({ outcome: 'SUCCEEDED' });
  const four = await pipeline.release('main-4');
  expect(runningAll(pipeline)).toEqual(onAll(four.digest));
  const back = await pipeline.start('deployment', { service: worker, rollback: true });
  expect(await pipeline.ended(back)).toMatchObject({ reason: 'ROLLED_BACK_BY_OPERATOR' });
  expect(pipeline.running(worker)).toEqual([three.digest]);
});

test('is refused while the release runs; a push meanwhile goes before it or after it, and runs in the end', async () => {
  const pipeline = await givenPipeline();
  await pipeline.release('main-2');
  await pipeline.push('main-3');
  // Staging runs it, and production does not yet: until then that release has changed nothing.
  await pipeline.account.clock.advance(1.5 * minutes);
  const [, three] = await pipeline.executions('release');
  expect(three).toMatchObject({ status: 'RUNNING' });
  expect(await rollBack(pipeline)).toMatchObject({ ...refused, message: expect.stringContaining('is in progress') });
  await pipeline.runUntilIdle();

  const rollback = await start(pipeline);
  await pipeline.account.clock.advance(20_000);
  expect(await rollBack(pipeline)).toMatchObject({ outcome: 'SKIPPED', reason: 'DUPLICATE_ROLLBACK' });
  const four = await pipeline.push('main-4');
  await pipeline.runUntilIdle();
  expect(await pipeline.execution(rollback)).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(runningAll(pipeline)).toEqual(onAll(four));
});

test('by its name rolls back only services that still run its image', async () => {
  const pipeline = await givenPipeline();
  const [first = ''] = pipeline.running(web);
  const two = await pipeline.release('main-2');
  await pipeline.control('hold', worker, { by: 'bob' });
  const three = await pipeline.release('main-3');
  expect(three).toMatchObject({ outcome: 'PARTIAL', reason: 'ON_HOLD' });

  expect(await rollBack(pipeline, { release: nameOf(two.arn) })).toMatchObject(undone);

  expect(runningAll(pipeline)).toEqual([[three.digest], [three.digest], [first]]);
  expect(pipeline.messages().at(-1)).toMatchObject({ rollback: { of: nameOf(two.arn) }, services: [{ service: worker }] });
  // The last one is another release.
  expect(await rollBack(pipeline)).toMatchObject(undone);
  expect(runningAll(pipeline)).toEqual([[two.digest], [two.digest], [first]]);
  expect((await resultsOn(pipeline, worker)).at(-1)).toMatchObject(undone);
});

test.each([{ rollback: 'true' }, { rollback: true, tag: 'main-2' }, { rollback: true, release: 'unknown' }, { release: 'main-2' }])(
  'the input %j is rejected with the reason',
  async (input) => {
    const pipeline = await givenPipeline({ services: { [staging]: {} } });
    const execution = await pipeline.start('release', { repository: 'my-learn-app', ...input });

    expect(await pipeline.ended(execution)).toMatchObject({ ...refused, message: expect.stringMatching(/expected|no release/) });
    expect(pipeline.account.log.of('ecs', 'service-updated')).toEqual([]);
  },
);

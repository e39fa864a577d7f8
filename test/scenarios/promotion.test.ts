import { approval, decision, givenGates, hours, minutes, released, reports, retag, stagesOf } from '../support/gated.js';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { deploymentsOf, records } from '../support/table.js';

afterEach(closePipelines);

const byTag = { repository: { tags: undefined }, staging: { tags: ['main-*'] } };
const promoted = (production: object = {}) => givenGates({ ...byTag, production: { tags: ['v*'], ...production } });
const requiring = { requires: 'staging' };

/** Lets the release of a push run to its end, or to a gate. */
const settle = (pipeline: Pipeline) => pipeline.account.clock.advance(10 * minutes);
const results = async (pipeline: Pipeline) => (await pipeline.executions('release')).map(({ outcome, reason }) => `${outcome} ${reason}`);
const services = ['staging/web', 'production/web', 'production/worker'];
/** How many deployments each service has had. */
const counts = (pipeline: Pipeline) => Promise.all(services.map(async (service) => (await deploymentsOf(pipeline, service)).length));
const running = (pipeline: Pipeline) => services.map((service) => pipeline.running(service)[0]);

test('a tag reaches the stages that take it: another tag promotes the image, and one that none takes ends in the history', async () => {
  const pipeline = await promoted(requiring);
  const [, before] = running(pipeline);
  const { digest } = await released(pipeline, 'main-2');
  expect(running(pipeline)).toEqual([digest, before, before]);
  expect(reports(pipeline)).toMatchObject([{ result: { reason: 'DEPLOYED' }, passedOver: [{ stage: 'production' }] }]);

  await retag(pipeline, digest, 'v1.0.0');
  await settle(pipeline);
  expect(running(pipeline)).toEqual([digest, digest, digest]);
  expect(await counts(pipeline)).toEqual([1, 1, 1]);
  expect(reports(pipeline)[1]).toMatchObject({ result: { reason: 'DEPLOYED' }, to: expect.stringContaining('v1.0.0') });

  await retag(pipeline, digest, 'latest');
  await pipeline.push('feature-1');
  await settle(pipeline);
  expect((await results(pipeline)).slice(2)).toEqual(['SKIPPED TAG_NOT_MATCHED', 'SKIPPED TAG_NOT_MATCHED']);
  expect(await records(pipeline, 'repository#my-learn-app', 'release#')).toHaveLength(4);
  expect(reports(pipeline)).toHaveLength(2);
  expect(await counts(pipeline)).toEqual([1, 1, 1]);
});

test('what failed in staging, or was rolled back from it, is not promoted to a stage that requires it', async () => {
  const pipeline = await promoted(requiring);
  const before = running(pipeline);

  const failed = await pipeline.push('main-2', 'crashes-on-start');
  await settle(pipeline);
  await retag(pipeline, failed, 'v1.0.1');
  await settle(pipeline);
  const { digest: withdrawn } = await released(pipeline, 'main-3');
  await pipeline.ended(await pipeline.start('deployment', { service: 'staging/web', rollback: true, by: 'ada' }));
  await retag(pipeline, withdrawn, 'v1.0.2');
  await settle(pipeline);

  expect(await results(pipeline)).toEqual([
    'ROLLED_BACK CRASHED',
    'SKIPPED STAGE_REQUIRED',
    'SUCCEEDED DEPLOYED',
    'SKIPPED STAGE_REQUIRED',
  ]);
  await pipeline.account.clock.advance(2 * hours);
  expect(running(pipeline)).toEqual(before);
});

test('a tag that comes before the one for staging is promoted within the hour after staging has succeeded', async () => {
  const pipeline = await promoted(requiring);
  await pipeline.account.clock.advance(61 * minutes);
  const digest = await pipeline.push('v1.0.0');
  await settle(pipeline);
  await pipeline.account.clock.advance(2 * hours);
  expect(await results(pipeline)).toEqual(['SKIPPED STAGE_REQUIRED']);

  await retag(pipeline, digest, 'main-2');
  await pipeline.account.clock.advance(2 * hours);

  expect(await results(pipeline)).toEqual(['SKIPPED STAGE_REQUIRED', 'SUCCEEDED DEPLOYED', 'SUCCEEDED DEPLOYED']);
  expect(running(pipeline)).toEqual([digest, digest, digest]);
  expect(await counts(pipeline)).toEqual([1, 1, 1]);
});

test('an image that is rolled back in staging while it waits is not deployed, though it is approved', async () => {
  const pipeline = await givenGates({ production: { ...requiring, ...approval } });
  const [, before] = running(pipeline);
  const { arn, digest } = await released(pipeline, 'main-2');
  await pipeline.ended(await pipeline.start('deployment', { service: 'staging/web', rollback: true, by: 'ada' }));
  await pipeline.invoke('decide', decision(digest, 'approve', 'grace'));

  expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'PARTIAL', reason: 'STAGE_REQUIRED' });
  expect(running(pipeline).slice(1)).toEqual([before, before]);
});

test('a tag that adds a stage to a release in progress joins it', async () => {
  const pipeline = await promoted(requiring);
  const digest = await pipeline.push('main-2', 'slow-to-start');
  await pipeline.account.clock.advance(30_000);
  expect(running(pipeline)).not.toContain(digest);
  await retag(pipeline, digest, 'v1.0.0');
  await settle(pipeline);

  expect(await results(pipeline)).toEqual(['SUCCEEDED DEPLOYED', 'SKIPPED JOINED_RELEASE']);
  expect(running(pipeline)).toEqual([digest, digest, digest]);
  expect(await counts(pipeline)).toEqual([1, 1, 1]);
  const report = reports(pipeline).find(({ result }) => result.reason === 'DEPLOYED');
  expect(report).toMatchObject({ joined: [{ stage: 'production', tag: 'v1.0.0' }], services: [{}, {}, {}] });
});

test('a tag that adds a stage to a release that waits joins it; the stage has its own gate', async () => {
  const pipeline = await givenPipeline({
    stack: stagesOf([
      { name: 'staging', tags: ['main-*'], services: ['staging/web'] },
      { name: 'canary', tags: ['main-*'], services: ['production/worker'], ...approval },
      { name: 'production', tags: ['v*'], services: ['production/web'], ...approval },
    ]),
  });
  const { arn, digest } = await released(pipeline, 'main-2');
  await retag(pipeline, digest, 'v1.0.0');
  await settle(pipeline);
  expect(await results(pipeline)).toEqual([expect.anything(), 'SKIPPED JOINED_RELEASE']);

  await pipeline.invoke('decide', { ...decision(digest), stage: 'canary' });
  await settle(pipeline);
  expect(pipeline.waitingMessages().map(({ stage, to }) => [stage, to.split(' ')[0]])).toEqual([
    ['canary', 'my-learn-app:main-2'],
    ['production', 'my-learn-app:v1.0.0'],
  ]);
  await pipeline.invoke('decide', decision(digest));
  expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(running(pipeline)).toEqual([digest, digest, digest]);
});

test('the tags of one image may come in any order: each stage deploys it once', async () => {
  const pipeline = await promoted();
  const orders = [
    ['main-', 'v1.4.', 'latest'],
    ['v1.4.', 'latest', 'main-'],
    ['latest', 'v1.4.', 'main-'],
  ];
  for (const [index, [first = '', ...others]] of orders.entries()) {
    const named = (tag: string) => (tag === 'latest' ? tag : `${tag}${index}`);
    const digest = await pipeline.push(named(first));
    for (const tag of others) await retag(pipeline, digest, named(tag));
    await settle(pipeline);

    expect({ index, running: running(pipeline) }).toEqual({ index, running: [digest, digest, digest] });
    expect(await counts(pipeline)).toEqual([index + 1, index + 1, index + 1]);
  }
});

test('a tag whose event was missed reaches its own stages within the hour', async () => {
  const pipeline = await promoted(requiring);
  await pipeline.account.clock.advance(61 * minutes);
  const { digest } = await released(pipeline, 'main-2');
  pipeline.account.faults.injectDelivery({ rule: 'slipway-dev-push-1', kind: 'lost' });
  await retag(pipeline, digest, 'v1.0.0');
  await settle(pipeline);
  expect(await results(pipeline)).toEqual(['SUCCEEDED DEPLOYED']);

  await pipeline.account.clock.advance(2 * hours);

  expect(await results(pipeline)).toEqual(['SUCCEEDED DEPLOYED', 'SUCCEEDED DEPLOYED']);
  expect(running(pipeline)).toEqual([digest, digest, digest]);
  expect(await counts(pipeline)).toEqual([1, 1, 1]);
  expect(reports(pipeline)[1]?.trigger).toEqual({ kind: 'reconcile' });
});

test('an older version is not deployed over a newer one, unless by hand', async () => {
  const pipeline = await promoted({ tags: ['semver:^1'] });
  const newer = await pipeline.push('v1.10.0');
  await settle(pipeline);
  const older = await pipeline.push('v1.9.1');
  await settle(pipeline);
  expect(await results(pipeline)).toEqual(['SUCCEEDED DEPLOYED', 'SKIPPED OLDER_VERSION']);
  expect(running(pipeline).slice(1)).toEqual([newer, newer]);

  const byHand = await pipeline.start('release', { repository: 'my-learn-app', tag: 'v1.9.1', by: 'ada' });
  expect(await pipeline.ended(byHand)).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(running(pipeline).slice(1)).toEqual([older, older]);
});

import { messageOf, minutes, web } from '../support/failing.js';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { stateOf, writeState } from '../support/table.js';

afterEach(closePipelines);

const unknownExecution = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:never-was';
const priority = {
  isByHand: true,
  source: 'my-learn-app',
  pushedAt: '2026-11-23T08:00:00Z',
  digest: 'sha256:00',
  execution: unknownExecution,
};
const lease = {
  execution: unknownExecution,
  record: 'service#production/web deployment#2026#never-was',
  since: '2026-11-23T08:00:00Z',
  priority,
};

const given = async (state: object) => {
  const pipeline = await givenPipeline({ services: { [web]: {} } });
  const [before = ''] = pipeline.running(web);
  const digest = await pipeline.push('other');
  await pipeline.runUntilIdle();
  await writeState(pipeline, state);
  return { pipeline, before, digest };
};

const deploy = async (pipeline: Pipeline) =>
  pipeline.ended(await pipeline.start('deployment', { service: web, image: pipeline.imageUri('other') }));

describe('a state item that another version has written', () => {
  test.each<[string, object, string]>([
    ['a lease without record', { lease: { ...lease, record: undefined } }, 'lease.record'],
    ['a lease that is a string', { lease: unknownExecution }, 'lease'],
    ['a lease of an invalid execution', { lease: { ...lease, execution: 'me' } }, 'lease.execution'],
    ['a queued execution without priority', { 'queued#OPERATOR': { execution: unknownExecution } }, 'queued#OPERATOR.priority'],
    ['a string for the known good revisions', { knownGood: 'production-web:1' }, 'knownGood'],
    ['a known good revision without attributes', { knownGood: [{}] }, 'knownGood.0'],
    ['a quarantine that is no list', { 'quarantine#my-learn-app': 'sha256:00' }, 'quarantine#my-learn-app'],
    ['a quarantine of strings', { 'quarantine#my-learn-app': ['sha256:00'] }, 'quarantine#my-learn-app.0'],
    ['a fencing token that is text', { fencingToken: '1' }, 'fencingToken'],
    ['schema 1', { schema: 1 }, 'schema is 1'],
    ['schema 99', { schema: 99 }, 'schema is 99'],
  ])('with %s fails the deployment, names the attribute, and blocks none once it is fixed', async (_, broken, mismatch) => {
    const { pipeline, before, digest } = await given({ schema: 2, ...broken });

    const arn = await pipeline.start('deployment', { service: web, image: pipeline.imageUri('other') });
    await pipeline.account.clock.advance(10 * minutes);
    const refused = await pipeline.execution(arn);
    expect(refused).toMatchObject({ status: 'FAILED', outcome: 'FAILED', reason: 'AWS_ERROR' });
    expect(pipeline.messages().filter(({ id }) => id === arn)).toMatchObject([
      { result: { outcome: 'FAILED', message: expect.stringContaining(mismatch) } },
    ]);
    expect(pipeline.running(web)).toEqual([before]);

    const [attribute = ''] = Object.keys(broken);
    await writeState(pipeline, { [attribute]: undefined });
    expect(await deploy(pipeline)).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(pipeline.running(web)).toEqual([digest]);
  });

  test('that becomes invalid during a deployment does not change its result, and fails the next one until it is fixed', async () => {
    const { pipeline, digest } = await given({ schema: 2 });
    const { clock, log } = pipeline.account;
    const arn = await pipeline.start('deployment', { service: web, image: pipeline.imageUri('other') });
    await clock.run({ until: () => log.of('ecs', 'service-updated').length > 0 });
    await writeState(pipeline, { 'quarantine#my-learn-app': 'sha256:00' });

    const ended = await pipeline.ended(arn);
    await clock.advance(minutes);
    expect(ended).toMatchObject({ status: 'SUCCEEDED', outcome: 'SUCCEEDED' });
    expect(messageOf(pipeline, arn)).toMatchObject({ result: { outcome: 'SUCCEEDED' } });
    expect(pipeline.running(web)).toEqual([digest]);

    const next = await pipeline.push('other', 'crashes-on-start');
    expect(await deploy(pipeline)).toMatchObject({ outcome: 'FAILED' });
    await writeState(pipeline, { 'quarantine#my-learn-app': undefined });
    expect(await deploy(pipeline)).toMatchObject({ outcome: 'ROLLED_BACK' });
    expect(pipeline.running(web)).toEqual([digest]);
    expect(await stateOf(pipeline)).toMatchObject({ 'quarantine#my-learn-app': [{ digest: next }] });
  });
});

describe('a lease of an execution that does not exist', () => {
  test('is taken over', async () => {
    const { pipeline, digest } = await given({ schema: 2, fencingToken: 7, lease });

    expect(await deploy(pipeline)).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(pipeline.running(web)).toEqual([digest]);
    // Taken, then released.
    expect(await stateOf(pipeline)).toMatchObject({ fencingToken: 9 });
    expect(await stateOf(pipeline)).not.toHaveProperty('lease');
  });

  test('does not stay queued, either', async () => {
    const { pipeline, digest } = await given({
      schema: 2,
      'queued#OPERATOR': { ...lease, priority: { ...priority, pushedAt: '2030-01-01T00:00:00Z' } },
    });

    expect(await deploy(pipeline)).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(pipeline.running(web)).toEqual([digest]);
    expect(await stateOf(pipeline)).not.toHaveProperty(['queued#OPERATOR']);
  });
});

test('attributes that this version does not know are kept', async () => {
  const { pipeline } = await given({ schema: 2, tomorrow: { deep: [1] } });

  expect(await deploy(pipeline)).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(await stateOf(pipeline)).toMatchObject({ tomorrow: { deep: [1] }, knownGood: [{ revision: expect.any(String) }] });
});

test('a hold of a service that slipway.yml does not name does not hold other services', async () => {
  const pipeline = await givenPipeline();
  await writeState(pipeline, { schema: 2, hold: { at: '2026-11-23T08:00:00Z' } }, 'production/gone');

  expect(await pipeline.release('main-2')).toMatchObject({ outcome: 'SUCCEEDED' });
});

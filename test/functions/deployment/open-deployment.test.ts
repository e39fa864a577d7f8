import { openDeployment } from '../../../functions/deployment/open-deployment.js';
import { configuration, digest, execution, image, registry, releaseRecord, startedAt } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { sdkError } from '../given-failure.js';

const record = `service#production/web deployment#${startedAt}#one`;
const start = (input: unknown) => ({ input, execution, startedAt, now: startedAt });
const input = { service: 'production/web', image: `${registry}/my-learn-app:main-7`, by: 'ann' };
const asked: unknown[] = [];
const images = {
  find: async (...question: unknown[]) => {
    asked.push(question);
    return image;
  },
};
const executions = { livenessOf: async () => ({ isRunning: true, endedAt: undefined }) };
const noImages = { find: async () => undefined };

beforeEach(() => asked.splice(0));

test('opens a record with the image that the registry has under the tag', async () => {
  const table = givenTable();

  const answer = await openDeployment({ configuration, executions, images, ...table })(start(input));

  expect(answer).toMatchObject({ action: 'proceed', service: 'production/web', record, release: '', visit: 1 });
  expect(asked).toEqual([[registry, 'my-learn-app', { tag: 'main-7', digest: undefined }]]);
  expect(await table.record(record)).toEqual({
    service: 'production/web',
    stage: 'production',
    operation: { kind: 'image' },
    execution,
    startedAt,
    pushedAt: startedAt,
    pending: 'yes',
    trigger: { kind: 'hand', by: 'ann' },
    image,
  });
});

test('opens the same record if it runs twice', async () => {
  const table = givenTable();
  const run = openDeployment({ configuration, executions, images, ...table });

  expect(await run(start(input))).toEqual(await run(start(input)));
  expect(table.writes).toEqual([record]);
});

test('takes image and trigger from its release, without a question to the registry', async () => {
  const release = 'repository#my-learn-app release#1';
  const table = givenTable({ records: { [release]: releaseRecord() } });

  const answer = await openDeployment({ configuration, executions, images, ...table })(start({ service: 'staging/web', release }));

  expect(answer).toMatchObject({ action: 'proceed', release });
  expect(asked).toEqual([]);
  expect(await table.record(answer.record)).toMatchObject({ trigger: { kind: 'push' }, release, image });
});

test('takes the time of the push and the force of its release', async () => {
  const release = 'repository#my-learn-app release#1';
  const table = givenTable({ records: { [release]: releaseRecord({ pushedAt: '2026-11-23T11:59:58Z', force: true }) } });

  const { record: opened } = await openDeployment({ configuration, executions, images, ...table })(
    start({ service: 'staging/web', release }),
  );

  expect(await table.record(opened)).toMatchObject({ pushedAt: '2026-11-23T11:59:58Z', force: true });
});

test.each([
  [{ rollback: true }, { kind: 'rollback' }],
  [{ redeploy: true, force: true }, { kind: 'redeploy' }],
  [{ taskDefinition: 'web:41' }, { kind: 'taskDefinition', taskDefinition: 'web:41' }],
])('%j opens a record without an image, and without a question to the registry', async (command, operation) => {
  const table = givenTable();

  const answer = await openDeployment({ configuration, executions, images, ...table })(start({ service: 'production/web', ...command }));

  expect(answer).toMatchObject({ action: 'proceed', record });
  expect(asked).toEqual([]);
  expect(await table.record(record)).toMatchObject({ stage: 'production', operation, pending: 'yes' });
  expect(await table.record(record)).not.toHaveProperty('image');
  expect((await table.record(record))?.force).toBe('force' in command ? true : undefined);
});

test('a rejected command ends it before it opens a record', async () => {
  const table = givenTable();

  const answer = await openDeployment({ configuration, executions, images, ...table })(start({ service: 'production/web', cancel: true }));

  expect(answer).toMatchObject({ action: 'finish', record: '', result: { outcome: 'FAILED', reason: 'INVALID_INPUT' } });
  expect(table.writes).toEqual([]);
});

test('a release without an image is rejected', async () => {
  const release = 'repository#my-learn-app release#1';
  const { image: _, ...withoutImage } = releaseRecord();
  const table = givenTable({ records: { [release]: withoutImage } });

  const answer = await openDeployment({ configuration, executions, images, ...table })(start({ service: 'staging/web', release }));

  expect(answer).toMatchObject({ action: 'finish', result: { outcome: 'FAILED', reason: 'INVALID_INPUT' } });
});

test.each([
  ['an empty input', {}, 'empty'],
  ['a rollback of a service that slipway.yml does not name', { service: 'production/other', rollback: true }, 'production/other'],
  ['a service that slipway.yml does not name', { ...input, service: 'production/other' }, 'production/other'],
  ['an image of another repository', { ...input, image: `${registry}/other:v1` }, 'my-learn-app'],
  ['an image of another account', { ...input, image: '999999999999.dkr.ecr.eu-west-1.amazonaws.com/my-learn-app:v1' }, '999999999999'],
])('%s ends it before it opens a record', async (_, wrong, fact) => {
  const table = givenTable();

  const answer = await openDeployment({ configuration, executions, images, ...table })(start(wrong));

  expect(answer).toMatchObject({
    action: 'finish',
    service: '',
    record: '',
    release: '',
    result: { outcome: 'FAILED', reason: 'INVALID_INPUT' },
  });
  expect(answer.result.message).toContain(fact);
  expect(table.writes).toEqual([]);
});

test.each([
  [`${registry}/my-learn-app:main-7`, 'my-learn-app:main-7'],
  [`${registry}/my-learn-app@${digest}`, 'my-learn-app@a1b2c3d4a1b2'],
])('%s, which the registry does not have, ends it with a record to close', async (missing, fact) => {
  const table = givenTable();

  const answer = await openDeployment({ configuration, executions, images: noImages, ...table })(start({ ...input, image: missing }));

  expect(answer).toMatchObject({ action: 'finish', record, result: { outcome: 'FAILED', message: expect.stringContaining(fact) } });
  expect(await table.record(record)).toMatchObject({ pending: 'yes' });
});

test('what is no image ends it with a record to close', async () => {
  const table = givenTable();
  const charts = { find: async () => ({ artifactType: 'application/vnd.cncf.helm.config.v1+json' }) };

  const answer = await openDeployment({ configuration, executions, images: charts, ...table })(start(input));

  expect(answer).toMatchObject({ action: 'finish', record, result: { outcome: 'FAILED', reason: 'INVALID_INPUT' } });
  expect(answer.result.message).toContain('application/vnd.cncf.helm.config.v1+json');
  expect(await table.record(record)).toMatchObject({ pending: 'yes' });
  expect(await table.record(record)).not.toHaveProperty('image');
});

test('an error of AWS is not reported as invalid input', async () => {
  const error = sdkError('AccessDeniedException');
  const refusing = {
    find: async () => {
      throw error;
    },
  };

  const table = givenTable();
  const run = openDeployment({ configuration, executions, images: refusing, ...table });
  await expect(run(start(input))).rejects.toBe(error);
});

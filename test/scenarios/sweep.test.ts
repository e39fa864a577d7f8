import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { ClientSettings } from '../../aws/client-settings.js';
import { PendingRecords } from '../../aws/pending-records.js';
import { Table } from '../../aws/table.js';
import { staleClaimCutoff } from '../../core/housekeeping/sweep.js';
import type { Behaviour } from '../../emulator/ecr/api.js';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';

afterEach(closePipelines);

// Hours pass in some.

const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/my-learn-app:other';
const minutes = (count: number) => count * 60_000;

const abort = async ({ emulator }: Pipeline, executionArn: string, cause?: string): Promise<void> => {
  await new SFNClient(emulator.clientConfig()).send(new StopExecutionCommand({ executionArn, ...(cause && { cause }) }));
};

/** Lets time pass until the execution enters the state, and ends it there. */
const abortAt = async (pipeline: Pipeline, execution: string, state: string, cause?: string): Promise<void> => {
  const { clock, log } = pipeline.account;
  await clock.run({
    until: () => log.of('states', 'state-entered').some(({ detail }) => detail.execution === execution && detail.state === state),
  });
  await abort(pipeline, execution, cause);
};

const table = ({ emulator }: Pipeline) => new DynamoDBClient(emulator.clientConfig());

/** Records under this key, the oldest first. */
const records = async (pipeline: Pipeline, pk: string, prefix: string) => {
  const { Items = [] } = await table(pipeline).send(
    new QueryCommand({
      TableName: 'slipway-dev',
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: marshall({ ':pk': pk, ':prefix': prefix }),
    }),
  );
  return Items.map((item) => unmarshall(item));
};

const deploymentOf = async (pipeline: Pipeline, service = 'production/web') =>
  (await records(pipeline, `service#${service}`, 'deployment#')).at(-1);

const leaseOf = async (pipeline: Pipeline, service = 'production/web') => {
  const { Item } = await table(pipeline).send(
    new GetItemCommand({ TableName: 'slipway-dev', Key: marshall({ pk: `service#${service}`, sk: 'state' }) }),
  );
  return Item && unmarshall(Item).lease;
};

const toldOf = (pipeline: Pipeline, id: string) =>
  pipeline
    .messages()
    .filter((message) => message.id === id)
    .map(({ result }) => result);

/** One deployment by hand, which dies at its entry into a state. */
const diesAt = async (state: string, behaviour: Behaviour = 'healthy', cause?: string) => {
  const pipeline = await givenPipeline({ services: { 'production/web': { tasks: 2 } } });
  const [before = ''] = pipeline.running('production/web');
  const digest = await pipeline.push('other', behaviour);
  const execution = await pipeline.start('deployment', { service: 'production/web', image });
  await abortAt(pipeline, execution, state, cause);
  return { pipeline, execution, before, digest };
};

const updates = (pipeline: Pipeline) => pipeline.account.log.of('ecs', 'service-updated').length;

describe('a deployment that is aborted before it updates its service', () => {
  test('ends FAILED, ABORTED, with its lease free, and is told once; the service is as it was', async () => {
    const { pipeline, execution, before } = await diesAt('UpdateService', 'healthy', 'ada: wrong image');
    expect(await leaseOf(pipeline)).toMatchObject({ execution });

    await pipeline.account.clock.advance(minutes(16));

    const message = 'its execution was aborted (ada: wrong image) before the service was changed';
    expect(await deploymentOf(pipeline)).toMatchObject({ execution, outcome: 'FAILED', reason: 'ABORTED', message });
    expect(await deploymentOf(pipeline)).not.toHaveProperty('pending');
    expect(toldOf(pipeline, execution)).toEqual([{ outcome: 'FAILED', reason: 'ABORTED', message }]);
    expect(await leaseOf(pipeline)).toBeUndefined();
    expect(updates(pipeline)).toBe(0);
    expect(pipeline.running('production/web')).toEqual([before]);
  });

  test('is left alone as long as its last function may still act', async () => {
    const { pipeline, execution } = await diesAt('UpdateService');
    const sweeps = () => pipeline.account.log.of('lambda', 'answered').filter(({ detail }) => detail.function === 'slipway-dev-sweep');

    await pipeline.account.clock.advance(20_000);
    expect(sweeps()).toHaveLength(1);
    // Another one that fails has its own event, half a minute after the death.
    await pipeline.ended(await pipeline.start('deployment', {}));
    await pipeline.account.clock.advance(5_000);

    expect(sweeps()).toHaveLength(2);
    expect(await deploymentOf(pipeline)).toMatchObject({ pending: 'yes' });
    expect(toldOf(pipeline, execution)).toEqual([]);
  });

  test('is told once, though the schedule comes twice at once and again', async () => {
    const { pipeline, execution } = await diesAt('RegisterRevision');
    pipeline.account.faults.injectDelivery({ rule: 'slipway-dev-sweep-schedule', kind: 'doubled', times: 10 });

    await pipeline.account.clock.advance(minutes(65));

    expect(toldOf(pipeline, execution)).toHaveLength(1);
  });

  test.each(['throws', 'timesOut', 'answerLost'] as const)('is told once, though the sweep goes wrong (%s)', async (kind) => {
    const { pipeline, execution } = await diesAt('UpdateService');
    await pipeline.account.clock.advance(30_000);
    pipeline.account.faults.injectInvocation({ function: 'sweep', kind });

    await pipeline.account.clock.advance(minutes(65));

    expect(toldOf(pipeline, execution)).toHaveLength(1);
    expect(await deploymentOf(pipeline)).toMatchObject({ outcome: 'FAILED' });
  });

  test('is told later, though the topic refuses at first, and the alarm rings; its service is free at once', async () => {
    const { pipeline, execution } = await diesAt('UpdateService');
    pipeline.account.faults.inject({ on: 'sns.Publish', by: 'Sweep', kind: 'accessDenied', times: Number.POSITIVE_INFINITY });

    await pipeline.account.clock.advance(minutes(16));
    expect(toldOf(pipeline, execution)).toEqual([]);
    expect(await leaseOf(pipeline)).toBeUndefined();
    expect(pipeline.account.services.cloudwatch.stateOf(pipeline.resource('UndeliveredPushesAlarm'))).toBe('ALARM');

    pipeline.account.faults.clear();
    await pipeline.account.clock.advance(minutes(46));
    expect(toldOf(pipeline, execution)).toHaveLength(1);
    expect(await deploymentOf(pipeline)).toMatchObject({ outcome: 'FAILED' });
  });
});

describe('a deployment that is aborted after it has updated its service', () => {
  test.each([
    ['IsUpdated', 'healthy', 'SUCCEEDED'],
    ['WaitForRollout', 'healthy', 'SUCCEEDED'],
    ['WatchRollout', 'crashes-on-start', 'ROLLED_BACK'],
  ] as const)('(at %s, %s) is gone on with, and ends %s, told once', async (state, behaviour, outcome) => {
    const { pipeline, execution, before, digest } = await diesAt(state, behaviour);

    await pipeline.account.clock.advance(minutes(60));

    const record = await deploymentOf(pipeline);
    expect(record).toMatchObject({ outcome });
    expect(record?.execution).not.toBe(execution);
    expect(toldOf(pipeline, record?.execution)).toMatchObject([{ outcome }]);
    expect(toldOf(pipeline, execution)).toEqual([]);
    expect(pipeline.running('production/web')).toEqual([outcome === 'SUCCEEDED' ? digest : before]);
    expect(await leaseOf(pipeline)).toBeUndefined();
    expect(updates(pipeline)).toBe(1);
  });

  test('is gone on with by one execution, though two sweeps come at once', async () => {
    const { pipeline } = await diesAt('WaitForRollout');
    pipeline.account.faults.injectDelivery({ rule: 'slipway-dev-sweep-schedule', kind: 'doubled', times: 10 });
    pipeline.account.faults.injectInvocation({ function: 'sweep', kind: 'twice', times: 10 });

    await pipeline.account.clock.advance(minutes(60));

    const resumed = (await pipeline.executions('deployment')).filter(({ arn }) => arn.includes('-resumes-'));
    expect(resumed.map(({ outcome }) => outcome)).toEqual(['SUCCEEDED']);
  });

  test('whose resumer dies before it has begun gets another one', async () => {
    const { pipeline } = await diesAt('WaitForRollout');
    const { clock, log } = pipeline.account;
    const resumers = () => log.of('states', 'execution-started').filter(({ detail }) => String(detail.name).includes('-resumes-'));
    await clock.run({ deadline: clock.now + minutes(20), until: () => resumers().length === 1 });
    await abort(pipeline, String(resumers()[0]?.detail.execution));

    await clock.advance(minutes(60));

    expect(resumers()).toHaveLength(2);
    expect(await deploymentOf(pipeline)).toMatchObject({ outcome: 'SUCCEEDED' });
  });

  test('ends UNKNOWN, loudly, where nobody can be made to go on with it', async () => {
    const { pipeline, execution } = await diesAt('WaitForRollout');
    pipeline.account.faults.injectInvocation({ function: 'openDeployment', kind: 'throws', times: Number.POSITIVE_INFINITY });

    await pipeline.account.clock.advance(minutes(120));

    const message = expect.stringContaining('look at it in the ECS console');
    expect(await deploymentOf(pipeline)).toMatchObject({ outcome: 'UNKNOWN', reason: 'ABORTED', message });
    expect(toldOf(pipeline, execution)).toEqual([{ outcome: 'UNKNOWN', reason: 'ABORTED', message }]);
    expect(await leaseOf(pipeline)).toBeUndefined();
  });
});

describe('a release', () => {
  const released = async (state: string, behaviour: Behaviour = 'healthy') => {
    const pipeline = await givenPipeline();
    const { clock, log } = pipeline.account;
    await pipeline.push('main-2', behaviour);
    await clock.run({ until: () => log.of('states', 'execution-started').some(({ detail }) => detail.machine === 'slipway-dev-release') });
    const [release] = await pipeline.executions('release');
    const arn = release?.arn ?? '';
    await clock.run({
      until: () =>
        log
          .of('states', 'state-entered')
          .some(({ detail }) => detail.state === state && (detail.execution === arn || detail.machine === 'slipway-dev-deployment')),
    });
    return { pipeline, arn };
  };

  test('that is aborted with its deployment under way is told once, when that has ended', async () => {
    const { pipeline, arn } = await released('WaitForRollout');
    await abort(pipeline, arn);

    await pipeline.account.clock.advance(minutes(60));

    const message = 'its execution was aborted; 1 of 3 services were deployed';
    expect(await deploymentOf(pipeline, 'staging/web')).toMatchObject({ outcome: 'SUCCEEDED' });
    const [record] = await records(pipeline, 'repository#my-learn-app', 'release#');
    expect(record).toMatchObject({ outcome: 'FAILED', reason: 'ABORTED', message });
    expect(
      pipeline.messages().map(({ id, result, services }) => ({ id, result, services: services.map(({ service }) => service) })),
    ).toEqual([{ id: arn, result: { outcome: 'FAILED', reason: 'ABORTED', message }, services: ['staging/web'] }]);
    expect(await records(pipeline, 'repository#my-learn-app', 'claim#')).toEqual([]);
    expect(await leaseOf(pipeline, 'staging/web')).toBeUndefined();
  });

  test('that is aborted before anything was changed is told once, and its digest may be released again', async () => {
    const { pipeline, arn } = await released('RegisterRevision');
    await abort(pipeline, arn);

    await pipeline.account.clock.advance(minutes(60));

    const message = 'staging/web: its execution was aborted before the service was changed';
    expect(pipeline.messages().map(({ id, result }) => ({ id, result }))).toEqual([
      {
        id: arn,
        result: { outcome: 'FAILED', reason: 'ABORTED', message: expect.stringContaining('staging/web: its execution was aborted') },
      },
    ]);
    expect((await records(pipeline, 'repository#my-learn-app', 'release#'))[0]?.message).toContain(message.slice(0, 40));

    const again = await pipeline.ended(await pipeline.start('release', { repository: 'my-learn-app', tag: 'main-2' }));
    expect(again).toMatchObject({ outcome: 'SUCCEEDED' });
  });

  test('whose deployment alone is aborted tells that nobody knows; the deployment itself tells how it ended', async () => {
    const { pipeline, arn } = await released('WaitForRollout');
    const [deployment] = await pipeline.executions('deployment');
    await abort(pipeline, deployment?.arn ?? '');

    await pipeline.account.clock.advance(minutes(60));

    const record = await deploymentOf(pipeline, 'staging/web');
    expect(record).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(toldOf(pipeline, arn)).toMatchObject([{ outcome: 'UNKNOWN' }]);
    expect(toldOf(pipeline, record?.execution)).toMatchObject([{ outcome: 'SUCCEEDED' }]);
    expect(pipeline.messages()).toHaveLength(2);
  });

  test('whose deployment alone is aborted before anything was changed says so, and nobody says it again', async () => {
    const { pipeline, arn } = await released('RegisterRevision');
    const [deployment] = await pipeline.executions('deployment');
    await abort(pipeline, deployment?.arn ?? '');

    await pipeline.account.clock.advance(minutes(60));

    expect(await deploymentOf(pipeline, 'staging/web')).toMatchObject({ outcome: 'FAILED', reason: 'ABORTED' });
    expect(pipeline.messages().map(({ id, result: { outcome } }) => ({ id, outcome }))).toEqual([{ id: arn, outcome: 'FAILED' }]);
  });
});

test('of two sweeps one takes a record, and the next one only after a while', async () => {
  const { pipeline } = await diesAt('UpdateService');
  const { pk, sk } = (await deploymentOf(pipeline)) ?? {};
  const open = new PendingRecords(new Table(pipeline.emulator.clientConfig() as unknown as ClientSettings, 'slipway-dev'));
  const take = (time: string) => open.take(`${pk} ${sk}`, `2026-11-23T${time}:00.000Z`, staleClaimCutoff(`2026-11-23T${time}:00.000Z`));

  expect(await Promise.all([take('12:00'), take('12:00')])).toEqual(expect.arrayContaining([true, false]));
  expect(await take('12:10')).toBe(false);
  expect(await take('12:11')).toBe(true);
});

test('records that nobody can read are left, and keep no other from being swept', async () => {
  const { pipeline, execution } = await diesAt('UpdateService');
  const garbage = [
    { pk: 'service#production/web', sk: 'deployment#2020', schema: 0, execution },
    { pk: 'service#production/web', sk: 'deployment#2021', schema: 1, execution: 7 },
    { pk: 'repository#my-learn-app', sk: 'release#2021' },
    { pk: 'x', sk: 'y' },
  ];
  for (const item of garbage)
    await table(pipeline).send(new PutItemCommand({ TableName: 'slipway-dev', Item: marshall({ ...item, pending: 'yes' }) }));

  await pipeline.account.clock.advance(minutes(16));

  expect(toldOf(pipeline, execution)).toHaveLength(1);
  for (const { pk, sk } of garbage) expect(await records(pipeline, pk, sk)).toMatchObject([{ pending: 'yes' }]);
});

describe('a deployment that told how it ended, and could not close its record', () => {
  // As often as a state tries it.
  const deafTable = { on: 'dynamodb.UpdateItem', by: 'CloseDeployment', kind: 'serverError', times: 7 } as const;

  test('is closed with what it said, where it changed nothing', async () => {
    const pipeline = await givenPipeline({ services: { 'production/web': {} } });
    await pipeline.push('other');
    await pipeline.ended(await pipeline.start('deployment', { service: 'production/web', image }));
    pipeline.account.faults.inject(deafTable);

    const execution = await pipeline.start('deployment', { service: 'production/web', image });
    const { outcome, message } = await pipeline.ended(execution);
    await pipeline.account.clock.advance(minutes(20));

    expect(outcome).toBe('SKIPPED');
    expect(await deploymentOf(pipeline)).toMatchObject({ execution, outcome, message });
    expect(toldOf(pipeline, execution)).toHaveLength(1);
  });

  test('is looked at once more, where it changed the service, and is not told again', async () => {
    const pipeline = await givenPipeline({ services: { 'production/web': {} } });
    await pipeline.push('other');
    pipeline.account.faults.inject(deafTable);

    const execution = await pipeline.start('deployment', { service: 'production/web', image });
    const { outcome } = await pipeline.ended(execution);
    await pipeline.account.clock.advance(minutes(20));

    expect(outcome).toBe('SUCCEEDED');
    expect(await deploymentOf(pipeline)).toMatchObject({ outcome });
    expect(pipeline.messages().map(({ result }) => result.outcome)).toEqual(['SKIPPED', 'SUCCEEDED']);
    expect(await leaseOf(pipeline)).toBeUndefined();
  });
});

import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { ClientSettings } from '../../aws/client-settings.js';
import { PendingRecords } from '../../aws/pending-records.js';
import { Table } from '../../aws/table.js';
import { staleClaimCutoff } from '../../core/housekeeping/sweep.js';
import type { Behaviour } from '../../emulator/ecr/api.js';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { deploymentsOf, records, stateOf, writeItem } from '../support/table.js';
import { waits } from '../support/waiting.js';

afterEach(closePipelines);

const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/my-learn-app:other';
const minutes = (count: number) => count * 60_000;

const abort = async ({ emulator }: Pipeline, executionArn: string, cause?: string): Promise<void> => {
  await new SFNClient(emulator.clientConfig()).send(new StopExecutionCommand({ executionArn, ...(cause && { cause }) }));
};

/** The name of a state that is entered, or of one that waits for its task token. */
type Moment = string | { readonly waitsIn: string };

const waiting = { waitsIn: 'WatchRollout' };

/** Lets time pass until the execution is there. */
const at = async (pipeline: Pipeline, execution: string, moment: Moment): Promise<void> => {
  const { clock, log } = pipeline.account;
  if (typeof moment === 'object') return waits(pipeline, execution, moment.waitsIn);
  await clock.run({
    until: () => log.of('states', 'state-entered').some(({ detail }) => detail.execution === execution && detail.state === moment),
  });
};

const deploymentOf = async (pipeline: Pipeline, service?: string) => (await deploymentsOf(pipeline, service)).at(-1);

const leaseOf = async (pipeline: Pipeline, service?: string) => (await stateOf(pipeline, service)).lease;

const reportsOf = (pipeline: Pipeline, id: string) =>
  pipeline
    .messages()
    .filter((message) => message.id === id)
    .map(({ result }) => result);

/** One deployment by an operator that is aborted when it enters a state, or while it waits in one. */
const givenAborted = async (moment: Moment, behaviour: Behaviour = 'healthy', cause?: string) => {
  const pipeline = await givenPipeline({ services: { 'production/web': { tasks: 2 } } });
  const [before = ''] = pipeline.running('production/web');
  const digest = await pipeline.push('other', behaviour);
  const execution = await pipeline.start('deployment', { service: 'production/web', image });
  await at(pipeline, execution, moment);
  await abort(pipeline, execution, cause);
  return { pipeline, execution, before, digest };
};

const updates = (pipeline: Pipeline) => pipeline.account.log.of('ecs', 'service-updated').length;

describe('a deployment that is aborted before it updates its service', () => {
  test('ends FAILED, ABORTED, releases its lease, and is reported once; the service is not changed', async () => {
    const { pipeline, execution, before } = await givenAborted('UpdateService', 'healthy', 'ada: wrong image');
    expect(await leaseOf(pipeline)).toMatchObject({ execution });

    await pipeline.account.clock.advance(minutes(16));

    const result = { outcome: 'FAILED', reason: 'ABORTED', message: expect.stringContaining('ada: wrong image') };
    expect(await deploymentOf(pipeline)).toMatchObject({ execution, result });
    expect(await deploymentOf(pipeline)).not.toHaveProperty('pending');
    expect(reportsOf(pipeline, execution)).toEqual([result]);
    expect(await leaseOf(pipeline)).toBeUndefined();
    expect(updates(pipeline)).toBe(0);
    expect(pipeline.running('production/web')).toEqual([before]);
  });

  test('is not changed as long as its last function may still run', async () => {
    const { pipeline, execution } = await givenAborted('UpdateService');
    const sweeps = () => pipeline.account.log.of('lambda', 'answered').filter(({ detail }) => detail.function === 'slipway-dev-sweep');

    await pipeline.account.clock.advance(20_000);
    expect(sweeps()).toHaveLength(1);
    // Another execution that fails has its own event, within half a minute after the abort.
    await pipeline.ended(await pipeline.start('deployment', {}));
    await pipeline.account.clock.advance(5_000);

    expect(sweeps()).toHaveLength(2);
    expect(await deploymentOf(pipeline)).toMatchObject({ pending: 'yes' });
    expect(reportsOf(pipeline, execution)).toEqual([]);
  });

  test('is reported once, also if the schedule is delivered twice', async () => {
    const { pipeline, execution } = await givenAborted('RegisterRevision');
    pipeline.account.faults.injectDelivery({ rule: 'slipway-dev-sweep-schedule', kind: 'doubled', times: 10 });

    await pipeline.account.clock.advance(minutes(65));

    expect(reportsOf(pipeline, execution)).toHaveLength(1);
  });

  test.each(['throws', 'timesOut', 'answerLost'] as const)('is reported once, also if the sweep fails (%s)', async (kind) => {
    const { pipeline, execution } = await givenAborted('UpdateService');
    await pipeline.account.clock.advance(30_000);
    pipeline.account.faults.injectInvocation({ function: 'sweep', kind });

    await pipeline.account.clock.advance(minutes(65));

    expect(reportsOf(pipeline, execution)).toHaveLength(1);
    expect(await deploymentOf(pipeline)).toMatchObject({ result: { outcome: 'FAILED' } });
  });

  test('is reported later if the topic denies Publish, and the alarm fires; its lease is released at once', async () => {
    const { pipeline, execution } = await givenAborted('UpdateService');
    pipeline.account.faults.inject({ on: 'sns.Publish', by: 'Sweep', kind: 'accessDenied', times: Number.POSITIVE_INFINITY });

    await pipeline.account.clock.advance(minutes(16));
    expect(reportsOf(pipeline, execution)).toEqual([]);
    expect(await leaseOf(pipeline)).toBeUndefined();
    expect(pipeline.account.services.cloudwatch.stateOf(pipeline.resource('UndeliveredPushesAlarm'))).toBe('ALARM');

    pipeline.account.faults.clear();
    await pipeline.account.clock.advance(minutes(46));
    expect(reportsOf(pipeline, execution)).toHaveLength(1);
    expect(await deploymentOf(pipeline)).toMatchObject({ result: { outcome: 'FAILED' } });
  });
});

describe('a deployment that is aborted after it has updated its service', () => {
  test.each([
    ['at IsUpdated', 'healthy', 'SUCCEEDED', 'IsUpdated'],
    ['at WatchRollout', 'crashes-on-start', 'ROLLED_BACK', 'WatchRollout'],
    ['while it waits', 'healthy', 'SUCCEEDED', waiting],
    // Its events are written, and find no state that waits.
    ['while it waits', 'crashes-on-start', 'ROLLED_BACK', waiting],
  ] as const)('(%s, %s) is resumed, and reported once as %s', async (_, behaviour, outcome, moment) => {
    const { pipeline, execution, before, digest } = await givenAborted(moment, behaviour, 'ada: wrong image');

    await pipeline.account.clock.advance(minutes(60));

    const record = await deploymentOf(pipeline);
    expect(record).toMatchObject({ result: { outcome } });
    expect(record?.execution).not.toBe(execution);
    expect(reportsOf(pipeline, record?.execution)).toMatchObject([
      { outcome, message: expect.stringContaining('its execution was aborted (ada: wrong image)') },
    ]);
    const message = pipeline.messages().at(-1);
    expect(message?.durationSeconds).toBe(message?.services[0]?.durationSeconds);
    expect(message?.durationSeconds).toBe(Math.round((Date.parse(record?.endedAt ?? '') - Date.parse(record?.startedAt ?? '')) / 1000));
    expect(reportsOf(pipeline, execution)).toEqual([]);
    expect(pipeline.running('production/web')).toEqual([outcome === 'SUCCEEDED' ? digest : before]);
    expect(await leaseOf(pipeline)).toBeUndefined();
    expect(updates(pipeline)).toBe(1);
  });

  test('is resumed by one execution, also if two sweeps run at once', async () => {
    const { pipeline } = await givenAborted(waiting);
    pipeline.account.faults.injectDelivery({ rule: 'slipway-dev-sweep-schedule', kind: 'doubled', times: 10 });
    pipeline.account.faults.injectInvocation({ function: 'sweep', kind: 'twice', times: 10 });

    await pipeline.account.clock.advance(minutes(60));

    const resumed = (await pipeline.executions('deployment')).filter(({ arn }) => arn.includes('-resumes-'));
    expect(resumed.map(({ outcome }) => outcome)).toEqual(['SUCCEEDED']);
  });

  test('is resumed again if the execution that resumes it is aborted before it has begun', async () => {
    const { pipeline } = await givenAborted(waiting);
    const { clock, log } = pipeline.account;
    const resumptions = () => log.of('states', 'execution-started').filter(({ detail }) => String(detail.name).includes('-resumes-'));
    await clock.run({ deadline: clock.now + minutes(20), until: () => resumptions().length === 1 });
    await abort(pipeline, String(resumptions()[0]?.detail.execution));

    await clock.advance(minutes(60));

    expect(resumptions()).toHaveLength(2);
    expect(await deploymentOf(pipeline)).toMatchObject({ result: { outcome: 'SUCCEEDED' } });
  });

  test('ends UNKNOWN, with its entry in the runbook, if no execution can resume it', async () => {
    const { pipeline, execution } = await givenAborted(waiting);
    pipeline.account.faults.injectInvocation({ function: 'openDeployment', kind: 'throws', times: Number.POSITIVE_INFINITY });

    await pipeline.account.clock.advance(minutes(120));

    const result = { outcome: 'UNKNOWN', reason: 'ABORTED', runbook: 'NOT_RESUMABLE' };
    expect(await deploymentOf(pipeline)).toMatchObject({ result });
    expect(reportsOf(pipeline, execution)).toMatchObject([result]);
    expect(await leaseOf(pipeline)).toBeUndefined();
  });
});

describe('a release', () => {
  /** A release whose first deployment is there. */
  const released = async (moment: Moment, behaviour: Behaviour = 'healthy') => {
    const pipeline = await givenPipeline();
    const { clock, log } = pipeline.account;
    await pipeline.push('main-2', behaviour);
    const started = (machine: string) => log.of('states', 'execution-started').filter(({ detail }) => detail.machine === machine);
    await clock.run({ until: () => started('slipway-dev-deployment').length > 0 });
    const [arn, deployment] = ['release', 'deployment'].map((name) => String(started(`slipway-dev-${name}`)[0]?.detail.execution));
    await at(pipeline, deployment ?? '', moment);
    return { pipeline, arn: arn ?? '', deployment: deployment ?? '' };
  };

  test('that is aborted with a deployment in progress is reported once, when that has ended', async () => {
    const { pipeline, arn } = await released(waiting);
    await abort(pipeline, arn);

    await pipeline.account.clock.advance(minutes(60));

    const result = { outcome: 'FAILED', reason: 'ABORTED' };
    expect(await deploymentOf(pipeline, 'staging/web')).toMatchObject({ result: { outcome: 'SUCCEEDED' } });
    const [record] = await records(pipeline, 'repository#my-learn-app', 'release#');
    expect(record).toMatchObject({ result });
    expect(pipeline.messages()).toMatchObject([{ id: arn, result, services: [{ service: 'staging/web' }] }]);
    expect(await records(pipeline, 'repository#my-learn-app', 'claim#')).toEqual([]);
    expect(await leaseOf(pipeline, 'staging/web')).toBeUndefined();
  });

  test('that is aborted before anything was changed is reported once, and its digest can be released again', async () => {
    const { pipeline, arn } = await released('RegisterRevision');
    await abort(pipeline, arn);

    await pipeline.account.clock.advance(minutes(60));

    const result = { outcome: 'FAILED', reason: 'ABORTED' };
    expect(pipeline.messages()).toMatchObject([{ id: arn, result }]);
    expect(await records(pipeline, 'repository#my-learn-app', 'release#')).toMatchObject([{ result }]);

    const again = await pipeline.ended(await pipeline.start('release', { repository: 'my-learn-app', tag: 'main-2' }));
    expect(again).toMatchObject({ outcome: 'SUCCEEDED' });
  });

  test('whose deployment is aborted is reported as UNKNOWN; the deployment reports its own result when it is resumed', async () => {
    const { pipeline, arn, deployment } = await released(waiting);
    await abort(pipeline, deployment);

    await pipeline.account.clock.advance(minutes(60));

    const record = await deploymentOf(pipeline, 'staging/web');
    expect(record).toMatchObject({ result: { outcome: 'SUCCEEDED' } });
    expect(reportsOf(pipeline, arn)).toMatchObject([{ outcome: 'UNKNOWN', runbook: 'RESULT_MISSING' }]);
    expect(reportsOf(pipeline, record?.execution)).toMatchObject([{ outcome: 'SUCCEEDED' }]);
    expect(pipeline.messages()).toHaveLength(2);
  });

  test('whose deployment is aborted before anything was changed is reported once', async () => {
    const { pipeline, arn, deployment } = await released('RegisterRevision');
    await abort(pipeline, deployment);

    await pipeline.account.clock.advance(minutes(60));

    expect(await deploymentOf(pipeline, 'staging/web')).toMatchObject({ result: { outcome: 'FAILED', reason: 'ABORTED' } });
    expect(pipeline.messages()).toMatchObject([{ id: arn, result: { outcome: 'FAILED' } }]);
  });
});

test('of two sweeps one claims a record, and the next one only later', async () => {
  const { pipeline } = await givenAborted('UpdateService');
  const { pk, sk } = (await deploymentOf(pipeline)) ?? {};
  const open = new PendingRecords(new Table(pipeline.emulator.clientConfig() as unknown as ClientSettings, 'slipway-dev'));
  const claim = (time: string) =>
    open.claimForSweep(`${pk} ${sk}`, `2026-11-23T${time}:00.000Z`, staleClaimCutoff(`2026-11-23T${time}:00.000Z`));

  expect(await Promise.all([claim('12:00'), claim('12:00')])).toEqual(expect.arrayContaining([true, false]));
  expect(await claim('12:10')).toBe(false);
  expect(await claim('12:11')).toBe(true);
});

test('records that cannot be read are kept, and do not stop the sweep of others', async () => {
  const { pipeline, execution } = await givenAborted('UpdateService');
  const garbage = [
    { pk: 'service#production/web', sk: 'deployment#2020', schema: 0, execution },
    { pk: 'service#production/web', sk: 'deployment#2021', schema: 2, execution: 7 },
    { pk: 'repository#my-learn-app', sk: 'release#2021' },
    { pk: 'x', sk: 'y' },
  ];
  for (const item of garbage) await writeItem(pipeline, { ...item, pending: 'yes' });

  await pipeline.account.clock.advance(minutes(16));

  expect(reportsOf(pipeline, execution)).toHaveLength(1);
  for (const { pk, sk } of garbage) expect(await records(pipeline, pk, sk)).toMatchObject([{ pending: 'yes' }]);
});

describe('a deployment that was reported, but could not close its record', () => {
  // As often as a state retries.
  const closeFails = { on: 'dynamodb.UpdateItem', by: 'CloseDeployment', kind: 'serverError', times: 7 } as const;

  test('is closed with the reported result if it changed nothing', async () => {
    const pipeline = await givenPipeline({ services: { 'production/web': {} } });
    await pipeline.push('other');
    await pipeline.ended(await pipeline.start('deployment', { service: 'production/web', image }));
    pipeline.account.faults.inject(closeFails);

    const execution = await pipeline.start('deployment', { service: 'production/web', image });
    const { outcome, reason } = await pipeline.ended(execution);
    await pipeline.account.clock.advance(minutes(20));

    expect({ outcome, reason }).toEqual({ outcome: 'SKIPPED', reason: 'ALREADY_RUNNING' });
    expect(await deploymentOf(pipeline)).toMatchObject({ execution, result: { outcome, reason } });
    expect(reportsOf(pipeline, execution)).toHaveLength(1);
  });

  test('is checked again if it changed the service, and not reported again', async () => {
    const pipeline = await givenPipeline({ services: { 'production/web': {} } });
    await pipeline.push('other');
    pipeline.account.faults.inject(closeFails);

    const execution = await pipeline.start('deployment', { service: 'production/web', image });
    const { outcome } = await pipeline.ended(execution);
    await pipeline.account.clock.advance(minutes(20));

    expect(outcome).toBe('SUCCEEDED');
    expect(await deploymentOf(pipeline)).toMatchObject({ result: { outcome } });
    expect(pipeline.messages().map(({ result }) => result.outcome)).toEqual(['SUCCEEDED']);
    expect(await leaseOf(pipeline)).toBeUndefined();
  });

  test('is checked again four times at most, and then closed by the sweep with the result that was reported', async () => {
    const pipeline = await givenPipeline({ services: { 'production/web': {} } });
    await pipeline.push('other');
    pipeline.account.faults.inject({ ...closeFails, times: 10_000 });

    const execution = await pipeline.start('deployment', { service: 'production/web', image });
    await pipeline.account.clock.advance(minutes(300));

    expect(await pipeline.executions('deployment')).toHaveLength(5);
    expect(await deploymentOf(pipeline)).toMatchObject({ result: { outcome: 'SUCCEEDED', reason: 'DEPLOYED' } });
    expect(pipeline.messages().filter(({ result }) => result.outcome !== 'SKIPPED')).toHaveLength(1);
    expect(await leaseOf(pipeline)).toBeUndefined();
    expect(reportsOf(pipeline, execution)).toHaveLength(1);
  });
});

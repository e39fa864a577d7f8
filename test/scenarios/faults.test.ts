import type { Fault, InvocationFault } from '../../emulator/faults.js';
import { everyFunctionTask } from '../statemachine/machines.js';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { deploymentsOf } from '../support/table.js';
import { entered } from '../support/waiting.js';

afterEach(closePipelines);

const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/my-learn-app:other';

/** One deployment of one service by an operator, with faults. */
const deploy = async (behaviour: 'healthy' | 'crashes-on-start', ...faults: readonly Fault[]) => {
  const pipeline = await givenPipeline({ services: { 'production/web': { tasks: 2 } } });
  const [before = ''] = pipeline.running('production/web');
  const digest = await pipeline.push('other', behaviour);
  for (const fault of faults) pipeline.account.faults.inject(fault);
  const deployment = await pipeline.ended(await pipeline.start('deployment', { service: 'production/web', image }));
  await pipeline.account.clock.advance(600_000);
  return { pipeline, deployment, before, digest };
};

const updates = (pipeline: Pipeline) => pipeline.account.log.of('ecs', 'service-updated').length;

/** Of this execution; the push of the image has a release of its own, which is skipped. */
const reportedOutcomes = (pipeline: Pipeline, { arn }: { readonly arn: string }) =>
  pipeline
    .messages()
    .filter(({ id }) => id === arn)
    .map(({ result }) => result.outcome);

const steps = everyFunctionTask
  .filter(({ machine }) => machine === 'deployment')
  .map(({ name }) => name.charAt(0).toLowerCase() + name.slice(1));
const kinds: readonly InvocationFault['kind'][] = ['throws', 'timesOut', 'twice', 'answerLost', 'clientTimesOut'];

describe.each(steps)('when %s fails once', (step) => {
  test.each(kinds)('(%s) a healthy image is deployed and reported', async (kind) => {
    const pipeline = await givenPipeline({ services: { 'production/web': { tasks: 2 } } });
    const digest = await pipeline.push('other');
    pipeline.account.faults.injectInvocation({ function: step, kind });

    const deployment = await pipeline.ended(await pipeline.start('deployment', { service: 'production/web', image }));
    await pipeline.runUntilIdle();

    expect(deployment).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(pipeline.running('production/web')).toEqual([digest]);
    expect(updates(pipeline)).toBe(1);
    // A second message, with the same ID, only if Notify failed after it had published.
    expect([1, 2]).toContain(reportedOutcomes(pipeline, deployment).length);
    if (kind === 'throws' || step !== 'notify') expect(reportedOutcomes(pipeline, deployment)).toHaveLength(1);
  });

  test.each(kinds)('(%s) a broken image is rolled back and reported', async (kind) => {
    const pipeline = await givenPipeline({ services: { 'production/web': { tasks: 2 } } });
    const [before] = pipeline.running('production/web');
    await pipeline.push('other', 'crashes-on-start');
    pipeline.account.faults.injectInvocation({ function: step, kind });

    const deployment = await pipeline.ended(await pipeline.start('deployment', { service: 'production/web', image }));
    await pipeline.account.clock.advance(600_000);

    expect(deployment).toMatchObject({ outcome: 'ROLLED_BACK' });
    expect(pipeline.running('production/web')).toEqual([before]);
    // A second message, with the same ID, only if Notify failed after it had published.
    expect([1, 2]).toContain(reportedOutcomes(pipeline, deployment).length);
    if (kind === 'throws' || step !== 'notify') expect(reportedOutcomes(pipeline, deployment)).toHaveLength(1);
  });
});

test('an UpdateService that is denied fails the deployment, and changes nothing', async () => {
  const { pipeline, deployment, before } = await deploy('healthy', {
    on: 'ecs.UpdateService',
    kind: 'accessDenied',
    times: Number.POSITIVE_INFINITY,
  });

  expect(deployment).toMatchObject({ outcome: 'FAILED', reason: 'AWS_ERROR' });
  expect(pipeline.running('production/web')).toEqual([before]);
  expect(reportedOutcomes(pipeline, deployment)).toEqual(['FAILED']);
});

test('an UpdateService whose answer is lost is found, and not sent again', async () => {
  const { pipeline, deployment, digest } = await deploy('healthy', { on: 'ecs.UpdateService', kind: 'timeoutAfter' });

  expect(deployment).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running('production/web')).toEqual([digest]);
  expect(updates(pipeline)).toBe(1);
});

test('an UpdateService that takes effect after its state has timed out is reported as it ends', async () => {
  const late: Fault = { on: 'ecs.UpdateService', kind: 'delayedEffect', delayMs: 45_000 };
  const { pipeline, deployment, before, digest } = await deploy('healthy', late, {
    on: 'ecs.UpdateService',
    kind: 'timeoutBefore',
    times: 6,
  });

  expect(['SUCCEEDED', 'ROLLED_BACK']).toContain(deployment.outcome);
  expect(pipeline.running('production/web')).toEqual([deployment.outcome === 'SUCCEEDED' ? digest : before]);
  expect(reportedOutcomes(pipeline, deployment)).toEqual([deployment.outcome]);
});

test('an UpdateService that never reached ECS is sent again, after three looks that 25 s are between', async () => {
  const { pipeline, deployment, digest } = await deploy('healthy', { on: 'ecs.UpdateService', kind: 'timeoutBefore', times: 2 });

  expect(deployment).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running('production/web')).toEqual([digest]);
  expect(updates(pipeline)).toBe(1);
  const [first = 0, second = Number.NaN, third = Number.NaN] = entered(pipeline, deployment.arn, 'UpdateService');
  for (const after of [second - first, third - second]) expect(after).toBeLessThan(90_000);
});

test('an UpdateService that never reaches ECS, however often it is sent, fails the deployment, and changes nothing', async () => {
  const { pipeline, deployment, before } = await deploy('healthy', {
    on: 'ecs.UpdateService',
    kind: 'timeoutBefore',
    times: Number.POSITIVE_INFINITY,
  });

  expect(deployment).toMatchObject({ outcome: 'FAILED', reason: 'TIMED_OUT' });
  expect(pipeline.running('production/web')).toEqual([before]);
  expect(reportedOutcomes(pipeline, deployment)).toEqual(['FAILED']);
});

test('a rollback that is denied, by both of its calls, ends ROLLBACK_FAILED, with its entry in the runbook', async () => {
  const pipeline = await givenPipeline({ services: { 'production/web': {} } });
  await pipeline.push('other', 'crashes-on-start');
  const arn = await pipeline.start('deployment', { service: 'production/web', image });
  const { clock, log, faults } = pipeline.account;
  await clock.run({ until: () => log.of('ecs', 'service-updated').length === 1 });
  for (const on of ['ecs.StopServiceDeployment', 'ecs.UpdateService'])
    faults.inject({ on, kind: 'accessDenied', times: Number.POSITIVE_INFINITY });

  const deployment = await pipeline.ended(arn);

  expect(deployment).toMatchObject({ outcome: 'ROLLBACK_FAILED', reason: 'CRASHED', runbook: 'ROLLBACK_CALL_FAILED' });
  await pipeline.runUntilIdle();
  expect(reportedOutcomes(pipeline, deployment)).toEqual(['ROLLBACK_FAILED']);
});

test('when ECS cannot be read any more after the update, the outcome is UNKNOWN, and the service is not changed again', async () => {
  const pipeline = await givenPipeline({ services: { 'production/web': {} } });
  await pipeline.push('other');
  const arn = await pipeline.start('deployment', { service: 'production/web', image });
  const { clock, log } = pipeline.account;
  await clock.run({ until: () => log.of('ecs', 'service-updated').length === 1 });
  for (const on of ['ecs.DescribeServices', 'ecs.DescribeServiceDeployments', 'ecs.ListServiceDeployments'])
    pipeline.account.faults.inject({ on, kind: 'serverError', times: Number.POSITIVE_INFINITY });

  const deployment = await pipeline.ended(arn);

  expect(deployment).toMatchObject({ outcome: 'UNKNOWN', reason: 'AWS_ERROR', runbook: 'ROLLOUT_NOT_VISIBLE' });
  expect(updates(pipeline)).toBe(1);
  expect(log.of('ecs', 'service-deployment-stop-requested')).toEqual([]);
  await pipeline.runUntilIdle();
  expect(reportedOutcomes(pipeline, deployment)).toEqual(['UNKNOWN']);
});

test('ECS that cannot be read for a while delays the result, and does not change it', async () => {
  const { pipeline, deployment, digest } = await deploy('healthy', { on: 'ecs.DescribeServices', kind: 'serverError', skip: 2, times: 12 });

  expect(deployment).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running('production/web')).toEqual([digest]);
});

test('logs that may not be read do not change the result', async () => {
  const { pipeline, deployment } = await deploy('crashes-on-start', {
    on: 'logs.GetLogEvents',
    kind: 'accessDenied',
    times: Number.POSITIVE_INFINITY,
  });

  expect(deployment).toMatchObject({ outcome: 'ROLLED_BACK' });
  expect(pipeline.messages().at(-1)?.services[0]?.logs?.lines).toEqual([expect.stringContaining('AccessDeniedException')]);
});

test('a topic that denies Publish does not change the result of a deployment', async () => {
  const { pipeline, deployment, digest } = await deploy('healthy', {
    on: 'sns.Publish',
    kind: 'accessDenied',
    times: Number.POSITIVE_INFINITY,
  });

  expect(deployment).toMatchObject({ status: 'SUCCEEDED', outcome: 'SUCCEEDED' });
  expect(pipeline.running('production/web')).toEqual([digest]);
});

test('a deployment is reported although its record cannot be closed', async () => {
  const pipeline = await givenPipeline({ services: { 'production/web': {} } });
  const digest = await pipeline.push('other');
  pipeline.account.faults.inject({
    on: 'dynamodb.UpdateItem',
    by: 'CloseDeployment',
    kind: 'serverError',
    times: Number.POSITIVE_INFINITY,
  });

  const deployment = await pipeline.ended(await pipeline.start('deployment', { service: 'production/web', image }));
  await pipeline.runUntilIdle();

  expect(deployment).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running('production/web')).toEqual([digest]);
  expect(reportedOutcomes(pipeline, deployment)).toEqual(['SUCCEEDED']);
});

test('a deployment whose OpenDeployment opens its record, and never answers, is reported once', async () => {
  const pipeline = await givenPipeline({ services: { 'production/web': {} } });
  await pipeline.push('other-1');
  pipeline.account.faults.injectInvocation({ function: 'openDeployment', kind: 'answerLost', times: 50 });

  const image = pipeline.imageUri('other-1');
  expect(await pipeline.ended(await pipeline.start('deployment', { service: 'production/web', image }))).toMatchObject({
    outcome: 'FAILED',
  });
  await pipeline.account.clock.advance(30 * 60_000);

  expect(pipeline.messages().map(({ result }) => result.outcome)).toEqual(['FAILED']);
  expect(await deploymentsOf(pipeline)).toMatchObject([
    { result: { outcome: 'FAILED', reason: 'AWS_ERROR' }, notifiedAt: expect.any(String) },
  ]);
});

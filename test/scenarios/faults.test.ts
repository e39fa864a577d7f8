import type { Fault, InvocationFault } from '../../emulator/faults.js';
import { everyFunctionTask } from '../statemachine/machines.js';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';

afterEach(closePipelines);

const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/my-learn-app:other';

/** One deployment of one service by hand, of an image that behaves so, while something goes wrong. */
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

/** What was told of this execution; the push of the image has a release of its own, which is skipped. */
const toldOutcomes = (pipeline: Pipeline, { arn }: { readonly arn: string }) =>
  pipeline
    .messages()
    .filter(({ id }) => id === arn)
    .map(({ result }) => result.outcome);

const steps = everyFunctionTask
  .filter(({ machine }) => machine === 'deployment')
  .map(({ name }) => name.charAt(0).toLowerCase() + name.slice(1));
const kinds: readonly InvocationFault['kind'][] = ['throws', 'timesOut', 'twice', 'answerLost'];

describe.each(steps)('when %s goes wrong once', (step) => {
  test.each(kinds)('(%s) a healthy image is deployed all the same, and told', async (kind) => {
    const pipeline = await givenPipeline({ services: { 'production/web': { tasks: 2 } } });
    const digest = await pipeline.push('other');
    pipeline.account.faults.injectInvocation({ function: step, kind });

    const deployment = await pipeline.ended(await pipeline.start('deployment', { service: 'production/web', image }));
    await pipeline.releaseLease();

    expect(deployment).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(pipeline.running('production/web')).toEqual([digest]);
    expect(updates(pipeline)).toBe(1);
    // A second message, with the same id, only where the step died between sending and noting it.
    expect([1, 2]).toContain(toldOutcomes(pipeline, deployment).length);
    if (kind === 'throws' || step !== 'notify') expect(toldOutcomes(pipeline, deployment)).toHaveLength(1);
  });

  test.each(kinds)('(%s) a broken image is taken back all the same, and told', async (kind) => {
    const pipeline = await givenPipeline({ services: { 'production/web': { tasks: 2 } } });
    const [before] = pipeline.running('production/web');
    await pipeline.push('other', 'crashes-on-start');
    pipeline.account.faults.injectInvocation({ function: step, kind });

    const deployment = await pipeline.ended(await pipeline.start('deployment', { service: 'production/web', image }));
    await pipeline.account.clock.advance(600_000);

    expect(deployment).toMatchObject({ outcome: 'ROLLED_BACK' });
    expect(pipeline.running('production/web')).toEqual([before]);
    // A second message, with the same id, only where the step died between sending and noting it.
    expect([1, 2]).toContain(toldOutcomes(pipeline, deployment).length);
    if (kind === 'throws' || step !== 'notify') expect(toldOutcomes(pipeline, deployment)).toHaveLength(1);
  });
});

test('an UpdateService that is denied changes nothing, and says so', async () => {
  const { pipeline, deployment, before } = await deploy('healthy', {
    on: 'ecs.UpdateService',
    kind: 'accessDenied',
    times: Number.POSITIVE_INFINITY,
  });

  expect(deployment).toMatchObject({
    outcome: 'FAILED',
    message: expect.stringContaining('not authorized to perform: ecs:UpdateService'),
  });
  expect(deployment.message).toContain('the service was not changed');
  expect(pipeline.running('production/web')).toEqual([before]);
  expect(toldOutcomes(pipeline, deployment)).toEqual(['FAILED']);
});

test('an UpdateService that worked while its answer was lost is found, and not made again', async () => {
  const { pipeline, deployment, digest } = await deploy('healthy', { on: 'ecs.UpdateService', kind: 'timeoutAfter' });

  expect(deployment).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running('production/web')).toEqual([digest]);
  expect(updates(pipeline)).toBe(1);
});

test('an UpdateService that lands after its state gave up is seen, and ends one way or the other', async () => {
  const late: Fault = { on: 'ecs.UpdateService', kind: 'delayedEffect', delayMs: 45_000 };
  const { pipeline, deployment, before, digest } = await deploy('healthy', late, {
    on: 'ecs.UpdateService',
    kind: 'timeoutBefore',
    times: 6,
  });

  expect(['SUCCEEDED', 'ROLLED_BACK']).toContain(deployment.outcome);
  expect(pipeline.running('production/web')).toEqual([deployment.outcome === 'SUCCEEDED' ? digest : before]);
  expect(toldOutcomes(pipeline, deployment)).toEqual([deployment.outcome]);
});

test('an UpdateService that was lost on its way is sent again once it is clear that it never arrived', async () => {
  const { pipeline, deployment, digest } = await deploy('healthy', { on: 'ecs.UpdateService', kind: 'timeoutBefore', times: 2 });

  expect(deployment).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running('production/web')).toEqual([digest]);
  expect(updates(pipeline)).toBe(1);
});

test('an UpdateService that never reaches ECS ends as a failure that changed nothing', async () => {
  const { pipeline, deployment, before } = await deploy('healthy', {
    on: 'ecs.UpdateService',
    kind: 'timeoutBefore',
    times: Number.POSITIVE_INFINITY,
  });

  expect(deployment).toMatchObject({ outcome: 'FAILED', message: expect.stringContaining('the service was not changed') });
  expect(pipeline.running('production/web')).toEqual([before]);
  expect(toldOutcomes(pipeline, deployment)).toEqual(['FAILED']);
});

test('a rollback that is denied is loud, and does not claim to have happened', async () => {
  const forever = { kind: 'accessDenied', times: Number.POSITIVE_INFINITY } as const;
  const { pipeline, deployment } = await deploy('crashes-on-start', { on: 'ecs.StopServiceDeployment', ...forever });

  expect(deployment).toMatchObject({ outcome: 'ROLLBACK_FAILED', message: expect.stringContaining('exit 1 in app') });
  expect(toldOutcomes(pipeline, deployment)).toEqual(['ROLLBACK_FAILED']);
});

test('when ECS cannot be read any more after the update, the end is unknown, and nothing is done blindly', async () => {
  const pipeline = await givenPipeline({ services: { 'production/web': {} } });
  await pipeline.push('other');
  const arn = await pipeline.start('deployment', { service: 'production/web', image });
  const { clock, log } = pipeline.account;
  await clock.run({ until: () => log.of('ecs', 'service-updated').length === 1 });
  for (const on of ['ecs.DescribeServices', 'ecs.DescribeServiceDeployments', 'ecs.ListServiceDeployments'])
    pipeline.account.faults.inject({ on, kind: 'serverError', times: Number.POSITIVE_INFINITY });

  const deployment = await pipeline.ended(arn);

  expect(deployment).toMatchObject({ outcome: 'UNKNOWN', message: expect.stringContaining('look at it in the ECS console') });
  expect(updates(pipeline)).toBe(1);
  expect(log.of('ecs', 'service-deployment-stop-requested')).toEqual([]);
  await pipeline.releaseLease();
  expect(toldOutcomes(pipeline, deployment)).toEqual(['UNKNOWN']);
});

test('ECS that cannot be read for a while delays the verdict, and changes nothing about it', async () => {
  const { pipeline, deployment, digest } = await deploy('healthy', { on: 'ecs.DescribeServices', kind: 'serverError', skip: 2, times: 12 });

  expect(deployment).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running('production/web')).toEqual([digest]);
});

test('logs that may not be read keep nobody from a verdict', async () => {
  const { pipeline, deployment } = await deploy('crashes-on-start', {
    on: 'logs.GetLogEvents',
    kind: 'accessDenied',
    times: Number.POSITIVE_INFINITY,
  });

  expect(deployment).toMatchObject({ outcome: 'ROLLED_BACK' });
  expect(pipeline.messages().at(-1)?.services[0]?.logs?.lines).toEqual(['(could not be read: AccessDeniedException)']);
});

test('a topic that refuses cannot touch a deployment', async () => {
  const { pipeline, deployment, digest } = await deploy('healthy', {
    on: 'sns.Publish',
    kind: 'accessDenied',
    times: Number.POSITIVE_INFINITY,
  });

  expect(deployment).toMatchObject({ status: 'SUCCEEDED', outcome: 'SUCCEEDED' });
  expect(pipeline.running('production/web')).toEqual([digest]);
});

test('a table that cannot be written at the end keeps nobody from hearing how it ended', async () => {
  const pipeline = await givenPipeline({ services: { 'production/web': {} } });
  const digest = await pipeline.push('other');
  pipeline.account.faults.inject({
    on: 'dynamodb.UpdateItem',
    by: 'CloseDeployment',
    kind: 'serverError',
    times: Number.POSITIVE_INFINITY,
  });

  const deployment = await pipeline.ended(await pipeline.start('deployment', { service: 'production/web', image }));
  await pipeline.releaseLease();

  expect(deployment).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running('production/web')).toEqual([digest]);
  expect(toldOutcomes(pipeline, deployment)).toEqual(['SUCCEEDED']);
});

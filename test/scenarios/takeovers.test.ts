import { DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { appContainer, closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';

afterEach(closePipelines);

const minutes = 60_000;
const web = 'staging/web';

const updates = ({ account }: Pipeline) => account.log.of('ecs', 'service-updated').filter(({ detail }) => detail.cluster === 'staging');

/** Lets time pass until the service was updated so many times. */
const updated = (pipeline: Pipeline, times: number) => pipeline.account.clock.run({ until: () => updates(pipeline).length >= times });

/** As from the ECS console or Terraform: a new revision, and the service on it. */
const deployOutside = async ({ ecs }: Pipeline, container: Partial<typeof appContainer>): Promise<string> => {
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'staging-web',
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ ...appContainer, ...container }],
    }),
  );
  const revision = taskDefinition?.taskDefinitionArn ?? '';
  await ecs.send(new UpdateServiceCommand({ cluster: 'staging', service: 'web', taskDefinition: revision }));
  return revision;
};

const environmentOf = async ({ ecs }: Pipeline, taskDefinition = '') => {
  const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  return answer.taskDefinition?.containerDefinitions?.[0]?.environment;
};

const releases = async (pipeline: Pipeline) => {
  const all = await pipeline.executions('release');
  return Object.fromEntries(all.map(({ arn, outcome, reason }) => [tagOf(pipeline, arn), `${outcome} ${reason}`]));
};

const tagOf = ({ account }: Pipeline, arn: string): string => {
  const input = account.services.states.executions().find((execution) => execution.arn === arn)?.input;
  return (input as { detail: Record<string, string> }).detail['image-tag'] ?? '';
};

/** A, which is slow to start, is being watched, and B is queued. */
const givenQueued = async () => {
  const pipeline = await givenPipeline();
  const a = await pipeline.push('main-a', 'slow-to-start');
  await updated(pipeline, 1);
  await pipeline.account.clock.advance(15_000);
  const b = await pipeline.push('main-b');
  await pipeline.account.clock.advance(5_000);
  return { pipeline, a, b };
};

test('a push during a rollback waits for it, and is deployed then', async () => {
  const pipeline = await givenPipeline();
  await pipeline.push('main-a', 'crashes-on-start');
  const { clock, log } = pipeline.account;
  await clock.run({ until: () => log.of('ecs', 'rollback-started').length > 0 });
  const b = await pipeline.push('main-b');
  await pipeline.runUntilIdle();

  expect(await releases(pipeline)).toEqual({
    'main-a': 'ROLLED_BACK CRASHED',
    'main-b': 'SUCCEEDED DEPLOYED',
  });
  const [backed] = log.of('ecs', 'rollback-completed');
  expect(updates(pipeline)[1]?.time).toBeGreaterThan(backed?.time ?? Number.POSITIVE_INFINITY);
  expect(pipeline.running(web)).toEqual([b]);
});

test('another deployer deploys a new image while A is watched: A is superseded, and B does not overwrite it', async () => {
  const { pipeline } = await givenQueued();
  const hotfix = await pipeline.push('hotfix', 'slow-to-start');
  const revision = await deployOutside(pipeline, { image: pipeline.imageUri(hotfix) });
  await pipeline.runUntilIdle();

  expect(await releases(pipeline)).toMatchObject({
    'main-a': 'SUPERSEDED NEWER_DEPLOYMENT',
    'main-b': 'SKIPPED EXTERNAL_CHANGE',
  });
  expect(pipeline.service(web)?.taskDefinition).toBe(revision);
  expect(pipeline.running(web)).toEqual([hotfix]);
});

test('an older revision of Slipway is deployed in the console while A is watched: A is superseded, and B does not overwrite it', async () => {
  const pipeline = await givenPipeline();
  await pipeline.release('main-1a');
  const older = pipeline.service(web)?.taskDefinition ?? '';
  await pipeline.release('main-1b');
  const before = updates(pipeline).length;
  await pipeline.push('main-a', 'slow-to-start');
  await updated(pipeline, before + 1);
  await pipeline.push('main-b');
  await pipeline.account.clock.advance(5_000);
  await pipeline.ecs.send(new UpdateServiceCommand({ cluster: 'staging', service: 'web', taskDefinition: older }));
  await pipeline.runUntilIdle();

  expect(await releases(pipeline)).toMatchObject({
    'main-a': 'SUPERSEDED NEWER_DEPLOYMENT',
    'main-b': 'SKIPPED EXTERNAL_CHANGE',
  });
  expect(pipeline.service(web)?.taskDefinition).toBe(older);
});

test('a push after a deployment by another deployer is deployed', async () => {
  const { pipeline } = await givenQueued();
  const hotfix = await pipeline.push('hotfix');
  await deployOutside(pipeline, { image: pipeline.imageUri(hotfix) });
  await pipeline.runUntilIdle();

  const c = await pipeline.release('main-c');

  expect(c.outcome).toBe('SUCCEEDED');
  expect(pipeline.running(web)).toEqual([c.digest]);
});

test('a deployment by another deployer that fails in ECS does not skip a queued push', async () => {
  const pipeline = await givenPipeline({ services: { [web]: { breaker: true }, 'production/web': {}, 'production/worker': {} } });
  await pipeline.push('main-a', 'slow-to-start');
  await updated(pipeline, 1);
  const b = await pipeline.push('main-b');
  const broken = await pipeline.push('broken', 'crashes-on-start');
  await deployOutside(pipeline, { image: pipeline.imageUri(broken) });
  await pipeline.runUntilIdle();

  expect(await releases(pipeline)).toMatchObject({ 'main-b': 'SUCCEEDED DEPLOYED' });
  expect(pipeline.running(web)).toEqual([b]);
});

test('Terraform changes only the environment while A is watched: B is deployed with that environment', async () => {
  const { pipeline, b } = await givenQueued();
  const environment = [{ name: 'FEATURE', value: 'on' }];
  await deployOutside(pipeline, { environment });
  await pipeline.runUntilIdle();

  expect(await releases(pipeline)).toMatchObject({
    'main-a': 'SUPERSEDED NEWER_DEPLOYMENT',
    'main-b': 'SUCCEEDED DEPLOYED',
  });
  expect(pipeline.running(web)).toEqual([b]);
  expect(await environmentOf(pipeline, pipeline.service(web)?.taskDefinition)).toEqual(environment);
});

describe('another deployer updates the service between Register and Update', () => {
  const environment = [{ name: 'FEATURE', value: 'on' }];
  const updatedBetween = async (staleReadMs: number) => {
    const pipeline = await givenPipeline({ staleReadMs });
    const { clock, log } = pipeline.account;
    const b = await pipeline.push('main-b');
    await clock.run({ until: () => log.of('states', 'state-entered').some(({ detail }) => detail.state === 'UpdateService') });
    // ECS refuses two registrations of one family at the same moment; the step needs longer for its cold start.
    await clock.advance(250);
    await deployOutside(pipeline, { environment });
    await pipeline.runUntilIdle();
    expect(pipeline.running(web)).toEqual([b]);
    return pipeline;
  };

  test('and reads show it: the new revision is a copy of that one', async () => {
    const pipeline = await updatedBetween(0);

    expect(await releases(pipeline)).toEqual({ 'main-b': 'SUCCEEDED DEPLOYED' });
    expect(await environmentOf(pipeline, pipeline.service(web)?.taskDefinition)).toEqual(environment);
  });

  test('and reads do not show it yet: the message names the revision that was overwritten', async () => {
    const pipeline = await updatedBetween(2_000);

    expect(await environmentOf(pipeline, pipeline.service(web)?.taskDefinition)).toEqual([]);
    expect(pipeline.messages().at(-1)?.services[0]?.result).toMatchObject({
      outcome: 'SUCCEEDED',
      reason: 'DEPLOYED',
      message: expect.stringContaining('staging-web:3'),
    });
  });
});

describe('an operator forces a new deployment of a revision that is being watched', () => {
  const forced = async (behaviour: 'slow-to-start' | 'crashes-on-start') => {
    const pipeline = await givenPipeline();
    const [before] = pipeline.running(web);
    const digest = await pipeline.push('main-a', behaviour);
    await updated(pipeline, 1);
    await pipeline.account.clock.advance(12_000);
    await pipeline.forceNewDeployment(web);
    await pipeline.account.clock.advance(30 * minutes);
    return { pipeline, before, digest };
  };

  test('and it succeeds: its rollout is the result, and no second update is sent', async () => {
    const { pipeline, digest } = await forced('slow-to-start');

    expect(await releases(pipeline)).toEqual({ 'main-a': 'SUCCEEDED DEPLOYED' });
    expect(pipeline.service(web)?.serviceDeployments[0]).toMatchObject({ status: 'SUCCESSFUL' });
    expect(pipeline.running(web)).toEqual([digest]);
    expect(updates(pipeline)).toHaveLength(2);
  });

  test('and it fails: it is rolled back', async () => {
    const { pipeline, before } = await forced('crashes-on-start');

    expect(await releases(pipeline)).toEqual({ 'main-a': 'ROLLED_BACK CRASHED' });
    expect(pipeline.running(web)).toEqual([before]);
    expect(updates(pipeline)).toHaveLength(2);
  });
});

test('a push during a failure is deployed also if ECS rolls back to another revision than the previous one', async () => {
  const pipeline = await givenPipeline({
    services: {
      'staging/web': {
        deploymentConfiguration: {
          // No task of the last completed revision runs beside the failing ones.
          minimumHealthyPercent: 0,
          maximumPercent: 100,
          deploymentCircuitBreaker: { enable: true, rollback: false, thresholdConfiguration: { type: 'COUNT', value: 4 } },
        },
      },
      'production/web': {},
      'production/worker': {},
    },
  });
  // A rollout by another deployer, which ECS stops without a rollback.
  await pipeline.push('by-hand', 'crashes-on-start');
  await deployOutside(pipeline, { image: pipeline.imageUri('by-hand') });
  await pipeline.runUntilIdle();

  await pipeline.push('main-a', 'crashes-on-start');
  await updated(pipeline, 2);
  await pipeline.account.clock.advance(5_000);
  const b = await pipeline.push('main-b');
  await pipeline.runUntilIdle();

  expect(await releases(pipeline)).toMatchObject({
    'main-a': 'ROLLED_BACK CRASHED',
    'main-b': 'SUCCEEDED DEPLOYED',
  });
  expect(pipeline.running(web)).toEqual([b]);
});

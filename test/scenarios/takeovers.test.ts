import { DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { appContainer, closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';

afterEach(closePipelines);

const minutes = 60_000;
const web = 'staging/web';

const updates = ({ account }: Pipeline) => account.log.of('ecs', 'service-updated').filter(({ detail }) => detail.cluster === 'staging');

/** Lets time pass until ECS was asked so many times to update the service. */
const updated = (pipeline: Pipeline, times: number) => pipeline.account.clock.run({ until: () => updates(pipeline).length >= times });

/** As a person or Terraform would: a new revision, and the service on it. */
const deployByHand = async ({ ecs }: Pipeline, container: Partial<typeof appContainer>): Promise<string> => {
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
  return Object.fromEntries(all.map(({ arn, outcome, message }) => [tagOf(pipeline, arn), `${outcome} ${message}`]));
};

const tagOf = ({ account }: Pipeline, arn: string): string => {
  const input = account.services.states.executions().find((execution) => execution.arn === arn)?.input;
  return (input as { detail: Record<string, string> }).detail['image-tag'] ?? '';
};

/** A, which takes its time, is being watched, and B waits in line behind it. */
const twoInLine = async () => {
  const pipeline = await givenPipeline();
  const a = await pipeline.push('main-a', 'slow-to-start');
  await updated(pipeline, 1);
  await pipeline.account.clock.advance(15_000);
  const b = await pipeline.push('main-b');
  await pipeline.account.clock.advance(5_000);
  return { pipeline, a, b };
};

test('B is pushed while A rolls back: B waits for that, and then runs', async () => {
  const pipeline = await givenPipeline();
  await pipeline.push('main-a', 'crashes-on-start');
  const { clock, log } = pipeline.account;
  await clock.run({ until: () => log.of('ecs', 'rollback-started').length > 0 });
  const b = await pipeline.push('main-b');
  await pipeline.runUntilIdle();

  expect(await releases(pipeline)).toEqual({
    'main-a': expect.stringMatching(/^ROLLED_BACK /),
    'main-b': 'SUCCEEDED 3 of 3 services run it',
  });
  const [backed] = log.of('ecs', 'rollback-completed');
  expect(updates(pipeline)[1]?.time).toBeGreaterThan(backed?.time ?? Number.POSITIVE_INFINITY);
  expect(pipeline.running(web)).toEqual([b]);
});

test('a person deploys a new image while A is watched: A is superseded, B waits for the rollout, and does not undo it', async () => {
  const { pipeline } = await twoInLine();
  const hotfix = await pipeline.push('hotfix', 'slow-to-start');
  const revision = await deployByHand(pipeline, { image: pipeline.imageUri(hotfix) });
  await pipeline.runUntilIdle();

  expect(await releases(pipeline)).toMatchObject({
    'main-a': expect.stringMatching(/^SUPERSEDED .*staging-web:3/),
    'main-b': expect.stringMatching(/^SKIPPED .*older than what runs: .* somebody else deployed another image with staging-web:3/),
  });
  expect(pipeline.service(web)?.taskDefinition).toBe(revision);
  expect(pipeline.running(web)).toEqual([hotfix]);
});

test('a person goes back in the console to an older revision of ours while A is watched, and B waits: B does not undo it', async () => {
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
    'main-a': expect.stringMatching(/^SUPERSEDED /),
    'main-b': expect.stringMatching(/^SKIPPED .*older than what runs: .* somebody else deployed another image/),
  });
  expect(pipeline.service(web)?.taskDefinition).toBe(older);
});

test('what is pushed after that person’s deployment is deployed', async () => {
  const { pipeline } = await twoInLine();
  const hotfix = await pipeline.push('hotfix');
  await deployByHand(pipeline, { image: pipeline.imageUri(hotfix) });
  await pipeline.runUntilIdle();

  const c = await pipeline.release('main-c');

  expect(c.outcome).toBe('SUCCEEDED');
  expect(pipeline.running(web)).toEqual([c.digest]);
});

test('a person’s deployment that fails in ECS overtakes nobody', async () => {
  const pipeline = await givenPipeline({ services: { [web]: { breaker: true }, 'production/web': {}, 'production/worker': {} } });
  await pipeline.push('main-a', 'slow-to-start');
  await updated(pipeline, 1);
  const b = await pipeline.push('main-b');
  const broken = await pipeline.push('broken', 'crashes-on-start');
  await deployByHand(pipeline, { image: pipeline.imageUri(broken) });
  await pipeline.runUntilIdle();

  expect(await releases(pipeline)).toMatchObject({ 'main-b': 'SUCCEEDED 3 of 3 services run it' });
  expect(pipeline.running(web)).toEqual([b]);
});

test('Terraform changes only the environment while A is watched: B builds upon that, and loses none of it', async () => {
  const { pipeline, b } = await twoInLine();
  const environment = [{ name: 'FEATURE', value: 'on' }];
  await deployByHand(pipeline, { environment });
  await pipeline.runUntilIdle();

  expect(await releases(pipeline)).toMatchObject({
    'main-a': expect.stringMatching(/^SUPERSEDED /),
    'main-b': 'SUCCEEDED 3 of 3 services run it',
  });
  expect(pipeline.running(web)).toEqual([b]);
  expect(await environmentOf(pipeline, pipeline.service(web)?.taskDefinition)).toEqual(environment);
});

describe('somebody comes between Register and Update', () => {
  const environment = [{ name: 'FEATURE', value: 'on' }];
  const comesBetween = async (staleReadMs: number) => {
    const pipeline = await givenPipeline({ staleReadMs });
    const { clock, log } = pipeline.account;
    const b = await pipeline.push('main-b');
    await clock.run({ until: () => log.of('states', 'state-entered').some(({ detail }) => detail.state === 'UpdateService') });
    await deployByHand(pipeline, { environment });
    await pipeline.runUntilIdle();
    expect(pipeline.running(web)).toEqual([b]);
    return pipeline;
  };

  // What reads need not show yet is the next test's.
  test('and is seen: his revision is built upon', async () => {
    const pipeline = await comesBetween(0);

    expect(await releases(pipeline)).toEqual({ 'main-b': 'SUCCEEDED 3 of 3 services run it' });
    expect(await environmentOf(pipeline, pipeline.service(web)?.taskDefinition)).toEqual(environment);
  });

  test('and no read shows it yet: what was undone is told', async () => {
    const pipeline = await comesBetween(2_000);

    expect(await environmentOf(pipeline, pipeline.service(web)?.taskDefinition)).toEqual([]);
    expect(pipeline.messages().at(-1)?.services[0]?.result).toMatchObject({
      outcome: 'SUCCEEDED',
      message: expect.stringMatching(/; it replaced staging-web:3, which somebody else had just deployed: deploy that again$/),
    });
  });
});

describe('a person forces a new deployment of our own revision while it is watched', () => {
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

  test('and it works: it runs our image, which its rollout proves, and nothing is sent again', async () => {
    const { pipeline, digest } = await forced('slow-to-start');

    expect(await releases(pipeline)).toEqual({ 'main-a': 'SUCCEEDED 3 of 3 services run it' });
    expect(pipeline.service(web)?.serviceDeployments[0]).toMatchObject({ status: 'SUCCESSFUL' });
    expect(pipeline.running(web)).toEqual([digest]);
    expect(updates(pipeline)).toHaveLength(2);
  });

  test('and it does not work: it is taken back as ours would be', async () => {
    const { pipeline, before } = await forced('crashes-on-start');

    expect(await releases(pipeline)).toEqual({ 'main-a': expect.stringMatching(/^ROLLED_BACK .*exit 1 in app/) });
    expect(pipeline.running(web)).toEqual([before]);
    expect(updates(pipeline)).toHaveLength(2);
  });
});

test('a push during a failure follows it also where ECS went back to something else than what ran before', async () => {
  const pipeline = await givenPipeline({
    assumptions: { rollback: 'newServiceDeployment' },
    services: {
      'staging/web': {
        deploymentConfiguration: {
          // Nothing of what was completed last runs beside what fails.
          minimumHealthyPercent: 0,
          maximumPercent: 100,
          deploymentCircuitBreaker: { enable: true, rollback: false, thresholdConfiguration: { type: 'COUNT', value: 4 } },
        },
      },
      'production/web': {},
      'production/worker': {},
    },
  });
  // Somebody's own rollout, which ECS gives up and leaves there.
  await pipeline.push('by-hand', 'crashes-on-start');
  await deployByHand(pipeline, { image: pipeline.imageUri('by-hand') });
  await pipeline.runUntilIdle();

  await pipeline.push('main-a', 'crashes-on-start');
  await updated(pipeline, 2);
  await pipeline.account.clock.advance(5_000);
  const b = await pipeline.push('main-b');
  await pipeline.runUntilIdle();

  expect(await releases(pipeline)).toMatchObject({
    'main-a': expect.stringMatching(/^ROLLED_BACK .*back on staging-web:1, not on staging-web:2/),
    'main-b': 'SUCCEEDED 3 of 3 services run it',
  });
  expect(pipeline.running(web)).toEqual([b]);
});

import { DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { UserFunction } from '../../emulator/lambda/api.js';
import { givenAlarm } from '../support/failing.js';
import { minutes, seconds } from '../support/gated.js';
import { hooked, hookedRepositories } from '../support/hooked.js';
import { appContainer, closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { sourceOf, web, worker } from '../support/staged.js';
import { deploymentsOf } from '../support/table.js';
import { entered } from '../support/waiting.js';

afterEach(closePipelines);

const oneService = (hooks: object, stage: object = {}) =>
  hooked({ stages: [{ name: 'production', services: [{ service: web, ...hooks }], ...stage }] });

type Given = { readonly hooks: object; readonly stage?: object; readonly answers?: () => number; readonly verifier?: UserFunction };

/** production/web with these hooks; what its URL answers, and its function. */
const given = async ({
  hooks,
  stage,
  answers = () => 200,
  verifier = () => ({ version: 1, verified: true }),
}: Given): Promise<Pipeline> => {
  const pipeline = await givenPipeline({
    stack: await oneService(hooks, stage),
    services: { [web]: {} },
    prepare: ({ account }) => {
      account.services.lambda.putUserFunction('my-verifier', verifier, { timeoutSeconds: 300 });
    },
  });
  const { network } = pipeline.account;
  network.setName('example.com', ['93.184.216.34']);
  network.serve({ addresses: ['93.184.216.34'], certificate: { names: ['example.com'] }, answer: () => ({ status: answers() }) });
  return pipeline;
};

const migration = { command: ['sh', '-c', 'sleep 120'] };
const url = { url: 'https://example.com/health', within: '2m', every: '5s' };

/** Pushes an image, and lets time pass until its deployment has been in a state for 20 seconds. */
const pushed = async (pipeline: Pipeline, state: string, tag = 'main-2') => {
  const [before] = pipeline.running(web);
  const digest = await pipeline.push(tag);
  const { clock, log } = pipeline.account;
  const since = clock.now;
  const found = () => log.of('states', 'state-entered').find(({ time, detail }) => time >= since && detail.state === state);
  await clock.run({ until: () => found() !== undefined });
  await clock.advance(20 * seconds);
  return { digest, before, arn: String(found()?.detail.execution) };
};

const result = async (pipeline: Pipeline, arn: string): Promise<string> => {
  await pipeline.runUntilIdle();
  const { outcome, reason } = await pipeline.execution(arn);
  return `${outcome} ${reason}`;
};
const stop = (pipeline: Pipeline, executionArn: string) =>
  pipeline.executionsClient.send(new StopExecutionCommand({ executionArn, cause: 'ada: wrong stage' }));

/** The before tasks that ran: the command of each. */
const commandsRun = async (pipeline: Pipeline): Promise<string[]> => {
  const { taskArns = [] } = await pipeline.ecs.send(new ListTasksCommand({ cluster: 'production', desiredStatus: 'STOPPED' }));
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await pipeline.ecs.send(new DescribeTasksCommand({ cluster: 'production', tasks: taskArns }));
  return tasks
    .filter(({ startedBy = '' }) => startedBy.includes('-before/'))
    .map(({ overrides }) => overrides?.containerOverrides?.[0]?.command?.at(-1) ?? '');
};

const slowVerifier: UserFunction = async (_, { sleep }) => {
  await sleep(60 * seconds);
  return { version: 1, verified: true };
};

test.each([
  ['VerifyUrl', { url }],
  ['InvokeVerifier', { function: 'my-verifier' }],
])('an operator who cancels while %s runs is heard when it has ended', async (state, verify) => {
  let requests = 0;
  const pipeline = await given({ hooks: { verify }, answers: () => (++requests < 12 ? 503 : 200), verifier: slowVerifier });
  const { arn, before, digest } = await pushed(pipeline, state);
  await pipeline.control('cancel', web, { by: 'ada' });

  expect(await result(pipeline, arn)).toBe('ROLLED_BACK CANCELLED');
  expect(pipeline.running(web)).toEqual([before]);
  expect((await sourceOf(pipeline, web)).quarantine).toMatchObject([{ digest, reason: 'CANCELLED' }]);
  const [ended = 0] = entered(pipeline, arn, 'Verify');
  expect((entered(pipeline, arn, 'RollBack')[0] ?? 0) - ended).toBeLessThan(2 * seconds);
});

describe.each([
  ['VerifyUrl', { url }],
  ['InvokeVerifier', { function: 'my-verifier' }],
])('an execution that is aborted in %s', (state, verify) => {
  test.each([
    ['verified by the one that resumes it', { verify }, '; verified: '],
    ['good where slipway.yml has no verification any more', {}, 'tasks run it'],
  ])('is %s', async (_, hooks, text) => {
    let requests = 0;
    const pipeline = await given({ hooks: { verify }, answers: () => (++requests < 12 ? 503 : 200), verifier: slowVerifier });
    const { arn, digest } = await pushed(pipeline, state);
    await stop(pipeline, arn);
    await pipeline.deployAgain(await oneService(hooks));
    await pipeline.account.clock.advance(30 * minutes);
    const resumed = (await pipeline.executions('deployment'))[1]?.arn ?? '';

    expect(await pipeline.ended(resumed)).toMatchObject({ outcome: 'SUCCEEDED', message: expect.stringContaining(text) });
    expect(pipeline.running(web)).toEqual([digest]);
    expect((await pipeline.path(resumed)).includes(state)).toBe('verify' in hooks);
  });
});

const resultsOfReleases = async (pipeline: Pipeline) =>
  (await pipeline.executions('release')).map(({ outcome, reason }) => `${outcome} ${reason}`);

describe('the stack is deployed anew', () => {
  const withoutWeb = () => hooked({ stages: [{ name: 'production', services: [worker] }] });
  const changes: [string, () => ReturnType<typeof hooked>][] = [
    ['without it', () => oneService({})],
    ['with another one', () => oneService({ before: { command: ['sh', '-c', 'exit 3'] }, verify: { function: 'other' } })],
    ['without the service', withoutWeb],
  ];

  test.each(changes)('in the middle of a before task %s: what has begun ends as it was', async (_, stack) => {
    const pipeline = await given({ hooks: { before: migration } });
    const { digest, arn } = await pushed(pipeline, 'RunBeforeTask');
    await pipeline.deployAgain(await stack());

    expect(await result(pipeline, arn)).toBe('SUCCEEDED DEPLOYED');
    expect(pipeline.running(web)).toEqual([digest]);
    expect(await commandsRun(pipeline)).toEqual(['sleep 120']);
    expect(await resultsOfReleases(pipeline)).toEqual(['SUCCEEDED DEPLOYED']);
  });

  test.each(changes)('in the middle of a bake %s: what has begun ends as it was', async (_, stack) => {
    const pipeline = await given({ hooks: { verify: { bake: '5m', alarms: ['web-5xx'] } } });
    await givenAlarm(pipeline, 'web-5xx', 'OK');
    const { digest, arn } = await pushed(pipeline, 'Verify');
    await pipeline.deployAgain(await stack());

    expect(await result(pipeline, arn)).toBe('SUCCEEDED DEPLOYED');
    expect(pipeline.running(web)).toEqual([digest]);
    const [begun = 0] = entered(pipeline, arn, 'Verify');
    expect((entered(pipeline, arn, 'CloseDeployment')[0] ?? 0) - begun).toBeGreaterThan(5 * minutes - 2 * seconds);
  });

  test('while a release waits before a stage without its before task: the stage does not begin', async () => {
    const pipeline = await given({ hooks: {}, stage: { approval: true, before: migration } });
    const [before] = pipeline.running(web);
    const digest = await pipeline.push('main-2');
    await pipeline.account.clock.advance(minutes);
    await pipeline.deployAgain(await oneService({}, { approval: true }));
    await pipeline.invoke('decide', { command: 'approve', repository: 'my-learn-app', stage: 'production', digest, by: 'ada' });
    await pipeline.runUntilIdle();

    expect(await resultsOfReleases(pipeline)).toEqual(['SKIPPED NOT_CONFIGURED']);
    expect(pipeline.running(web)).toEqual([before]);
    expect(pipeline.messages().at(-1)?.text).toContain('names no before task of production like production/web');
  });
});

test('an operator who rolls back during a before task waits for it, and goes back from what runs', async () => {
  const pipeline = await given({ hooks: { before: migration } });
  const [oldest] = pipeline.running(web);
  await pipeline.ended(await pipeline.start('deployment', { service: web, redeploy: true }));
  await pipeline.release('main-1b');
  const { arn } = await pushed(pipeline, 'RunBeforeTask', 'main-2');
  const rollback = await pipeline.start('deployment', { service: web, rollback: true, by: 'ada' });

  expect(await result(pipeline, rollback)).toBe('SUCCEEDED ROLLED_BACK_BY_OPERATOR');
  expect(await result(pipeline, arn)).toBe('FAILED CANCELLED');
  expect(pipeline.running(web)).toEqual([oldest]);
  expect(await commandsRun(pipeline)).toEqual(['sleep 120', 'sleep 120']);
});

test('a hold during a bake keeps back the next image, not the one that is verified', async () => {
  const pipeline = await given({ hooks: { verify: { bake: '5m' } } });
  const { digest, arn } = await pushed(pipeline, 'Verify');
  await pipeline.control('hold', web, { by: 'ada' });
  const newer = await pipeline.push('main-3');

  expect(await result(pipeline, arn)).toBe('SUCCEEDED DEPLOYED');
  expect(pipeline.running(web)).toEqual([digest]);
  expect(await sourceOf(pipeline, web)).toMatchObject({ lastDeployed: { digest }, withheld: { digest: newer } });
});

test('an image that an operator forces has its hooks again; a redeployment is verified', async () => {
  const answers = [false, true, true];
  const pipeline = await given({
    hooks: { before: { command: ['echo', 'of the service'] }, verify: { function: 'my-verifier' } },
    stage: { before: { command: ['echo', 'of the stage'] } },
    verifier: () => ({ version: 1, verified: answers.shift() }),
  });
  const { digest, outcome } = await pipeline.release('main-2');
  expect(outcome).toBe('ROLLED_BACK');

  const forced = await pipeline.start('release', { repository: 'my-learn-app', digest, force: true, by: 'ada' });
  expect(await result(pipeline, forced)).toBe('SUCCEEDED DEPLOYED');
  expect(pipeline.running(web)).toEqual([digest]);
  const redeployed = await pipeline.start('deployment', { service: web, redeploy: true });
  expect(await result(pipeline, redeployed)).toBe('SUCCEEDED REDEPLOYED');
  expect(answers).toEqual([]);
  expect(await commandsRun(pipeline)).toEqual(['of the stage', 'of the service', 'of the stage', 'of the service']);
});

test('an operator who rolls a release back runs none of its hooks', async () => {
  const pipeline = await given({
    hooks: { before: { command: ['sh', '-c', 'echo of the service'] }, verify: { url, function: 'my-verifier', bake: '1m' } },
    stage: { before: { command: ['sh', '-c', 'echo of the stage'] } },
  });
  const [before] = pipeline.running(web);
  await pipeline.release('main-2');
  const ran = await commandsRun(pipeline);
  const rollback = await pipeline.ended(await pipeline.start('release', { repository: 'my-learn-app', rollback: true, by: 'ada' }));

  expect(rollback).toMatchObject({ outcome: 'SUCCEEDED', reason: 'ROLLED_BACK_WITH_RELEASE' });
  expect(pipeline.running(web)).toEqual([before]);
  expect(ran.toSorted()).toEqual(['echo of the service', 'echo of the stage']);
  expect(await commandsRun(pipeline)).toHaveLength(2);
  const path = await pipeline.path((await pipeline.executions('deployment')).at(-1)?.arn ?? '');
  expect(path).toContain('WatchRollout');
  for (const state of ['RunBeforeTask', 'VerifyUrl', 'InvokeVerifier', 'Verify']) expect(path).not.toContain(state);
  expect(pipeline.messages().at(-1)?.text).toContain('migrations that it ran are not undone');
});

test.each([true, false])('two repositories in one service verify it each by its own hooks (verified: %s)', async (verified) => {
  const proxyContainer = { ...appContainer, name: 'proxy', image: appContainer.image?.replace('my-learn-app', 'my-proxy') };
  const stages = (container: string, verify: object) => [{ name: 'production', services: [{ service: web, container, verify }] }];
  const stack = await hookedRepositories({
    'my-learn-app': { tags: ['main-*'], stages: stages('app', { bake: '2m' }) },
    'my-proxy': { tags: ['main-*'], stages: stages('proxy', { function: 'my-verifier' }) },
  });
  const asked: unknown[] = [];
  const pipeline = await givenPipeline({
    stack,
    repositories: ['my-proxy'],
    services: { [web]: { containers: [appContainer, proxyContainer] } },
    prepare: ({ account }) => {
      account.services.lambda.putUserFunction('my-verifier', (event) => {
        asked.push(event);
        return { version: 1, verified };
      });
    },
  });
  const [before] = pipeline.running(web, 'proxy');
  const app = await pipeline.push('main-2');
  const proxy = await pipeline.push('main-2', 'healthy', 'proxy 2', 'my-proxy');
  await pipeline.runUntilIdle();

  const outcomes = (await deploymentsOf(pipeline)).map(({ image, result: { outcome } }) => [image.repository, outcome]);
  expect(Object.fromEntries(outcomes)).toEqual({ 'my-learn-app': 'SUCCEEDED', 'my-proxy': verified ? 'SUCCEEDED' : 'ROLLED_BACK' });
  expect([pipeline.running(web), pipeline.running(web, 'proxy')]).toEqual([[app], [verified ? proxy : before]]);
  expect(asked).toMatchObject([{ image: { repository: 'my-proxy', digest: proxy } }]);
  for (const { image, execution } of await deploymentsOf(pipeline)) {
    const path = await pipeline.path(execution);
    expect(path.includes('InvokeVerifier')).toBe(image.repository === 'my-proxy');
    expect(path.filter((state) => state === 'Verify')).toHaveLength(image.repository === 'my-proxy' ? 1 : 2);
  }
});

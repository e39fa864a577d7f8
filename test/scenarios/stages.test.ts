import { BatchDeleteImageCommand, ECRClient } from '@aws-sdk/client-ecr';
import { DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { hookedRepositories } from '../support/hooked.js';
import type { Stack } from '../support/packaged-stack.js';
import { appContainer, closePipelines, givenPipeline, type Pipeline, type ServiceOptions } from '../support/pipeline.js';
import { releasesOf, resultsOn, slow, sourceOf, staged, staging, unchecked, web, worker } from '../support/staged.js';
import { deploymentsOf } from '../support/table.js';
import { entered } from '../support/waiting.js';

afterEach(closePipelines);

const minutes = 60_000;
const hours = 60 * minutes;
const all = [web, worker, staging];
const rollBackAll = staged({ name: 'production', services: all, onFailure: 'rollBackAll' });
const notBegun = { outcome: 'FAILED', reason: 'STAGE_FAILED' };
const cancelled = { outcome: 'ROLLED_BACK', reason: 'STAGE_FAILED' };
const unhealthy = { outcome: 'ROLLED_BACK', reason: 'UNHEALTHY' };
const undone = { outcome: 'SUCCEEDED', reason: 'ROLLED_BACK_WITH_RELEASE' };
const deployed = { outcome: 'SUCCEEDED', reason: 'DEPLOYED' };
const superseded = { outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' };

/** An image that is never healthy fails on production/web alone, after four minutes; production/worker runs it in two. */
const given = (stack: Stack, stagingWeb: ServiceOptions = unchecked) =>
  givenPipeline({ stack, services: { [web]: {}, [worker]: unchecked, [staging]: stagingWeb } });

/** Pushes an image that fails on production/web, and lets time pass until production/worker runs it. */
const failing = async (pipeline: Pipeline, tag = 'main-3') => {
  const digest = await pipeline.push(tag, 'never-healthy');
  await pipeline.account.clock.advance(2 * minutes);
  expect(pipeline.running(worker)).toEqual([digest]);
  return digest;
};

const lastOn = async (pipeline: Pipeline, service: string) => (await resultsOn(pipeline, service)).at(-1);
const lastRelease = async (pipeline: Pipeline) => (await pipeline.executions('release')).at(-1);
const messagesOf = (pipeline: Pipeline, arn: string | undefined) => pipeline.messages().filter(({ id }) => id === arn);
const runningAll = (pipeline: Pipeline) => all.map((service) => pipeline.running(service));

const quarantined = async (pipeline: Pipeline, service: string) =>
  ((await sourceOf(pipeline, service)).quarantine ?? []).map(({ digest }) => digest);

const abort = (pipeline: Pipeline, executionArn = '') =>
  pipeline.executionsClient.send(new StopExecutionCommand({ executionArn, cause: 'ada: wrong image' }));

test('stop: what is under way finishes, what has not begun does not begin, and the message says so of each', async () => {
  const pipeline = await given(staged({ name: 'production', services: [web, staging, worker], parallel: 2 }), slow);
  const [before = ''] = pipeline.running(web);
  const { arn, digest, ...release } = await pipeline.release('main-2', 'never-healthy');

  expect(release).toMatchObject({ ...unhealthy, message: expect.stringContaining(web) });
  expect(runningAll(pipeline)).toEqual([[before], [before], [digest]]);
  expect(await lastOn(pipeline, worker)).toMatchObject({ ...notBegun, message: expect.stringContaining(`${web} failed`) });
  const begun = pipeline.account.log.of('ecs', 'service-updated').map(({ detail }) => detail.service);
  expect(begun).not.toContain('worker');
  expect(messagesOf(pipeline, arn)).toMatchObject([
    {
      services: [
        { service: web, result: unhealthy },
        { service: staging, result: deployed },
        { service: worker, result: notBegun },
      ],
      text: expect.stringContaining(`not begun, because their stage failed: ${worker}`),
    },
  ]);
  expect(await Promise.all(all.map((service) => quarantined(pipeline, service)))).toEqual([[digest], [], []]);
});

describe('rollBackAll', () => {
  test('leaves every service as it was: one that failed, one that ran the image, and one in the middle of its rollout', async () => {
    const pipeline = await given(rollBackAll, slow);
    const good = await pipeline.release('main-2');
    pipeline.account.faults.injectDelivery({ rule: 'push', kind: 'delayed', delayMs: 2 * hours });
    const between = await pipeline.push('main-2b', 'healthy');
    await pipeline.account.clock.advance(5_000);
    const digest = await pipeline.push('main-3', 'never-healthy');
    await pipeline.account.clock.advance(3 * minutes);
    // Of production/web, once it has saved that the stage failed, and before it stops the others.
    pipeline.account.faults.injectInvocation({ function: 'closeDeployment', kind: 'killed', afterRequests: 4 });
    await pipeline.account.clock.advance(17 * minutes);
    expect(pipeline.account.log.of('lambda', 'failed')).toMatchObject([{ detail: { function: 'slipway-dev-closeDeployment' } }]);
    const release = await lastRelease(pipeline);

    expect(release).toMatchObject({ ...unhealthy, message: expect.stringMatching(`${web}: .*1 other service was rolled back with it`) });
    expect(runningAll(pipeline)).toEqual(all.map(() => [good.digest]));
    expect(await Promise.all(all.map((service) => lastOn(pipeline, service)))).toMatchObject([unhealthy, undone, cancelled]);
    for (const service of all) expect((await sourceOf(pipeline, service)).lastDeployed).toMatchObject({ digest: good.digest });
    expect(await Promise.all(all.map((service) => quarantined(pipeline, service)))).toEqual([[digest], [], []]);
    expect(messagesOf(pipeline, release?.arn)).toMatchObject([
      {
        rollback: { isByHand: false },
        services: [
          {
            service: web,
            result: unhealthy,
            warnings: [expect.stringContaining('in quarantine'), expect.stringContaining('is the newest of its family')],
          },
          { service: worker, result: deployed, undo: { result: undone } },
          { service: staging, result: cancelled, warnings: [expect.stringContaining('is the newest of its family')] },
        ],
        text: expect.stringContaining('migrations that it ran are not undone'),
      },
    ]);

    // A push between the two is newer than what runs now; the reconciler does not bring back what was undone.
    await pipeline.account.clock.advance(3 * hours);
    expect(runningAll(pipeline)).toEqual(all.map(() => [between]));
    const { log } = pipeline.account;
    expect(log.of('ecs', 'service-updated').filter(({ detail }) => detail.service === 'worker')).toHaveLength(4);
    expect(pipeline.messages()).toHaveLength(3);
  });

  test.each([
    ['stage', 'stays in an earlier stage'],
    ['release', 'is undone in all of its stages'],
  ])('of the %s: the image %s; neither a hold nor a closed window delays it', async (rollBackScope) => {
    const later = { name: 'production', services: [web, worker], onFailure: 'rollBackAll', rollBackScope };
    const first = { name: 'staging', services: [staging] };
    const pipeline = await given(staged(first, later));
    const [before = ''] = pipeline.running(web);
    const digest = await pipeline.push('main-2', 'never-healthy');
    await pipeline.account.clock.advance(4 * minutes);
    expect(pipeline.running(worker)).toEqual([digest]);
    await pipeline.control('hold', '*', { by: 'ada' });
    const window = { days: ['sat'], from: '09:00', to: '10:00', timezone: 'UTC' };
    await pipeline.deployAgain(staged({ ...first, window }, { ...later, window }));
    await pipeline.runUntilIdle();

    const isUndone = rollBackScope === 'release';
    expect(await lastRelease(pipeline)).toMatchObject(unhealthy);
    expect(runningAll(pipeline)).toEqual([[before], [before], [isUndone ? before : digest]]);
    expect((await sourceOf(pipeline, worker)).lastDeployed).toBeUndefined();
    expect((await sourceOf(pipeline, staging)).lastDeployed?.digest).toBe(isUndone ? undefined : digest);
    expect(await lastOn(pipeline, staging)).toMatchObject(isUndone ? undone : deployed);
  });

  test('that cannot roll back one service rolls back the others, and needs an operator', async () => {
    const pipeline = await given(rollBackAll);
    const [before = ''] = pipeline.running(web);
    const other = await pipeline.push('other');
    await pipeline.ended(await pipeline.start('deployment', { service: worker, image: pipeline.imageUri('other') }));
    const digest = await failing(pipeline);
    await new ECRClient(pipeline.emulator.clientConfig()).send(
      new BatchDeleteImageCommand({ repositoryName: 'my-learn-app', imageIds: [{ imageDigest: other }] }),
    );
    await pipeline.runUntilIdle();

    const result = {
      outcome: 'ROLLBACK_FAILED',
      reason: 'STAGE_FAILED',
      message: expect.stringMatching(`${web}: .*${worker}: .*no longer in ECR`),
    };
    expect(runningAll(pipeline)).toEqual([[before], [digest], [before]]);
    const release = await lastRelease(pipeline);
    expect(release).toMatchObject(result);
    expect(messagesOf(pipeline, release?.arn)).toMatchObject([{ result }]);

    // The image is there again.
    expect(await pipeline.push('other', 'healthy', 'build-1')).toBe(other);
    const rollback = await pipeline.start('release', { repository: 'my-learn-app', rollback: true });
    expect(await pipeline.ended(rollback)).toMatchObject(undone);
    expect(runningAll(pipeline)).toEqual([[before], [other], [before]]);
  });

  test('leaves what an operator has deployed meanwhile, with Slipway or without', async () => {
    const pipeline = await given(rollBackAll);
    const [before = ''] = pipeline.running(web);
    await failing(pipeline);
    const other = await pipeline.push('other');
    await pipeline.start('deployment', { service: worker, image: pipeline.imageUri('other'), by: 'ada' });
    const { taskDefinition } = await pipeline.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'staging-web:1' }));
    const { family, networkMode, cpu, memory, containerDefinitions = [] } = taskDefinition ?? {};
    const image = pipeline.imageUri('other');
    const registered = await pipeline.ecs.send(
      new RegisterTaskDefinitionCommand({
        ...{ family, networkMode, cpu, memory },
        containerDefinitions: containerDefinitions.map((one) => ({ ...one, image })),
      }),
    );
    const revision = registered.taskDefinition?.taskDefinitionArn;
    await pipeline.ecs.send(new UpdateServiceCommand({ cluster: 'staging', service: 'web', taskDefinition: revision }));
    await pipeline.runUntilIdle();

    expect(runningAll(pipeline)).toEqual([[before], [other], [other]]);
    expect(await lastOn(pipeline, worker)).toMatchObject(superseded);
    expect(await lastOn(pipeline, staging)).toMatchObject(superseded);
    const [release] = await pipeline.executions('release');
    expect(release).toMatchObject({ ...unhealthy, message: expect.stringContaining('0 of 2 other services') });
  });

  test('lets a newer push pass: it runs on every service', async () => {
    const pipeline = await given(rollBackAll, slow);
    const failed = await failing(pipeline);
    const digest = await pipeline.push('main-4');
    await pipeline.runUntilIdle();

    expect(runningAll(pipeline)).toEqual(all.map(() => [digest]));
    expect((await pipeline.executions('release')).map(({ outcome }) => outcome)).toEqual(['ROLLED_BACK', 'SUCCEEDED']);
    expect(await Promise.all(all.map((service) => quarantined(pipeline, service)))).toEqual([[failed], [], []]);
    expect((await resultsOn(pipeline, worker)).at(-1)).toMatchObject(superseded);
  });

  test('waits for the deployment of another source, and keeps its image', async () => {
    const stages = [{ name: 'production', services: [{ service: web, container: 'app' }, worker], onFailure: 'rollBackAll' }];
    const proxies = [{ name: 'production', services: [{ service: web, container: 'proxy' }] }];
    const stack = await hookedRepositories({
      'my-learn-app': { tags: ['main-*'], stages },
      'my-proxy': { tags: ['proxy-*'], stages: proxies },
    });
    const [app = appContainer] = unchecked.containers ?? [];
    const proxy = { ...app, name: 'proxy', image: app.image?.replace('my-learn-app', 'my-proxy') };
    const services = { [web]: { containers: [app, proxy] }, [worker]: {} };
    const pipeline = await givenPipeline({ stack, repositories: ['my-proxy'], services });
    const [before = ''] = pipeline.running(web);
    await pipeline.push('main-2', 'never-healthy');
    await pipeline.account.clock.advance(3 * minutes);
    const digest = await pipeline.push('proxy-2', 'slow-to-start', 'proxy 2', 'my-proxy');
    await pipeline.runUntilIdle();

    expect(await resultsOn(pipeline, web)).toMatchObject([deployed, deployed, undone]);
    const undo = (await deploymentsOf(pipeline, web)).at(-1);
    expect(entered(pipeline, undo?.execution, 'AcquireLease')).toHaveLength(2);
    expect([pipeline.running(web), pipeline.running(web, 'proxy'), pipeline.running(worker)]).toEqual([[before], [digest], [before]]);
  });

  test('includes a deployment whose execution is aborted: it is resumed, and rolls back', async () => {
    const pipeline = await given(rollBackAll, slow);
    const [before = ''] = pipeline.running(web);
    await pipeline.push('main-2');
    await pipeline.account.clock.advance(2 * minutes);
    const [aborted] = await deploymentsOf(pipeline, staging);
    await abort(pipeline, aborted?.execution);
    await pipeline.account.clock.advance(30 * minutes);

    expect(runningAll(pipeline)).toEqual(all.map(() => [before]));
    expect(await lastRelease(pipeline)).toMatchObject({ outcome: 'UNKNOWN', reason: 'ABORTED' });
    expect(await lastOn(pipeline, staging)).toMatchObject(cancelled);
    expect(await Promise.all(all.map((service) => quarantined(pipeline, service)))).toEqual([[], [], []]);
    expect(pipeline.messages()).toHaveLength(2);
  });

  test.each(['as it begins', 'in the middle'])('is finished and reported once if the release is aborted %s', async (moment) => {
    const pipeline = await given(rollBackAll);
    const [before = ''] = pipeline.running(web);
    const digest = await failing(pipeline, 'main-2');
    const { clock, log } = pipeline.account;
    const arn = (await lastRelease(pipeline))?.arn ?? '';
    const entries = () =>
      log.of('states', 'state-entered').filter(({ detail }) => detail.execution === arn && detail.state === 'DeployServices');
    await clock.run({ until: () => entries().length === 2 });
    if (moment === 'in the middle') await clock.advance(20_000);
    await abort(pipeline, arn);
    await clock.advance(60 * minutes);

    const isDone = moment === 'in the middle';
    expect(runningAll(pipeline)).toEqual([[before], ...[worker, staging].map(() => [isDone ? before : digest])]);
    const message = expect.stringContaining('its execution was aborted (ada: wrong image)');
    const result = { ...(isDone ? unhealthy : { outcome: 'ROLLBACK_FAILED' }), message };
    expect(pipeline.messages()).toMatchObject([{ id: arn, result }]);
    expect((await releasesOf(pipeline)).every(({ pending }) => pending === undefined)).toBe(true);
    expect(await pipeline.release('main-3')).toMatchObject(deployed);
  });
});

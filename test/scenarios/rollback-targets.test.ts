import { BatchDeleteImageCommand, ECRClient } from '@aws-sdk/client-ecr';
import { DeregisterTaskDefinitionCommand, DescribeTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { messageOf, minutes, quickBreaker, until, web } from '../support/failing.js';
import { closePipelines, givenPipeline, type Pipeline, type ServiceOptions } from '../support/pipeline.js';

afterEach(closePipelines);

const one = (service: ServiceOptions = { tasks: 2 }) => givenPipeline({ services: { [web]: service } });

/** As a lifecycle policy of the repository does. */
const deleteImage = async ({ emulator }: Pipeline, imageDigest: string): Promise<void> => {
  await new ECRClient(emulator.clientConfig()).send(
    new BatchDeleteImageCommand({ repositoryName: 'my-learn-app', imageIds: [{ imageDigest }] }),
  );
};

const deploy = async (pipeline: Pipeline, digest: string, more: object = {}) =>
  pipeline.ended(await pipeline.start('deployment', { service: web, image: pipeline.imageUri(digest), ...more }));
const rollBack = async (pipeline: Pipeline) => pipeline.ended(await pipeline.start('deployment', { service: web, rollback: true }));

const updates = ({ account }: Pipeline) => account.log.of('ecs', 'service-updated').map(({ detail }) => detail.taskDefinition);
/** What a notification warns of. */
const warningsOf = (pipeline: Pipeline, { arn }: { readonly arn: string }) => messageOf(pipeline, arn)?.services[0]?.warnings ?? [];

describe('pain: a lifecycle rule deleted the image that a rollback needs', () => {
  test('a rollback to it by an operator is rejected before anything changes', async () => {
    const pipeline = await one();
    const older = await pipeline.push('other-1');
    const newer = await pipeline.push('other-2');
    await deploy(pipeline, older);
    await deploy(pipeline, newer);
    await deleteImage(pipeline, older);
    const before = updates(pipeline).length;

    const rollback = await rollBack(pipeline);
    await pipeline.runUntilIdle();

    expect(rollback).toMatchObject({ outcome: 'FAILED', reason: 'INVALID_INPUT' });
    expect(updates(pipeline)).toHaveLength(before);
    expect(pipeline.running(web)).toEqual([newer]);
  });

  test('a deployment warns that the revision that ran before could not be rolled back to, also if it succeeds', async () => {
    const pipeline = await one();
    const older = await pipeline.push('other-1');
    const newer = await pipeline.push('other-2');
    await deploy(pipeline, older);
    await deleteImage(pipeline, older);

    const deployment = await deploy(pipeline, newer);
    await pipeline.runUntilIdle();

    expect(deployment.outcome).toBe('SUCCEEDED');
    expect(warningsOf(pipeline, deployment)).toEqual([expect.stringContaining(older)]);
  });

  test('if no task of it runs any more, the rollback fails, and that is reported', async () => {
    const pipeline = await one({ tasks: 2, deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 } });
    const older = await pipeline.push('other-1');
    const broken = await pipeline.push('other-2', 'crashes-on-start');
    await deploy(pipeline, older);
    await deleteImage(pipeline, older);

    const deployment = await deploy(pipeline, broken);
    await pipeline.account.clock.advance(minutes);

    expect(deployment).toMatchObject({ status: 'FAILED', outcome: 'ROLLBACK_FAILED', reason: 'CRASHED' });
    expect(pipeline.running(web)).toEqual([]);
    expect(warningsOf(pipeline, deployment)).toContainEqual(expect.stringContaining(older));
  });
});

describe('a revision that was deregistered', () => {
  const deregister = async ({ ecs }: Pipeline, taskDefinition: string): Promise<void> => {
    await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
  };

  test('is rolled back to by an operator all the same: a copy of it is registered', async () => {
    const pipeline = await one();
    const older = await pipeline.push('other-1');
    await deploy(pipeline, older);
    await deploy(pipeline, await pipeline.push('other-2'));
    await deregister(pipeline, 'production-web:2');

    expect(await rollBack(pipeline)).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(pipeline.running(web)).toEqual([older]);
    const { taskDefinition } = await pipeline.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: pipeline.service(web)?.taskDefinition ?? '' }),
    );
    expect(taskDefinition?.status).toBe('ACTIVE');
  });

  test('that runs cannot be rolled back to by an update, and the deployment ends ROLLBACK_FAILED', async () => {
    // The breaker stops the rollout without a rollback: only an update can roll back.
    const pipeline = await one({ tasks: 2, deploymentConfiguration: quickBreaker(false) });
    await deregister(pipeline, 'production-web:1');
    await pipeline.account.clock.advance(10_000);

    const deployment = await deploy(pipeline, await pipeline.push('other-1', 'crashes-on-start'));
    await pipeline.account.clock.advance(minutes);

    expect(deployment).toMatchObject({ outcome: 'ROLLBACK_FAILED', reason: 'CRASHED', runbook: 'ROLLBACK_CALL_FAILED' });
    expect(messageOf(pipeline, deployment.arn)?.durationSeconds).toBeLessThan(10 * 60);
    expect(warningsOf(pipeline, deployment)).toContainEqual(expect.stringContaining('production-web:1'));
  });
});

test.each(['accessDenied', 'timeoutBefore'] as const)(
  'an update of a rollback that is denied or lost (%s) is sent again, long before the timeout',
  async (kind) => {
    const pipeline = await one({ tasks: 2, deploymentConfiguration: quickBreaker(false) });
    const [before = ''] = pipeline.running(web);
    pipeline.account.faults.inject({ on: 'ecs.UpdateService', by: 'RollBack', kind, times: kind === 'accessDenied' ? 1 : 8 });

    const deployment = await deploy(pipeline, await pipeline.push('other-1', 'crashes-on-start'));
    await pipeline.runUntilIdle();

    expect(deployment).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CRASHED' });
    expect(messageOf(pipeline, deployment.arn)?.durationSeconds).toBeLessThan(15 * 60);
    expect(pipeline.running(web)).toEqual([before]);
  },
);

/** The service runs an image that an operator cancelled, and deployed again in the ECS console. */
const givenQuarantined = async () => {
  const pipeline = await one({ tasks: 2, deploymentConfiguration: quickBreaker(true) });
  const good = await pipeline.push('other-good');
  await deploy(pipeline, good);
  const lastGood = pipeline.service(web)?.taskDefinition ?? '';
  const cancelled = await pipeline.push('other-cancelled', 'slow-to-start');
  const arn = await pipeline.start('deployment', { service: web, image: pipeline.imageUri(cancelled) });
  await until(pipeline, 'service-updated', 2);
  const taskDefinition = pipeline.service(web)?.taskDefinition ?? '';
  await pipeline.control('cancel', web);
  expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK' });
  await pipeline.runUntilIdle();
  await pipeline.ecs.send(new UpdateServiceCommand({ cluster: 'production', service: 'web', taskDefinition }));
  await pipeline.runUntilIdle();
  expect(pipeline.running(web)).toEqual([cancelled]);
  return { pipeline, good, lastGood };
};

test('if ECS rolls back to a quarantined image, one update rolls back to the last good one', async () => {
  const { pipeline, good, lastGood } = await givenQuarantined();
  const before = updates(pipeline).length;

  const deployment = await deploy(pipeline, await pipeline.push('other-broken', 'crashes-on-start'));
  await pipeline.runUntilIdle();

  expect(deployment).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CRASHED' });
  expect(updates(pipeline).slice(before)).toEqual([expect.any(String), lastGood]);
  expect(pipeline.running(web)).toEqual([good]);
});

test('the update to the last good one is sent again if it is lost', async () => {
  const { pipeline, good } = await givenQuarantined();
  pipeline.account.faults.inject({ on: 'ecs.UpdateService', by: 'RollBack', kind: 'timeoutBefore', times: 8 });

  const deployment = await deploy(pipeline, await pipeline.push('other-broken', 'crashes-on-start'));
  await pipeline.runUntilIdle();

  expect(deployment).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CRASHED' });
  expect(messageOf(pipeline, deployment.arn)?.durationSeconds).toBeLessThan(15 * 60);
  expect(pipeline.running(web)).toEqual([good]);
});

test('if ECS denies the update to the last good one, the deployment ends ROLLBACK_FAILED, long before the timeout', async () => {
  const { pipeline, lastGood } = await givenQuarantined();
  await pipeline.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: lastGood }));
  await pipeline.account.clock.advance(10_000);

  const deployment = await deploy(pipeline, await pipeline.push('other-broken', 'crashes-on-start'));
  await pipeline.runUntilIdle();

  expect(deployment).toMatchObject({ outcome: 'ROLLBACK_FAILED', reason: 'CRASHED', runbook: 'ROLLBACK_CALL_FAILED' });
  expect(messageOf(pipeline, deployment.arn)?.durationSeconds).toBeLessThan(15 * 60);
});

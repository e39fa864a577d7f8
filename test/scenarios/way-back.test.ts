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
const goBack = async (pipeline: Pipeline) => pipeline.ended(await pipeline.start('deployment', { service: web, rollback: true }));

const updates = ({ account }: Pipeline) => account.log.of('ecs', 'service-updated').map(({ detail }) => detail.taskDefinition);
const notifiedAt = (pipeline: Pipeline, { arn }: { readonly arn: string }) => messageOf(pipeline, arn)?.text ?? '';

describe('pain: a lifecycle rule deleted the image that a rollback needs', () => {
  test('a rollback by hand to it is refused before anything changes, and names the image', async () => {
    const pipeline = await one();
    const older = await pipeline.push('other-1');
    const newer = await pipeline.push('other-2');
    await deploy(pipeline, older);
    await deploy(pipeline, newer);
    await deleteImage(pipeline, older);
    const before = updates(pipeline).length;

    const rollback = await goBack(pipeline);
    await pipeline.runUntilIdle();

    expect(rollback).toMatchObject({
      outcome: 'FAILED',
      message: `production-web:2 cannot run once more: its image my-learn-app@${older} is no longer in ECR; start it with the "image" or "taskDefinition" of one that is`,
    });
    expect(updates(pipeline)).toHaveLength(before);
    expect(pipeline.running(web)).toEqual([newer]);
    expect(notifiedAt(pipeline, rollback)).toContain('is no longer in ECR');
  });

  test('the message of a deployment says that there was no way back to what ran before, also where it was not needed', async () => {
    const pipeline = await one();
    const older = await pipeline.push('other-1');
    const newer = await pipeline.push('other-2');
    await deploy(pipeline, older);
    await deleteImage(pipeline, older);

    const deployment = await deploy(pipeline, newer);
    await pipeline.runUntilIdle();

    expect(deployment.outcome).toBe('SUCCEEDED');
    expect(notifiedAt(pipeline, deployment)).toContain(
      `no way back was there: image my-learn-app@${older} of production-web:2, which ran before, is no longer in ECR`,
    );
  });

  test('where nothing of it runs any more, the way back fails, and that is the end that is told', async () => {
    const pipeline = await one({ tasks: 2, deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 } });
    const older = await pipeline.push('other-1');
    const broken = await pipeline.push('other-2', 'crashes-on-start');
    await deploy(pipeline, older);
    await deleteImage(pipeline, older);

    const deployment = await deploy(pipeline, broken);
    await pipeline.account.clock.advance(minutes);

    expect(deployment).toMatchObject({ status: 'FAILED', outcome: 'ROLLBACK_FAILED', message: expect.stringContaining('exit 1 in app') });
    expect(pipeline.running(web)).toEqual([]);
    expect(notifiedAt(pipeline, deployment)).toContain('no way back was there: image');
  });
});

describe('a revision that somebody deregistered', () => {
  const deregister = async ({ ecs }: Pipeline, taskDefinition: string): Promise<void> => {
    await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
  };

  test('is gone back to by hand all the same: what is registered is a copy of it', async () => {
    const pipeline = await one();
    const older = await pipeline.push('other-1');
    await deploy(pipeline, older);
    await deploy(pipeline, await pipeline.push('other-2'));
    await deregister(pipeline, 'production-web:2');

    expect(await goBack(pipeline)).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(pipeline.running(web)).toEqual([older]);
    const { taskDefinition } = await pipeline.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: pipeline.service(web)?.taskDefinition ?? '' }),
    );
    expect(taskDefinition?.status).toBe('ACTIVE');
  });

  test('and runs is no way back that ECS would take; the failure says so, and claims nothing', async () => {
    // The breaker gives up without going back: only an update could.
    const pipeline = await one({ tasks: 2, deploymentConfiguration: quickBreaker(false) });
    await deregister(pipeline, 'production-web:1');
    await pipeline.account.clock.advance(10_000);

    const deployment = await deploy(pipeline, await pipeline.push('other-1', 'crashes-on-start'));
    await pipeline.account.clock.advance(minutes);

    expect(deployment).toMatchObject({ outcome: 'ROLLBACK_FAILED', message: expect.stringContaining('TaskDefinition is inactive') });
    expect(messageOf(pipeline, deployment.arn)?.durationSeconds).toBeLessThan(10 * 60);
    expect(notifiedAt(pipeline, deployment)).toContain(
      'no way back was there: production-web:1, which ran before, is INACTIVE, and ECS takes no update to it',
    );
  });
});

test.each(['accessDenied', 'timeoutBefore'] as const)(
  'an update back that is refused or lost (%s) is sent again, long before the timeout',
  async (kind) => {
    const pipeline = await one({ tasks: 2, deploymentConfiguration: quickBreaker(false) });
    const [before = ''] = pipeline.running(web);
    pipeline.account.faults.inject({ on: 'ecs.UpdateService', by: 'RollBack', kind, times: kind === 'accessDenied' ? 1 : 8 });

    const deployment = await deploy(pipeline, await pipeline.push('other-1', 'crashes-on-start'));
    await pipeline.runUntilIdle();

    expect(deployment).toMatchObject({ outcome: 'ROLLED_BACK', message: expect.stringContaining('exit 1 in app') });
    expect(messageOf(pipeline, deployment.arn)?.durationSeconds).toBeLessThan(15 * 60);
    expect(pipeline.running(web)).toEqual([before]);
  },
);

/** What somebody has cancelled, and then put there himself in the ECS console. */
const givenQuarantined = async () => {
  const pipeline = await one({ tasks: 2, deploymentConfiguration: quickBreaker(true) });
  const good = await pipeline.push('other-good');
  await deploy(pipeline, good);
  const lastGood = pipeline.service(web)?.taskDefinition ?? '';
  const cancelled = await pipeline.push('other-cancelled', 'slow-to-start');
  const arn = await pipeline.start('deployment', { service: web, image: pipeline.imageUri(cancelled) });
  await until(pipeline, 'service-updated', 2);
  const taskDefinition = pipeline.service(web)?.taskDefinition ?? '';
  await pipeline.ended(await pipeline.start('deployment', { service: web, cancel: true }));
  expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK' });
  await pipeline.runUntilIdle();
  await pipeline.ecs.send(new UpdateServiceCommand({ cluster: 'production', service: 'web', taskDefinition }));
  await pipeline.runUntilIdle();
  expect(pipeline.running(web)).toEqual([cancelled]);
  return { pipeline, good, lastGood };
};

test('ECS that goes back to a quarantined image is followed by one update to the last good one', async () => {
  const { pipeline, good, lastGood } = await givenQuarantined();
  const before = updates(pipeline).length;

  const deployment = await deploy(pipeline, await pipeline.push('other-broken', 'crashes-on-start'));
  await pipeline.runUntilIdle();

  expect(deployment).toMatchObject({
    outcome: 'ROLLED_BACK',
    message: expect.stringContaining('the service is back on production-web:2'),
  });
  expect(updates(pipeline).slice(before)).toEqual([expect.any(String), lastGood]);
  expect(pipeline.running(web)).toEqual([good]);
});

test('the update to the last good one is sent anew where it is lost', async () => {
  const { pipeline, good } = await givenQuarantined();
  pipeline.account.faults.inject({ on: 'ecs.UpdateService', by: 'RollBack', kind: 'timeoutBefore', times: 8 });

  const deployment = await deploy(pipeline, await pipeline.push('other-broken', 'crashes-on-start'));
  await pipeline.runUntilIdle();

  expect(deployment).toMatchObject({ outcome: 'ROLLED_BACK', message: expect.stringContaining('exit 1 in app') });
  expect(messageOf(pipeline, deployment.arn)?.durationSeconds).toBeLessThan(15 * 60);
  expect(pipeline.running(web)).toEqual([good]);
});

test('the update to the last good one that ECS refuses is told with the refusal, and long before the timeout', async () => {
  const { pipeline, lastGood } = await givenQuarantined();
  await pipeline.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: lastGood }));
  await pipeline.account.clock.advance(10_000);

  const deployment = await deploy(pipeline, await pipeline.push('other-broken', 'crashes-on-start'));
  await pipeline.runUntilIdle();

  expect(deployment).toMatchObject({ outcome: 'ROLLBACK_FAILED', message: expect.stringContaining('TaskDefinition is inactive') });
  expect(messageOf(pipeline, deployment.arn)?.durationSeconds).toBeLessThan(15 * 60);
});

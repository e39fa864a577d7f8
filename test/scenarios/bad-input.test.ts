import { readFileSync } from 'node:fs';
import { CreateServiceCommand, DeleteServiceCommand } from '@aws-sdk/client-ecs';
import { appContainer, closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { pairwise, variantOf } from '../support/variants.js';

afterEach(closePipelines);

const registry = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';

/** Nothing may have been registered or updated: every revision is the first of its family. */
const expectUntouched = (pipeline: Pipeline): void => {
  expect(pipeline.account.log.of('ecs', 'service-updated')).toEqual([]);
  for (const service of ['staging/web', 'production/web', 'production/worker'])
    expect(pipeline.service(service)?.taskDefinition ?? ':1').toMatch(/:1$/);
};

const skippedEvents = {
  'push-without-tag.json': 'NO_TAG',
  'push-with-empty-tag.json': 'NO_TAG',
  'delete.json': 'INVALID_EVENT',
  'push-that-failed.json': 'INVALID_EVENT',
  'other-source.json': 'INVALID_EVENT',
  'push-to-other-repository.json': 'NOT_CONFIGURED',
  'push-of-unmatched-tag.json': 'TAG_NOT_MATCHED',
} as const;

describe.each(pairwise(['untaggedPush', 'pushMediaTypes', 'eventBridgeExecutionNames']))('under $variant', ({ assumptions }) => {
  test('an event that is not the push of a configured image is skipped, with the reason', async () => {
    const pipeline = await givenPipeline({ assumptions });

    for (const [file, reason] of Object.entries(skippedEvents)) {
      const release = await pipeline.ended(await pipeline.start('release', readFileSync(`events/${file}`, 'utf8')));
      expect({ file, ...release }).toMatchObject({ file, status: 'SUCCEEDED', outcome: 'SKIPPED', reason });
    }
    expectUntouched(pipeline);
  });

  test('the rule starts no execution for an event that is not a push of a configured repository', async () => {
    const pipeline = await givenPipeline({ assumptions });

    for (const file of ['delete.json', 'push-that-failed.json', 'other-source.json', 'push-to-other-repository.json'])
      await pipeline.event(file);
    await pipeline.runUntilIdle();

    expect(await pipeline.executions('release')).toEqual([]);
  });

  test('fields that AWS adds to the event are accepted', async () => {
    const pipeline = await givenPipeline({ assumptions });
    const digest = await pipeline.push('main-9');
    await pipeline.runUntilIdle();
    const event = JSON.parse(readFileSync('events/push-with-unknown-fields.json', 'utf8'));

    const release = await pipeline.ended(
      await pipeline.start('release', { ...event, detail: { ...event.detail, 'image-tag': 'main-9', 'image-digest': digest } }),
    );

    expect(release).toMatchObject({ outcome: 'SKIPPED', reason: 'ALREADY_RUNNING' });
  });

  test('an event of a tag that has moved since does not replace the newer image', async () => {
    const pipeline = await givenPipeline({ assumptions });
    const older = await pipeline.push('main-9');
    const newer = await pipeline.push('main-9');
    await pipeline.runUntilIdle();

    expect(older).not.toBe(newer);
    expect((await pipeline.executions('release')).map(({ outcome }) => outcome).sort()).toEqual(['SKIPPED', 'SUCCEEDED']);
    expect(pipeline.running('production/web')).toEqual([newer]);
  });
});

// The messages, and all other invalid inputs, are in test/core/input.
describe('an invalid input of an operator is rejected before anything changes', () => {
  const image = `${registry}/my-learn-app:main-1`;
  const invalid = (result: object) => ({ status: 'FAILED', outcome: 'FAILED', reason: 'INVALID_INPUT', ...result });

  test('for a deployment', async () => {
    const pipeline = await givenPipeline(variantOf('invalid deployments'));
    const inputs = [
      {},
      [1],
      '"production/web"',
      'null',
      { service: 'production/web', image, sevrice: 1 },
      { service: 'production/api', image },
      { service: 'production/web', image: 'nginx:1' },
      { service: 'production/web', image: `${registry}/other:1` },
      { service: 'production/web', image: `${registry}/my-learn-app:gone` },
    ];

    for (const input of inputs)
      expect({ input, ...(await pipeline.ended(await pipeline.start('deployment', input))) }).toMatchObject(invalid({ input }));

    expectUntouched(pipeline);
    await pipeline.runUntilIdle();
    const result = { outcome: 'FAILED', reason: 'INVALID_INPUT' };
    expect(pipeline.messages()).toMatchObject(inputs.map(() => ({ result })));
  });

  test('for a release', async () => {
    const pipeline = await givenPipeline(variantOf('invalid releases'));
    const repository = 'my-learn-app';

    for (const input of [
      {},
      { repository },
      { repository, tga: 'v1' },
      { repository: 'other', tag: 'v1' },
      { repository, digest: 'abc' },
      { repository, tag: 'v9' },
      { repository, tag: 'feature' },
    ])
      expect({ input, ...(await pipeline.ended(await pipeline.start('release', input))) }).toMatchObject(invalid({ input }));
    expectUntouched(pipeline);
  });
});

describe('a service that cannot be deployed to is rejected before anything changes', () => {
  const image = `${registry}/my-learn-app:main-2`;
  const deploy = async (pipeline: Pipeline) => {
    await pipeline.push('other-tag', 'healthy', 'second');
    return pipeline.ended(await pipeline.start('deployment', { service: 'production/web', image: image.replace('main-2', 'other-tag') }));
  };

  const invalidService = { outcome: 'FAILED', reason: 'INVALID_SERVICE' };

  test('one that does not exist', async () => {
    const pipeline = await givenPipeline({ ...variantOf('one that does not exist'), services: {} });

    expect(await deploy(pipeline)).toMatchObject(invalidService);
  });

  test('one that was deleted', async () => {
    const pipeline = await givenPipeline({ ...variantOf('one that was deleted'), services: { 'production/web': {} } });
    await pipeline.ecs.send(new DeleteServiceCommand({ cluster: 'production', service: 'web', force: true }));
    await pipeline.account.clock.advance(300_000);

    expect(await deploy(pipeline)).toMatchObject(invalidService);
  });

  test('one with another deployment controller', async () => {
    const pipeline = await givenPipeline({
      ...variantOf('one with another deployment controller'),
      services: { 'production/web': { deploymentController: { type: 'CODE_DEPLOY' } } },
    });

    expect(await deploy(pipeline)).toMatchObject(invalidService);
  });

  test('one whose ARN lacks the cluster', async () => {
    const pipeline = await givenPipeline({ ...variantOf('one whose ARN lacks the cluster'), services: { 'staging/web': {} } });
    pipeline.account.services.ecs.setServiceArnFormat('short');
    await pipeline.ecs.send(
      new CreateServiceCommand({
        cluster: 'production',
        serviceName: 'web',
        desiredCount: 1,
        taskDefinition: 'staging-web',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d'] } },
      }),
    );
    await pipeline.account.clock.advance(300_000);

    expect(await deploy(pipeline)).toMatchObject(invalidService);
  });

  test('one without a container of the repository, if none is configured', async () => {
    const pipeline = await givenPipeline({
      ...variantOf('one without a container of the repository, if none is configured'),
      services: { 'production/worker': { containers: [{ ...appContainer, image: 'nginx:1' }] } },
    });
    await pipeline.push('other-tag', 'healthy', 'second');

    const deployment = await pipeline.ended(
      await pipeline.start('deployment', { service: 'production/worker', image: image.replace('main-2', 'other-tag') }),
    );

    expect(deployment).toMatchObject(invalidService);
    expect(pipeline.service('production/worker')?.taskDefinition).toMatch(/:1$/);
  });

  test('a configured container may have had any image before', async () => {
    const pipeline = await givenPipeline({
      ...variantOf('a configured container may have had any image before'),
      services: { 'production/web': { containers: [{ ...appContainer, image: 'nginx:1' }] } },
    });

    expect(await deploy(pipeline)).toMatchObject({ outcome: 'SUCCEEDED' });
  });
});

test('the role of a step denies updates of services that slipway.yml does not name', async () => {
  const pipeline = await givenPipeline({ services: { 'production/web': {}, 'production/other': {} } });
  const role = pipeline.account.services.iam;
  const caller = { arn: pipeline.resource('UpdateServiceRole', 'Arn'), kind: 'role' as const };

  const service = 'arn:aws:ecs:eu-west-1:123456789012:service/production';

  expect(role.isAllowed(caller, 'ecs:UpdateService', `${service}/web`)).toBe(true);
  expect(role.isAllowed(caller, 'ecs:UpdateService', `${service}/other`)).toBe(false);
});

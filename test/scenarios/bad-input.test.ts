import { readFileSync } from 'node:fs';
import { DeleteServiceCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
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

describe.each(pairwise(['untaggedPush', 'pushMediaTypes', 'eventsPerPush', 'eventBridgeExecutionNames']))(
  'an event that is not the push of a configured image is skipped, with the reason, under $variant',
  ({ assumptions }) => {
    test.each([
      ['push-without-tag.json', 'the push to my-learn-app has no tag; only tagged images are deployed'],
      ['push-with-empty-tag.json', 'the push to my-learn-app has no tag; only tagged images are deployed'],
      ['delete.json', 'the event\'s action is "DELETE"; only PUSH is deployed'],
      ['push-that-failed.json', 'the push ended as "FAILURE"; only SUCCESS is deployed'],
      ['other-source.json', 'the event\'s source is "com.example"; only aws.ecr announces pushes'],
      ['push-to-other-repository.json', 'repository other-app is not in slipway.yml; it names my-learn-app'],
      ['push-of-unmatched-tag.json', 'tag feature-x matches none of main-*, v*'],
    ])('%s', async (file, message) => {
      const pipeline = await givenPipeline({ assumptions });

      const release = await pipeline.ended(await pipeline.start('release', readFileSync(`events/${file}`, 'utf8')));

      expect(release).toMatchObject({ status: 'SUCCEEDED', outcome: 'SKIPPED', message });
      expectUntouched(pipeline);
    });

    test('the rule itself spares executions for what is no push of a configured repository', async () => {
      const pipeline = await givenPipeline({ assumptions });

      for (const file of ['delete.json', 'push-that-failed.json', 'other-source.json', 'push-to-other-repository.json'])
        await pipeline.event(file);
      await pipeline.releaseLease();

      expect(await pipeline.executions('release')).toEqual([]);
    });

    test('fields that AWS adds to the event are accepted', async () => {
      const pipeline = await givenPipeline({ assumptions });
      const digest = await pipeline.push('main-9');
      await pipeline.releaseLease();
      const event = JSON.parse(readFileSync('events/push-with-unknown-fields.json', 'utf8'));

      const release = await pipeline.ended(
        await pipeline.start('release', { ...event, detail: { ...event.detail, 'image-tag': 'main-9', 'image-digest': digest } }),
      );

      expect(release).toMatchObject({ outcome: 'SKIPPED', message: expect.stringContaining('already running') });
    });

    test('an event whose tag has moved on leaves the newer image alone', async () => {
      const pipeline = await givenPipeline({ assumptions });
      const older = await pipeline.push('main-9');
      const newer = await pipeline.push('main-9');
      await pipeline.releaseLease();

      expect(older).not.toBe(newer);
      expect((await pipeline.executions('release')).map(({ outcome }) => outcome).sort()).toEqual(['SKIPPED', 'SUCCEEDED']);
      expect(pipeline.running('production/web')).toEqual([newer]);
    });
  },
);

describe('wrong input of an operator is refused before anything changes, with what is right', () => {
  const image = `${registry}/my-learn-app:main-1`;

  test.each<[string, unknown, string]>([
    ['an empty object', {}, 'the input is empty; expected an object such as {"service": "production/web"'],
    ['a list', [1], 'the input is a list ([1]); expected an object such as'],
    ['a string', '"production/web"', 'the input is a string ("production/web"); expected an object such as'],
    ['null', 'null', 'the input is null (null); expected an object such as'],
    ['a service that is a number', { service: 3, image }, '"service" of the input is 3; expected string, as in'],
    [
      'no image',
      { service: 'production/web' },
      'the input has none of "image", "taskDefinition", "rollback", "redeploy", "hold", "cancel"; expected one of them',
    ],
    [
      'an unknown key',
      { service: 'production/web', image, sevrice: 1 },
      'the input has the unknown key "sevrice" (1); expected an object such as',
    ],
    ['a service that slipway.yml does not name', { service: 'production/api', image }, 'service production/api is not in slipway.yml'],
    [
      'an image that is not of ECR',
      { service: 'production/web', image: 'nginx:1' },
      '"image" of the input is "nginx:1"; expected an image of Amazon ECR',
    ],
    [
      'an image of another repository',
      { service: 'production/web', image: `${registry}/other:1` },
      'service production/web is deployed from my-learn-app, not from other',
    ],
    [
      'a tag that is not there',
      { service: 'production/web', image: `${registry}/my-learn-app:gone` },
      `image my-learn-app:gone is not in ${registry}; push it first, or check its tag`,
    ],
  ])('deployment: %s', async (title, input, message) => {
    const pipeline = await givenPipeline(variantOf(title));

    const deployment = await pipeline.ended(await pipeline.start('deployment', input));

    expect(deployment).toMatchObject({ status: 'FAILED', outcome: 'FAILED', message: expect.stringContaining(message) });
    expectUntouched(pipeline);
    await pipeline.releaseLease();
    expect(pipeline.messages()).toMatchObject([{ result: { outcome: 'FAILED', reason: 'INVALID_INPUT' } }]);
  });

  test.each<[string, unknown, string]>([
    ['an empty object', {}, 'the input is empty; expected an object such as {"repository": "my-learn-app", "tag": "v1.4.2"}'],
    ['neither tag nor digest', { repository: 'my-learn-app' }, 'the input has neither "tag" nor "digest"; expected one of them'],
    ['an unknown key', { repository: 'my-learn-app', tga: 'v1' }, 'the input has the unknown key "tga" ("v1")'],
    [
      'a repository that is not configured',
      { repository: 'other', tag: 'v1' },
      'repository other is not in slipway.yml; it names my-learn-app',
    ],
    [
      'a digest that is none',
      { repository: 'my-learn-app', digest: 'abc' },
      '"digest" of the input is "abc"; expected sha256: and 64 hexadecimal digits',
    ],
    [
      'a tag that is not there',
      { repository: 'my-learn-app', tag: 'v9' },
      `image my-learn-app:v9 is not in ${registry}; push it first, or check its tag`,
    ],
    [
      'a tag that the policy does not allow',
      { repository: 'my-learn-app', tag: 'feature' },
      'tag feature matches none of main-*, v*; give "force": true',
    ],
  ])('release: %s', async (title, input, message) => {
    const pipeline = await givenPipeline(variantOf(title));

    const release = await pipeline.ended(await pipeline.start('release', input));

    expect(release).toMatchObject({ status: 'FAILED', outcome: 'FAILED', message: expect.stringContaining(message) });
    expectUntouched(pipeline);
  });
});

describe('a service that cannot be deployed to is refused before anything changes', () => {
  const image = `${registry}/my-learn-app:main-2`;
  const deploy = async (pipeline: Pipeline) => {
    await pipeline.push('other-tag', 'healthy', 'second');
    return pipeline.ended(await pipeline.start('deployment', { service: 'production/web', image: image.replace('main-2', 'other-tag') }));
  };

  test('one that does not exist', async () => {
    const pipeline = await givenPipeline({ ...variantOf('one that does not exist'), services: {} });

    expect(await deploy(pipeline)).toMatchObject({
      outcome: 'FAILED',
      message: expect.stringContaining('there is no service production/web'),
    });
  });

  test('one that was deleted', async () => {
    const pipeline = await givenPipeline({ ...variantOf('one that was deleted'), services: { 'production/web': {} } });
    await pipeline.ecs.send(new DeleteServiceCommand({ cluster: 'production', service: 'web', force: true }));
    await pipeline.account.clock.advance(300_000);

    expect(await deploy(pipeline)).toMatchObject({
      outcome: 'FAILED',
      message: expect.stringContaining('service production/web is INACTIVE; expected ACTIVE'),
    });
  });

  test('one with another deployment controller', async () => {
    const pipeline = await givenPipeline({
      ...variantOf('one with another deployment controller'),
      services: { 'production/web': { deploymentController: { type: 'CODE_DEPLOY' } } },
    });

    expect(await deploy(pipeline)).toMatchObject({
      outcome: 'FAILED',
      message: expect.stringContaining('has the deployment controller CODE_DEPLOY; expected ECS'),
    });
  });

  test('one that can never replace a task', async () => {
    const pipeline = await givenPipeline({ ...variantOf('one that can never replace a task'), services: { 'production/web': {} } });
    await pipeline.ecs.send(
      new UpdateServiceCommand({
        cluster: 'production',
        service: 'web',
        deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 },
      }),
    );
    await pipeline.account.clock.advance(60_000);

    expect(await deploy(pipeline)).toMatchObject({
      outcome: 'FAILED',
      message: expect.stringContaining('can never replace a task: its minimum is 100 % and its maximum 100 %'),
    });
  });

  test('one of which no container uses the repository, nor is named', async () => {
    const pipeline = await givenPipeline({
      ...variantOf('one of which no container uses the repository, nor is named'),
      services: { 'production/worker': { containers: [{ ...appContainer, image: 'nginx:1' }] } },
    });
    await pipeline.push('other-tag', 'healthy', 'second');

    const deployment = await pipeline.ended(
      await pipeline.start('deployment', { service: 'production/worker', image: image.replace('main-2', 'other-tag') }),
    );

    expect(deployment).toMatchObject({
      outcome: 'FAILED',
      message: expect.stringContaining('no container of service production/worker uses'),
    });
    expect(pipeline.service('production/worker')?.taskDefinition).toMatch(/:1$/);
  });

  test('a container that is named may have had any image before', async () => {
    const pipeline = await givenPipeline({
      ...variantOf('a container that is named may have had any image before'),
      services: { 'production/web': { containers: [{ ...appContainer, image: 'nginx:1' }] } },
    });

    expect(await deploy(pipeline)).toMatchObject({ outcome: 'SUCCEEDED' });
  });
});

test('a step that is made to deploy a service which slipway.yml does not name is denied by its role', async () => {
  const pipeline = await givenPipeline({ services: { 'production/web': {}, 'production/other': {} } });
  const role = pipeline.account.services.iam;
  const caller = { arn: pipeline.resource('UpdateServiceRole', 'Arn'), kind: 'role' as const };

  const service = 'arn:aws:ecs:eu-west-1:123456789012:service/production';

  expect(role.isAllowed(caller, 'ecs:UpdateService', `${service}/web`)).toBe(true);
  expect(role.isAllowed(caller, 'ecs:UpdateService', `${service}/other`)).toBe(false);
});

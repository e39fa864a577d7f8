import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { revoked, tooFast } from '../support/slack-server.js';

afterEach(closePipelines);

const minutes = 60_000;

/** Pushes, and waits only until the release is reported. */
const releaseReported = async (pipeline: Pipeline): Promise<void> => {
  await pipeline.push('main-2');
  const { clock, log } = pipeline.account;
  await clock.run({ until: () => log.of('sns', 'published').length > 0 });
};

test('a message that Slack rate-limits is sent again after Retry-After, and received once', async () => {
  const pipeline = await givenPipeline();
  pipeline.slack.answers = [tooFast(45)];

  await releaseReported(pipeline);
  await pipeline.account.clock.advance(30_000);
  const early = pipeline.slack.requests();
  await pipeline.account.clock.advance(30_000);

  expect(early).toBe(1);
  expect(pipeline.slack.received).toMatchObject([{ text: expect.stringContaining('main-2') }]);
});

test('Slack that is down for an hour receives the message later', async () => {
  const pipeline = await givenPipeline();
  pipeline.slack.always = { status: 503, body: 'service unavailable' };

  await releaseReported(pipeline);
  await pipeline.account.clock.advance(60 * minutes);
  expect(pipeline.slack.received).toEqual([]);
  pipeline.slack.always = { status: 200, body: 'ok' };
  await pipeline.account.clock.advance(10 * minutes);

  expect(pipeline.slack.received).toHaveLength(1);
});

test('a message to a revoked webhook is retried for hours; then it is in the dead-letter queue, and the alarm fires', async () => {
  const pipeline = await givenPipeline();
  pipeline.slack.always = revoked;

  await releaseReported(pipeline);
  await pipeline.account.clock.advance(24 * 60 * minutes);

  const { sqs, cloudwatch } = pipeline.account.services;
  expect(pipeline.slack.requests()).toBeGreaterThan(100);
  expect(sqs.depth(pipeline.resource('UndeliveredMessages', 'Arn'))).toEqual({ visible: 1, inFlight: 0 });
  expect(cloudwatch.stateOf(pipeline.resource('UndeliveredMessagesAlarm'))).toBe('ALARM');
});

test('a release that a hold skips is published to the topic, and to Slack if an operator started it; a tag that no stage takes is in the history only', async () => {
  const pipeline = await givenPipeline();
  await pipeline.control('hold', '*');
  await pipeline.runUntilIdle();
  const before = pipeline.slack.requests();

  await pipeline.push('main-2');
  await pipeline.push('feature-x');
  await pipeline.runUntilIdle();

  const [, ...messages] = pipeline.messages();
  expect(messages).toMatchObject([{ attributes: { outcome: 'SKIPPED' }, result: { outcome: 'SKIPPED', reason: 'ON_HOLD' } }]);
  expect(pipeline.slack.requests()).toBe(before);
  expect((await pipeline.executions('release')).map(({ reason }) => reason).toSorted()).toEqual(['ON_HOLD', 'TAG_NOT_MATCHED']);

  await pipeline.ended(await pipeline.start('release', { repository: 'my-learn-app', tag: 'main-2', by: 'ada' }));
  await pipeline.ended(await pipeline.start('release', { repository: 'my-learn-app', tag: 'main-2', by: 'ada' }));
  await pipeline.runUntilIdle();
  expect(pipeline.messages().at(-1)).toMatchObject({ attributes: { outcome: 'SKIPPED' }, result: { reason: 'ALREADY_RUNNING' } });
  expect(pipeline.slack.requests()).toBe(before + 2);
});

test('pain: a message without details: mail and Slack name outcome, image, commit, operator, failure and logs', async () => {
  const pipeline = await givenPipeline({ services: { 'production/web': { tasks: 2 } } });
  await pipeline.push('other', 'crashes-on-start', 'abc123');
  const image = pipeline.imageUri('other');

  const { arn } = await pipeline.ended(
    await pipeline.start('deployment', { service: 'production/web', image, by: 'ada', reason: 'hotfix' }),
  );
  await pipeline.runUntilIdle();

  const message = pipeline.messages().find(({ id }) => id === arn);
  expect(message?.attributes).toEqual({ outcome: 'ROLLED_BACK', service: 'production/web', stage: 'production' });
  for (const part of [
    'outcome   ROLLED_BACK, CRASHED',
    'image     my-learn-app:other (',
    'commit    abc123',
    'started   hand, ada: hotfix',
    'account   123456789012 in eu-west-1',
    'before: my-learn-app:main-1',
    'exit 1 in app: Essential container in task exited',
    'Error: connect ECONNREFUSED database:5432',
    'ecs/v2/clusters/production/services/web?region=eu-west-1',
    `executions/details/${arn}`,
  ])
    expect(message?.text).toContain(part);
  const chat = JSON.stringify(pipeline.slack.received.at(-1));
  for (const part of [
    'ROLLED_BACK',
    'CRASHED',
    'abc123',
    'hand, ada: hotfix',
    'my-learn-app:main-1',
    'ECONNREFUSED',
    'services/web?region=eu-west-1',
  ])
    expect(chat).toContain(part);
});

test('an event that EventBridge cannot deliver is in the dead-letter queue, and the alarm fires', async () => {
  const pipeline = await givenPipeline();
  pipeline.account.faults.inject({ on: 'states.StartExecution', kind: 'accessDenied', times: Number.POSITIVE_INFINITY });

  await pipeline.push('main-2');
  await pipeline.runUntilIdle();

  const { sqs, cloudwatch } = pipeline.account.services;
  expect(sqs.depth(pipeline.resource('UndeliveredPushes', 'Arn'))).toEqual({ visible: 1, inFlight: 0 });
  expect(cloudwatch.stateOf(pipeline.resource('UndeliveredPushesAlarm'))).toBe('ALARM');
});

describe('the commit that an image was built from is reported', () => {
  const labels = {
    'org.opencontainers.image.revision': '4f5e6d7',
    'org.opencontainers.image.source': 'https://github.com/example/my-learn-app',
  };
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';

  test('from the labels of its configuration, where docker build writes them', async () => {
    const pipeline = await givenPipeline();
    const digest = await pipeline.upload({ config: { Labels: labels } });

    await pipeline.putManifest(
      'main-2',
      JSON.stringify({ schemaVersion: 2, mediaType, config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: 1 } }),
    );
    await pipeline.runUntilIdle();

    expect(pipeline.messages()[0]?.text).toContain('commit    4f5e6d7 of https://github.com/example/my-learn-app');
  });

  test("of an image for several platforms, from its first platform's", async () => {
    const pipeline = await givenPipeline();
    const config = await pipeline.upload({ config: { Labels: labels } });
    const digest = await pipeline.putManifest(
      undefined,
      JSON.stringify({
        schemaVersion: 2,
        mediaType,
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config, size: 1 },
      }),
    );

    const manifests = [{ mediaType, digest, size: 1, platform: { architecture: 'amd64', os: 'linux' } }];
    await pipeline.putManifest(
      'main-2',
      JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests }),
    );
    await pipeline.runUntilIdle();

    expect(pipeline.messages().at(-1)?.text).toContain('commit    4f5e6d7 of');
  });

  test('an image whose labels cannot be read is deployed without them', async () => {
    const pipeline = await givenPipeline();
    const digest = await pipeline.upload(['no', 'configuration']);

    await pipeline.putManifest(
      'main-2',
      JSON.stringify({ schemaVersion: 2, mediaType, config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: 1 } }),
    );
    await pipeline.runUntilIdle();

    expect(pipeline.messages()[0]).toMatchObject({ result: { outcome: 'SUCCEEDED' } });
    expect(pipeline.messages()[0]?.text).not.toContain('commit');
  });
});

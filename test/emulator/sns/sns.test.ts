import { policyFor } from '../given-account.js';
import { deadLetterArn, givenTopic, outcome, queueArn, topicArn } from './given-topic.js';

test('a queue gets the message in its envelope', async () => {
  const { publish, receive, subscriptionArn, account } = givenTopic();

  const { MessageId } = await publish({ Subject: 'News', MessageAttributes: outcome('FAILED') });

  const [message] = await receive();
  expect(JSON.parse(message?.Body ?? '')).toEqual({
    Type: 'Notification',
    MessageId,
    TopicArn: topicArn,
    Subject: 'News',
    Message: 'hello',
    Timestamp: '2026-11-23T09:00:00.000Z',
    SignatureVersion: '1',
    Signature: expect.any(String),
    SigningCertURL: expect.stringMatching(/^https:\/\/sns\.eu-west-1\.amazonaws\.com\//),
    UnsubscribeURL: `https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`,
    MessageAttributes: { outcome: { Type: 'String', Value: 'FAILED' } },
  });
  expect(message?.MessageAttributes).toBeUndefined();
  expect(account.log.of('sns', 'published')).toMatchObject([{ detail: { topic: topicArn, subject: 'News', message: 'hello' } }]);
  expect(account.log.of('sns', 'delivered')).toHaveLength(1);
});

test('raw delivery gives the queue the message itself, with its attributes', async () => {
  const { publish, receive } = givenTopic({ rawMessageDelivery: true });

  await publish({ MessageAttributes: { ...outcome('FAILED'), n: { DataType: 'Number', StringValue: '3' } } });

  expect(await receive()).toMatchObject([
    { Body: 'hello', MessageAttributes: { ...outcome('FAILED'), n: { DataType: 'Number', StringValue: '3' } } },
  ]);
});

test('a filter policy matches the attributes, with the grammar of event patterns', async () => {
  const { publish, receive } = givenTopic({
    rawMessageDelivery: true,
    filterPolicy: {
      outcome: [{ 'anything-but': ['SKIPPED'] }],
      seconds: [{ numeric: ['>', 60] }, { exists: false }],
      teams: ['web', { exists: false }],
    },
  });

  const seconds = (StringValue: string) => ({ seconds: { DataType: 'Number', StringValue } });
  const teams = (StringValue: string) => ({ teams: { DataType: 'String.Array', StringValue } });
  await publish({ Message: 'without attributes' });
  await publish({ Message: 'skipped', MessageAttributes: outcome('SKIPPED') });
  await publish({ Message: 'failed', MessageAttributes: outcome('FAILED') });
  await publish({ Message: 'too short', MessageAttributes: { ...outcome('FAILED'), ...seconds('60') } });
  await publish({ Message: 'long', MessageAttributes: { ...outcome('FAILED'), ...seconds('61') } });
  await publish({ Message: 'ours', MessageAttributes: { ...outcome('FAILED'), ...teams('["api","web"]') } });
  await publish({ Message: 'theirs', MessageAttributes: { ...outcome('FAILED'), ...teams('["api"]') } });

  expect((await receive()).map(({ Body }) => Body)).toEqual(['failed', 'long', 'ours']);
});

test('a queue whose policy does not allow the topic gets nothing, and the message is dead-lettered', async () => {
  const { publish, sqs, account } = givenTopic({ deadLetterArn });
  sqs.setQueuePolicy(queueArn, policyFor('sns.amazonaws.com', 'arn:aws:sns:eu-west-1:123456789012:other'));

  await publish({});

  expect(sqs.depth(queueArn).visible).toBe(0);
  expect(sqs.depth(deadLetterArn).visible).toBe(1);
  expect(account.log.of('sns', 'dead-lettered')).toHaveLength(1);
});

test('a queue that is temporarily unavailable gets the message later', async () => {
  const { publish, sqs, account } = givenTopic();
  account.faults.inject({ on: 'sqs.SendMessage', by: 'sns.amazonaws.com', kind: 'serverError', times: 7 });

  await publish({});

  expect(sqs.depth(queueArn).visible).toBe(1);
});

test('an endpoint that does not answer is retried', async () => {
  const { publish, invoked, account } = givenTopic({
    protocol: 'lambda',
    endpoint: 'arn:aws:lambda:eu-west-1:123456789012:function:notify',
  });
  account.faults.inject({ on: 'lambda.Invoke', kind: 'timeoutBefore' });

  await publish({});

  expect(invoked).toHaveLength(1);
});

test('a function gets a record', async () => {
  const { publish, invoked, subscriptionArn } = givenTopic({
    protocol: 'lambda',
    endpoint: 'arn:aws:lambda:eu-west-1:123456789012:function:notify',
  });

  const { MessageId } = await publish({});

  expect(invoked).toMatchObject([
    {
      Records: [
        {
          EventSource: 'aws:sns',
          EventSubscriptionArn: subscriptionArn,
          Sns: { Type: 'Notification', MessageId, TopicArn: topicArn, Subject: null, Message: 'hello', MessageAttributes: {} },
        },
      ],
    },
  ]);
});

test('MessageStructure json has a body for a protocol, and the default for the others', async () => {
  const { publish, receive, sns, account } = givenTopic({ rawMessageDelivery: true });
  sns.subscribe({ topicArn, protocol: 'email', endpoint: 'ops@example.com', rawMessageDelivery: false });

  await publish({ Subject: 'News', MessageStructure: 'json', Message: '{"default":"short","sqs":"for machines"}' });

  expect((await receive())[0]?.Body).toBe('for machines');
  expect(account.log.of('sns', 'email-sent')).toMatchObject([{ detail: { to: 'ops@example.com', subject: 'News', message: 'short' } }]);
});

test.each([
  ['a subject of 100 characters', { Subject: 'x'.repeat(100) }, 'Invalid parameter: Subject'],
  ['a subject with a line break', { Subject: 'a\nb' }, 'Invalid parameter: Subject'],
  ['a subject with a control character', { Subject: 'a\u0007b' }, 'Invalid parameter: Subject'],
  ['an empty message', { Message: '' }, 'Invalid parameter: Empty message'],
  ['a message of 262,145 bytes in fewer characters', { Message: `${'é'.repeat(131_072)}x` }, 'Invalid parameter: Message too long'],
  [
    'a JSON structure without default',
    { MessageStructure: 'json', Message: '{"sqs":"x"}' },
    'Invalid parameter: Message Structure - No default entry in JSON message body',
  ],
])('%s is refused', async (_title, input, message) => {
  const { publish } = givenTopic();

  await expect(publish(input)).rejects.toMatchObject({ code: 'InvalidParameterException', message });
});

test('a subject of 99 characters and a message of 262,144 bytes are published', async () => {
  const { publish, sns } = givenTopic();

  await publish({ Subject: 'é'.repeat(99), Message: 'x'.repeat(262_144) });

  expect(sns.published(topicArn)).toHaveLength(1);
});

test('an unknown topic is NotFoundException', async () => {
  const { publish } = givenTopic();

  await expect(publish({ TopicArn: 'arn:aws:sns:eu-west-1:123456789012:none' })).rejects.toMatchObject({
    code: 'NotFoundException',
    status: 404,
  });
});

test("a rule needs the topic's policy to publish; an alarm may publish without one", () => {
  const { sns } = givenTopic();
  const rule = { arn: 'events.amazonaws.com', kind: 'service', sourceArn: 'arn:aws:events:eu-west-1:123456789012:rule/r' } as const;
  const alarm = {
    arn: 'cloudwatch.amazonaws.com',
    kind: 'service',
    sourceArn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a',
  } as const;

  sns.publish(alarm, topicArn, { message: 'alarm' });
  expect(() => sns.publish(rule, topicArn, { message: 'event' })).toThrow(expect.objectContaining({ code: 'AuthorizationErrorException' }));

  sns.setTopicPolicy(topicArn, policyFor('events.amazonaws.com', 'arn:aws:events:eu-west-1:123456789012:rule/r'));
  sns.publish(rule, topicArn, { message: 'event' });
  expect(sns.published(topicArn).map(({ message }) => message)).toEqual(['alarm', 'event']);
});

test('Subscribe reads its attributes from strings, and the same endpoint again is the same subscription', async () => {
  const { ask, publish, account, subscriptionArn } = givenTopic();
  const input = {
    TopicArn: topicArn,
    Protocol: 'https',
    Endpoint: 'https://example.com/hook',
    Attributes: { FilterPolicy: '{"outcome":["FAILED"]}', RawMessageDelivery: 'true' },
  };

  const first = await ask('sns', 'Subscribe', input);
  expect(await ask('sns', 'Subscribe', input)).toEqual(first);
  expect(await ask('sns', 'Subscribe', { TopicArn: topicArn, Protocol: 'sqs', Endpoint: queueArn })).toEqual({
    SubscriptionArn: subscriptionArn,
  });

  await publish({});
  await publish({ MessageAttributes: outcome('FAILED') });
  expect(account.log.of('sns', 'https-posted')).toMatchObject([{ detail: { to: 'https://example.com/hook', body: 'hello' } }]);
  expect(await ask('sns', 'ListTopics', {})).toEqual({ Topics: [{ TopicArn: topicArn }] });
});

test.each([
  ['protocol sms', { Protocol: 'sms', Endpoint: '+49' }],
  ['filtering by the body', { Protocol: 'sqs', Endpoint: deadLetterArn, Attributes: { FilterPolicyScope: 'MessageBody' } }],
  ['a delivery policy', { Protocol: 'sqs', Endpoint: deadLetterArn, Attributes: { DeliveryPolicy: '{}' } }],
])('subscribing with %s is not emulated', async (_title, input) => {
  const { ask } = givenTopic();

  await expect(ask('sns', 'Subscribe', { TopicArn: topicArn, ...input })).rejects.toMatchObject({ code: 'NotEmulated' });
});

test('subscriptions of a topic are listed', async () => {
  const { ask } = givenTopic();

  expect(await ask('sns', 'ListSubscriptionsByTopic', { TopicArn: topicArn })).toEqual({
    Subscriptions: [
      {
        SubscriptionArn: expect.stringContaining(`${topicArn}:`),
        Owner: '123456789012',
        Protocol: 'sqs',
        Endpoint: queueArn,
        TopicArn: topicArn,
      },
    ],
  });
});

import { createSqs } from '../../../emulator/sqs/index.js';
import { givenAccount, policyFor } from '../given-account.js';

const jobsArn = 'arn:aws:sqs:eu-west-1:123456789012:jobs';
const deadLetterArn = 'arn:aws:sqs:eu-west-1:123456789012:dead-letters';
const jobsUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/jobs';
const deadLetterUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters';

type Received = { Messages?: { Body: string; ReceiptHandle: string; Attributes?: Record<string, string>; MessageAttributes?: unknown }[] };

const givenQueues = () => {
  const given = givenAccount((account) => ({ sqs: createSqs(account) }));
  given.sqs.createQueue({ name: 'dead-letters', arn: deadLetterArn, visibilityTimeoutSeconds: 30, messageRetentionSeconds: 1_209_600 });
  given.sqs.createQueue({
    name: 'jobs',
    arn: jobsArn,
    visibilityTimeoutSeconds: 60,
    messageRetentionSeconds: 3600,
    redrive: { deadLetterArn, maxReceiveCount: 2 },
  });
  const receive = (QueueUrl = jobsUrl, more = {}) => given.ask<Received>('sqs', 'ReceiveMessage', { QueueUrl, ...more });
  return { ...given, receive };
};

test('a message that was received is invisible until its visibility timeout, and removed once deleted', async () => {
  const { account, ask, receive, sqs } = givenQueues();
  await ask('sqs', 'SendMessage', { QueueUrl: jobsUrl, MessageBody: 'hello' });

  const first = await receive();
  expect(first.Messages?.[0]?.Body).toBe('hello');
  expect(await receive()).toEqual({});
  expect(sqs.depth(jobsArn)).toEqual({ visible: 0, inFlight: 1 });

  await account.clock.advance(60_000);
  const second = await receive();
  await ask('sqs', 'DeleteMessage', { QueueUrl: jobsUrl, ReceiptHandle: second.Messages?.[0]?.ReceiptHandle });

  await account.clock.advance(60_000);
  expect(await receive()).toEqual({});
  expect(sqs.depth(jobsArn)).toEqual({ visible: 0, inFlight: 0 });
});

test('a receipt handle from an earlier receive deletes nothing, and is answered with success', async () => {
  const { account, ask, receive, sqs } = givenQueues();
  await ask('sqs', 'SendMessage', { QueueUrl: jobsUrl, MessageBody: 'hello' });
  const first = await receive();
  await account.clock.advance(60_000);
  await receive();

  await ask('sqs', 'DeleteMessage', { QueueUrl: jobsUrl, ReceiptHandle: first.Messages?.[0]?.ReceiptHandle });

  expect(sqs.depth(jobsArn)).toEqual({ visible: 0, inFlight: 1 });
});

test('a message received maxReceiveCount times moves to the dead-letter queue when it would be visible again', async () => {
  const { account, ask, receive, sqs } = givenQueues();
  await ask('sqs', 'SendMessage', { QueueUrl: jobsUrl, MessageBody: 'poison' });
  await receive();
  await account.clock.advance(60_000);
  await receive();
  expect(sqs.depth(deadLetterArn)).toEqual({ visible: 0, inFlight: 0 });

  await account.clock.run();

  expect(sqs.depth(jobsArn)).toEqual({ visible: 0, inFlight: 0 });
  const deadLetters = await receive(deadLetterUrl, { MessageSystemAttributeNames: ['All'] });
  expect(deadLetters.Messages?.[0]).toMatchObject({
    Body: 'poison',
    Attributes: {
      SenderId: 'arn:aws:iam::123456789012:user/dev',
      SentTimestamp: '1795424400000',
      ApproximateReceiveCount: '3',
      DeadLetterQueueSourceArn: jobsArn,
    },
  });
  expect(account.log.of('sqs', 'message-dead-lettered')).toHaveLength(1);
});

test('a message older than the retention is deleted', async () => {
  const { account, ask, receive } = givenQueues();
  await ask('sqs', 'SendMessage', { QueueUrl: jobsUrl, MessageBody: 'old' });

  await account.clock.advance(3_600_000);

  expect(await receive()).toEqual({});
});

test('a listener is notified when a message is sent and when it is visible again, not after it was deleted', async () => {
  const { account, ask, receive, sqs } = givenQueues();
  const heard: number[] = [];
  const start = account.clock.now;
  sqs.onMessage(jobsArn, () => heard.push(account.clock.now - start));

  await ask('sqs', 'SendMessage', { QueueUrl: jobsUrl, MessageBody: 'hello' });
  await account.clock.run();
  await receive();
  await account.clock.run();
  expect(heard).toEqual([0, 60_000]);

  const { Messages } = await receive();
  await ask('sqs', 'DeleteMessage', { QueueUrl: jobsUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle });
  await account.clock.run();
  expect(heard).toEqual([0, 60_000]);
  expect(account.clock.now - start).toBe(60_000);
});

test('a new listener is notified of messages that are already visible', async () => {
  const { account, ask, sqs } = givenQueues();
  await ask('sqs', 'SendMessage', { QueueUrl: jobsUrl, MessageBody: 'hello' });
  let count = 0;

  sqs.onMessage(jobsArn, () => count++);
  await account.clock.run();

  expect(count).toBe(1);
});

test('ChangeMessageVisibility makes a message visible sooner or later', async () => {
  const { account, ask, receive } = givenQueues();
  await ask('sqs', 'SendMessage', { QueueUrl: jobsUrl, MessageBody: 'hello' });
  const { Messages } = await receive();

  await ask('sqs', 'ChangeMessageVisibility', { QueueUrl: jobsUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle, VisibilityTimeout: 5 });

  await account.clock.advance(4_999);
  expect(await receive()).toEqual({});
  await account.clock.advance(1);
  expect((await receive()).Messages).toHaveLength(1);
});

test('a service may send only what the queue policy allows on behalf of its source', () => {
  const { sqs } = givenQueues();
  const events = { arn: 'events.amazonaws.com', kind: 'service', sourceArn: 'arn:aws:events:eu-west-1:123456789012:rule/push' } as const;

  expect(() => sqs.send(events, jobsArn, '{}')).toThrow(expect.objectContaining({ code: 'AccessDeniedException', status: 403 }));

  sqs.setQueuePolicy(jobsArn, policyFor('events.amazonaws.com', 'arn:aws:events:eu-west-1:123456789012:rule/push'));
  sqs.send(events, jobsArn, '{}', { RULE: 'push' });
  expect(sqs.depth(jobsArn)).toEqual({ visible: 1, inFlight: 0 });
});

test('message attributes are returned on request', async () => {
  const { ask, receive } = givenQueues();
  const MessageAttributes = { outcome: { DataType: 'String', StringValue: 'FAILED' }, n: { DataType: 'Number', StringValue: '3' } };
  await ask('sqs', 'SendMessage', { QueueUrl: jobsUrl, MessageBody: 'hello', MessageAttributes });

  const { Messages } = await receive(jobsUrl, { MessageAttributeNames: ['outcome'] });

  expect(Messages?.[0]?.MessageAttributes).toEqual({ outcome: { DataType: 'String', StringValue: 'FAILED' } });
});

test('a batch of deletions answers for each entry', async () => {
  const { ask, receive } = givenQueues();
  await ask('sqs', 'SendMessage', { QueueUrl: jobsUrl, MessageBody: 'hello' });
  const { Messages } = await receive();

  const answer = await ask('sqs', 'DeleteMessageBatch', {
    QueueUrl: jobsUrl,
    Entries: [
      { Id: 'a', ReceiptHandle: Messages?.[0]?.ReceiptHandle },
      { Id: 'b', ReceiptHandle: 'nonsense' },
    ],
  });

  expect(answer).toEqual({
    Successful: [{ Id: 'a' }],
    Failed: [
      {
        Id: 'b',
        Code: 'ReceiptHandleIsInvalid',
        Message: 'The input receipt handle "nonsense" is not a valid receipt handle.',
        SenderFault: true,
      },
    ],
  });
});

test('a queue is found at any endpoint, and an unknown one is QueueDoesNotExist', async () => {
  const { ask } = givenQueues();

  await ask('sqs', 'SendMessage', { QueueUrl: 'http://127.0.0.1:4566/123456789012/jobs', MessageBody: 'hello' });

  await expect(ask('sqs', 'GetQueueUrl', { QueueName: 'none' })).rejects.toMatchObject({
    code: 'QueueDoesNotExist',
  });
});

test('CreateQueue takes settings as strings, GetQueueAttributes returns them as strings', async () => {
  const { ask } = givenQueues();

  const { QueueUrl } = await ask('sqs', 'CreateQueue', {
    QueueName: 'slow',
    Attributes: { DelaySeconds: '10', RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetterArn, maxReceiveCount: 4 }) },
  });
  await ask('sqs', 'SendMessage', { QueueUrl, MessageBody: 'later' });

  const { Attributes } = await ask('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
  expect(Attributes).toMatchObject({
    QueueArn: 'arn:aws:sqs:eu-west-1:123456789012:slow',
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesDelayed: '1',
    DelaySeconds: '10',
    VisibilityTimeout: '30',
    RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:dead-letters","maxReceiveCount":4}',
  });
  await expect(ask('sqs', 'CreateQueue', { QueueName: 'x', Attributes: { KmsMasterKeyId: 'k' } })).rejects.toMatchObject({
    code: 'NotEmulated',
  });
});

test('a queue is purged once in 60 seconds', async () => {
  const { account, ask, receive } = givenQueues();
  const purge = (QueueUrl = jobsUrl) => ask('sqs', 'PurgeQueue', { QueueUrl });
  await ask('sqs', 'SendMessage', { QueueUrl: jobsUrl, MessageBody: 'first' });
  await purge();
  await ask('sqs', 'SendMessage', { QueueUrl: jobsUrl, MessageBody: 'second' });
  await account.clock.advance(59_999);

  await expect(purge()).rejects.toMatchObject({
    code: 'PurgeQueueInProgress',
    status: 403,
    message: 'Only one PurgeQueue operation on jobs is allowed every 60 seconds.',
  });
  await expect(purge(deadLetterUrl)).resolves.toEqual({});
  expect((await receive()).Messages).toHaveLength(1);

  await account.clock.advance(1);
  await expect(purge()).resolves.toEqual({});
});

test.each([
  [['a', 'b', 'a'], 'BatchEntryIdsNotDistinct', 'Id a repeated.'],
  [['a', 'b.c'], 'InvalidBatchEntryId', expect.stringContaining('alphanumeric characters, hyphens and underscores')],
  [['x'.repeat(81)], 'InvalidBatchEntryId', expect.any(String)],
  [[], 'EmptyBatchRequest', expect.any(String)],
  [Array.from({ length: 11 }, (_, index) => String(index)), 'TooManyEntriesInBatchRequest', expect.stringContaining('You have sent 11.')],
])('a batch with the IDs %j is refused as a whole', async (ids, code, message) => {
  const { ask, receive, sqs } = givenQueues();
  await ask('sqs', 'SendMessage', { QueueUrl: jobsUrl, MessageBody: 'hello' });
  const ReceiptHandle = (await receive()).Messages?.[0]?.ReceiptHandle;

  const Entries = ids.map((Id) => ({ Id, ReceiptHandle }));
  await expect(ask('sqs', 'DeleteMessageBatch', { QueueUrl: jobsUrl, Entries })).rejects.toMatchObject({ code, message });
  expect(sqs.depth(jobsArn)).toEqual({ visible: 0, inFlight: 1 });
});

describe('the digest of message attributes', () => {
  const traceparent = Buffer.from('traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01', 'latin1');

  // The digests are those that AWS and its SDKs give.
  test.each([
    [{ attr1: { DataType: 'Binary', BinaryValue: traceparent } }, '8cbe4db156db8a94db8b801b7addb984'],
    [{ timestamp: { DataType: 'Number', StringValue: '1493147359900' } }, '235c5c510d26fb653d073faed50ae77c'],
  ])('of %j is in both answers', async (MessageAttributes, digest) => {
    const { ask, receive } = givenQueues();

    expect(await ask('sqs', 'SendMessage', { QueueUrl: jobsUrl, MessageBody: 'hello', MessageAttributes })).toMatchObject({
      MD5OfMessageAttributes: digest,
    });
    expect((await receive(jobsUrl, { MessageAttributeNames: ['All'] })).Messages).toMatchObject([{ MD5OfMessageAttributes: digest }]);
  });

  test('is that of the attributes in the answer, in the order of their names', async () => {
    const { ask, receive } = givenQueues();
    const [one, two] = [
      { DataType: 'String', StringValue: '1' },
      { DataType: 'String', StringValue: '2' },
    ];
    const send = (MessageAttributes: object) =>
      ask<{ MD5OfMessageAttributes?: string }>('sqs', 'SendMessage', { QueueUrl: jobsUrl, MessageBody: 'hello', MessageAttributes });

    const both = await send({ a: one, b: two });
    expect(await send({ b: two, a: one })).toMatchObject({ MD5OfMessageAttributes: both.MD5OfMessageAttributes });
    const { MD5OfMessageAttributes } = await send({ a: one });
    expect(await send({})).not.toHaveProperty('MD5OfMessageAttributes');

    expect((await receive(jobsUrl, { MessageAttributeNames: ['a'] })).Messages).toMatchObject([{ MD5OfMessageAttributes }]);
    expect((await receive()).Messages?.[0]).not.toHaveProperty('MD5OfMessageAttributes');
  });
});

test.each<[Record<string, object>, string]>([
  [{ a: { DataType: 'String', StringValue: '' } }, "Message (user) attribute 'a' must contain a non-empty value of type 'String'."],
  [{ a: { DataType: 'Binary', StringValue: 'x' } }, "Message (user) attribute 'a' must contain a non-empty value of type 'Binary'."],
  [{ a: { DataType: 'Number', StringValue: 'x' } }, "Can't cast the value of message (user) attribute 'a' to a number."],
  [{ a: { DataType: 'Text', StringValue: 'x' } }, 'prefixed with "String", "Binary", or "Number", but was: Text'],
  [{ a: { StringValue: 'x' } }, 'Missing required parameter DataType'],
  [{ 'AWS.a': { DataType: 'String', StringValue: 'x' } }, "names beginning with 'AWS.' or 'Amazon.'"],
  [{ 'a b': { DataType: 'String', StringValue: 'x' } }, 'name can only contain'],
  [
    Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`a${index}`, { DataType: 'String', StringValue: 'x' }])),
    'Number of message attributes [11] exceeds the allowed maximum [10].',
  ],
])('the message attributes %j are refused', async (MessageAttributes, message) => {
  const { ask, receive } = givenQueues();

  await expect(ask('sqs', 'SendMessage', { QueueUrl: jobsUrl, MessageBody: 'hello', MessageAttributes })).rejects.toMatchObject({
    code: 'InvalidParameterValue',
    message: expect.stringContaining(message),
  });
  expect(await receive()).toEqual({});
});

test.each([
  { RedrivePolicy: 'no JSON' },
  { RedrivePolicy: 'null' },
  { RedrivePolicy: '{}' },
  { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetterArn, maxReceiveCount: 0 }) },
  { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: 5, maxReceiveCount: 1 }) },
  { Policy: '[' },
  { VisibilityTimeout: 'long' },
])('CreateQueue refuses the attributes %j', async (Attributes) => {
  const { ask } = givenQueues();

  await expect(ask('sqs', 'CreateQueue', { QueueName: 'new', Attributes })).rejects.toMatchObject({ code: 'InvalidParameterValue' });
  await expect(ask('sqs', 'GetQueueUrl', { QueueName: 'new' })).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
});

test('the limits of numbers are worded as AWS words them', async () => {
  const { ask, receive } = givenQueues();

  await expect(receive(jobsUrl, { MaxNumberOfMessages: 11 })).rejects.toMatchObject({
    message: 'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
  });
  await expect(receive(jobsUrl, { WaitTimeSeconds: 21 })).rejects.toMatchObject({
    message: 'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
  });
  await expect(ask('sqs', 'CreateQueue', { QueueName: 'jobs', Attributes: { DelaySeconds: '5' } })).rejects.toMatchObject({
    code: 'QueueNameExists',
    message: 'A queue already exists with the same name and a different value for attribute VisibilityTimeout',
  });
});

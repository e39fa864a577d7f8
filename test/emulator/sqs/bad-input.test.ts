import { deadLetterArn, deadLetterUrl, givenQueues, jobsArn, jobsUrl } from './given-queues.js';

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

test.each([
  ['\0', '#x0'],
  ['a\u001fb', '#x1F'],
  ['\uffff', '#xFFFF'],
  ['\ud83d', '#xD83D'],
])('a message that contains %j is refused: XML does not have the character', async (MessageBody, name) => {
  const { ask } = givenQueues();

  await expect(ask('sqs', 'SendMessage', { QueueUrl: jobsUrl, MessageBody })).rejects.toMatchObject({
    code: 'InvalidMessageContents',
    message: expect.stringContaining(`'${name}'`),
  });
});

test('a message may contain line breaks, tabs and emoji', async () => {
  const { ask } = givenQueues();

  await expect(ask('sqs', 'SendMessage', { QueueUrl: jobsUrl, MessageBody: 'a\t\r\n😀\ufffd' })).resolves.toBeDefined();
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

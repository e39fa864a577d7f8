import { policyFor } from '../given-account.js';
import { deadLetterArn, deadLetterUrl, givenQueues, jobsArn, jobsUrl } from './given-queues.js';

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

test('ListQueues answers in pages where MaxResults says so', async () => {
  const { ask } = givenQueues();
  const first = await ask<{ NextToken?: string }>('sqs', 'ListQueues', { MaxResults: 1 });

  expect(await ask('sqs', 'ListQueues', { MaxResults: 1, NextToken: first.NextToken })).toEqual({ QueueUrls: [jobsUrl] });
  expect(await ask('sqs', 'ListQueues', {})).toEqual({ QueueUrls: [deadLetterUrl, jobsUrl] });
  await expect(ask('sqs', 'ListQueues', { MaxResults: 1001 })).rejects.toMatchObject({ code: 'InvalidParameterValue' });
  await expect(ask('sqs', 'ListQueues', { NextToken: 'unknown' })).rejects.toMatchObject({ code: 'InvalidParameterValue' });
});

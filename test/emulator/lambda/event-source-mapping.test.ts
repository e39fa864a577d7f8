import type { PolicyStatement } from '../../../emulator/iam/api.js';
import { type Code, functionArn, givenFunction } from './given-functions.js';

const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:letters';
const deadLetterArn = 'arn:aws:sqs:eu-west-1:123456789012:dead-letters';

type Event = { Records: { messageId: string; body: string; attributes: Record<string, string> }[] };

const givenMapping = (
  code: (event: Event, events: Event[]) => unknown,
  mapping: { batchSize?: number; maximumConcurrency?: number; reportsBatchItemFailures?: boolean } = {},
  statements?: readonly PolicyStatement[],
) => {
  const events: Event[] = [];
  const run: Code = (event: Event) => {
    events.push(event);
    return code(event, events);
  };
  const given = givenFunction({ code: run }, statements);
  const { sqs, lambda, account } = given;
  sqs.createQueue({ name: 'dead-letters', arn: deadLetterArn, visibilityTimeoutSeconds: 30, messageRetentionSeconds: 1_209_600 });
  sqs.createQueue({
    name: 'letters',
    arn: queueArn,
    visibilityTimeoutSeconds: 120,
    messageRetentionSeconds: 345_600,
    redrive: { deadLetterArn, maxReceiveCount: 3 },
  });
  lambda.createEventSourceMapping({ queueArn, functionArn, batchSize: 10, reportsBatchItemFailures: false, ...mapping });
  const send = (...bodies: string[]) => {
    const user = { arn: 'arn:aws:iam::123456789012:user/dev', kind: 'user' } as const;
    for (const body of bodies) sqs.send(user, queueArn, body, { priority: 'high' });
    return account.clock.run();
  };
  return { ...given, send, events };
};

const bodies = (events: readonly Event[]) => events.map(({ Records }) => Records.map(({ body }) => body));

test("a queue's messages invoke the function, in batches, and are deleted when it answered", async () => {
  const { send, events, sqs } = givenMapping(() => {});

  await send('a', 'b');

  expect(bodies(events)).toEqual([['a', 'b']]);
  expect(events[0]?.Records[0]).toEqual({
    messageId: expect.any(String),
    receiptHandle: expect.any(String),
    body: 'a',
    md5OfBody: '0cc175b9c0f1b6a831c399e269772661',
    attributes: {
      SenderId: expect.any(String),
      SentTimestamp: '1795424400000',
      ApproximateReceiveCount: '1',
      ApproximateFirstReceiveTimestamp: '1795424400000',
    },
    messageAttributes: { priority: { stringValue: 'high', stringListValues: [], binaryListValues: [], dataType: 'String' } },
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: 'eu-west-1',
  });
  expect(sqs.depth(queueArn)).toEqual({ visible: 0, inFlight: 0 });
});

test('a batch whose function throws is retried when it is visible again, and dead-lettered after three attempts', async () => {
  const { send, events, sqs } = givenMapping(() => {
    throw new Error('no');
  });

  await send('a');

  expect(events.map(({ Records }) => Records[0]?.attributes.ApproximateReceiveCount)).toEqual(['1', '2', '3']);
  expect(sqs.depth(queueArn)).toEqual({ visible: 0, inFlight: 0 });
  expect(sqs.depth(deadLetterArn).visible).toBe(1);
});

test('with ReportBatchItemFailures only failed messages are retried', async () => {
  const { send, events } = givenMapping(
    ({ Records }, { length }) => ({
      batchItemFailures:
        length === 1 ? Records.filter(({ body }) => body === 'b').map(({ messageId }) => ({ itemIdentifier: messageId })) : [],
    }),
    { reportsBatchItemFailures: true },
  );

  await send('a', 'b', 'c');

  expect(bodies(events)).toEqual([['a', 'b', 'c'], ['b']]);
});

test.each([
  ['names an unknown message', [{ itemIdentifier: '' }]],
  ['names no message', [null]],
  ['has texts for failures', ['a']],
  ['has a text for the list', 'all'],
])('a response that %s fails the whole batch', async (_, failures) => {
  const { send, events } = givenMapping((_event, { length }) => ({ batchItemFailures: length === 1 ? failures : [] }), {
    reportsBatchItemFailures: true,
  });

  await send('a', 'b');

  expect(bodies(events)).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

test('no more batches run at once than the mapping allows', async () => {
  const { send, account } = givenMapping(() => {}, { batchSize: 1, maximumConcurrency: 2 });

  await send('a', 'b', 'c', 'd', 'e');

  expect(account.log.of('lambda', 'answered')).toHaveLength(5);
  expect(account.log.of('lambda', 'invoked').filter(({ detail }) => detail.isCold)).toHaveLength(2);
});

test('a lost answer to ReceiveMessage or DeleteMessage only delays', async () => {
  const { send, events, account, sqs } = givenMapping(() => {});
  account.faults.inject({ on: 'sqs.ReceiveMessage', kind: 'timeoutBefore' });
  account.faults.inject({ on: 'sqs.DeleteMessageBatch', kind: 'timeoutBefore' });

  await send('a');

  expect(bodies(events)).toEqual([['a'], ['a']]);
  expect(sqs.depth(queueArn)).toEqual({ visible: 0, inFlight: 0 });
});

test.each(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'])(
  'a mapping of a function whose role may not %s is refused',
  (Action) => {
    const all = { Effect: 'Allow', Action: 'sqs:*', Resource: '*' } as const;

    expect(() => givenMapping(() => {}, {}, [all, { Effect: 'Deny', Action, Resource: '*' }])).toThrow(
      `The function execution role does not have permissions to call ${Action} on ${queueArn}`,
    );
  },
);

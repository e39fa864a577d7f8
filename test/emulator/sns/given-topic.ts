import { operation } from '../../../emulator/operation.js';
import type { Sns } from '../../../emulator/sns/api.js';
import { createSns } from '../../../emulator/sns/index.js';
import { createSqs } from '../../../emulator/sqs/index.js';
import { givenAccount, policyFor } from '../given-account.js';

export const topicArn = 'arn:aws:sns:eu-west-1:123456789012:news';
export const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:inbox';
export const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/inbox';
export const deadLetterArn = 'arn:aws:sqs:eu-west-1:123456789012:dead-letters';

type Received = { Messages?: { Body: string; MessageAttributes?: unknown }[] };

export const givenTopic = (subscription: Partial<Parameters<Sns['subscribe']>[0]> = {}) => {
  const invoked: unknown[] = [];
  const given = givenAccount((account) => {
    account.add([
      operation<{ Payload: string }, unknown>({
        service: 'lambda',
        name: 'Invoke',
        input: { FunctionName: 'string', InvocationType: 'string', Payload: 'blob' },
        permissions: () => [],
        run: ({ Payload }) => {
          invoked.push(JSON.parse(Payload));
          return {};
        },
      }),
    ]);
    return { sns: createSns(account), sqs: createSqs(account) };
  });
  const { sns, sqs } = given;
  for (const [name, arn] of [
    ['inbox', queueArn],
    ['dead-letters', deadLetterArn],
  ] as const) {
    sqs.createQueue({ name, arn, visibilityTimeoutSeconds: 30, messageRetentionSeconds: 345_600 });
    sqs.setQueuePolicy(arn, policyFor('sns.amazonaws.com', topicArn));
  }
  sns.createTopic({ name: 'news', arn: topicArn });
  const subscriptionArn = sns.subscribe({ topicArn, protocol: 'sqs', endpoint: queueArn, rawMessageDelivery: false, ...subscription });
  const publish = async (input: object) => {
    const answer = await given.ask('sns', 'Publish', { TopicArn: topicArn, Message: 'hello', ...input });
    await given.account.clock.run();
    return answer;
  };
  const receive = async () =>
    (await given.ask<Received>('sqs', 'ReceiveMessage', { QueueUrl: queueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }))
      .Messages ?? [];
  return { ...given, invoked, subscriptionArn, publish, receive };
};

export const outcome = (StringValue: string) => ({ outcome: { DataType: 'String', StringValue } });

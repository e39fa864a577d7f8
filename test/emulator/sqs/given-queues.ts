import { createSqs } from '../../../emulator/sqs/index.js';
import { givenAccount } from '../given-account.js';

export const jobsArn = 'arn:aws:sqs:eu-west-1:123456789012:jobs';
export const deadLetterArn = 'arn:aws:sqs:eu-west-1:123456789012:dead-letters';
export const jobsUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/jobs';
export const deadLetterUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters';

type Received = {
  Messages?: { Body: string; ReceiptHandle: string; Attributes?: Record<string, string>; MessageAttributes?: unknown }[];
};

export const givenQueues = () => {
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

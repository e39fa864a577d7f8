import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { checkRange, invalidValue } from './queue.js';
import { attributesOf, selectAttributes, settingsFrom } from './queue-attributes.js';
import type { Queues } from './queues.js';

const purgeIntervalMs = 60_000;

/** CreateQueue, GetQueueUrl, GetQueueAttributes, ListQueues, PurgeQueue. */
export const queueOperations = (queues: Queues): Operation[] => [
  operation<{ QueueName: string; Attributes?: Record<string, string> }, unknown>({
    service: 'sqs',
    name: 'CreateQueue',
    input: { QueueName: 'string', Attributes: { map: 'string' } },
    required: ['QueueName'],
    permissions: ({ QueueName }, account) => [{ action: 'sqs:CreateQueue', resource: account.arn('sqs', QueueName) }],
    run: ({ QueueName, Attributes = {} }) => {
      const { settings, policy } = settingsFrom(Attributes);
      const queue = queues.create(QueueName, settings);
      queue.policy = policy ?? queue.policy;
      return { QueueUrl: queue.url };
    },
  }),

  operation<{ QueueName: string }, unknown>({
    service: 'sqs',
    name: 'GetQueueUrl',
    input: { QueueName: 'string' },
    required: ['QueueName'],
    permissions: ({ QueueName }, account) => [{ action: 'sqs:GetQueueUrl', resource: account.arn('sqs', QueueName) }],
    run: ({ QueueName }) => ({ QueueUrl: queues.byName(QueueName).url }),
  }),

  operation<{ QueueUrl: string; AttributeNames?: string[] }, unknown>({
    service: 'sqs',
    name: 'GetQueueAttributes',
    input: { QueueUrl: 'string', AttributeNames: { list: 'string' } },
    required: ['QueueUrl'],
    permissions: ({ QueueUrl }) => [{ action: 'sqs:GetQueueAttributes', resource: queues.arnOfUrl(QueueUrl) }],
    run: ({ QueueUrl, AttributeNames = [] }, { account }) => {
      const queue = queues.byUrl(QueueUrl);
      if (AttributeNames.length === 0) return {};
      return { Attributes: selectAttributes(attributesOf(queue, account.clock.now), AttributeNames) };
    },
  }),

  operation<{ QueueNamePrefix?: string; MaxResults?: number; NextToken?: string }, unknown>({
    service: 'sqs',
    name: 'ListQueues',
    input: { QueueNamePrefix: 'string', MaxResults: 'number', NextToken: 'string' },
    run: ({ QueueNamePrefix = '', MaxResults, NextToken = '0' }) => {
      checkRange('MaxResults', MaxResults, 1, 1000);
      if (!/^\d+$/.test(NextToken)) throw invalidValue('Invalid or expired next token.');
      const found = queues.all.filter(({ name }) => name.startsWith(QueueNamePrefix));
      const end = Number(NextToken) + (MaxResults ?? 1000);
      const page = found.slice(Number(NextToken), end);
      return {
        ...(page.length > 0 && { QueueUrls: page.map(({ url }) => url) }),
        // Only a request with MaxResults is answered in pages (SQS API, ListQueues).
        ...(MaxResults !== undefined && end < found.length && { NextToken: String(end) }),
      };
    },
  }),

  operation<{ QueueUrl: string }, unknown>({
    service: 'sqs',
    name: 'PurgeQueue',
    input: { QueueUrl: 'string' },
    required: ['QueueUrl'],
    permissions: ({ QueueUrl }) => [{ action: 'sqs:PurgeQueue', resource: queues.arnOfUrl(QueueUrl) }],
    run: ({ QueueUrl }, { account: { clock } }) => {
      const queue = queues.byUrl(QueueUrl);
      if (queue.purgedAt !== undefined && clock.now < queue.purgedAt + purgeIntervalMs)
        throw new AwsError('PurgeQueueInProgress', `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`, {
          status: 403,
        });
      queue.purgedAt = clock.now;
      for (const message of [...queue.messages]) queues.remove(queue, message);
      return {};
    },
  }),
];

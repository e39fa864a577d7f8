import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { checkBatch } from './batch.js';
import type { Queue } from './queue.js';
import type { Queues } from './queues.js';

const remove = (queues: Queues, queue: Queue, receiptHandle: string): void => {
  // As AWS: an old handle is answered with success, and the message stays.
  const message = queues.receivedWith(queue, receiptHandle);
  if (message) queues.remove(queue, message);
};

export const deleteMessage = (queues: Queues): Operation =>
  operation<{ QueueUrl: string; ReceiptHandle: string }, unknown>({
    service: 'sqs',
    name: 'DeleteMessage',
    input: { QueueUrl: 'string', ReceiptHandle: 'string' },
    required: ['QueueUrl', 'ReceiptHandle'],
    permissions: ({ QueueUrl }) => [{ action: 'sqs:DeleteMessage', resource: queues.arnOfUrl(QueueUrl) }],
    run: ({ QueueUrl, ReceiptHandle }) => {
      remove(queues, queues.byUrl(QueueUrl), ReceiptHandle);
      return {};
    },
  });

type Entry = { Id: string; ReceiptHandle: string };

export const deleteMessageBatch = (queues: Queues): Operation =>
  operation<{ QueueUrl: string; Entries: Entry[] }, unknown>({
    service: 'sqs',
    name: 'DeleteMessageBatch',
    input: { QueueUrl: 'string', Entries: { list: { members: { Id: 'string', ReceiptHandle: 'string' } } } },
    required: ['QueueUrl', 'Entries'],
    permissions: ({ QueueUrl }) => [{ action: 'sqs:DeleteMessage', resource: queues.arnOfUrl(QueueUrl) }],
    run: ({ QueueUrl, Entries }) => {
      const queue = queues.byUrl(QueueUrl);
      checkBatch('DeleteMessageBatch', Entries);
      const Successful: { Id: string }[] = [];
      const Failed: { Id: string; Code: string; Message: string; SenderFault: boolean }[] = [];
      for (const { Id, ReceiptHandle } of Entries) {
        try {
          remove(queues, queue, ReceiptHandle);
          Successful.push({ Id });
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
        }
      }
      return { Successful, Failed };
    },
  });

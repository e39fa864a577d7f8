import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { checkRange } from './queue.js';
import type { Queues } from './queues.js';

type Input = { QueueUrl: string; ReceiptHandle: string; VisibilityTimeout: number };

export const changeMessageVisibility = (queues: Queues): Operation =>
  operation<Input, unknown>({
    service: 'sqs',
    name: 'ChangeMessageVisibility',
    input: { QueueUrl: 'string', ReceiptHandle: 'string', VisibilityTimeout: 'number' },
    required: ['QueueUrl', 'ReceiptHandle', 'VisibilityTimeout'],
    permissions: ({ QueueUrl }) => [{ action: 'sqs:ChangeMessageVisibility', resource: queues.arnOfUrl(QueueUrl) }],
    run: ({ QueueUrl, ReceiptHandle, VisibilityTimeout }, { account }) => {
      checkRange('VisibilityTimeout', VisibilityTimeout, 0, 43_200);
      const queue = queues.byUrl(QueueUrl);
      const message = queues.receivedWith(queue, ReceiptHandle);
      if (!message || message.visibleAt <= account.clock.now)
        throw new AwsError('MessageNotInflight', 'Message does not exist or is not available for visibility timeout change.');
      queues.hide(queue, message, VisibilityTimeout);
      return {};
    },
  });

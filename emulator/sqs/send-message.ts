import { createHash } from 'node:crypto';
import { type Operation, operation } from '../operation.js';
import type { MessageAttribute } from './api.js';
import { md5OfAttributes } from './message-attributes.js';
import { checkRange } from './queue.js';
import type { Queues } from './queues.js';

type Input = {
  QueueUrl: string;
  MessageBody: string;
  DelaySeconds?: number;
  MessageAttributes?: Record<string, MessageAttribute>;
};

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

export const sendMessage = (queues: Queues): Operation =>
  operation<Input, unknown>({
    service: 'sqs',
    name: 'SendMessage',
    input: {
      QueueUrl: 'string',
      MessageBody: 'string',
      DelaySeconds: 'number',
      MessageAttributes: { map: { members: { DataType: 'string', StringValue: 'string', BinaryValue: 'blob' } } },
    },
    required: ['QueueUrl', 'MessageBody'],
    permissions: ({ QueueUrl }) => [{ action: 'sqs:SendMessage', resource: queues.arnOfUrl(QueueUrl) }],
    run: ({ QueueUrl, MessageBody, DelaySeconds, MessageAttributes = {} }, { caller }) => {
      checkRange('DelaySeconds', DelaySeconds, 0, 900);
      const message = queues.send(queues.byUrl(QueueUrl), caller, {
        body: MessageBody,
        attributes: MessageAttributes,
        delaySeconds: DelaySeconds,
      });
      const hasAttributes = Object.keys(MessageAttributes).length > 0;
      return {
        MessageId: message.id,
        MD5OfMessageBody: md5(MessageBody),
        ...(hasAttributes && { MD5OfMessageAttributes: md5OfAttributes(MessageAttributes) }),
      };
    },
  });

import { type Operation, operation } from '../operation.js';
import { md5OfAttributes } from './message-attributes.js';
import { checkRange, invalidValue, type Message } from './queue.js';
import type { Queues } from './queues.js';
import { md5 } from './send-message.js';

type Input = {
  QueueUrl: string;
  /** The older name of MessageSystemAttributeNames. */
  AttributeNames?: string[];
  MessageSystemAttributeNames?: string[];
  MessageAttributeNames?: string[];
  MaxNumberOfMessages?: number;
  VisibilityTimeout?: number;
  WaitTimeSeconds?: number;
};

const systemAttributes = (message: Message): Record<string, string> => ({
  SenderId: message.senderId,
  SentTimestamp: String(message.sentAt),
  ApproximateReceiveCount: String(message.receiveCount),
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  ...(message.deadLetterSource === undefined ? {} : { DeadLetterQueueSourceArn: message.deadLetterSource }),
});

const isNamed = (names: readonly string[], attribute: string): boolean =>
  names.some((name) => name === 'All' || name === attribute || (name.endsWith('.*') && attribute.startsWith(name.slice(0, -2))));

const selected = <T>(attributes: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> | undefined => {
  const entries = Object.entries(attributes).filter(([name]) => isNamed(names, name));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

const checkWaitTime = (seconds: number | undefined): void => {
  if (seconds !== undefined && !(Number.isInteger(seconds) && seconds >= 0 && seconds <= 20))
    throw invalidValue(`Value ${seconds} for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.`);
};

/** WaitTimeSeconds has no effect: in virtual time a long poll of an empty queue would only be a pause. */
export const receiveMessage = (queues: Queues): Operation =>
  operation<Input, unknown>({
    service: 'sqs',
    name: 'ReceiveMessage',
    input: {
      QueueUrl: 'string',
      AttributeNames: { list: 'string' },
      MessageSystemAttributeNames: { list: 'string' },
      MessageAttributeNames: { list: 'string' },
      MaxNumberOfMessages: 'number',
      VisibilityTimeout: 'number',
      WaitTimeSeconds: 'number',
    },
    required: ['QueueUrl'],
    permissions: ({ QueueUrl }) => [{ action: 'sqs:ReceiveMessage', resource: queues.arnOfUrl(QueueUrl) }],
    run: (input) => {
      const queue = queues.byUrl(input.QueueUrl);
      checkRange('MaxNumberOfMessages', input.MaxNumberOfMessages, 1, 10);
      checkRange('VisibilityTimeout', input.VisibilityTimeout, 0, 43_200);
      checkWaitTime(input.WaitTimeSeconds);
      const messages = queues.receive(
        queue,
        input.MaxNumberOfMessages ?? 1,
        input.VisibilityTimeout ?? queue.settings.visibilityTimeoutSeconds,
      );
      if (messages.length === 0) return {};
      const systemNames = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
      return {
        Messages: messages.map((message) => {
          const MessageAttributes = selected(message.attributes, input.MessageAttributeNames ?? []);
          return {
            MessageId: message.id,
            ReceiptHandle: message.receiptHandle,
            MD5OfBody: md5(message.body),
            Body: message.body,
            Attributes: selected(systemAttributes(message), systemNames),
            // Of the attributes in the answer.
            ...(MessageAttributes && { MessageAttributes, MD5OfMessageAttributes: md5OfAttributes(MessageAttributes) }),
          };
        }),
      };
    },
  });

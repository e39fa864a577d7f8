import { type Operation, operation } from '../operation.js';
import type { MessageAttribute } from '../sqs/api.js';
import { checkAttributes } from './message-attributes.js';
import { invalidParameter } from './topic.js';
import type { Topics } from './topics.js';

type Input = {
  TopicArn: string;
  Message: string;
  Subject?: string;
  MessageStructure?: string;
  MessageAttributes?: Record<string, MessageAttribute>;
};

const maximumBytes = 262_144;

const bytesOf = (message: string, attributes: Record<string, MessageAttribute>): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
    Buffer.byteLength(message),
  );

// Today's documentation: "UTF-8 text, no line breaks or control characters, less than 100 characters".
const isSubject = (subject: string): boolean => subject.length > 0 && subject.length < 100 && !/\p{Cc}|[\u2028\u2029]/u.test(subject);

const bodiesOf = (message: string): Record<string, unknown> => {
  let bodies: unknown;
  try {
    bodies = JSON.parse(message);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  if (typeof bodies !== 'object' || bodies === null || typeof (bodies as Record<string, unknown>).default !== 'string')
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  return bodies as Record<string, unknown>;
};

/** Checks shared by Publish and by other services' messages. */
export const checkMessage = (message: string, subject: string | undefined, attributes: Record<string, MessageAttribute> = {}): void => {
  if (message === '') throw invalidParameter('Empty message');
  checkAttributes(attributes);
  if (bytesOf(message, attributes) > maximumBytes) throw invalidParameter('Message too long');
  if (subject !== undefined && !isSubject(subject)) throw invalidParameter('Subject');
};

export const publish = (topics: Topics): Operation =>
  operation<Input, unknown>({
    service: 'sns',
    name: 'Publish',
    input: {
      TopicArn: 'string',
      Message: 'string',
      Subject: 'string',
      MessageStructure: 'string',
      MessageAttributes: { map: { members: { DataType: 'string', StringValue: 'string', BinaryValue: 'blob' } } },
    },
    required: ['TopicArn', 'Message'],
    permissions: ({ TopicArn }) => [{ action: 'sns:Publish', resource: TopicArn }],
    run: ({ TopicArn, Message, Subject, MessageStructure, MessageAttributes = {} }) => {
      checkMessage(Message, Subject, MessageAttributes);
      if (MessageStructure !== undefined && MessageStructure !== 'json') throw invalidParameter('MessageStructure');
      const bodies = MessageStructure === 'json' ? bodiesOf(Message) : {};
      const topic = topics.at(TopicArn);
      return { MessageId: topics.publish(topic, { subject: Subject, message: Message, attributes: MessageAttributes, bodies }) };
    },
  });

import type { Task } from './integrations.js';
import { membersOf, request } from './request.js';

/** A message may be given as an object, and is sent as its JSON. */
const textOf = (message: unknown): unknown => (typeof message === 'object' && message !== null ? JSON.stringify(message) : message);

/** `arn:aws:states:::sns:publish`. */
export const publish = (task: Task): Promise<unknown> => {
  const { Message, ...members } = membersOf(task);
  return request(task, 'sns', 'Publish', { ...members, Message: textOf(Message) }, { prefix: 'SNS', service: 'AmazonSNS' });
};

/** `arn:aws:states:::sqs:sendMessage`. */
export const sendMessage = (task: Task): Promise<unknown> => {
  const { MessageBody, ...members } = membersOf(task);
  const input = { ...members, MessageBody: textOf(MessageBody) };
  return request(task, 'sqs', 'SendMessage', input, { prefix: 'SQS', service: 'AmazonSQS' });
};

import type { IntegrationCall } from './integration.js';
import { membersOf, request } from './request.js';

/** A message may be given as an object, and is sent as its JSON. */
const textOf = (message: unknown): unknown => (typeof message === 'object' && message !== null ? JSON.stringify(message) : message);

/** `arn:aws:states:::sns:publish`. */
export const publish = (call: IntegrationCall): Promise<unknown> => {
  const { Message, ...members } = membersOf(call);
  return request(call, 'sns', 'Publish', { ...members, Message: textOf(Message) }, { prefix: 'SNS', service: 'AmazonSNS' });
};

/** `arn:aws:states:::sqs:sendMessage`. */
export const sendMessage = (call: IntegrationCall): Promise<unknown> => {
  const { MessageBody, ...members } = membersOf(call);
  const input = { ...members, MessageBody: textOf(MessageBody) };
  return request(call, 'sqs', 'SendMessage', input, { prefix: 'SQS', service: 'AmazonSQS' });
};

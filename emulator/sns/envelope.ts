import type { Account } from '../account.js';
import type { Notification, Subscription, Topic } from './topic.js';

/** The protocol's own message of MessageStructure json, or the message. */
export const messageFor = ({ bodies, message }: Notification, protocol: string): string => {
  const body = bodies[protocol] ?? bodies.default;
  return typeof body === 'string' ? body : message;
};

const attributesIn = ({ attributes }: Notification): Record<string, { Type: string; Value: string }> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? Buffer.from(BinaryValue ?? []).toString('base64') },
    ]),
  );

/** The body for a queue or an HTTPS endpoint without raw delivery. The signature is a placeholder. */
export const envelope = (
  account: Account,
  topic: Topic,
  subscription: Subscription,
  notification: Notification,
): Record<string, unknown> => {
  const endpoint = `https://sns.${account.region}.amazonaws.com`;
  const MessageAttributes = attributesIn(notification);
  return {
    Type: 'Notification',
    MessageId: notification.messageId,
    TopicArn: topic.arn,
    ...(notification.subject === undefined ? {} : { Subject: notification.subject }),
    Message: messageFor(notification, subscription.protocol),
    Timestamp: new Date(notification.time).toISOString(),
    SignatureVersion: '1',
    Signature: 'EXAMPLE',
    SigningCertURL: `${endpoint}/SimpleNotificationService-0000000000000000000000000000000.pem`,
    UnsubscribeURL: `${endpoint}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
    ...(Object.keys(MessageAttributes).length === 0 ? {} : { MessageAttributes }),
  };
};

/** The event for a function: its record spells two members differently, and always has all of them. */
export const lambdaEvent = (
  account: Account,
  topic: Topic,
  subscription: Subscription,
  notification: Notification,
): Record<string, unknown> => {
  const { SigningCertURL, UnsubscribeURL, ...members } = envelope(account, topic, subscription, notification);
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscription.arn,
        Sns: { Subject: null, MessageAttributes: {}, ...members, SigningCertUrl: SigningCertURL, UnsubscribeUrl: UnsubscribeURL },
      },
    ],
  };
};

import type { Account } from '../account.js';
import type { Caller } from '../caller.js';
import { AwsError } from '../errors.js';
import { isRetriable, withTimeout } from '../service-call.js';
import { envelope, lambdaEvent, messageFor } from './envelope.js';
import type { Notification, Subscription, Topic } from './topic.js';

/** AWS's own delivery policy for SQS and Lambda: 3 at once, 2 a second apart, 10 backing off to 20 s, then every 20 s. */
const retryDelayMs = (retries: number): number => {
  if (retries < 3) return 0;
  if (retries < 5) return 1000;
  return retries < 15 ? 1000 * Math.min(20, 2 ** ((retries - 5) / 2)) : 20_000;
};
const maximumRetries = 100_015;

/** How long SNS waits for an endpoint's answer (15 s is documented for HTTPS). */
const answerWithinMs = 15_000;

const bodyFor = (account: Account, topic: Topic, subscription: Subscription, notification: Notification): string =>
  subscription.isRaw
    ? messageFor(notification, subscription.protocol)
    : JSON.stringify(envelope(account, topic, subscription, notification));

const sendToQueue = (account: Account, caller: Caller, topic: Topic, subscription: Subscription, notification: Notification): void => {
  const attributes = subscription.isRaw ? notification.attributes : {};
  if (Object.keys(attributes).length > 10)
    throw new AwsError('InvalidParameterValue', 'raw delivery to SQS takes 10 message attributes at most');
  account.services.sqs.send(caller, subscription.endpoint, bodyFor(account, topic, subscription, notification), attributes);
};

const attempt = async (
  account: Account,
  caller: Caller,
  topic: Topic,
  subscription: Subscription,
  notification: Notification,
): Promise<void> => {
  const { protocol, endpoint } = subscription;
  const message = messageFor(notification, protocol);
  switch (protocol) {
    case 'sqs':
      sendToQueue(account, caller, topic, subscription, notification);
      break;
    case 'lambda':
      await account.request(caller, 'lambda', 'Invoke', {
        FunctionName: endpoint,
        InvocationType: 'Event',
        Payload: JSON.stringify(lambdaEvent(account, topic, subscription, notification)),
      });
      break;
    case 'email':
      // Nothing leaves the emulator.
      account.log.add('sns', 'email-sent', { topic: topic.arn, to: endpoint, subject: notification.subject, message });
      break;
    case 'https':
      account.log.add('sns', 'https-posted', { topic: topic.arn, to: endpoint, body: bodyFor(account, topic, subscription, notification) });
      break;
  }
};

const deadLetter = (
  account: Account,
  caller: Caller,
  topic: Topic,
  subscription: Subscription,
  notification: Notification,
  error: AwsError,
): void => {
  const detail = { topic: topic.arn, endpoint: subscription.endpoint, messageId: notification.messageId, error: error.code };
  if (subscription.deadLetterArn === undefined) {
    account.log.add('sns', 'dropped', { ...detail, reason: error.message });
    return;
  }
  try {
    account.services.sqs.send(caller, subscription.deadLetterArn, bodyFor(account, topic, subscription, notification));
    account.log.add('sns', 'dead-lettered', detail);
  } catch (reason) {
    if (!(reason instanceof AwsError)) throw reason;
    account.log.add('sns', 'dropped', { ...detail, reason: reason.message });
  }
};

/** Delivers a notification, with retries while the endpoint is unavailable. A refused one is dead-lettered at once. */
export const deliverNotification = async (
  account: Account,
  topic: Topic,
  subscription: Subscription,
  notification: Notification,
  retries = 0,
): Promise<void> => {
  const caller: Caller = { arn: 'sns.amazonaws.com', kind: 'service', sourceArn: topic.arn };
  try {
    await withTimeout(account, answerWithinMs, () => attempt(account, caller, topic, subscription, notification));
    const { protocol, endpoint } = subscription;
    account.log.add('sns', 'delivered', { topic: topic.arn, protocol, endpoint, messageId: notification.messageId });
  } catch (error) {
    if (!(error instanceof AwsError) || error.code === 'NotEmulated') throw error;
    if (isRetriable(error) && retries < maximumRetries)
      account.clock.after(retryDelayMs(retries), () => deliverNotification(account, topic, subscription, notification, retries + 1));
    else deadLetter(account, caller, topic, subscription, notification, error);
  }
};

import type { Account } from '../account.js';
import { AwsError, NotEmulated } from '../errors.js';
import { compilePattern, type Pattern } from '../events/api.js';
import type { Sns } from './api.js';
import { deliverNotification } from './deliver-notification.js';
import { filteredAttributes } from './message-attributes.js';
import { invalidParameter, type Notification, protocols, type Topic } from './topic.js';

type NewSubscription = Parameters<Sns['subscribe']>[0];

/** Protocols that AWS has and the emulator lacks. */
const otherProtocols = ['http', 'email-json', 'sms', 'application', 'firehose'];

/** A filter policy has the grammar of event patterns; SNS refuses it with its own code. */
const filterOf = (policy: Readonly<Record<string, unknown>>): Pattern => {
  try {
    return compilePattern(policy);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidParameter(`FilterPolicy: ${error.message.replace('Event pattern is not valid. Reason: ', '')}`);
  }
};

/** The account's topics and their subscriptions. */
export class Topics {
  readonly #account: Account;
  readonly #topics = new Map<string, Topic>();

  constructor(account: Account) {
    this.#account = account;
  }

  get all(): readonly Topic[] {
    return [...this.#topics.values()];
  }

  create(name: string, arn: string): void {
    if (name.endsWith('.fifo')) throw new NotEmulated(`FIFO topic ${name}`);
    if (!/^[\w-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
    if (!this.#topics.has(arn)) this.#topics.set(arn, { name, arn, policy: undefined, subscriptions: [], published: [] });
  }

  /** @throws AwsError InvalidParameterException for what is no ARN of this account's Region, NotFoundException */
  at(arn: string): Topic {
    const parts = arn.split(':');
    if (parts.length < 6) throw invalidParameter(`TopicArn Reason: An ARN must have at least 6 elements, not ${parts.length}`);
    if (parts[2] !== 'sns' || parts[3] !== this.#account.region) throw invalidParameter('TopicArn');
    const topic = this.#topics.get(arn);
    if (!topic) throw new AwsError('NotFoundException', 'Topic does not exist', { status: 404 });
    return topic;
  }

  /** Subscribing the same endpoint again returns the existing subscription. */
  subscribe({ topicArn, protocol, endpoint, rawMessageDelivery, filterPolicy, deadLetterArn }: NewSubscription): string {
    const topic = this.at(topicArn);
    const known = protocols.find((name) => name === protocol);
    if (known === undefined && otherProtocols.includes(protocol)) throw new NotEmulated(`protocol ${protocol} of an SNS subscription`);
    if (known === undefined) throw invalidParameter(`Amazon SNS does not support this protocol string: ${protocol}`);
    if (known === 'sqs' && !endpoint.startsWith('arn:')) throw invalidParameter('SQS endpoint ARN');
    if (rawMessageDelivery && known !== 'sqs' && known !== 'https')
      throw invalidParameter(`Attributes Reason: Delivery protocol [${protocol}] does not support raw message delivery.`);
    const existing = topic.subscriptions.find((other) => other.protocol === known && other.endpoint === endpoint);
    if (existing) return existing.arn;
    const arn = `${topicArn}:${this.#account.random.uuid()}`;
    const hasFilter = filterPolicy !== undefined && Object.keys(filterPolicy).length > 0;
    topic.subscriptions.push({
      arn,
      protocol: known,
      endpoint,
      isRaw: rawMessageDelivery,
      filter: hasFilter ? filterOf(filterPolicy) : () => true,
      deadLetterArn,
    });
    return arn;
  }

  publish(topic: Topic, notification: Omit<Notification, 'messageId' | 'time'>): string {
    const { clock, random, log } = this.#account;
    const published: Notification = { ...notification, messageId: random.uuid(), time: clock.now };
    const { messageId, subject, message, attributes } = published;
    topic.published.push({ messageId, subject, message, attributes });
    log.add('sns', 'published', { topic: topic.arn, messageId, subject, message, attributes });
    const visible = filteredAttributes(attributes);
    for (const subscription of topic.subscriptions.filter(({ filter }) => filter(visible)))
      clock.after(random.between(20, 200), () => deliverNotification(this.#account, topic, subscription, published));
    return messageId;
  }
}

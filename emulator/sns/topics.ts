import type { Account } from '../account.js';
import { AwsError, NotEmulated } from '../errors.js';
import { compilePattern } from '../events/api.js';
import type { Sns } from './api.js';
import { deliverNotification } from './deliver-notification.js';
import { invalidParameter, type Notification, protocols, type Topic } from './topic.js';

type NewSubscription = Parameters<Sns['subscribe']>[0];

/** Attributes as a filter policy sees them: numbers as numbers, String.Array as its elements, no binaries. */
const filtered = (attributes: Notification['attributes']): Record<string, unknown> => {
  const entries = Object.entries(attributes).map(([name, { DataType, StringValue = '' }]) => {
    if (DataType === 'String.Array') return [name, JSON.parse(StringValue)];
    if (DataType.startsWith('Number')) return [name, Number(StringValue)];
    return [name, DataType.startsWith('String') ? StringValue : undefined];
  });
  return Object.fromEntries(entries);
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
    if (!this.#topics.has(arn)) this.#topics.set(arn, { name, arn, policy: undefined, subscriptions: [], published: [] });
  }

  at(arn: string): Topic {
    const topic = this.#topics.get(arn);
    if (!topic) throw new AwsError('NotFoundException', 'Topic does not exist', { status: 404 });
    return topic;
  }

  /** Subscribing the same endpoint again returns the existing subscription. */
  subscribe({ topicArn, protocol, endpoint, rawMessageDelivery, filterPolicy, deadLetterArn }: NewSubscription): string {
    const topic = this.at(topicArn);
    const known = protocols.find((name) => name === protocol);
    if (known === undefined) throw new NotEmulated(`protocol ${protocol} of an SNS subscription`);
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
      filter: hasFilter ? compilePattern(filterPolicy) : () => true,
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
    const visible = filtered(attributes);
    for (const subscription of topic.subscriptions.filter(({ filter }) => filter(visible)))
      clock.after(random.between(20, 200), () => deliverNotification(this.#account, topic, subscription, published));
    return messageId;
  }
}

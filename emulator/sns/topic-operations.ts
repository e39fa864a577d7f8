import { NotEmulated } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { invalidParameter } from './topic.js';
import type { Topics } from './topics.js';

type SubscribeInput = {
  TopicArn: string;
  Protocol: string;
  Endpoint?: string;
  Attributes?: Record<string, string>;
  ReturnSubscriptionArn?: boolean;
};

const jsonIn = (attributes: Record<string, string>, name: string): Record<string, unknown> | undefined => {
  const text = attributes[name];
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalidParameter(`Attributes Reason: ${name}: failed to parse JSON.`);
};

const checkAttributes = (attributes: Record<string, string>): void => {
  const known = ['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy'];
  const unknown = Object.keys(attributes).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new NotEmulated(`attribute ${unknown} of an SNS subscription`);
  const { FilterPolicyScope = 'MessageAttributes', RawMessageDelivery = 'false' } = attributes;
  if (!/^(true|false)$/i.test(RawMessageDelivery))
    throw invalidParameter(`Attributes Reason: RawMessageDelivery: Invalid value [${RawMessageDelivery}]. Must be true or false.`);
  if (FilterPolicyScope !== 'MessageAttributes') throw new NotEmulated(`filter policy scope ${FilterPolicyScope}`);
};

/** Subscribe, ListTopics, ListSubscriptionsByTopic. */
export const topicOperations = (topics: Topics): Operation[] => [
  operation<SubscribeInput, unknown>({
    service: 'sns',
    name: 'Subscribe',
    input: { TopicArn: 'string', Protocol: 'string', Endpoint: 'string', Attributes: { map: 'string' }, ReturnSubscriptionArn: 'boolean' },
    required: ['TopicArn', 'Protocol'],
    permissions: ({ TopicArn }) => [{ action: 'sns:Subscribe', resource: TopicArn }],
    // No confirmation is needed, not even for e-mail: nothing leaves the emulator.
    run: ({ TopicArn, Protocol, Endpoint, Attributes = {} }) => {
      checkAttributes(Attributes);
      if (Endpoint === undefined) throw invalidParameter('Endpoint');
      const filterPolicy = jsonIn(Attributes, 'FilterPolicy');
      const deadLetterArn = jsonIn(Attributes, 'RedrivePolicy')?.deadLetterTargetArn;
      return {
        SubscriptionArn: topics.subscribe({
          topicArn: TopicArn,
          protocol: Protocol,
          endpoint: Endpoint,
          rawMessageDelivery: Attributes.RawMessageDelivery?.toLowerCase() === 'true',
          ...(filterPolicy === undefined ? {} : { filterPolicy }),
          ...(typeof deadLetterArn === 'string' ? { deadLetterArn } : {}),
        }),
      };
    },
  }),

  operation<{ NextToken?: string }, unknown>({
    service: 'sns',
    name: 'ListTopics',
    input: { NextToken: 'string' },
    run: ({ NextToken = '0' }) => {
      if (!/^\d+$/.test(NextToken)) throw invalidParameter('NextToken');
      const end = Number(NextToken) + 100;
      return {
        Topics: topics.all.slice(Number(NextToken), end).map(({ arn }) => ({ TopicArn: arn })),
        ...(end < topics.all.length ? { NextToken: String(end) } : {}),
      };
    },
  }),

  operation<{ TopicArn: string; NextToken?: string }, unknown>({
    service: 'sns',
    name: 'ListSubscriptionsByTopic',
    input: { TopicArn: 'string', NextToken: 'string' },
    required: ['TopicArn'],
    permissions: ({ TopicArn }) => [{ action: 'sns:ListSubscriptionsByTopic', resource: TopicArn }],
    run: ({ TopicArn, NextToken = '0' }, { account }) => {
      if (!/^\d+$/.test(NextToken)) throw invalidParameter('NextToken');
      const { subscriptions } = topics.at(TopicArn);
      const end = Number(NextToken) + 100;
      return {
        Subscriptions: subscriptions.slice(Number(NextToken), end).map(({ arn, protocol, endpoint }) => ({
          SubscriptionArn: arn,
          Owner: account.accountId,
          Protocol: protocol,
          Endpoint: endpoint,
          TopicArn,
        })),
        ...(end < subscriptions.length ? { NextToken: String(end) } : {}),
      };
    },
  }),
];

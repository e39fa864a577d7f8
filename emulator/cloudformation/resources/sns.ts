import { tags } from '../properties.js';
import { nameOfArn, physicalName, readPolicy, resourceType } from '../resource-type.js';

type TopicProperties = { TopicName?: string; KmsMasterKeyId?: string; Subscription?: { Endpoint: string; Protocol: string }[] };

export const snsTopic = resourceType<TopicProperties>({
  type: 'AWS::SNS::Topic',
  shapes: {
    TopicName: 'string',
    Subscription: { list: { members: { Endpoint: 'string', Protocol: 'string' } } },
    DisplayName: 'string',
    KmsMasterKeyId: 'string',
    FifoTopic: { oneOf: [false] },
    Tags: tags,
  },
  required: [],
  update: 'refused',
  deploy: ({ TopicName, KmsMasterKeyId, Subscription = [] }, deploying) => {
    const { account } = deploying;
    const name = TopicName ?? physicalName(deploying, 256);
    const arn = account.arn('sns', name);
    account.services.sns.createTopic({ name, arn });
    account.services.iam.encrypt(arn, KmsMasterKeyId);
    for (const { Endpoint, Protocol } of Subscription)
      account.services.sns.subscribe({ topicArn: arn, endpoint: Endpoint, protocol: Protocol, rawMessageDelivery: false });
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name, Arn: arn } };
  },
});

type TopicPolicyProperties = { Topics: string[]; PolicyDocument: unknown };

export const snsTopicPolicy = resourceType<TopicPolicyProperties>({
  type: 'AWS::SNS::TopicPolicy',
  shapes: { Topics: { list: 'string' }, PolicyDocument: 'json' },
  required: ['Topics', 'PolicyDocument'],
  update: 'changed',
  deploy: ({ Topics, PolicyDocument }, deploying) => {
    for (const topicArn of Topics)
      deploying.account.services.sns.setTopicPolicy(topicArn, readPolicy(PolicyDocument, `policy of ${nameOfArn(topicArn)}`));
    return { ref: physicalName(deploying) };
  },
});

type SubscriptionProperties = {
  TopicArn: string;
  Protocol: string;
  Endpoint: string;
  RawMessageDelivery?: boolean;
  FilterPolicy?: Record<string, unknown>;
  RedrivePolicy?: { deadLetterTargetArn: string };
};

export const snsSubscription = resourceType<SubscriptionProperties>({
  type: 'AWS::SNS::Subscription',
  shapes: {
    TopicArn: 'string',
    Protocol: 'string',
    Endpoint: 'string',
    RawMessageDelivery: 'boolean',
    FilterPolicy: 'json',
    FilterPolicyScope: { oneOf: ['MessageAttributes'] },
    RedrivePolicy: 'json',
  },
  required: ['TopicArn', 'Protocol', 'Endpoint'],
  update: 'refused',
  deploy: ({ TopicArn, Protocol, Endpoint, RawMessageDelivery = false, FilterPolicy, RedrivePolicy }, { account }) => {
    const arn = account.services.sns.subscribe({
      topicArn: TopicArn,
      protocol: Protocol,
      endpoint: Endpoint,
      rawMessageDelivery: RawMessageDelivery,
      ...(FilterPolicy !== undefined && { filterPolicy: FilterPolicy }),
      ...(RedrivePolicy !== undefined && { deadLetterArn: RedrivePolicy.deadLetterTargetArn }),
    });
    return { ref: arn, attributes: { Arn: arn } };
  },
});

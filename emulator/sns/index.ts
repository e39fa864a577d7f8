import type { Caller } from '../caller.js';
import type { EmulatedAccount } from '../emulated-account.js';
import { AwsError } from '../errors.js';
import { serviceCall } from '../service-call.js';
import type { Sns } from './api.js';
import { checkMessage, publish } from './publish.js';
import type { Topic } from './topic.js';
import { topicOperations } from './topic-operations.js';
import { Topics } from './topics.js';

/** Amazon SNS: standard topics with filter policies, raw delivery and dead letters. */
export const createSns = (account: EmulatedAccount): Sns => {
  const topics = new Topics(account);
  account.add([publish(topics), ...topicOperations(topics)]);

  const checkPolicy = (caller: Caller, { policy, arn }: Topic): void => {
    // The default policy of a topic lets alarms of its own account publish, but no rule.
    if (policy === undefined && caller.arn === 'cloudwatch.amazonaws.com') return;
    if (account.services.iam.isAllowedByResource(policy, caller, 'sns:Publish', arn)) return;
    throw new AwsError(
      'AuthorizationErrorException',
      `User: ${caller.arn} is not authorized to perform: SNS:Publish on resource: ${arn} because no resource-based policy allows the SNS:Publish action`,
      { status: 403 },
    );
  };

  return {
    createTopic: ({ name, arn }) => topics.create(name, arn),
    setTopicPolicy: (topicArn, policy) => {
      topics.at(topicArn).policy = policy;
    },
    subscribe: (subscription) => topics.subscribe(subscription),
    publish: (caller, topicArn, { subject, message }) => {
      serviceCall(account, caller, 'sns', 'Publish', () => {
        const topic = topics.at(topicArn);
        checkPolicy(caller, topic);
        checkMessage(message, subject);
        topics.publish(topic, { subject, message, attributes: {}, bodies: {} });
      });
    },
    published: (topicArn) => topics.at(topicArn).published,
  };
};

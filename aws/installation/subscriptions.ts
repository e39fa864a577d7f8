import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Read, SubscriptionFacts } from '../../core/doctor/facts.js';
import { type ClientSettings, clientFor } from '../client-settings.js';
import { isNamed } from '../sdk-errors.js';
import { allPages, read, readEach } from './read.js';

const sns = clientFor(SNSClient);

/** The subscriptions of topics, by the topics' ARNs; undefined of a topic that does not exist. */
export const readSubscriptions = (
  settings: ClientSettings,
  topicArns: readonly string[],
): Promise<ReadonlyMap<string, Read<readonly SubscriptionFacts[] | undefined>>> =>
  readEach(topicArns, (TopicArn) =>
    read('sns:ListSubscriptionsByTopic', async () => {
      try {
        const all = await allPages(async (NextToken) => {
          const answer = await sns(settings).send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken }));
          return { items: answer.Subscriptions, next: answer.NextToken };
        });
        return all.map(({ Protocol = '', Endpoint = '', SubscriptionArn }) => ({
          protocol: Protocol,
          endpoint: Endpoint,
          isPending: SubscriptionArn === 'PendingConfirmation',
        }));
      } catch (error) {
        if (isNamed(error, 'NotFoundException', 'NotFound')) return undefined;
        throw error;
      }
    }),
  );

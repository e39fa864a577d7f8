import type { InstallationAnswer } from '../query/answers.js';
import { aws, deployStack, type Where } from './commands.js';
import type { Read, SecretFacts, SubscriptionFacts } from './facts.js';
import { type Found, found, notChecked } from './finding.js';
import * as messages from './messages.js';

type Notifications = InstallationAnswer['notifications'];

/** The secret with Slack's webhook: that it exists and has a value, never the value. */
export const secretFindings = (where: Where, name: string, read: Read<SecretFacts | undefined>): Found[] => {
  if ('unread' in read) return [notChecked(name, read.unread)];
  const secret = read.value;
  const named = ['--secret-id', name] as const;
  if (!secret)
    return [
      found('SECRET_MISSING', 'error', name, messages.secretMissing(), {
        command: aws(where, 'secretsmanager', 'create-secret', '--name', name, '--secret-string', 'file://webhook-url.txt'),
      }),
    ];
  if (secret.deletedAt !== undefined)
    return [
      found('SECRET_DELETED', 'error', name, messages.secretDeleted(secret.deletedAt), {
        command: aws(where, 'secretsmanager', 'restore-secret', ...named),
      }),
    ];
  if (!secret.hasValue)
    return [
      found('SECRET_EMPTY', 'error', name, messages.secretEmpty(), {
        command: aws(where, 'secretsmanager', 'put-secret-value', ...named, '--secret-string', 'file://webhook-url.txt'),
      }),
    ];
  return [];
};

/** Who hears of deployments. Without the configuration only what waits for its confirmation is known. */
export const subscriptionFindings = (
  where: Where,
  topicArn: string,
  read: Read<readonly SubscriptionFacts[] | undefined>,
  notifications: Notifications | undefined,
): Found[] => {
  const topic = topicArn.slice(topicArn.lastIndexOf(':') + 1);
  if ('unread' in read) return [notChecked(topic, read.unread)];
  const command = deployStack(where);
  if (!read.value) return [found('TOPIC_MISSING', 'error', topic, messages.resourceMissing(), { command })];
  const subscriptions = read.value;
  const list = aws(where, 'sns', 'list-subscriptions-by-topic', '--topic-arn', topicArn);
  const pending = subscriptions.filter(({ isPending }) => isPending);
  const findings = pending.map(({ protocol, endpoint }) =>
    found('SUBSCRIPTION_PENDING', 'warning', topic, messages.subscriptionPending(protocol, endpoint), { command: list }),
  );
  const { slackSecret, email = [] } = notifications ?? {};
  if (slackSecret !== undefined && !subscriptions.some(({ protocol }) => protocol === 'sqs'))
    findings.push(found('SUBSCRIPTION_MISSING', 'error', topic, messages.slackNotSubscribed(), { command }));
  for (const address of email.filter((one) => !subscriptions.some(({ endpoint }) => endpoint === one)))
    findings.push(found('SUBSCRIPTION_MISSING', 'error', topic, messages.mailNotSubscribed(address), { command }));
  if (findings.length === 0 && subscriptions.length === 0)
    findings.push(
      found('NO_SUBSCRIBER', 'warning', topic, messages.noSubscriber(), {
        command: aws(
          where,
          'sns',
          'subscribe',
          '--topic-arn',
          topicArn,
          '--protocol',
          'email',
          '--notification-endpoint',
          'team@example.com',
        ),
      }),
    );
  return findings;
};

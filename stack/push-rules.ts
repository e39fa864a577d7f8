import { attribute, denyWithoutTls, named, type Resource, type Resources } from './cloudformation.js';
import { patternsOf } from './event-patterns.js';

/**
 * The rules that start a release when an image with a tag arrives in one of the ECR repositories, by a push, a replication or a
 * pull-through cache: several if one pattern would be too long. `otherRules` are logical IDs of rules that may also send their undelivered events to the queue.
 */
export const pushRules = (stage: string, repositories: string[], otherRules: string[] = []): Resources => {
  const rules = patternsOf(repositories, patternOf).map((pattern, index): [string, Resource] => [
    `PushRule${index + 1}`,
    {
      Type: 'AWS::Events::Rule',
      Properties: {
        Name: named(stage, `push-${index + 1}`),
        Description: 'Starts a release when an image arrives in a repository of slipway.yml.',
        EventPattern: pattern,
        Targets: [
          {
            Id: 'release',
            Arn: { Ref: 'ReleaseMachine' },
            RoleArn: attribute('PushRuleRole', 'Arn'),
            RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 6 * 3600 },
            DeadLetterConfig: { Arn: attribute('UndeliveredPushes', 'Arn') },
          },
        ],
      },
    },
  ]);

  return {
    ...Object.fromEntries(rules),
    UndeliveredPushesPolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'UndeliveredPushes' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: attribute('UndeliveredPushes', 'Arn'),
              Condition: {
                ArnEquals: { 'aws:SourceArn': [...rules.map(([name]) => name), ...otherRules].map((name) => attribute(name, 'Arn')) },
              },
            },
            denyWithoutTls('sqs:*', attribute('UndeliveredPushes', 'Arn')),
          ],
        },
      },
    },
  };
};

// Saves executions only: the release machine checks all of this again.
const patternOf = (repositories: readonly string[]) => ({
  source: ['aws.ecr'],
  'detail-type': ['ECR Image Action', 'ECR Replication Action', 'ECR Pull Through Cache Action'],
  detail: {
    'repository-name': repositories,
    'image-tag': [{ exists: true }],
    $or: [{ 'action-type': ['PUSH', 'REPLICATE'], result: ['SUCCESS'] }, { 'sync-status': ['SUCCESS'] }],
  },
});

import { givenStack, roleOf } from './given-stack.js';

const lambdaRole = roleOf('lambda.amazonaws.com', { Effect: 'Allow', Action: 'sqs:*', Resource: '*' });

describe('roles', () => {
  test('are named after the stack, and have inline, managed and attached policies', async () => {
    const { deploy, iam } = givenStack();

    const { resources } = await deploy({
      Role: {
        ...lambdaRole,
        Properties: {
          ...lambdaRole.Properties,
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
        },
      },
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'more',
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: { Statement: { Effect: 'Allow', Action: 'sns:Publish', Resource: '*' } },
        },
      },
    });

    const arn = resources.Role?.attributes.Arn ?? '';
    const may = (action: string) => iam.isAllowed({ arn, kind: 'role' }, action, 'x');
    expect(arn).toMatch(/^arn:aws:iam::123456789012:role\/slipway-dev-Role-[0-9A-F]{12}$/);
    expect(['sqs:SendMessage', 'logs:PutLogEvents', 'sns:Publish', 'sns:Subscribe'].map(may)).toEqual([true, true, true, false]);
  });

  test('with more than 10,240 characters of inline policies are refused', async () => {
    const Resource = Array.from({ length: 200 }, (_, index) => `arn:aws:ecs:eu-west-1:123456789012:service/production/${index}`);

    await expect(
      givenStack().deploy({ Role: roleOf('lambda.amazonaws.com', { Effect: 'Allow', Action: 'ecs:*', Resource }) }),
    ).rejects.toThrow('AWS::IAM::Role (Role): Maximum policy size of 10240 bytes exceeded');
  });
});

describe('rules', () => {
  const target = { Id: 'release', Arn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:release' };
  const rule = (properties: object, role = 'events.amazonaws.com') => ({
    Role: roleOf(role, { Effect: 'Allow', Action: 'states:StartExecution', Resource: '*' }),
    Rule: { Type: 'AWS::Events::Rule', Properties: { Name: 'push', ...properties } },
  });
  const RoleArn = { 'Fn::GetAtt': ['Role', 'Arn'] };

  test('have a pattern and targets, with retries and dead letters', async () => {
    const { deploy, askedOf } = givenStack();

    const { resources } = await deploy(
      rule({
        EventPattern: { source: ['aws.ecr'] },
        Targets: [
          {
            ...target,
            RoleArn,
            DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-west-1:123456789012:lost' },
            RetryPolicy: { MaximumRetryAttempts: 3 },
          },
        ],
      }),
    );

    expect(resources.Rule).toMatchObject({ ref: 'push', attributes: { Arn: 'arn:aws:events:eu-west-1:123456789012:rule/push' } });
    expect(askedOf('events.putRule')).toEqual([
      [
        {
          name: 'push',
          arn: 'arn:aws:events:eu-west-1:123456789012:rule/push',
          isEnabled: true,
          eventPattern: { source: ['aws.ecr'] },
          targets: [
            {
              id: 'release',
              arn: target.Arn,
              roleArn: expect.stringContaining('role/slipway-dev-Role-'),
              deadLetterArn: 'arn:aws:sqs:eu-west-1:123456789012:lost',
              maximumRetryAttempts: 3,
              maximumEventAgeSeconds: 86_400,
            },
          ],
        },
      ],
    ]);
  });

  test.each([
    ['nothing to wait for', rule({}), 'EventPattern or ScheduleExpression must be specified'],
    ['a machine without a role', rule({ ScheduleExpression: 'rate(1 hour)', Targets: [target] }), 'RoleArn is required for target'],
    [
      'a role that EventBridge may not assume',
      rule({ ScheduleExpression: 'rate(1 hour)', Targets: [{ ...target, RoleArn }] }, 'lambda.amazonaws.com'),
      "cannot be assumed by principal 'events.amazonaws.com'",
    ],
    ['a long pattern', rule({ EventPattern: { source: ['x'.repeat(2048)] } }), 'expected at most 2048'],
  ])('%s is refused', async (_, resources, message) => {
    await expect(givenStack().deploy(resources)).rejects.toThrow(message);
  });
});

test('topics, queues, tables, alarms, log groups, secrets and buckets are handed to their services', async () => {
  const { deploy, asked } = givenStack();
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] };

  const { resources } = await deploy({
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketEncryption: {} } },
    BucketPolicy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: policy } },
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'news' } },
    TopicPolicy: { Type: 'AWS::SNS::TopicPolicy', Properties: { Topics: [{ Ref: 'Topic' }], PolicyDocument: policy } },
    DeadLetters: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead-letters' } },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: 'letters',
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] }, maxReceiveCount: '5' },
      },
    },
    QueuePolicy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: policy } },
    Subscription: {
      Type: 'AWS::SNS::Subscription',
      Properties: {
        TopicArn: { Ref: 'Topic' },
        Protocol: 'sqs',
        Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] },
        RawMessageDelivery: true,
        FilterPolicy: { outcome: ['FAILED'] },
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] } },
      },
    },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'history',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
      },
    },
    Alarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: 'many',
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: '1',
        Threshold: 0,
        AlarmActions: [{ Ref: 'Topic' }],
      },
    },
    Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/lambda/greet', RetentionInDays: 30 } },
    Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'slack', SecretString: 'x' } },
  });

  const topicArn = 'arn:aws:sns:eu-west-1:123456789012:news';
  const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:letters';
  const deadLetterArn = 'arn:aws:sqs:eu-west-1:123456789012:dead-letters';
  expect(asked).toEqual([
    ['sns.createTopic', [{ name: 'news', arn: topicArn }]],
    ['sns.setTopicPolicy', [topicArn, policy]],
    ['sqs.createQueue', [{ name: 'dead-letters', arn: deadLetterArn, visibilityTimeoutSeconds: 30, messageRetentionSeconds: 345_600 }]],
    [
      'sqs.createQueue',
      [
        {
          name: 'letters',
          arn: queueArn,
          visibilityTimeoutSeconds: 30,
          messageRetentionSeconds: 345_600,
          redrive: { deadLetterArn, maxReceiveCount: 5 },
        },
      ],
    ],
    ['sqs.setQueuePolicy', [queueArn, policy]],
    [
      'sns.subscribe',
      [
        {
          topicArn,
          protocol: 'sqs',
          endpoint: queueArn,
          rawMessageDelivery: true,
          filterPolicy: { outcome: ['FAILED'] },
          deadLetterArn,
        },
      ],
    ],
    [
      'dynamodb.createTable',
      [
        {
          TableName: 'history',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          DeletionProtectionEnabled: true,
        },
      ],
    ],
    ['dynamodb.setTimeToLive', ['history', 'expiresAt']],
    [
      'cloudwatch.putMetricAlarm',
      [
        {
          name: 'many',
          arn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:many',
          ComparisonOperator: 'GreaterThanThreshold',
          EvaluationPeriods: 1,
          Threshold: 0,
          AlarmActions: [topicArn],
        },
      ],
    ],
    ['logs.createLogGroup', ['/aws/lambda/greet', 30]],
    ['secrets.createSecret', [{ name: 'slack', arn: expect.stringMatching(/:secret:slack-[0-9A-F]{6}$/), value: 'x' }]],
  ]);
  expect(resources.Log?.attributes.Arn).toBe('arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/greet:*');
  expect(resources.Bucket?.ref).toMatch(/^slipway-dev-bucket-[0-9a-f]{12}$/);
});

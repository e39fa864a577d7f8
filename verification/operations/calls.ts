import { createHash } from 'node:crypto';

type Answers = (operation: string) => Record<string, unknown>;

/** One request, or virtual time that passes. An input may take what the newest answer of another operation says. */
export type Step =
  | readonly [service: string, operation: string, input: object | ((answerOf: Answers) => object)]
  | { readonly minutes: number };

const accountId = '123456789012';
export const roleArn = `arn:aws:iam::${accountId}:role/anything`;
export const identityProviderArn = `arn:aws:iam::${accountId}:oidc-provider/gitlab.com`;
export const functionName = 'greet';
export const ruleName = 'nightly';
export const stackName = 'team-dev';
export const topicArn = `arn:aws:sns:eu-west-1:${accountId}:deployments`;

const text = (value: unknown, ...path: (string | number)[]): string =>
  path.reduce((each, step) => (each as Record<string | number, unknown>)?.[step], value) as string;

const lifecyclePolicy = {
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14 },
      action: { type: 'expire' },
    },
  ],
};

/** As an identity provider's, without a signature. */
const identityToken = [
  { alg: 'none' },
  { iss: 'https://gitlab.com', aud: 'https://gitlab.com', sub: 'project_path:shop/web:ref_type:branch:ref:main', exp: 9_999_999_999 },
  {},
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.');

const tags = [{ key: 'team', value: 'web' }];
const cluster = 'production';
const service = 'web';
const of = { cluster, service };
const newestOf = (answerOf: Answers): string => text(answerOf('ListServiceDeployments'), 'serviceDeployments', 0, 'serviceDeploymentArn');

const ecs: readonly Step[] = [
  ['ecs', 'CreateCluster', { clusterName: cluster, tags, capacityProviders: ['FARGATE'] }],
  ['ecs', 'ListClusters', {}],
  ['ecs', 'DescribeClusters', { clusters: [cluster, 'missing'], include: ['TAGS'] }],
  [
    'ecs',
    'RegisterTaskDefinition',
    {
      family: 'web',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      executionRoleArn: roleArn,
      taskRoleArn: roleArn,
      runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
      tags,
      containerDefinitions: [
        {
          name: 'app',
          image: 'public.ecr.aws/nginx/nginx:1.29',
          portMappings: [{ containerPort: 80 }],
          environment: [{ name: 'A', value: 'b' }],
          healthCheck: { command: ['CMD', 'true'] },
          logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1' } },
        },
      ],
    },
  ],
  ['ecs', 'DescribeTaskDefinition', { taskDefinition: 'web', include: ['TAGS'] }],
  ['ecs', 'ListTaskDefinitions', { familyPrefix: 'web' }],
  [
    'ecs',
    'CreateService',
    {
      cluster,
      serviceName: service,
      taskDefinition: 'web',
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d'] } },
      loadBalancers: [
        {
          targetGroupArn: `arn:aws:elasticloadbalancing:eu-west-1:${accountId}:targetgroup/web/0123456789abcdef`,
          containerName: 'app',
          containerPort: 80,
        },
      ],
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
      tags,
    },
  ],
  { minutes: 5 },
  ['ecs', 'DescribeServices', { cluster, services: [service, 'missing'], include: ['TAGS'] }],
  ['ecs', 'ListServices', { cluster, maxResults: 1 }],
  ['ecs', 'ListTasks', { cluster }],
  ['ecs', 'DescribeTasks', (answerOf) => ({ cluster, tasks: [text(answerOf('ListTasks'), 'taskArns', 0), 'missing'], include: ['TAGS'] })],
  ['ecs', 'UpdateService', { ...of, forceNewDeployment: true }],
  { minutes: 0.5 },
  ['ecs', 'ListServiceDeployments', of],
  ['ecs', 'DescribeServiceDeployments', (answerOf) => ({ serviceDeploymentArns: [newestOf(answerOf)] })],
  [
    'ecs',
    'DescribeServiceRevisions',
    (answerOf) => ({
      serviceRevisionArns: [text(answerOf('ListServiceDeployments'), 'serviceDeployments', 0, 'targetServiceRevisionArn')],
    }),
  ],
  ['ecs', 'StopServiceDeployment', (answerOf) => ({ serviceDeploymentArn: newestOf(answerOf) })],
  { minutes: 10 },
  ['ecs', 'DescribeServiceDeployments', (answerOf) => ({ serviceDeploymentArns: [newestOf(answerOf), 'missing'] })],
  [
    'ecs',
    'UpdateService',
    {
      ...of,
      forceNewDeployment: true,
      deploymentConfiguration: { lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['PRE_SCALE_UP'] }] },
    },
  ],
  { minutes: 0.5 },
  ['ecs', 'ListServiceDeployments', of],
  ['ecs', 'DescribeServiceDeployments', (answerOf) => ({ serviceDeploymentArns: [newestOf(answerOf)] })],
  [
    'ecs',
    'ContinueServiceDeployment',
    (answerOf) => ({
      serviceDeploymentArn: newestOf(answerOf),
      hookId: text(answerOf('DescribeServiceDeployments'), 'serviceDeployments', 0, 'lifecycleHookDetails', 0, 'hookId'),
    }),
  ],
  { minutes: 5 },
  [
    'ecs',
    'RunTask',
    {
      cluster,
      taskDefinition: 'web',
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d'] } },
      startedBy: 'me',
      tags,
    },
  ],
  ['ecs', 'StopTask', (answerOf) => ({ cluster, task: text(answerOf('RunTask'), 'tasks', 0, 'taskArn'), reason: 'enough' })],
  { minutes: 2 },
  ['ecs', 'DescribeTasks', (answerOf) => ({ cluster, tasks: [text(answerOf('RunTask'), 'tasks', 0, 'taskArn')] })],
  ['ecs', 'TagResource', (answerOf) => ({ resourceArn: text(answerOf('CreateService'), 'service', 'serviceArn'), tags })],
  ['ecs', 'ListTagsForResource', (answerOf) => ({ resourceArn: text(answerOf('CreateService'), 'service', 'serviceArn') })],
  ['ecs', 'DeleteService', { ...of, force: true }],
  ['ecs', 'DeregisterTaskDefinition', { taskDefinition: 'web:1' }],
];

const repositoryName = 'web';
const layer = Buffer.from('layer');
const layerDigest = `sha256:${createHash('sha256').update(layer).digest('hex')}`;
const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  annotations: { 'slipway.behaviour': 'healthy' },
});

const ecr: readonly Step[] = [
  ['ecr', 'GetAuthorizationToken', {}],
  ['ecr', 'CreateRepository', { repositoryName, imageScanningConfiguration: { scanOnPush: true } }],
  ['ecr', 'DescribeRepositories', { repositoryNames: [repositoryName] }],
  ['ecr', 'PutImageScanningConfiguration', { repositoryName, imageScanningConfiguration: { scanOnPush: false } }],
  [
    'ecr',
    'PutRegistryScanningConfiguration',
    { scanType: 'BASIC', rules: [{ scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: 'scanned-*', filterType: 'WILDCARD' }] }] },
  ],
  ['ecr', 'GetRegistryScanningConfiguration', {}],
  ['ecr', 'BatchGetRepositoryScanningConfiguration', { repositoryNames: [repositoryName, 'missing'] }],
  ['ecr', 'PutImageTagMutability', { repositoryName, imageTagMutability: 'MUTABLE' }],
  ['ecr', 'PutLifecyclePolicy', { repositoryName, lifecyclePolicyText: JSON.stringify(lifecyclePolicy) }],
  ['ecr', 'GetLifecyclePolicy', { repositoryName }],
  ['ecr', 'DeleteLifecyclePolicy', { repositoryName }],
  ['ecr', 'InitiateLayerUpload', { repositoryName }],
  [
    'ecr',
    'UploadLayerPart',
    (answerOf) => ({
      repositoryName,
      uploadId: text(answerOf('InitiateLayerUpload'), 'uploadId'),
      partFirstByte: 0,
      partLastByte: layer.length - 1,
      layerPartBlob: layer,
    }),
  ],
  [
    'ecr',
    'CompleteLayerUpload',
    (answerOf) => ({
      repositoryName,
      uploadId: text(answerOf('InitiateLayerUpload'), 'uploadId'),
      layerDigests: [layerDigest],
    }),
  ],
  ['ecr', 'GetDownloadUrlForLayer', { repositoryName, layerDigest }],
  ['ecr', 'PutImage', { repositoryName, imageTag: 'main-1', imageManifest: manifest }],
  { minutes: 5 },
  ['ecr', 'DescribeImages', { repositoryName }],
  ['ecr', 'ListImages', { repositoryName }],
  ['ecr', 'BatchGetImage', { repositoryName, imageIds: [{ imageTag: 'main-1' }, { imageTag: 'missing' }] }],
  ['ecr', 'StartImageScan', { repositoryName, imageId: { imageTag: 'main-1' } }],
  ['ecr', 'DescribeImageScanFindings', { repositoryName, imageId: { imageTag: 'main-1' } }],
  ['ecr', 'BatchCheckLayerAvailability', { repositoryName, layerDigests: [layerDigest, 'none'] }],
  ['ecr', 'UpdateImageStorageClass', { repositoryName, imageId: { imageTag: 'main-1' }, targetStorageClass: 'ARCHIVE' }],
  ['ecr', 'BatchDeleteImage', { repositoryName, imageIds: [{ imageTag: 'main-1' }, { imageTag: 'missing' }] }],
];

const TableName = 'table';
const Key = { pk: { S: 'a' } };
const tableArn = `arn:aws:dynamodb:eu-west-1:${accountId}:table/${TableName}`;

const dynamodb: readonly Step[] = [
  [
    'dynamodb',
    'CreateTable',
    {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    },
  ],
  ['dynamodb', 'DescribeTable', { TableName }],
  ['dynamodb', 'ListTables', {}],
  ['dynamodb', 'UpdateTimeToLive', { TableName, TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } }],
  ['dynamodb', 'DescribeTimeToLive', { TableName }],
  ['dynamodb', 'TagResource', { ResourceArn: tableArn, Tags: [{ Key: 'team', Value: 'web' }] }],
  ['dynamodb', 'ListTagsOfResource', { ResourceArn: tableArn }],
  ['dynamodb', 'UntagResource', { ResourceArn: tableArn, TagKeys: ['team'] }],
  ['dynamodb', 'PutItem', { TableName, Item: { ...Key, count: { N: '1' } }, ReturnConsumedCapacity: 'TOTAL' }],
  ['dynamodb', 'GetItem', { TableName, Key }],
  [
    'dynamodb',
    'UpdateItem',
    { TableName, Key, UpdateExpression: 'SET done = :yes', ExpressionAttributeValues: { ':yes': { BOOL: true } }, ReturnValues: 'ALL_NEW' },
  ],
  ['dynamodb', 'Query', { TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: 'a' } } }],
  ['dynamodb', 'Scan', { TableName }],
  ['dynamodb', 'BatchWriteItem', { RequestItems: { [TableName]: [{ PutRequest: { Item: { pk: { S: 'b' } } } }] } }],
  ['dynamodb', 'BatchGetItem', { RequestItems: { [TableName]: { Keys: [Key] } } }],
  ['dynamodb', 'DeleteItem', { TableName, Key, ReturnValues: 'ALL_OLD' }],
  ['dynamodb', 'UpdateTable', { TableName, DeletionProtectionEnabled: false }],
  ['dynamodb', 'DeleteTable', { TableName }],
];

const queueUrl = (answerOf: Answers): string => text(answerOf('CreateQueue'), 'QueueUrl');
const receipt = (answerOf: Answers): string => text(answerOf('ReceiveMessage'), 'Messages', 0, 'ReceiptHandle');
const receive: Step = [
  'sqs',
  'ReceiveMessage',
  (answerOf) => ({ QueueUrl: queueUrl(answerOf), MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] }),
];
const send: Step = [
  'sqs',
  'SendMessage',
  (answerOf) => ({
    QueueUrl: queueUrl(answerOf),
    MessageBody: 'hello',
    MessageAttributes: { team: { DataType: 'String', StringValue: 'web' } },
  }),
];

const messages: readonly Step[] = [
  ['sqs', 'CreateQueue', { QueueName: 'queue' }],
  ['sqs', 'GetQueueUrl', { QueueName: 'queue' }],
  ['sqs', 'ListQueues', {}],
  ['sqs', 'GetQueueAttributes', (answerOf) => ({ QueueUrl: queueUrl(answerOf), AttributeNames: ['All'] })],
  send,
  receive,
  [
    'sqs',
    'ChangeMessageVisibility',
    (answerOf) => ({ QueueUrl: queueUrl(answerOf), ReceiptHandle: receipt(answerOf), VisibilityTimeout: 30 }),
  ],
  ['sqs', 'DeleteMessage', (answerOf) => ({ QueueUrl: queueUrl(answerOf), ReceiptHandle: receipt(answerOf) })],
  send,
  receive,
  [
    'sqs',
    'DeleteMessageBatch',
    (answerOf) => ({
      QueueUrl: queueUrl(answerOf),
      Entries: [
        { Id: 'a', ReceiptHandle: receipt(answerOf) },
        { Id: 'b', ReceiptHandle: 'unknown' },
      ],
    }),
  ],
  ['sqs', 'PurgeQueue', (answerOf) => ({ QueueUrl: queueUrl(answerOf) })],
  ['sns', 'ListTopics', {}],
  ['sns', 'Subscribe', { TopicArn: topicArn, Protocol: 'email', Endpoint: 'team@example.com' }],
  ['sns', 'ListSubscriptionsByTopic', { TopicArn: topicArn }],
  ['sns', 'Publish', { TopicArn: topicArn, Subject: 'deployed', Message: 'hello' }],
  ['events', 'ListRules', {}],
  ['events', 'DisableRule', { Name: ruleName }],
  ['events', 'EnableRule', { Name: ruleName }],
  ['events', 'ListTargetsByRule', { Rule: ruleName }],
  ['events', 'PutEvents', { Entries: [{ Source: 'mine', DetailType: 'Something', Detail: '{}' }] }],
];

const other: readonly Step[] = [
  ['sts', 'GetCallerIdentity', {}],
  ['sts', 'AssumeRoleWithWebIdentity', { RoleArn: roleArn, RoleSessionName: 'job', WebIdentityToken: identityToken, DurationSeconds: 900 }],
  ['cloudformation', 'DescribeStacks', { StackName: stackName }],
  ['cloudformation', 'ListStackResources', { StackName: stackName }],
  ['cloudformation', 'DescribeStackEvents', { StackName: stackName }],
  [
    'iam',
    'SimulatePrincipalPolicy',
    {
      PolicySourceArn: roleArn,
      ActionNames: ['iam:PassRole'],
      ResourceArns: [roleArn],
      ContextEntries: [{ ContextKeyName: 'iam:PassedToService', ContextKeyValues: ['ecs-tasks.amazonaws.com'], ContextKeyType: 'string' }],
    },
  ],
  ['lambda', 'ListFunctions', {}],
  ['lambda', 'GetFunctionConfiguration', { FunctionName: functionName }],
  ['lambda', 'PutFunctionConcurrency', { FunctionName: functionName, ReservedConcurrentExecutions: 0 }],
  ['lambda', 'GetFunctionConcurrency', { FunctionName: functionName }],
  ['lambda', 'DeleteFunctionConcurrency', { FunctionName: functionName }],
  ['lambda', 'ListEventSourceMappings', {}],
  ['lambda', 'Invoke', { FunctionName: functionName, Payload: Buffer.from('{}') }],
  ['secretsmanager', 'CreateSecret', { Name: 'secret', SecretString: 'value' }],
  ['secretsmanager', 'GetSecretValue', { SecretId: 'secret' }],
  ['secretsmanager', 'DeleteSecret', { SecretId: 'secret' }],
  ['secretsmanager', 'DescribeSecret', { SecretId: 'secret' }],
  ['secretsmanager', 'RestoreSecret', { SecretId: 'secret' }],
  [
    'cloudwatch',
    'PutMetricAlarm',
    {
      AlarmName: 'alarm',
      Namespace: 'AWS/ECS',
      MetricName: 'CPUUtilization',
      Statistic: 'Average',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 90,
      ComparisonOperator: 'GreaterThanThreshold',
    },
  ],
  ['cloudwatch', 'SetAlarmState', { AlarmName: 'alarm', StateValue: 'ALARM', StateReason: 'a test' }],
  ['cloudwatch', 'PutCompositeAlarm', { AlarmName: 'composite', AlarmRule: 'ALARM(alarm)' }],
  ['cloudwatch', 'PutDashboard', { DashboardName: 'dashboard', DashboardBody: '{"widgets":[]}' }],
  ['cloudwatch', 'GetDashboard', { DashboardName: 'dashboard' }],
  ['cloudwatch', 'DescribeAlarms', { AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }],
  ['logs', 'CreateLogGroup', { logGroupName: '/ecs/other' }],
  ['logs', 'DescribeLogStreams', { logGroupName: '/ecs/web' }],
  ['logs', 'FilterLogEvents', { logGroupName: '/ecs/web', interleaved: true }],
  [
    'logs',
    'GetLogEvents',
    (answerOf) => ({ logGroupName: '/ecs/web', logStreamName: text(answerOf('DescribeLogStreams'), 'logStreams', 0, 'logStreamName') }),
  ],
];

const asks = (QueueUrl: string): string =>
  JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Arguments: { QueueUrl, MessageBody: '{% $states.context.Task.Token %}' },
        End: true,
      },
    },
  });
const machineOf = (answerOf: Answers): { stateMachineArn: string } => ({
  stateMachineArn: text(answerOf('CreateStateMachine'), 'stateMachineArn'),
});
const executionOf = (answerOf: Answers): { executionArn: string } => ({ executionArn: text(answerOf('StartExecution'), 'executionArn') });
const tokenOf = (answerOf: Answers): { taskToken: string } => ({ taskToken: text(answerOf('ReceiveMessage'), 'Messages', 0, 'Body') });
const started: readonly Step[] = [
  ['states', 'StartExecution', (answerOf) => ({ ...machineOf(answerOf), input: '{"a":1}' })],
  { minutes: 0.1 },
];

const states: readonly Step[] = [
  ['states', 'CreateStateMachine', (answerOf) => ({ name: 'machine', roleArn, definition: asks(queueUrl(answerOf)) })],
  ['states', 'ListStateMachines', {}],
  ['states', 'ValidateStateMachineDefinition', { definition: '{"StartAt":"Missing","States":{}}' }],
  ['states', 'DescribeStateMachine', machineOf],
  ...started,
  receive,
  ['states', 'SendTaskHeartbeat', tokenOf],
  ['states', 'SendTaskSuccess', (answerOf) => ({ ...tokenOf(answerOf), output: '{}' })],
  { minutes: 0.1 },
  ['states', 'DescribeExecution', executionOf],
  ['states', 'DescribeStateMachineForExecution', executionOf],
  ['states', 'GetExecutionHistory', executionOf],
  ...started,
  receive,
  ['states', 'SendTaskFailure', (answerOf) => ({ ...tokenOf(answerOf), error: 'Broken', cause: 'a test' })],
  { minutes: 0.1 },
  ['states', 'DescribeExecution', executionOf],
  ['states', 'GetExecutionHistory', executionOf],
  ...started,
  ['states', 'StopExecution', (answerOf) => ({ ...executionOf(answerOf), error: 'Enough', cause: 'a test' })],
  ['states', 'ListExecutions', machineOf],
  ['states', 'UpdateStateMachine', (answerOf) => ({ ...machineOf(answerOf), roleArn })],
  ['states', 'DeleteStateMachine', machineOf],
];

/** Every operation at least once, with the input of an ordinary client. */
export const steps: readonly Step[] = [...ecr, ...ecs, ...dynamodb, ...messages, ...other, ...states];

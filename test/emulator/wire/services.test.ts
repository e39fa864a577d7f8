import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateRepositoryCommand, DescribeImagesCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  ListClustersCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { ListTopicsCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createEmulator, type Emulator } from '../../../emulator/emulator.js';
import { transports } from './transports.js';

const account = '123456789012';
const start = new Date('2026-11-23T09:00:00Z');
const roleArn = `arn:aws:iam::${account}:role/anything`;

describe.each(transports)("today's clients %s", (_name, open) => {
  let emulator: Emulator;
  let config: { region: string };
  let close: () => Promise<void>;

  beforeEach(async () => {
    emulator = createEmulator({ functionCode: () => async (payload) => ({ got: payload }) });
    emulator.account.services.iam.putRole({
      arn: roleArn,
      trust: {
        Statement: [
          { Effect: 'Allow', Principal: { Service: ['states.amazonaws.com', 'lambda.amazonaws.com'] }, Action: 'sts:AssumeRole' },
        ],
      },
      policies: [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }],
    });
    ({ config, close } = await open(emulator.account));
  });

  afterEach(async () => {
    await close();
    await emulator.close();
  });

  test('ECS', async () => {
    const ecs = new ECSClient(config);
    await ecs.send(new CreateClusterCommand({ clusterName: 'production' }));
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions: [{ name: 'app', image: 'nginx', memory: 128 }] }),
    );
    await ecs.send(new CreateServiceCommand({ cluster: 'production', serviceName: 'web', taskDefinition: 'web:1', desiredCount: 0 }));

    expect(taskDefinition?.registeredAt).toEqual(start);
    expect(await ecs.send(new ListClustersCommand({}))).toMatchObject({
      clusterArns: [`arn:aws:ecs:eu-west-1:${account}:cluster/production`],
    });
    await emulator.account.clock.advance(10_000);
    const { services, failures } = await ecs.send(new DescribeServicesCommand({ cluster: 'production', services: ['web', 'none'] }));
    expect(services?.[0]?.createdAt).toEqual(start);
    expect(failures).toMatchObject([{ reason: 'MISSING' }]);
    await expect(ecs.send(new DescribeServicesCommand({ cluster: 'none', services: ['web'] }))).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
    });
  });

  test('ECR', async () => {
    const ecr = new ECRClient(config);
    const { repository } = await ecr.send(new CreateRepositoryCommand({ repositoryName: 'my-learn-app' }));
    await ecr.send(
      new PutImageCommand({
        repositoryName: 'my-learn-app',
        imageTag: 'v1',
        imageManifest: JSON.stringify({
          schemaVersion: 2,
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          annotations: { 'slipway.behaviour': 'healthy' },
        }),
      }),
    );
    const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName: 'my-learn-app' }));

    expect(repository?.createdAt).toEqual(start);
    expect(imageDetails).toMatchObject([{ imageTags: ['v1'], imagePushedAt: start }]);
    await expect(ecr.send(new DescribeImagesCommand({ repositoryName: 'none' }))).rejects.toMatchObject({
      name: 'RepositoryNotFoundException',
    });
  });

  test('Step Functions', async () => {
    const sfn = new SFNClient(config);
    const definition = JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: 'Wait',
      States: { Wait: { Type: 'Wait', Seconds: 60, Next: 'Done' }, Done: { Type: 'Succeed' } },
    });
    const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand({ name: 'release', definition, roleArn }));
    const { executionArn, startDate } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: '{"a":1}' }));
    await emulator.account.clock.run();

    expect(startDate).toEqual(start);
    expect(await sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"a":1}',
      stopDate: new Date('2026-11-23T09:01:00Z'),
    });
    const { events } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events?.[0]).toMatchObject({ type: 'ExecutionStarted', timestamp: start });
    await expect(sfn.send(new DescribeExecutionCommand({ executionArn: `${executionArn}-none` }))).rejects.toMatchObject({
      name: 'ExecutionDoesNotExist',
    });
  });

  test('EventBridge', async () => {
    const events = new EventBridgeClient(config);
    const entry = { Source: 'test', DetailType: 'Test', Detail: '{}', Time: start };

    expect(await events.send(new PutEventsCommand({ Entries: [entry] }))).toMatchObject({ FailedEntryCount: 0 });
    expect(await events.send(new ListRulesCommand({}))).toMatchObject({ Rules: [] });
  });

  test('SNS and SQS', async () => {
    const [sns, sqs] = [new SNSClient(config), new SQSClient(config)];
    const TopicArn = `arn:aws:sns:eu-west-1:${account}:slipway`;
    emulator.account.services.sns.createTopic({ name: 'slipway', arn: TopicArn });
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'inbox', Attributes: { VisibilityTimeout: '10' } }));
    emulator.account.services.sqs.setQueuePolicy(`arn:aws:sqs:eu-west-1:${account}:inbox`, {
      Statement: [{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: '*' }],
    });
    await sns.send(
      new SubscribeCommand({
        TopicArn,
        Protocol: 'sqs',
        Endpoint: `arn:aws:sqs:eu-west-1:${account}:inbox`,
        Attributes: { RawMessageDelivery: 'true' },
      }),
    );
    await sns.send(new PublishCommand({ TopicArn, Message: 'deployed <1> & done' }));
    await emulator.account.clock.run();
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'by hand' }));
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));

    expect((await sns.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn }]);
    expect(Messages?.map(({ Body }) => Body).sort()).toEqual(['by hand', 'deployed <1> & done']);
    expect(Attributes).toMatchObject({ VisibilityTimeout: '10', ApproximateNumberOfMessagesNotVisible: '2' });
    await expect(sns.send(new PublishCommand({ TopicArn: `${TopicArn}-none`, Message: 'x' }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    await expect(sqs.send(new SendMessageCommand({ QueueUrl: `${QueueUrl}-none`, MessageBody: 'x' }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });

  test('Secrets Manager', async () => {
    const secrets = new SecretsManagerClient(config);
    await secrets.send(new CreateSecretCommand({ Name: 'slipway/slack', SecretString: 'xoxb' }));

    expect(await secrets.send(new GetSecretValueCommand({ SecretId: 'slipway/slack' }))).toMatchObject({
      SecretString: 'xoxb',
      CreatedDate: start,
    });
    await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'none' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('CloudWatch', async () => {
    const cloudWatch = new CloudWatchClient(config);
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName: 'web-5xx',
        Namespace: 'AWS/ApplicationELB',
        MetricName: 'HTTPCode_Target_5XX_Count',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 5,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'web-5xx', StateValue: 'ALARM', StateReason: 'by hand' }));

    expect((await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ['web-5xx'] }))).MetricAlarms).toMatchObject([
      { AlarmName: 'web-5xx', StateValue: 'ALARM', Threshold: 5, StateUpdatedTimestamp: start },
    ]);
    await expect(
      cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'none', StateValue: 'OK', StateReason: 'x' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFound' });
  });

  test('CloudWatch Logs', async () => {
    const logs = new CloudWatchLogsClient(config);
    emulator.account.services.logs.createLogGroup('/ecs/web');
    emulator.account.services.logs.write('/ecs/web', 'app/1', 'cannot connect to the database');

    expect((await logs.send(new FilterLogEventsCommand({ logGroupName: '/ecs/web' }))).events).toMatchObject([
      { message: 'cannot connect to the database', timestamp: start.getTime() },
    ]);
    await expect(logs.send(new FilterLogEventsCommand({ logGroupName: 'none' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('DynamoDB', async () => {
    const dynamodb = new DynamoDBClient(config);
    const { TableDescription } = await dynamodb.send(
      new CreateTableCommand({
        TableName: 'slipway',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      }),
    );
    await dynamodb.send(
      new PutItemCommand({ TableName: 'slipway', Item: { pk: { S: 'a' }, bytes: { B: new Uint8Array([0, 255]) }, none: { NULL: true } } }),
    );

    expect(TableDescription?.CreationDateTime).toEqual(start);
    expect((await dynamodb.send(new ScanCommand({ TableName: 'slipway' }))).Items).toEqual([
      { pk: { S: 'a' }, bytes: { B: new Uint8Array([0, 255]) }, none: { NULL: true } },
    ]);
    await expect(dynamodb.send(new ScanCommand({ TableName: 'none' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('Lambda', async () => {
    const lambda = new LambdaClient(config);
    emulator.account.services.lambda.createFunction({
      name: 'hello',
      arn: `arn:aws:lambda:eu-west-1:${account}:function:hello`,
      roleArn,
      handler: 'functions/hello.handler',
      zipPath: undefined,
      environment: {},
      timeoutSeconds: 3,
      memoryMb: 128,
    });
    const invoked = lambda.send(new InvokeCommand({ FunctionName: 'hello', Payload: '{"a":1}' }));
    const stop = emulator.runInRealTime(1);
    const { StatusCode, ExecutedVersion, Payload } = await invoked;
    await stop();

    expect({ StatusCode, ExecutedVersion, payload: Payload?.transformToString() }).toEqual({
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      payload: '{"got":{"a":1}}',
    });
    await expect(lambda.send(new InvokeCommand({ FunctionName: 'none' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('STS', async () => {
    expect(await new STSClient(config).send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: account });
  });
});

test('a client made with a caller makes its requests as that caller', async () => {
  const emulator = createEmulator();
  const unknownRole = { arn: `arn:aws:iam::${account}:role/missing`, kind: 'role' as const };

  await expect(new ECSClient(emulator.clientConfig(unknownRole)).send(new ListClustersCommand({}))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  expect(await new ECSClient(emulator.clientConfig()).send(new ListClustersCommand({}))).toMatchObject({ clusterArns: [] });
  await emulator.close();
});

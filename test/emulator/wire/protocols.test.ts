import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { ClusterNotFoundException, ECSClient, ListClustersCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, GetTopicAttributesCommand, ListTopicsCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueUrlCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { AwsError } from '../../../emulator/errors.js';
import { createSts } from '../../../emulator/sts/index.js';
import { Echoes } from './echoes.js';
import { transports } from './transports.js';

describe.each(transports)('clients %s', (_name, open) => {
  let echoes: Echoes;
  let config: { region: string };
  let close: () => Promise<void>;

  beforeEach(async () => {
    echoes = new Echoes();
    ({ config, close } = await open(echoes.account));
  });

  afterEach(() => close());

  test('awsJson 1.1 encodes members both ways, and dates as fractional seconds', async () => {
    echoes.answer('ecs.UpdateService', { cluster: 'string', service: 'string', desiredCount: 'number' }, () => ({
      service: { serviceName: 'web', createdAt: new Date('2026-11-23T09:00:00.250Z'), deployments: [], pendingCount: undefined },
    }));

    const { service } = await new ECSClient(config).send(
      new UpdateServiceCommand({ cluster: 'production', service: 'wéb', desiredCount: 3 }),
    );

    expect(echoes.inputs).toEqual([{ cluster: 'production', service: 'wéb', desiredCount: 3 }]);
    expect(service).toEqual({ serviceName: 'web', createdAt: new Date('2026-11-23T09:00:00.250Z'), deployments: [] });
  });

  test("awsJson 1.0 encodes Step Functions' answers", async () => {
    echoes.answer('states.DescribeExecution', { executionArn: 'string' }, () => ({
      executionArn: 'arn:x',
      status: 'RUNNING',
      startDate: new Date('2026-11-23T09:00:00Z'),
      input: '{"a":1}',
    }));

    const execution = await new SFNClient(config).send(new DescribeExecutionCommand({ executionArn: 'arn:x' }));

    expect(execution).toMatchObject({ status: 'RUNNING', startDate: new Date('2026-11-23T09:00:00Z'), input: '{"a":1}' });
    expect(execution.$metadata.requestId).toBe('00000000-0000-4000-8000-000000000001');
  });

  test('bytes go through JSON both ways', async () => {
    echoes.answer('secretsmanager.CreateSecret', { Name: 'string', SecretBinary: 'blob', ClientRequestToken: 'string' }, () => ({}));
    echoes.answer('secretsmanager.GetSecretValue', { SecretId: 'string' }, () => ({ SecretBinary: new Uint8Array([1, 2, 255]) }));
    const secrets = new SecretsManagerClient(config);

    await secrets.send(new CreateSecretCommand({ Name: 'slack', SecretBinary: new Uint8Array([0, 254]) }));
    const { SecretBinary } = await secrets.send(new GetSecretValueCommand({ SecretId: 'slack' }));

    expect(echoes.inputs[0]).toMatchObject({ SecretBinary: new Uint8Array([0, 254]) });
    expect([...(SecretBinary ?? [])]).toEqual([1, 2, 255]);
  });

  test("a service's error is the SDK's own exception", async () => {
    echoes.answer('ecs.UpdateService', { service: 'string' }, () => {
      throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
    });

    const refused = new ECSClient(config).send(new UpdateServiceCommand({ service: 'web' }));

    await expect(refused).rejects.toBeInstanceOf(ClusterNotFoundException);
    await expect(refused).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
      message: 'Cluster not found.',
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test("an error's further members reach the exception", async () => {
    echoes.answer('ecs.UpdateService', { service: 'string' }, () => {
      throw new AwsError('ConflictException', 'busy', { resourceIds: ['one', 'two'] });
    });

    await expect(new ECSClient(config).send(new UpdateServiceCommand({ service: 'web' }))).rejects.toMatchObject({
      resourceIds: ['one', 'two'],
    });
  });

  test('an operation that is not emulated says so, by its name', async () => {
    await expect(new ECSClient(config).send(new ListClustersCommand({}))).rejects.toMatchObject({
      name: 'NotEmulated',
      message: 'emulator: ecs.ListClusters is not emulated (see emulator/COVERAGE.md)',
      $metadata: { httpStatusCode: 501 },
    });
  });

  test('a member that is not emulated says so, by its name', async () => {
    echoes.answer('ecs.UpdateService', { service: 'string' }, () => ({}));

    await expect(
      new ECSClient(config).send(new UpdateServiceCommand({ service: 'web', enableExecuteCommand: true })),
    ).rejects.toMatchObject({
      name: 'NotEmulated',
      message: 'emulator: member ecs.UpdateService.enableExecuteCommand is not emulated (see emulator/COVERAGE.md)',
    });
  });

  test('a bug of the emulator is an InternalFailure, and is printed', async () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
    echoes.answer('ecs.ListClusters', {}, () => {
      throw new TypeError('x is undefined');
    });

    await expect(new ECSClient(config).send(new ListClustersCommand({}))).rejects.toMatchObject({
      name: 'InternalFailure',
      $metadata: { httpStatusCode: 500 },
    });

    expect(echoes.account.log.of('emulator', 'bug')).toMatchObject([{ detail: { operation: 'ecs.ListClusters' } }]);
    expect(printed).toHaveBeenCalledTimes(1);
    printed.mockRestore();
  });

  test('SNS speaks forms and XML: lists, maps and numbers are what the shapes say', async () => {
    echoes.answer(
      'sns.CreateTopic',
      { Name: 'string', Attributes: { map: 'string' }, Tags: { list: { members: { Key: 'string', Value: 'string' } } } },
      () => ({ TopicArn: 'arn:topic' }),
    );

    const topic = await new SNSClient(config).send(
      new CreateTopicCommand({
        Name: 'a&b',
        Attributes: { DisplayName: 'é <1>' },
        Tags: [
          { Key: 'one', Value: '1' },
          { Key: 'two', Value: '' },
        ],
      }),
    );

    expect(echoes.inputs).toEqual([
      {
        Name: 'a&b',
        Attributes: { DisplayName: 'é <1>' },
        Tags: [
          { Key: 'one', Value: '1' },
          { Key: 'two', Value: '' },
        ],
      },
    ]);
    expect(topic).toMatchObject({ TopicArn: 'arn:topic' });
  });

  test('SNS message attributes arrive by their names', async () => {
    echoes.answer(
      'sns.Publish',
      {
        TopicArn: 'string',
        Message: 'string',
        MessageAttributes: { map: { members: { DataType: 'string', StringValue: 'string', BinaryValue: 'blob' } } },
      },
      () => ({ MessageId: 'one' }),
    );

    await new SNSClient(config).send(
      new PublishCommand({
        TopicArn: 'arn:topic',
        Message: 'a\nb + c',
        MessageAttributes: {
          outcome: { DataType: 'String', StringValue: 'ROLLED_BACK' },
          raw: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
        },
      }),
    );

    expect(echoes.inputs).toEqual([
      {
        TopicArn: 'arn:topic',
        Message: 'a\nb + c',
        MessageAttributes: {
          outcome: { DataType: 'String', StringValue: 'ROLLED_BACK' },
          raw: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
        },
      },
    ]);
  });

  test('XML answers have lists and maps in the form that clients read, also when they are empty', async () => {
    echoes.answer('sns.ListTopics', { NextToken: 'string' }, () => ({ Topics: [{ TopicArn: 'arn:a' }, { TopicArn: 'arn:b' }] }));
    echoes.answer('sns.GetTopicAttributes', { TopicArn: 'string' }, () => ({ Attributes: { Policy: '{"a":"<&>"}', DisplayName: '' } }));
    const sns = new SNSClient(config);

    expect(await sns.send(new ListTopicsCommand({}))).toMatchObject({ Topics: [{ TopicArn: 'arn:a' }, { TopicArn: 'arn:b' }] });
    expect(await sns.send(new GetTopicAttributesCommand({ TopicArn: 'arn:a' }))).toMatchObject({
      Attributes: { Policy: '{"a":"<&>"}', DisplayName: '' },
    });
  });

  test.each(['NotFoundException', 'NotFound'])("SNS's %s is the exception NotFoundException", async (code) => {
    echoes.answer('sns.ListTopics', {}, () => {
      throw new AwsError(code, 'Topic <x> does not exist', { status: 404 });
    });

    await expect(new SNSClient(config).send(new ListTopicsCommand({}))).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Topic <x> does not exist',
      Error: { Code: 'NotFound', Type: 'Sender' },
    });
  });

  test.each(['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'])(
    "SQS's %s is the exception QueueDoesNotExist, with the query protocol's code beside it",
    async (code) => {
      echoes.answer('sqs.GetQueueUrl', { QueueName: 'string' }, () => {
        throw new AwsError(code, 'The specified queue does not exist.');
      });

      await expect(new SQSClient(config).send(new GetQueueUrlCommand({ QueueName: 'none' }))).rejects.toMatchObject({
        name: 'QueueDoesNotExist',
        message: 'The specified queue does not exist.',
        Error: { Code: 'AWS.SimpleQueueService.NonExistentQueue', Type: 'Sender' },
      });
    },
  );

  test.each([
    ['JSON', {}],
    [
      'query',
      {
        protocol: AwsQueryProtocol,
        protocolSettings: {
          version: '2012-11-05',
          xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
          defaultNamespace: 'com.amazonaws.sqs',
        },
      },
    ],
  ])('SQS understands clients that speak %s', async (_protocol, protocol) => {
    echoes.answer(
      'sqs.SendMessage',
      {
        QueueUrl: 'string',
        MessageBody: 'string',
        DelaySeconds: 'number',
        MessageAttributes: { map: { members: { DataType: 'string', StringValue: 'string' } } },
      },
      () => ({ MessageId: 'one' }),
    );
    echoes.answer('sqs.ReceiveMessage', { QueueUrl: 'string', AttributeNames: { list: 'string' } }, () => ({
      Messages: [{ MessageId: 'one', Body: 'a<b', Attributes: { SentTimestamp: '1' } }, { MessageId: 'two' }],
    }));
    const sqs = new SQSClient({ ...config, ...protocol, md5: false });

    await sqs.send(
      new SendMessageCommand({
        QueueUrl: 'http://127.0.0.1:4566/123456789012/q',
        MessageBody: 'a<b',
        DelaySeconds: 2,
        MessageAttributes: { one: { DataType: 'String', StringValue: 'x' } },
      }),
    );
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: 'http://127.0.0.1:4566/123456789012/q', AttributeNames: ['All'] }),
    );

    expect(echoes.inputs).toEqual([
      {
        QueueUrl: 'http://127.0.0.1:4566/123456789012/q',
        MessageBody: 'a<b',
        DelaySeconds: 2,
        MessageAttributes: { one: { DataType: 'String', StringValue: 'x' } },
      },
      { QueueUrl: 'http://127.0.0.1:4566/123456789012/q', AttributeNames: ['All'] },
    ]);
    expect(Messages).toMatchObject([{ MessageId: 'one', Body: 'a<b', Attributes: { SentTimestamp: '1' } }, { MessageId: 'two' }]);
  });

  const cloudWatch = {
    defaultNamespace: 'com.amazonaws.cloudwatch',
    version: '2010-08-01',
    xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
  };

  test.each([
    ['JSON', {}],
    ['CBOR', { protocol: AwsSmithyRpcV2CborProtocol, protocolSettings: { ...cloudWatch, serviceTarget: 'GraniteServiceVersion20100801' } }],
    ['query', { protocol: AwsQueryProtocol, protocolSettings: cloudWatch }],
  ])('CloudWatch understands clients that speak %s', async (_protocol, protocol) => {
    echoes.answer('cloudwatch.DescribeAlarms', { AlarmNames: { list: 'string' }, MaxRecords: 'number' }, () => ({
      MetricAlarms: [
        {
          AlarmName: 'web-5xx',
          ActionsEnabled: true,
          Threshold: 1.5,
          Dimensions: [{ Name: 'a', Value: 'b' }],
          StateUpdatedTimestamp: new Date('2026-11-23T09:00:00.500Z'),
        },
      ],
      CompositeAlarms: [],
    }));
    echoes.answer(
      'cloudwatch.PutMetricData',
      { Namespace: 'string', MetricData: { list: { members: { MetricName: 'string', Value: 'number', Timestamp: 'timestamp' } } } },
      () => {
        throw new AwsError('InvalidParameterValueException', 'no');
      },
    );
    const client = new CloudWatchClient({ ...config, ...protocol });

    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ['web-5xx', 'b'], MaxRecords: 10 }));
    const refused = client.send(
      new PutMetricDataCommand({
        Namespace: 'n',
        MetricData: [{ MetricName: 'm', Value: 1.5, Timestamp: new Date('2026-11-23T09:00:00Z') }],
      }),
    );

    expect(MetricAlarms).toEqual([
      {
        AlarmName: 'web-5xx',
        ActionsEnabled: true,
        Threshold: 1.5,
        Dimensions: [{ Name: 'a', Value: 'b' }],
        StateUpdatedTimestamp: new Date('2026-11-23T09:00:00.500Z'),
      },
    ]);
    await expect(refused).rejects.toMatchObject({ name: 'InvalidParameterValueException', message: 'no' });
    expect(echoes.inputs[0]).toEqual({ AlarmNames: ['web-5xx', 'b'], MaxRecords: 10 });
    expect(echoes.inputs[1]).toMatchObject({ Namespace: 'n', MetricData: [{ MetricName: 'm', Value: 1.5 }] });
  });

  test('a compressed body is read', async () => {
    echoes.answer('cloudwatch.PutMetricData', { Namespace: 'string', MetricData: { list: 'any' } }, () => ({}));
    const MetricData = Array.from({ length: 500 }, (_, index) => ({ MetricName: `metric-${index}`, Value: index }));

    await new CloudWatchClient(config).send(new PutMetricDataCommand({ Namespace: 'n', MetricData }));

    expect(echoes.inputs).toEqual([{ Namespace: 'n', MetricData }]);
  });

  test('Lambda is REST: name, type and qualifier beside the payload, which is the body', async () => {
    echoes.answer('lambda.Invoke', { FunctionName: 'string', InvocationType: 'string', Qualifier: 'string', Payload: 'blob' }, () => ({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      ExecutedVersion: '3',
      Payload: '{"errorType":"Boom"}',
    }));

    const result = await new LambdaClient(config).send(
      new InvokeCommand({
        FunctionName: 'arn:aws:lambda:eu-west-1:1:function:f',
        InvocationType: 'RequestResponse',
        Qualifier: '3',
        Payload: '{"a":1}',
      }),
    );

    expect(echoes.inputs).toEqual([
      {
        FunctionName: 'arn:aws:lambda:eu-west-1:1:function:f',
        InvocationType: 'RequestResponse',
        Qualifier: '3',
        Payload: Buffer.from('{"a":1}'),
      },
    ]);
    expect(result).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled', ExecutedVersion: '3' });
    expect(result.Payload?.transformToString()).toBe('{"errorType":"Boom"}');
  });

  test("Lambda's errors are the SDK's own exceptions", async () => {
    echoes.answer('lambda.Invoke', { FunctionName: 'string', Payload: 'blob' }, () => {
      throw new AwsError('ResourceNotFoundException', 'Function not found: f', { status: 404 });
    });

    await expect(new LambdaClient(config).send(new InvokeCommand({ FunctionName: 'f' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function not found: f',
      Type: 'User',
    });
  });

  test("STS returns the caller's identity", async () => {
    createSts(echoes.account);
    const role = echoes.account.services.iam.credentialsFor({ arn: 'arn:aws:iam::123456789012:role/slipway-plan', kind: 'role' });

    expect(await new STSClient(config).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:user/developer',
    });
    expect(await new STSClient({ ...config, credentials: role }).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Arn: 'arn:aws:sts::123456789012:assumed-role/slipway-plan/emulator',
    });
  });
});

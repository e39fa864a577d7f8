import { roleArn, type Step, stackName, steps } from '../../verification/operations/calls.js';
import { prepare } from '../../verification/operations/run.js';
import { type Account, call, hasBoto3, openAccount } from './boto3/client.js';

const three = ['api', 'web', 'jobs'];
const inputOf = (operation: string): object => {
  const found = steps.find((step) => !('minutes' in step) && step[1] === operation && typeof step[2] === 'object');
  return (found as readonly [string, string, object])[2];
};
const machineArn = (name: string): string => `arn:aws:states:eu-west-1:123456789012:stateMachine:${name}`;
const definition = JSON.stringify({ StartAt: 'End', States: { End: { Type: 'Succeed' } } });
const image = (name: string): object => ({
  repositoryName: 'api',
  imageTag: name,
  imageManifest: JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    annotations: { 'slipway.behaviour': 'healthy', name },
  }),
});
const service = { cluster: 'api', taskDefinition: 'web', desiredCount: 1, launchType: 'FARGATE' };
const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d'] } };
const task = { cluster: 'api', taskDefinition: 'web', launchType: 'FARGATE', networkConfiguration };
const taskArn = ({ tasks }: Record<string, unknown> = {}): string => (tasks as { taskArn: string }[])[0]?.taskArn ?? '';
const table = { ...inputOf('CreateTable') };

/** Three of each kind, so that pages of two are two. */
const crowd: readonly Step[] = [
  ...three.flatMap((name): Step[] => [
    ['ecs', 'CreateCluster', { clusterName: name }],
    ['ecs', 'RegisterTaskDefinition', inputOf('RegisterTaskDefinition')],
    ['ecr', 'CreateRepository', { repositoryName: name, imageScanningConfiguration: { scanOnPush: true } }],
    ['ecr', 'PutImage', image(name)],
    ['dynamodb', 'CreateTable', { ...table, TableName: `table-${name}` }],
    ['dynamodb', 'PutItem', { TableName: 'table-api', Item: { pk: { S: name } } }],
    ['sqs', 'CreateQueue', { QueueName: name }],
    ['cloudwatch', 'PutMetricAlarm', { ...inputOf('PutMetricAlarm'), AlarmName: name }],
    ['states', 'CreateStateMachine', { name, roleArn, definition }],
    ['states', 'StartExecution', { stateMachineArn: machineArn('api'), name }],
  ]),
  ...three.map((name): Step => ['ecs', 'CreateService', { ...service, serviceName: name, networkConfiguration }]),
  { minutes: 5 },
];

const scan = { repositoryName: 'api', imageId: { imageTag: 'scanned' } };

(hasBoto3() ? describe : describe.skip)('boto3', () => {
  let account: Account;
  beforeAll(async () => {
    account = await openAccount();
    const { emulator } = account;
    await prepare(emulator);
    const { events, sns } = emulator.account.services;
    for (const name of three)
      events.putRule({
        name,
        arn: emulator.account.arn('events', `rule/${name}`),
        isEnabled: true,
        eventPattern: { source: ['mine'] },
        targets: [],
      });
    for (let topic = 0; topic < 100; topic++)
      sns.createTopic({ name: `topic-${topic}`, arn: emulator.account.arn('sns', `topic-${topic}`) });

    expect((await call(account, crowd, new Map())).refused).toEqual([]);
  });
  afterAll(() => account.close());

  test.each<[string, string, string, object, number]>([
    ['ecs', 'ListClusters', 'clusterArns', {}, 3],
    ['ecs', 'ListServices', 'serviceArns', { cluster: 'api' }, 3],
    ['ecs', 'ListTasks', 'taskArns', { cluster: 'api' }, 3],
    ['ecs', 'ListTaskDefinitions', 'taskDefinitionArns', {}, 3],
    ['ecr', 'DescribeRepositories', 'repositories', {}, 3],
    ['ecr', 'DescribeImages', 'imageDetails', { repositoryName: 'api' }, 3],
    ['ecr', 'ListImages', 'imageIds', { repositoryName: 'api' }, 3],
    ['dynamodb', 'ListTables', 'TableNames', {}, 3],
    ['dynamodb', 'Scan', 'Items', { TableName: 'table-api' }, 3],
    ['sqs', 'ListQueues', 'QueueUrls', {}, 4],
    ['sns', 'ListTopics', 'Topics', {}, 101],
    ['events', 'ListRules', 'Rules', {}, 4],
    ['cloudwatch', 'DescribeAlarms', 'MetricAlarms', {}, 3],
    ['logs', 'DescribeLogStreams', 'logStreams', { logGroupName: '/ecs/web' }, 3],
    ['logs', 'FilterLogEvents', 'events', { logGroupName: '/ecs/web' }, 6],
    ['states', 'ListStateMachines', 'stateMachines', {}, 3],
    ['states', 'ListExecutions', 'executions', { stateMachineArn: machineArn('api') }, 3],
    ['states', 'GetExecutionHistory', 'events', { executionArn: `${machineArn('api').replace('stateMachine', 'execution')}:api` }, 4],
  ])('reads all pages of %s.%s', async (name, operation, member, input, count) => {
    const size = name === 'sns' ? {} : { PaginationConfig: { PageSize: 2 } };

    const { output, error, problems, requests } = await account.boto3.request('paginate', name, operation, { ...input, ...size });

    expect({ error, problems }).toEqual({ problems: [] });
    expect(requests).toBeGreaterThan(1);
    const found = ((output?.[member] ?? []) as object[]).map((one) => JSON.stringify(one));
    expect(new Set(found).size).toBe(count);
    expect(found).toHaveLength(count);
  });

  const cluster = 'api';
  test.each<[string, string, string, readonly Step[], (answers: Readonly<Record<string, Record<string, unknown>>>) => object]>([
    [
      'a service is stable',
      'ecs',
      'ServicesStable',
      [['ecs', 'CreateService', { ...service, serviceName: 'stable', networkConfiguration }]],
      () => ({ cluster, services: ['stable'] }),
    ],
    [
      'a service is inactive',
      'ecs',
      'ServicesInactive',
      [
        ['ecs', 'CreateService', { ...service, serviceName: 'inactive', networkConfiguration }],
        ['ecs', 'DeleteService', { cluster, service: 'inactive', force: true }],
      ],
      () => ({ cluster, services: ['inactive'] }),
    ],
    ['a task runs', 'ecs', 'TasksRunning', [['ecs', 'RunTask', task]], ({ RunTask }) => ({ cluster, tasks: [taskArn(RunTask)] })],
    [
      'a task has stopped',
      'ecs',
      'TasksStopped',
      [
        ['ecs', 'RunTask', task],
        ['ecs', 'StopTask', (answerOf) => ({ cluster, task: taskArn(answerOf('RunTask')) })],
      ],
      ({ RunTask }) => ({ cluster, tasks: [taskArn(RunTask)] }),
    ],
    ['a scan is complete', 'ecr', 'ImageScanComplete', [['ecr', 'PutImage', image('scanned')]], () => scan],
    [
      'a table exists',
      'dynamodb',
      'TableExists',
      [['dynamodb', 'CreateTable', { ...table, TableName: 'new' }]],
      () => ({ TableName: 'new' }),
    ],
    ['a table does not exist', 'dynamodb', 'TableNotExists', [], () => ({ TableName: 'missing' })],
    ['a stack is created', 'cloudformation', 'StackCreateComplete', [], () => ({ StackName: stackName })],
    ['a stack does not exist', 'cloudformation', 'StackDeleteComplete', [], () => ({ StackName: 'missing' })],
    ['an alarm exists', 'cloudwatch', 'AlarmExists', [], () => ({ AlarmNames: ['api'] })],
  ])('waits until %s', async (_, name, waiter, given, inputFrom) => {
    const answers = new Map<string, Record<string, unknown>>();
    expect((await call(account, given, answers)).refused).toEqual([]);

    const { error, problems } = await account.boto3.request('wait', name, waiter, inputFrom(Object.fromEntries(answers)));

    expect({ error, problems }).toEqual({ problems: [] });
  });

  test.each<[string, string, object, string]>([
    ['ecs', 'ServicesStable', { cluster, services: ['missing'] }, 'MISSING'],
    ['ecs', 'TasksRunning', { cluster, tasks: ['0123456789abcdef0123456789abcdef'] }, 'MISSING'],
    ['ecs', 'ServicesStable', { cluster: 'missing', services: ['web'] }, 'ClusterNotFoundException'],
    ['cloudformation', 'StackExists', { StackName: 'missing' }, 'Max attempts exceeded'],
    ['ecr', 'ImageScanComplete', { ...scan, imageId: { imageTag: 'missing' } }, 'ImageNotFoundException'],
  ])('%s: %s fails for %j', async (name, waiter, input, reason) => {
    const { error, problems } = await account.boto3.request('wait', name, waiter, input);

    expect(error).toContain(reason);
    expect(problems).toEqual([]);
  });
});

import type { Configuration } from '../../core/configuration/configuration.js';
import type { Resource, Statement } from '../../stack/cloudformation.js';
import { encryptionProperties, foreignKeys } from '../../stack/keys.js';
import { machineRoles } from '../../stack/machine-roles.js';
import { packageStack } from '../../stack/package-stack.js';
import { parseConfiguration, readConfiguration } from '../../stack/read-configuration.js';
import { functionRoles } from '../../stack/roles.js';
import { loadSteps, type RegisteredStep } from '../../stack/steps.js';

const file = `
notifications: {slack: {secret: slipway/slack}}
repositories: {app: {tags: [v1], stages: [{name: only, services: [production/web]}]}}
`;
const hardened = readConfiguration('test/support/hardened.yml');
const plain = parseConfiguration(file, 'slipway.yml');

let steps: readonly RegisteredStep[];

beforeAll(async () => {
  steps = await loadSteps();
});

const allRoles = (configuration: Configuration) => ({
  ...functionRoles(steps, { stage: 'dev', configuration }).roles,
  ...machineRoles('dev', configuration),
});

type Properties = {
  readonly AssumeRolePolicyDocument: { readonly Statement: [{ readonly Condition: unknown }] };
  readonly Policies: [{ readonly PolicyDocument: { readonly Statement: Statement[] } }];
};

const statementsOf = (configuration: Configuration, role: string): Statement[] => {
  const { Properties } = allRoles(configuration)[role] as Resource;
  return (Properties as Properties).Policies[0].PolicyDocument.Statement;
};

/** `<Region>` stands for the pseudo parameter. */
const sub = (text: string) => ({ 'Fn::Sub': text.replace(/<(\w+)>/g, '$${AWS::$1}') });

const keyStatements = (configuration: Configuration, role: string) =>
  statementsOf(configuration, role)
    .filter(({ Action }) => [Action].flat().some((action) => action.startsWith('kms:')))
    .map(({ Action, Resource, Condition }) => [Action, String(Resource).slice(-36, -28), Condition?.StringLike?.['kms:ViaService']]);

test('every role gets the path and the boundary', () => {
  for (const { Properties } of Object.values(allRoles(hardened)))
    expect(Properties).toMatchObject({ Path: '/delivery/', PermissionsBoundary: 'arn:aws:iam::123456789012:policy/delivery' });
  for (const { Properties } of Object.values(allRoles(plain))) {
    expect(Properties).not.toHaveProperty('Path');
    expect(Properties).not.toHaveProperty('PermissionsBoundary');
  }
});

test('every role is assumed on behalf of this account only, those of machines and rules on behalf of these only', () => {
  const ofAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
  const machine = (name: string) => sub(`arn:<Partition>:states:<Region>:<AccountId>:stateMachine:slipway-dev-${name}`);
  const rules = sub('arn:<Partition>:events:<Region>:<AccountId>:rule/slipway-dev-push-*');

  const conditions = Object.entries(allRoles(plain)).map(([name, { Properties }]) => [
    name,
    (Properties as Properties).AssumeRolePolicyDocument.Statement[0].Condition,
  ]);
  const sources: Readonly<Record<string, object>> = {
    DeploymentMachineRole: machine('deployment'),
    ReleaseMachineRole: machine('release'),
    PushRuleRole: rules,
  };
  for (const [name, condition] of conditions) {
    const source = sources[String(name)];
    expect({ name, condition }).toEqual({ name, condition: { ...ofAccount, ...(source && { ArnLike: { 'aws:SourceArn': source } }) } });
  }
});

test('a function may use the keys of what it uses, through the service that encrypts with them', () => {
  const via = (service: string) => sub(`${service}.<Region>.*`);
  const table = [['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'], '44444444', via('dynamodb')];

  expect(keyStatements(hardened, 'SendToSlackRole')).toEqual([
    [['kms:Decrypt'], '11111111', via('secretsmanager')],
    [['kms:Decrypt'], '33333333', via('sqs')],
  ]);
  expect(keyStatements(hardened, 'SweepRole')).toEqual([
    table,
    [['kms:Decrypt', 'kms:GenerateDataKey*'], '22222222', via('sns')],
    [['kms:Decrypt', 'kms:GenerateDataKey*'], '33333333', via('sqs')],
  ]);
  expect(keyStatements(hardened, 'UpdateServiceRole')).toEqual([table]);
  expect(keyStatements(plain, 'SweepRole')).toEqual([]);
});

test('the topic, every queue and the table are encrypted with their keys', () => {
  const key = (first: string) => `arn:aws:kms:eu-west-1:123456789012:key/${first}-2222-3333-4444-555555555555`;
  const queue = { Properties: { KmsMasterKeyId: key('33333333') } };

  expect(encryptionProperties(hardened)).toEqual({
    Topic: { Properties: { KmsMasterKeyId: key('22222222') } },
    UndeliveredPushes: queue,
    UnhandledEvents: queue,
    SlackQueue: queue,
    UndeliveredMessages: queue,
    Table: { Properties: { SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key('44444444') } } },
  });
  expect(encryptionProperties(plain)).toEqual({});
});

test('a key of another Region is refused when the stack is packaged', () => {
  expect(foreignKeys(hardened, 'eu-west-1')).toEqual([]);
  expect(foreignKeys(hardened, 'eu-central-1')).toEqual(['slackSecret', 'topic', 'queues', 'table'].map((use) => `stack.keys.${use}`));

  const { output, exitCode, remove } = packageStack('test/support/hardened.yml', 'print', ['--region', 'eu-central-1']);
  remove();
  expect(exitCode).toBe(1);
  expect(output).toContain("stack.keys.table: expected a key of the stack's Region, eu-central-1");
});

test('the stack gets the tags', () => {
  const { output, exitCode, remove } = packageStack('test/support/hardened.yml', 'print');
  remove();

  expect(exitCode).toBe(0);
  expect(output).toMatch(/stackTags:\n\s+team: delivery\n/);
});

test('container logs are read from the named log groups, or from every one', () => {
  const readLogs = (configuration: Configuration) =>
    statementsOf(configuration, 'WatchRolloutRole').find(({ Action }) => [Action].flat().includes('logs:GetLogEvents'))?.Resource;
  const arn = (group: string) => ({ 'Fn::Sub': expect.stringMatching(new RegExp(`:log-group:${group}:log-stream:\\*$`)) });

  expect(readLogs({ ...plain, logGroups: ['/ecs/app', '/ecs/*'] })).toEqual([arn('/ecs/app'), arn('/ecs/\\*')]);
  expect(readLogs(plain)).toEqual([arn('\\*')]);
});

describe('slipway.yml', () => {
  const key = 'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555';
  const multiRegionKey = 'arn:aws:kms:eu-west-1:123456789012:key/mrk-11112222333344445555666677778888';

  test.each([
    ['logGroups: [/ecs/app, "/ecs/*"]', { logGroups: ['/ecs/app', '/ecs/*'] }],
    [`stack: {keys: {table: ${key}}}`, { stack: { keys: { table: key } } }],
    [`stack: {keys: {topic: ${multiRegionKey}}}`, { stack: { keys: { topic: multiRegionKey } } }],
    ['stack: {tags: {cost-center: "4711", team: delivery}}', { stack: { tags: { 'cost-center': '4711', team: 'delivery' } } }],
    ['stack: {rolePath: /}', { stack: { rolePath: '/' } }],
    ['stack: {rolePath: /a/b/}', { stack: { rolePath: '/a/b/' } }],
    ['stack: {permissionsBoundary: "arn:aws-cn:iam::123456789012:policy/team/b"}', { stack: { permissionsBoundary: expect.any(String) } }],
  ])('may say %s', (line, expected) => {
    expect(parseConfiguration(`${file}${line}`, 'slipway.yml')).toMatchObject(expected);
  });

  test.each([
    ['logGroups: []', 'logGroups is an empty list; expected a list of at least one log group'],
    [
      'logGroups: ["arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/app"]',
      'logGroups[0] is "arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/app"; expected the name (not the ARN) of a log group',
    ],
    ['stack: {keys: {table: alias/own}}', 'stack.keys.table is "alias/own"; expected the ARN of a KMS key, not of an alias'],
    [
      'stack: {keys: {topic: "arn:aws:kms:eu-west-1:123456789012:alias/own"}}',
      'stack.keys.topic is "arn:aws:kms:eu-west-1:123456789012:alias/own"; expected the ARN of a KMS key, not of an alias',
    ],
    ['stack: {keys: {bucket: x}}', 'stack.keys.bucket is not known; expected slackSecret, topic, queues, table'],
    ['stack: {rolePath: delivery}', 'stack.rolePath is "delivery"; expected a path that begins and ends with /, like /delivery/'],
    ['stack: {permissionsBoundary: delivery}', 'stack.permissionsBoundary is "delivery"; expected the ARN of an IAM policy'],
    [
      'stack: {tags: {"aws:team": x}}',
      'stack.tags["aws:team"] is not a possible name; expected the name of a tag: at most 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:',
    ],
    ['stack: {tags: {team: "a*b"}}', 'stack.tags.team is "a*b"; expected a text of at most 256 letters, digits, spaces and _.:/=+-@'],
  ])('may not say %s', (line, expected) => {
    expect(() => parseConfiguration(`${file}${line}`, 'slipway.yml')).toThrow(`slipway.yml:4: ${expected}`);
  });
});

test.each([
  ['no subnet', '{subnetIds: [], securityGroupIds: [sg-0a1b2c3d]}', 'subnetIds is an empty list; expected a list of 1 to 16 subnets'],
  [
    '17 subnets',
    `{subnetIds: [${Array(17).fill('subnet-0a1b2c3d')}], securityGroupIds: [sg-0a1b2c3d]}`,
    'expected a list of 1 to 16 subnets',
  ],
  ['no security group', '{subnetIds: [subnet-0a1b2c3d]}', 'securityGroupIds is missing; expected a list of 1 to 5 security groups'],
  ['a VPC', '{subnetIds: [vpc-0a1b2c3d], securityGroupIds: [sg-0a1b2c3d]}', 'expected the ID of a subnet, like subnet-0a1b2c3d'],
])('a VPC with %s is rejected', (_, vpc, message) => {
  expect(() => parseConfiguration(`${file}stack: {vpc: ${vpc}}`, 'slipway.yml')).toThrow(message);
});

import { readdirSync, readFileSync } from 'node:fs';
import type { Configuration } from '../../core/configuration/configuration.js';
import { POLICY_LIMIT, policySize, type Statement } from '../../stack/cloudformation.js';
import { parseConfiguration } from '../../stack/read-configuration.js';
import { functionRoles } from '../../stack/roles.js';
import { loadSteps, type RegisteredStep } from '../../stack/steps.js';

const withServices = (count: number, clusters = 1): Configuration => {
  const services = Array.from({ length: count }, (_, index) => `cluster-${index % clusters}/my-learn-service-${index}`);
  return parseConfiguration(
    `notifications: {slack: {secret: slipway/slack}}\nrepositories: {app: {tags: [v1], stages: [{name: only, services: [${services}]}]}}`,
    'slipway.yml',
  );
};

let steps: readonly RegisteredStep[];

beforeAll(async () => {
  steps = await loadSteps();
});

const rolesOf = (configuration: Configuration) => functionRoles(steps, { stage: 'dev', configuration });

const statementsOf = (role: unknown): Statement[] =>
  (role as { Properties: { Policies: [{ PolicyDocument: { Statement: Statement[] } }] } }).Properties.Policies[0].PolicyDocument.Statement;

const granting = (configuration: Configuration, role: string, action: string) =>
  statementsOf(rolesOf(configuration).roles[role]).find(({ Action }) => [Action].flat().includes(action));

const ARN = 'arn:$' + '{AWS::Partition}:ecs:$' + '{AWS::Region}:$' + '{AWS::AccountId}';

test('a function may change the configured services and no others', () => {
  expect(granting(withServices(2), 'RollBackRole', 'ecs:UpdateService')?.Resource).toEqual([
    { 'Fn::Sub': `${ARN}:service/cluster-0/my-learn-service-0` },
    { 'Fn::Sub': `${ARN}:service/cluster-0/my-learn-service-1` },
    { 'Fn::Sub': `${ARN}:service-deployment/cluster-0/my-learn-service-0/*` },
    { 'Fn::Sub': `${ARN}:service-deployment/cluster-0/my-learn-service-1/*` },
    { 'Fn::Sub': `${ARN}:service-revision/cluster-0/my-learn-service-0/*` },
    { 'Fn::Sub': `${ARN}:service-revision/cluster-0/my-learn-service-1/*` },
  ]);
});

test('policies name thirty services by ARN', () => {
  expect(rolesOf(withServices(30)).form).toBe('service');
});

test('policies name two hundred services in two clusters by cluster, within the size limit', () => {
  const { form, roles } = rolesOf(withServices(200, 2));

  expect(form).toBe('cluster');
  expect(granting(withServices(200, 2), 'UpdateServiceRole', 'ecs:UpdateService')?.Resource).toEqual([
    { 'Fn::Sub': `${ARN}:service/cluster-0/*` },
    { 'Fn::Sub': `${ARN}:service/cluster-1/*` },
    { 'Fn::Sub': `${ARN}:service-deployment/cluster-0/*` },
    { 'Fn::Sub': `${ARN}:service-deployment/cluster-1/*` },
    { 'Fn::Sub': `${ARN}:service-revision/cluster-0/*` },
    { 'Fn::Sub': `${ARN}:service-revision/cluster-1/*` },
  ]);
  for (const role of Object.values(roles)) expect(policySize(statementsOf(role))).toBeLessThanOrEqual(POLICY_LIMIT);
});

test('a policy that is too long even by cluster is rejected', () => {
  expect(() => rolesOf(withServices(200, 200))).toThrow(
    /^the policy of \w+ has \d+ characters even by cluster, and IAM allows 10240; deploy some of the repositories with a second stack/,
  );
});

test('any role may be passed to ECS tasks, or only those in passRoles', () => {
  const roles = ['arn:aws:iam::123456789012:role/task'];

  expect(granting(withServices(1), 'RegisterRevisionRole', 'iam:PassRole')).toEqual({
    Effect: 'Allow',
    Action: ['iam:PassRole'],
    Resource: { 'Fn::Sub': 'arn:$' + '{AWS::Partition}:iam::$' + '{AWS::AccountId}:role/*' },
    Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  });
  expect(granting({ ...withServices(1), passRoles: roles }, 'RegisterRevisionRole', 'iam:PassRole')?.Resource).toEqual(roles);
});

test('sendToSlack has a role only if Slack is configured', () => {
  expect(rolesOf(withServices(1)).roles).toHaveProperty('SendToSlackRole');
  expect(rolesOf({ ...withServices(1), notifications: { sns: true } }).roles).not.toHaveProperty('SendToSlackRole');
});

test('reconcile has a role only if it is not off', () => {
  expect(rolesOf(withServices(1)).roles).toHaveProperty('ReconcileRole');
  const { reconcileSeconds: _, ...off } = withServices(1);
  expect(rolesOf(off).roles).not.toHaveProperty('ReconcileRole');
});

test('every permitted action is called by the code', () => {
  const granted = Object.values(rolesOf(withServices(1)).roles).flatMap((role) => statementsOf(role).flatMap(({ Action }) => Action));
  const code = readdirSync('aws', { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => readFileSync(`aws/${name}`, 'utf8'))
    .join('\n');
  const uncalled = [...new Set(granted)].filter((action) => !code.includes(`new ${action.split(':')[1]}Command(`));

  // What AWS does on behalf of a function: its log, its trace, its queues, and what comes with registering a revision.
  expect(uncalled.sort()).toEqual([
    'ecs:TagResource',
    'iam:PassRole',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'sqs:ReceiveMessage',
    'sqs:SendMessage',
    'xray:PutTelemetryRecords',
    'xray:PutTraceSegments',
  ]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { stackOf } from '../../emulator/cloudformation/stack.js';
import { createEmulator } from '../../emulator/emulator.js';
import type { PolicyDocument, PolicyStatement } from '../../emulator/iam/policy-document.js';
import { serviceRoles } from '../../stack/machine-roles.js';
import { parseConfiguration } from '../../stack/read-configuration.js';
import { functionRoles } from '../../stack/roles.js';
import { loadSteps } from '../../stack/steps.js';
import { givenPackagedStack } from '../support/packaged-stack.js';
import { authorizationIssues } from './service-authorization.js';

type Policies = {
  readonly AssumeRolePolicyDocument?: PolicyDocument;
  readonly PolicyDocument?: PolicyDocument;
  readonly Policies?: readonly { readonly PolicyDocument: PolicyDocument }[];
};

const documentIn = (file: string): PolicyDocument => JSON.parse(readFileSync(`examples/policies/${file}`, 'utf8'));

const everything: PolicyDocument = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** The resources of a packaged stack, with their intrinsics resolved, by their logical IDs. */
const deployed = async (configurationFile: string) => {
  const directory = configurationFile === 'slipway.yml' ? '.serverless' : (await givenPackagedStack(configurationFile)).directory;
  const template = JSON.parse(readFileSync(`${directory}/cloudformation-template-update-stack.json`, 'utf8'));
  const emulator = createEmulator({ functionCode: () => async () => undefined });
  emulator.account.services.iam.putPolicy('arn:aws:iam::123456789012:policy/delivery', everything);
  await emulator.deploy({ template, stackName: 'slipway-dev' });
  await emulator.close();
  return { account: emulator.account, resources: [...stackOf(emulator.account, 'slipway-dev').resources] };
};

const statementsOf = async (configurationFile: string): Promise<[string, PolicyStatement][]> => {
  const { resources } = await deployed(configurationFile);
  return resources.flatMap(([logicalId, { properties }]) => {
    const { AssumeRolePolicyDocument, PolicyDocument, Policies = [] } = properties as Policies;
    return [AssumeRolePolicyDocument, PolicyDocument, ...Policies.map((policy) => policy.PolicyDocument)]
      .flatMap((document) => document?.Statement ?? [])
      .map((statement): [string, PolicyStatement] => [logicalId, statement]);
  });
};

const readClusters = () => {
  const services = Array.from({ length: 100 }, (_, index) => `cluster-${index % 2}/my-learn-service-${index}`);
  return parseConfiguration(`repositories: {app: {tags: [v1], stages: [{name: only, services: [${services}]}]}}`, 'slipway.yml');
};

const withoutParameters = (text: string): string =>
  text
    .replace('$' + '{AWS::Partition}', 'aws')
    .replace('$' + '{AWS::Region}', 'eu-west-1')
    .replace('$' + '{AWS::AccountId}', '123456789012');

const files = ['slipway.yml', 'test/support/hardened.yml'];

test.each(files)('every statement of %s is what AWS documents', async (file) => {
  const statements = await statementsOf(file);

  expect(new Set(statements.map(([logicalId]) => logicalId)).size).toBeGreaterThan(20);
  for (const [logicalId, statement] of statements)
    expect({ logicalId, statement, issues: await authorizationIssues(statement) }).toEqual({ logicalId, statement, issues: [] });
});

test('every statement by cluster is what AWS documents', async () => {
  const configuration = readClusters();
  const { form, roles } = functionRoles(await loadSteps(), { stage: 'dev', configuration });
  const ofEcs = Object.values(roles)
    .flatMap(({ Properties }) => (Properties as Policies).Policies?.flatMap(({ PolicyDocument }) => PolicyDocument.Statement) ?? [])
    .filter(({ Action }) => [Action].flat().every((action) => action?.startsWith('ecs:')));

  expect(form).toBe('cluster');
  expect(ofEcs.length).toBeGreaterThan(5);
  for (const statement of ofEcs) {
    const resolved = JSON.parse(
      JSON.stringify(statement).replace(/\{"Fn::Sub":("[^"]+")\}/g, (_, text: string) => withoutParameters(text)),
    );
    expect({ resolved, issues: await authorizationIssues(resolved) }).toEqual({ resolved, issues: [] });
  }
});

test('docs/security.md has a row for every role of the packaged stack', async () => {
  const { resources } = await deployed('slipway.yml');
  const page = readFileSync('docs/security.md', 'utf8');
  const roles = resources.filter(([, { type }]) => type === 'AWS::IAM::Role').map(([logicalId]) => logicalId);

  const rowOf = (role: string): string =>
    Object.hasOwn(serviceRoles, role) ? role : `${role.charAt(0).toLowerCase()}${role.slice(1).replace(/Role$/, '')}`;
  expect(roles.length).toBeGreaterThan(15);
  expect(roles.filter((role) => !page.includes(`\n| \`${rowOf(role)}\` |`))).toEqual([]);
});

test('examples/policies/key.json admits the services that use the keys by themselves', () => {
  const { iam } = createEmulator().account.services;
  const key = 'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555';
  const admits = (service: string, action: string) =>
    iam.isAllowedByResource(documentIn('key.json'), { arn: service, kind: 'service' }, action, key);

  for (const service of ['cloudwatch', 'events', 'sns'].map((name) => `${name}.amazonaws.com`))
    expect([service, admits(service, 'kms:Decrypt'), admits(service, 'kms:GenerateDataKey'), admits(service, 'kms:PutKeyPolicy')]).toEqual([
      service,
      true,
      true,
      false,
    ]);
});

test('examples/policies/approve.json permits to approve and to read, and nothing else', async () => {
  const { account, resources } = await deployed('slipway.yml');
  const arn = 'arn:aws:iam::123456789012:role/approver';
  account.services.iam.putRole({ arn, trust: { Statement: [] }, policies: [documentIn('approve.json')] });
  const permitted = resources
    .filter(([, { type }]) => type === 'AWS::Lambda::Function')
    .filter(([, { attributes }]) => account.services.iam.isAllowed({ arn, kind: 'role' }, 'lambda:InvokeFunction', attributes.Arn ?? ''))
    .map(([logicalId]) => logicalId);

  expect(permitted.toSorted()).toEqual(['DecideLambdaFunction', 'QueryLambdaFunction']);
});

/** Of the functions and the machines of the stack, those that a role with these policies may invoke and start. */
const permittedTo = async (...policies: readonly string[]): Promise<string[]> => {
  const { account, resources } = await deployed('slipway.yml');
  const arn = 'arn:aws:iam::123456789012:role/ci';
  account.services.iam.putRole({ arn, trust: { Statement: [] }, policies: policies.map(documentIn) });
  const actions: Readonly<Record<string, string>> = {
    'AWS::Lambda::Function': 'lambda:InvokeFunction',
    'AWS::StepFunctions::StateMachine': 'states:StartExecution',
  };
  return resources
    .filter(([, { type, attributes }]) => {
      const action = actions[type];
      return action !== undefined && account.services.iam.isAllowed({ arn, kind: 'role' }, action, attributes.Arn ?? '');
    })
    .map(([logicalId]) => logicalId)
    .toSorted();
};

test('examples/policies/ci-follow.json permits to read, and ci-start.json to start releases', async () => {
  const reads = ['QueryLambdaFunction'];
  expect(await permittedTo('ci-follow.json')).toEqual(reads);
  expect(await permittedTo('ci-follow.json', 'ci-start.json')).toEqual([...reads, 'ReleaseMachine']);
});

test('examples/policies/page.json permits to read, and page-commands.json what an operator does on the page', async () => {
  const reads = ['QueryLambdaFunction'];
  expect(await permittedTo('page.json')).toEqual(reads);
  expect(await permittedTo('page.json', 'page-commands.json')).toEqual(
    [...reads, 'ControlLambdaFunction', 'DecideLambdaFunction', 'DeploymentMachine', 'ReleaseMachine'].toSorted(),
  );
  const actions = documentIn('page.json').Statement.flatMap(({ Action = [] }) => Action);
  expect(actions.filter((action) => action !== 'lambda:InvokeFunction' && !/:(Describe|List|Get)/.test(action))).toEqual([]);
});

test('examples/policies/ci-push.json permits what a push calls, on one repository', () => {
  const { iam } = createEmulator().account.services;
  const arn = 'arn:aws:iam::123456789012:role/ci';
  iam.putRole({ arn, trust: { Statement: [] }, policies: [documentIn('ci-push.json')] });
  // ECR guide, "IAM permissions for pushing an image to an Amazon ECR private repository".
  const needed = [
    'CompleteLayerUpload',
    'UploadLayerPart',
    'InitiateLayerUpload',
    'BatchCheckLayerAvailability',
    'PutImage',
    'BatchGetImage',
  ];
  const permitted = (repository: string) =>
    [...needed, 'BatchDeleteImage', 'DescribeImages', 'PutLifecyclePolicy', 'SetRepositoryPolicy'].filter((action) =>
      iam.isAllowed({ arn, kind: 'role' }, `ecr:${action}`, `arn:aws:ecr:eu-west-1:123456789012:repository/${repository}`),
    );

  expect(permitted('my-learn-app')).toEqual(needed);
  expect(permitted('another')).toEqual([]);
});

test.each<[string, string, Record<string, string>, Record<string, string>]>([
  [
    'ci-trust-gitlab.json',
    'gitlab.com',
    { aud: 'https://gitlab.com', sub: 'project_path:my-group/my-project:ref_type:branch:ref:main', project_id: '12345678' },
    { sub: 'project_path:my-group/my-project:ref_type:tag:ref:main' },
  ],
  [
    'ci-trust-github.json',
    'token.actions.githubusercontent.com',
    { aud: 'sts.amazonaws.com', sub: 'repo:my-organization/my-repository:ref:refs/heads/main', repository_id: '123456789' },
    { sub: 'repo:my-organization/my-repository:pull_request' },
  ],
])('examples/policies/%s trusts the jobs of one branch of one project', (file, provider, claims, other) => {
  const { iam } = createEmulator().account.services;
  const arn = 'arn:aws:iam::123456789012:role/ci';
  iam.putRole({ arn, trust: documentIn(file), policies: [] });

  expect(iam.canAssumeWithToken(arn, provider, claims)).toBe(true);
  expect(iam.canAssumeWithToken(arn, 'oidc.example.com', claims)).toBe(false);
  for (const name of Object.keys(claims)) expect(iam.canAssumeWithToken(arn, provider, { ...claims, [name]: 'another' })).toBe(false);
  expect(iam.canAssumeWithToken(arn, provider, { ...claims, ...other })).toBe(false);
});

test('every queue and topic denies requests without TLS', async () => {
  const { account, resources } = await deployed('slipway.yml');
  const owned = resources.flatMap(([, { type, attributes }]) => (/SQS::Queue$|SNS::Topic$/.test(type) ? (attributes.Arn ?? '') : []));
  const denied = resources
    .flatMap(([, { properties }]) => (properties as Policies).PolicyDocument?.Statement ?? [])
    .filter(({ Effect, Condition }) => Effect === 'Deny' && Condition?.Bool?.['aws:SecureTransport'] === 'false');

  expect(owned.length).toBeGreaterThan(3);
  for (const arn of owned)
    expect(denied.filter(({ Resource }) => Resource === arn)).toMatchObject([
      { Principal: '*', Action: arn.startsWith(account.arn('sqs', '')) ? 'sqs:*' : 'sns:Publish' },
    ]);
});

describe('a statement is not what AWS documents', () => {
  const ecs = (resource: string) => `arn:aws:ecs:eu-west-1:123456789012:${resource}`;
  const deployment = ecs('service-deployment/production/web/*');
  const revision = ecs('service-revision/production/web/*');

  test.each<[string, Omit<PolicyStatement, 'Effect'>, string[]]>([
    [
      'if its action describes service deployments without their service',
      { Action: 'ecs:DescribeServiceDeployments', Resource: deployment },
      ['ecs:DescribeServiceDeployments requires a resource of type service'],
    ],
    [
      'if its action stops service deployments without their service',
      { Action: ['ecs:DescribeServiceDeployments', 'ecs:StopServiceDeployment'], Resource: [deployment] },
      [
        'ecs:DescribeServiceDeployments requires a resource of type service',
        'ecs:StopServiceDeployment requires a resource of type service',
      ],
    ],
    [
      'if its action describes service revisions without their service',
      { Action: 'ecs:DescribeServiceRevisions', Resource: revision },
      ['ecs:DescribeServiceRevisions requires a resource of type service'],
    ],
    ['if its action does not exist', { Action: 'ecs:RollBackService', Resource: '*' }, ['ecs:RollBackService is no action']],
    [
      'if its action has no resource types, and it names a resource',
      { Action: 'ecs:DescribeTaskDefinition', Resource: ecs('task-definition/web:1') },
      ['ecs:DescribeTaskDefinition supports no resource; expected *', `no action supports ${ecs('task-definition/web:1')}`],
    ],
    [
      'if its action has resource types, and it names none',
      { Action: 'ecs:UpdateService', Resource: '*' },
      ['ecs:UpdateService supports resources; expected none of them to be *'],
    ],
    [
      'if no action supports one of its resources',
      { Action: 'ecs:UpdateService', Resource: [ecs('service/production/*'), ecs('task/production/*')] },
      [`no action supports ${ecs('task/production/*')}`],
    ],
    [
      'if its action does not support its condition key',
      { Action: 'iam:PassRole', Resource: 'arn:aws:iam::123456789012:role/web', Condition: { StringEquals: { 'ecs:cluster': 'x' } } },
      ['iam:PassRole does not support ecs:cluster'],
    ],
  ])('%s', async (_, statement, issues) => {
    expect(await authorizationIssues({ Effect: 'Allow', ...statement })).toEqual(issues);
  });
});

test.each(readdirSync('examples/policies'))('every statement of examples/policies/%s is what AWS documents', async (file) => {
  for (const statement of documentIn(file).Statement)
    expect({ statement, issues: await authorizationIssues(statement) }).toEqual({ statement, issues: [] });
});

/** What CloudFormation calls, in the name of who deploys, to create and to change a resource. */
const deployActions: Readonly<Record<string, readonly string[]>> = {
  'AWS::CloudWatch::Alarm': ['cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource'],
  'AWS::CloudWatch::Dashboard': ['cloudwatch:PutDashboard', 'cloudwatch:GetDashboard', 'cloudwatch:DeleteDashboards'],
  'AWS::DynamoDB::Table': ['dynamodb:CreateTable', 'dynamodb:UpdateTimeToLive', 'dynamodb:UpdateContinuousBackups'],
  'AWS::Events::Rule': ['events:PutRule', 'events:PutTargets', 'events:TagResource'],
  'AWS::IAM::Role': ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy', 'iam:PutRolePermissionsBoundary'],
  'AWS::Lambda::Function': [
    ...['lambda:CreateFunction', 'lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration', 'lambda:PublishVersion'],
    ...['lambda:AddPermission', 'lambda:PutFunctionEventInvokeConfig'],
  ],
  'AWS::Logs::LogGroup': ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'],
  'AWS::S3::Bucket': ['s3:CreateBucket', 's3:PutEncryptionConfiguration', 's3:PutBucketPolicy'],
  'AWS::SNS::Topic': ['sns:CreateTopic', 'sns:SetTopicAttributes', 'sns:Subscribe'],
  'AWS::SQS::Queue': ['sqs:CreateQueue', 'sqs:SetQueueAttributes'],
  'AWS::StepFunctions::StateMachine': ['states:CreateStateMachine', 'states:UpdateStateMachine'],
};

/** What belongs to one of these, and is permitted with it. */
const parts = [
  'EventInvokeConfig',
  'EventSourceMapping',
  'Permission',
  'Version',
  'BucketPolicy',
  'Subscription',
  'TopicPolicy',
  'QueuePolicy',
];

test.each(files)('examples/policies/deploy.json permits to deploy %s', async (file) => {
  const { account, resources } = await deployed(file);
  const arn = 'arn:aws:iam::123456789012:role/deployer';
  account.services.iam.putRole({ arn, trust: { Statement: [] }, policies: [documentIn('deploy.json')] });

  for (const [logicalId, { type, ref, attributes }] of resources.filter(
    ([, resource]) => !parts.some((part) => resource.type.endsWith(`::${part}`)),
  )) {
    expect(Object.keys(deployActions)).toContain(type);
    for (const action of deployActions[type] ?? []) {
      const isAllowed = account.services.iam.isAllowed(
        { arn, kind: 'role' },
        action,
        attributes.Arn ?? `arn:aws:cloudwatch::123456789012:dashboard/${ref}`,
      );
      expect({ logicalId, action, isAllowed }).toEqual({ logicalId, action, isAllowed: true });
    }
  }
});

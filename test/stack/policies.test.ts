import { readFileSync } from 'node:fs';
import { stackOf } from '../../emulator/cloudformation/stack.js';
import { createEmulator } from '../../emulator/emulator.js';
import type { PolicyDocument, PolicyStatement } from '../../emulator/iam/policy-document.js';
import { authorizationIssues } from './service-authorization.js';

type Policies = {
  readonly AssumeRolePolicyDocument?: PolicyDocument;
  readonly PolicyDocument?: PolicyDocument;
  readonly Policies?: readonly { readonly PolicyDocument: PolicyDocument }[];
};

/** Every statement of the packaged stack, with its intrinsics resolved, by the logical ID of its resource. */
const packagedStatements = async (): Promise<[string, PolicyStatement][]> => {
  const template = JSON.parse(readFileSync('.serverless/cloudformation-template-update-stack.json', 'utf8'));
  const emulator = createEmulator({ functionCode: () => async () => undefined });
  await emulator.deploy({ template, stackName: 'slipway-dev' });
  const { resources } = stackOf(emulator.account, 'slipway-dev');
  await emulator.close();
  return [...resources].flatMap(([logicalId, { properties }]) => {
    const { AssumeRolePolicyDocument, PolicyDocument, Policies = [] } = properties as Policies;
    return [AssumeRolePolicyDocument, PolicyDocument, ...Policies.map((policy) => policy.PolicyDocument)]
      .flatMap((document) => document?.Statement ?? [])
      .map((statement): [string, PolicyStatement] => [logicalId, statement]);
  });
};

test('every statement is what AWS documents of its actions, their resources and their condition keys', async () => {
  const statements = await packagedStatements();

  expect(new Set(statements.map(([logicalId]) => logicalId)).size).toBeGreaterThan(20);
  for (const [logicalId, statement] of statements)
    expect({ logicalId, statement, issues: await authorizationIssues(statement) }).toEqual({ logicalId, statement, issues: [] });
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

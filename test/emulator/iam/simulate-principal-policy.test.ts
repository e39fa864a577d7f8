import { IAMClient, SimulatePrincipalPolicyCommand, type SimulatePrincipalPolicyCommandInput } from '@aws-sdk/client-iam';
import { createEmulator } from '../../../emulator/emulator.js';
import type { PolicyStatement } from '../../../emulator/iam/api.js';

const roleArn = 'arn:aws:iam::123456789012:role/deployer';
const boundaryArn = 'arn:aws:iam::123456789012:policy/boundary';
const web = 'arn:aws:ecs:eu-west-1:123456789012:service/production/web';
const worker = 'arn:aws:ecs:eu-west-1:123456789012:service/production/worker';

const allow = (Action: string, Resource: string, Condition?: PolicyStatement['Condition']): PolicyStatement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});

const simulate = async (
  statements: readonly PolicyStatement[],
  input: Pick<SimulatePrincipalPolicyCommandInput, 'ActionNames' | 'ResourceArns' | 'ContextEntries'>,
  boundary?: PolicyStatement,
) => {
  const emulator = createEmulator();
  const { iam } = emulator.account.services;
  if (boundary) iam.putPolicy(boundaryArn, { Statement: [boundary] });
  iam.putRole({
    arn: roleArn,
    trust: { Statement: [] },
    policies: [{ Statement: statements }],
    boundaryArn: boundary && boundaryArn,
  });
  const { EvaluationResults = [] } = await new IAMClient(emulator.clientConfig()).send(
    new SimulatePrincipalPolicyCommand({ PolicySourceArn: roleArn, ...input }),
  );
  return EvaluationResults;
};

test('a result has the most restrictive decision, and each resource has its own', async () => {
  const [result] = await simulate([allow('ecs:UpdateService', web)], { ActionNames: ['ecs:UpdateService'], ResourceArns: [web, worker] });

  expect(result).toMatchObject({
    EvalActionName: 'ecs:UpdateService',
    EvalDecision: 'implicitDeny',
    ResourceSpecificResults: [
      { EvalResourceName: web, EvalResourceDecision: 'allowed' },
      { EvalResourceName: worker, EvalResourceDecision: 'implicitDeny' },
    ],
  });
});

test('without resources an action is simulated on *, which a narrower statement does not allow', async () => {
  const ActionNames = ['ecs:UpdateService', 'ecs:ListClusters'];
  const results = await simulate([allow('ecs:UpdateService', web), allow('ecs:ListClusters', '*')], { ActionNames });

  expect(results.map(({ EvalResourceName, EvalDecision }) => [EvalResourceName, EvalDecision])).toEqual([
    ['*', 'implicitDeny'],
    ['*', 'allowed'],
  ]);
});

test('a Deny is an explicit one', async () => {
  const deny: PolicyStatement = { Effect: 'Deny', Action: 'ecs:*', Resource: worker };
  const [result] = await simulate([allow('ecs:*', '*'), deny], { ActionNames: ['ecs:StopTask'], ResourceArns: [web, worker] });

  expect(result?.EvalDecision).toBe('explicitDeny');
});

test.each([
  ['ecs-tasks.amazonaws.com', 'allowed'],
  ['ec2.amazonaws.com', 'implicitDeny'],
])('a context key has the value that is given: %s', async (service, decision) => {
  const statement = allow('iam:PassRole', '*', { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } });
  const ContextEntries = [{ ContextKeyName: 'iam:PassedToService', ContextKeyValues: [service], ContextKeyType: 'string' as const }];
  const [result] = await simulate([statement], { ActionNames: ['iam:PassRole'], ContextEntries });

  expect(result).toMatchObject({ EvalDecision: decision });
  expect(result?.MissingContextValues ?? []).toEqual([]);
});

test('a context key that a statement needs and the request lacks is named', async () => {
  const statement = allow('iam:PassRole', '*', { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } });
  const [result] = await simulate([statement], { ActionNames: ['iam:PassRole'] });

  expect(result).toMatchObject({ EvalDecision: 'implicitDeny', MissingContextValues: ['iam:PassedToService'] });
});

test('the permissions boundary has to allow it as well', async () => {
  const ActionNames = ['ecs:UpdateService', 'ecs:DeleteService'];
  const results = await simulate([allow('ecs:*', '*')], { ActionNames }, allow('ecs:UpdateService', '*'));

  expect(results.map(({ EvalDecision }) => EvalDecision)).toEqual(['allowed', 'implicitDeny']);
  expect(results[1]?.ResourceSpecificResults?.[0]?.PermissionsBoundaryDecisionDetail).toEqual({ AllowedByPermissionsBoundary: false });
});

test('a role that does not exist, and a name that is no action, are refused', async () => {
  const client = new IAMClient(createEmulator().clientConfig());

  await expect(
    client.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: roleArn, ActionNames: ['ecs:StopTask'] })),
  ).rejects.toMatchObject({ name: expect.stringContaining('NoSuchEntity') });
  await expect(simulate([], { ActionNames: ['StopTask'] })).rejects.toMatchObject({ name: expect.stringContaining('InvalidInput') });
});

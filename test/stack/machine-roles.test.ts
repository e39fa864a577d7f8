import { foreignVerifiers } from '../../stack/hook-checks.js';
import { keepPermissions } from '../../stack/kept-permissions.js';
import { machineRoles } from '../../stack/machine-roles.js';
import { parseConfiguration } from '../../stack/read-configuration.js';
import { withServices } from './given-configuration.js';

const verifiedBy = (...functions: string[]) =>
  parseConfiguration(
    withServices('- a/plain', ...functions.map((name, index) => `- {service: a/s${index}, verify: {function: "${name}"}}`)),
    'slipway.yml',
  );

const statementsOf = (role: unknown, policy = 0) =>
  (role as { Properties: { Policies: { PolicyDocument: { Statement: { Action: string[]; Resource: unknown }[] } }[] } }).Properties
    .Policies[policy]?.PolicyDocument.Statement;

const lambda = (name: string) => ({ 'Fn::Sub': `arn:$\{AWS::Partition}:lambda:$\{AWS::Region}:$\{AWS::AccountId}:function:${name}` });

const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:by-arn';

test('the deployment machine may invoke the functions that verify, as they are named', () => {
  const { DeploymentMachineRole, ReleaseMachineRole } = machineRoles('dev', verifiedBy('verifier', 'other:live', 'verifier', `${arn}:7`));

  expect(statementsOf(DeploymentMachineRole)?.at(-1)).toEqual({
    Effect: 'Allow',
    Action: ['lambda:InvokeFunction'],
    Resource: [lambda('verifier'), lambda('other:live'), lambda('by-arn:7')],
  });
  expect(JSON.stringify(ReleaseMachineRole)).not.toContain('verifier');
});

test('without such functions it may invoke those of its own states alone', () => {
  const before = machineRoles('dev', verifiedBy());

  expect(statementsOf(before.DeploymentMachineRole)?.filter(({ Action }) => Action.includes('lambda:InvokeFunction'))).toHaveLength(1);
});

test('a function that verifies no longer stays permitted for one deploy', () => {
  const [first, second, third] = [verifiedBy('verifier'), verifiedBy(), verifiedBy()].map((configuration) => ({
    Resources: machineRoles('dev', configuration),
  })) as [object, { Resources: ReturnType<typeof machineRoles> }, object];

  expect(keepPermissions(second, first)).toEqual(['DeploymentMachineRole']);
  expect(statementsOf(second.Resources.DeploymentMachineRole, 1)).toEqual([
    { Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: [lambda('verifier')] },
  ]);
  expect(keepPermissions(third, second)).toEqual([]);
});

test('a function of another Region is found when packaging', () => {
  expect(foreignVerifiers(verifiedBy('verifier', arn), 'eu-west-1')).toEqual([]);
  expect(foreignVerifiers(verifiedBy('verifier', arn), 'us-east-1')).toEqual([arn]);
});

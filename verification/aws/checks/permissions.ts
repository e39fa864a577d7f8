import {
  type ContextEntry,
  type EvaluationResult,
  paginateSimulatePrincipalPolicy,
  type SimulatePrincipalPolicyCommandInput,
} from '@aws-sdk/client-iam';
import { configuredServices } from '../../../core/configuration/configuration.js';
import type { Resources, Statement, Value } from '../../../stack/cloudformation.js';
import { machineRoles } from '../../../stack/machine-roles.js';
import { functionRoles } from '../../../stack/roles.js';
import type { RegisteredStep } from '../../../stack/steps.js';
import type { Check, Finding, Target } from '../target.js';

type Request = Pick<SimulatePrincipalPolicyCommandInput, 'ActionNames' | 'ResourceArns' | 'ContextEntries'>;
type Decision = { readonly action: string; readonly resource: string; readonly decision: string };

/** One check for each role that the stack declares. */
export const permissionChecks = (
  steps: readonly RegisteredStep[],
  { configuration, stack }: Pick<Target, 'configuration' | 'stack'>,
): Check[] => {
  const { stage } = stack;
  const roles: Resources = { ...functionRoles(steps, { stage, configuration }).roles, ...machineRoles(stage, configuration) };
  return Object.entries(roles).map(([name, { Properties }]) => ({
    name: `policy of ${name}`,
    run: (target) => simulateRole(target, name, statementsIn(Properties)),
  }));
};

const statementsIn = ({ Policies }: Record<string, unknown>): Statement[] =>
  (Policies as { PolicyDocument: { Statement: Statement[] } }[]).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

const simulateRole = async (target: Target, name: string, statements: readonly Statement[]): Promise<Finding> => {
  const { stack, configuration } = target;
  const roleName = stack.resources.get(name);
  if (roleName === undefined) return { problems: [`the deployed stack has no ${name}: deploy it again`], facts: undefined };
  const { rolePath = '/' } = configuration.stack ?? {};
  const roleArn = `arn:${stack.partition}:iam::${stack.accountId}:role${rolePath}${roleName}`;
  const decide = (request: Request) => simulate(target, roleArn, request);

  const allowed: Decision[] = [];
  for (const statement of statements) allowed.push(...(await decide(requestOf(statement, target))));
  const denied: Decision[] = [];
  for (const request of forbidden(target)) denied.push(...(await decide(request)));
  const problems = [
    ...allowed.filter(({ decision }) => decision !== 'allowed').map((one) => `${described(one)}; it has to be allowed`),
    ...denied.filter(({ decision }) => decision === 'allowed').map((one) => `${described(one)}; it has to be denied`),
  ];
  return { problems, facts: { allowed: allowed.length, denied: denied.length } };
};

const described = ({ action, resource, decision }: Decision): string => `${action} on ${resource} is ${decision}`;

/** The decision for each action on each resource. */
const simulate = async ({ clients }: Target, PolicySourceArn: string, request: Request): Promise<Decision[]> => {
  const results: EvaluationResult[] = [];
  for await (const { EvaluationResults = [] } of paginateSimulatePrincipalPolicy({ client: clients.iam }, { PolicySourceArn, ...request }))
    results.push(...EvaluationResults);
  return results.flatMap(({ EvalActionName: action = '', EvalResourceName = '*', EvalDecision = '', ResourceSpecificResults = [] }) =>
    ResourceSpecificResults.length === 0
      ? [{ action, resource: EvalResourceName, decision: EvalDecision }]
      : ResourceSpecificResults.map((one) => ({
          action,
          resource: one.EvalResourceName ?? '*',
          decision: one.EvalResourceDecision ?? '',
        })),
  );
};

/** A request that the statement allows: on an example of each of its resources, with what its condition asks for. */
const requestOf = ({ Action, Resource, Condition = {} }: Statement, target: Target): Request => {
  const tests = Object.values(Condition).flatMap((test) => Object.entries(test));
  return {
    ActionNames: [Action].flat(),
    ResourceArns: [Resource].flat().map((value) => exampleOf(resolved(value, target))),
    ContextEntries: tests.map(([key, values]) => contextOf(key, resolved([values].flat()[0] ?? '', target))),
  };
};

const contextOf = (ContextKeyName: string, value: string): ContextEntry => ({
  ContextKeyName,
  ContextKeyType: 'string',
  ContextKeyValues: [value],
});

/** An ARN that the pattern matches; `*` alone is what IAM calls a request without a resource. */
const exampleOf = (pattern: string): string => (pattern === '*' ? '*' : pattern.replaceAll('*', 'any').replaceAll('?', 'x'));

/** What no role of the stack may do. */
const forbidden = (target: Target): Request[] => {
  const { stack, configuration } = target;
  const arn = (service: string, resource: string) => `arn:${stack.partition}:${service}:${stack.region}:${stack.accountId}:${resource}`;
  const { service } = configuredServices(configuration)[0]?.service ?? {};
  const [repository] = Object.keys(configuration.repositories);
  const role = `arn:${stack.partition}:iam::${stack.accountId}:role/any`;
  return [
    { ActionNames: ['ecs:DeleteService'], ResourceArns: [arn('ecs', `service/${service}`)] },
    { ActionNames: ['ecs:UpdateService'], ResourceArns: [arn('ecs', 'service/not-configured/any')] },
    { ActionNames: ['ecr:PutImage', 'ecr:BatchDeleteImage'], ResourceArns: [arn('ecr', `repository/${repository}`)] },
    { ActionNames: ['dynamodb:DeleteTable'], ResourceArns: [arn('dynamodb', `table/${stack.resources.get('Table')}`)] },
    { ActionNames: ['iam:CreateRole', 'iam:PutRolePolicy'], ResourceArns: [role] },
    { ActionNames: ['iam:PassRole'], ResourceArns: [role], ContextEntries: [contextOf('iam:PassedToService', 'ec2.amazonaws.com')] },
  ];
};

/** A value of the template as CloudFormation fills it in. */
const resolved = (value: Value, { stack }: Target): string => {
  if (typeof value === 'string') return value;
  if ('Ref' in value) return value.Ref === 'AWS::AccountId' ? stack.accountId : (stack.resources.get(value.Ref) ?? '');
  if ('Fn::GetAtt' in value) return arnOf(value['Fn::GetAtt'][0], { stack });
  const pseudo: Record<string, string> = {
    'AWS::Partition': stack.partition,
    'AWS::Region': stack.region,
    'AWS::AccountId': stack.accountId,
  };
  return value['Fn::Sub'].replace(/\$\{([\w:]+)(\.Arn)?\}/g, (_, name: string) => pseudo[name] ?? arnOf(name, { stack }));
};

/** The ARN of a table or a queue: Ref gives a table's name, and a queue's URL. */
const arnOf = (logicalId: string, { stack }: Pick<Target, 'stack'>): string => {
  const id = stack.resources.get(logicalId) ?? '';
  const place = `${stack.region}:${stack.accountId}`;
  if (id.startsWith('http')) return `arn:${stack.partition}:sqs:${place}:${id.split('/').at(-1)}`;
  return `arn:${stack.partition}:dynamodb:${place}:table/${id}`;
};

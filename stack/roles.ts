import { POLICY_LIMIT, policySize, type Resources, role, type Statement } from './cloudformation.js';
import { basePermissions, type Facts, type PolicyForm, statementsOf } from './permissions.js';
import type { RegisteredStep } from './steps.js';

/** The functions' roles, and the form of their policies. */
export type FunctionRoles = { form: PolicyForm; roles: Resources };

/** A policy would be longer than IAM allows. */
export class PolicyTooLong extends Error {
  override readonly name = 'PolicyTooLong';

  constructor(functionName: string, size: number) {
    super(
      `the policy of ${functionName} has ${size} characters even by cluster, and IAM allows ${POLICY_LIMIT}; ` +
        'deploy some of the repositories with a second stack (--stage)',
    );
    this.stack = `\n${this.message}\n`;
  }
}

/**
 * One role for each function. Policies name each service, or whole clusters if any policy would be too long otherwise.
 * @throws PolicyTooLong
 */
export const functionRoles = (steps: readonly RegisteredStep[], facts: Omit<Facts, 'form'>): FunctionRoles => {
  const byService = statementsByFunction(steps, { ...facts, form: 'service' });
  if (tooLong(byService) === undefined) return { form: 'service', roles: rolesOf(byService, facts) };

  const byCluster = statementsByFunction(steps, { ...facts, form: 'cluster' });
  const stillTooLong = tooLong(byCluster);
  if (stillTooLong) throw new PolicyTooLong(stillTooLong[0], policySize(stillTooLong[1]));
  return { form: 'cluster', roles: rolesOf(byCluster, facts) };
};

const statementsByFunction = (steps: readonly RegisteredStep[], facts: Facts): [string, Statement[]][] =>
  steps
    .filter(({ onlyIf }) => onlyIf(facts.configuration))
    .map(({ key, permissions }) => [key, [...statementsOf(permissions, facts), ...basePermissions(facts.stage, key)]]);

const tooLong = (statements: [string, Statement[]][]) => statements.find(([, policy]) => policySize(policy) > POLICY_LIMIT);

const rolesOf = (statements: [string, Statement[]][], { configuration }: Pick<Facts, 'configuration'>): Resources =>
  Object.fromEntries(
    statements.map(([name, policy]) => [roleOf(name), role({ service: 'lambda.amazonaws.com' }, policy, configuration.stack)]),
  );

/** The logical ID of a function's role, as serverless.yml names it. */
const roleOf = (functionName: string): string => `${functionName.charAt(0).toUpperCase()}${functionName.slice(1)}Role`;

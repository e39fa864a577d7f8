import { AwsError, NotEmulated } from '../errors.js';
import { type Context, checkCondition, conditionHolds } from './condition.js';
import { matches, matchesAction } from './pattern.js';
import type { PolicyDocument, PolicyStatement } from './policy-document.js';

export type AccessRequest = { readonly action: string; readonly resource: string; readonly context: Context };
export type Decision = 'allowed' | 'denied' | 'notApplicable';

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

const members = new Set(['Sid', 'Effect', 'Principal', 'Action', 'NotAction', 'Resource', 'Condition']);

/** Refuses a document that IAM refuses, or that the emulator cannot evaluate. @throws AwsError */
export const checkPolicy = (policy: PolicyDocument, path: string): void => {
  const refuse = (what: string): never => {
    throw new AwsError('MalformedPolicyDocument', `${path}: ${what}`);
  };
  if (!Array.isArray(policy.Statement)) refuse('Statement is missing; expected a list of statements');
  for (const [index, statement] of policy.Statement.entries()) {
    const place = `${path}: Statement[${index}]`;
    for (const member of Object.keys(statement)) if (!members.has(member)) throw new NotEmulated(`${place}.${member}`);
    if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny')
      refuse(`Statement[${index}].Effect is ${statement.Effect}; expected Allow or Deny`);
    if ((statement.Action === undefined) === (statement.NotAction === undefined))
      refuse(`Statement[${index}] needs either Action or NotAction`);
    for (const text of [...listOf(statement.Resource), ...listOf(statement.Action), ...listOf(statement.NotAction)]) {
      if (typeof text !== 'string') refuse(`Statement[${index}] has ${JSON.stringify(text)} where a string is expected`);
      if (text.includes('${')) throw new NotEmulated(`${place}: policy variable in ${text}`);
    }
    checkCondition(statement.Condition ?? {}, place);
  }
};

/** Whether a statement covers an action, with Allow or Deny. */
export const coversAction = ({ Action, NotAction }: PolicyStatement, action: string): boolean => {
  const isNamed = listOf(Action ?? NotAction).some((pattern) => matchesAction(pattern, action));
  return isNamed === (Action !== undefined);
};

const applies = (statement: PolicyStatement, { action, resource, context }: AccessRequest): boolean => {
  if (!coversAction(statement, action)) return false;
  // Trust policies have no Resource.
  if (statement.Resource !== undefined && !listOf(statement.Resource).some((pattern) => matches(pattern, resource))) return false;
  return conditionHolds(statement.Condition, context);
};

/** Evaluates statements together: one Deny overrides every Allow. */
export const evaluate = (statements: readonly PolicyStatement[], request: AccessRequest): Decision => {
  const effects = new Set(statements.filter((statement) => applies(statement, request)).map(({ Effect }) => Effect));
  if (effects.has('Deny')) return 'denied';
  return effects.has('Allow') ? 'allowed' : 'notApplicable';
};

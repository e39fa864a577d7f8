import { NotEmulated } from '../errors.js';
import { matches, matchesArn } from './pattern.js';
import type { PolicyStatement } from './policy-document.js';

export type Context = Readonly<Record<string, string>>;
type Condition = NonNullable<PolicyStatement['Condition']>;
type Operator = (expected: string, actual: string) => boolean;

const operators: Readonly<Record<string, Operator>> = {
  StringEquals: (expected, actual) => expected === actual,
  StringEqualsIgnoreCase: (expected, actual) => expected.toLowerCase() === actual.toLowerCase(),
  StringLike: matches,
  // ArnEquals and ArnLike behave alike.
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: (expected, actual) => expected.toLowerCase() === actual.toLowerCase(),
};
const negated: Readonly<Record<string, Operator>> = {
  StringNotEquals: (expected, actual) => expected === actual,
  StringNotLike: matches,
  ArnNotEquals: matchesArn,
  ArnNotLike: matchesArn,
};

/** The keys that requests of this emulator carry: a condition on any other key would be decided for the wrong reason. */
const keys = new Set(
  [
    'aws:PrincipalArn',
    'aws:SecureTransport',
    'aws:SourceAccount',
    'aws:SourceArn',
    'ecs:cluster',
    'ecs:CreateAction',
    'events:detail-type',
    'events:source',
    'iam:PassedToService',
    'kms:ViaService',
    'lambda:SourceFunctionArn',
  ].map((key) => key.toLowerCase()),
);

/** Claims of the tokens of GitLab's and GitHub's jobs. */
const claim = /^(gitlab\.com|token\.actions\.githubusercontent\.com):[a-z_]+$/;

const ifExists = 'IfExists';
const nameOf = (operator: string): string => (operator.endsWith(ifExists) ? operator.slice(0, -ifExists.length) : operator);
const listOf = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

export const checkCondition = (condition: Condition, path: string): void => {
  for (const [operator, tests] of Object.entries(condition)) {
    if (operator !== 'Null' && !Object.hasOwn(operators, nameOf(operator)) && !Object.hasOwn(negated, nameOf(operator)))
      throw new NotEmulated(`${path}: condition operator ${operator}`);
    for (const key of Object.keys(tests)) {
      if (!keys.has(key.toLowerCase()) && !claim.test(key)) throw new NotEmulated(`${path}: condition key ${key}`);
    }
  }
};

/** All operators and keys must hold; of a key's values, one. A key that the request lacks holds only for IfExists and negated operators. */
export const conditionHolds = (condition: Condition | undefined, context: Context): boolean => {
  const actualOf = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return Object.entries(condition ?? {}).every(([operator, tests]) =>
    Object.entries(tests).every(([key, expected]) => {
      const actual = actualOf.get(key.toLowerCase());
      if (operator === 'Null') return listOf(expected).some((isAbsent) => (String(isAbsent) === 'true') === (actual === undefined));
      const name = nameOf(operator);
      const isNegated = Object.hasOwn(negated, name);
      if (actual === undefined) return isNegated || operator.endsWith(ifExists);
      const test = (isNegated ? negated[name] : operators[name]) as Operator;
      // Templates have true and false where IAM's JSON has strings.
      return listOf(expected).some((value) => test(String(value), actual)) !== isNegated;
    }),
  );
};

/** The condition keys of the statements that the context lacks. */
export const missingKeys = (statements: readonly PolicyStatement[], context: Context): string[] => {
  const given = new Set(Object.keys(context).map((key) => key.toLowerCase()));
  const needed = statements.flatMap(({ Condition = {} }) => Object.values(Condition).flatMap((tests) => Object.keys(tests)));
  return [...new Set(needed)].filter((key) => !given.has(key.toLowerCase()));
};

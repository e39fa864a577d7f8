import type { Account } from '../account.js';
import { NotEmulated } from '../errors.js';
import { noValue, resolve, type Scope } from './intrinsics.js';
import type { Stack } from './stack.js';
import { type Template, validationError } from './template.js';

const parameterMembers = [
  'Type',
  'Default',
  'Description',
  'NoEcho',
  'AllowedValues',
  'AllowedPattern',
  'ConstraintDescription',
  'MinLength',
  'MaxLength',
  'MinValue',
  'MaxValue',
];

const readParameter = (name: string, definition: Readonly<Record<string, unknown>>, given: string | undefined): unknown => {
  for (const member of Object.keys(definition))
    if (!parameterMembers.includes(member)) throw new NotEmulated(`${member} of parameter ${name}`);
  const { Type, Default, AllowedValues, AllowedPattern } = definition;
  const value = given ?? Default;
  if (value === undefined) throw validationError(`Parameters: [${name}] must have values`);
  if (Array.isArray(AllowedValues) && !AllowedValues.map(String).includes(String(value)))
    throw validationError(`parameter ${name} is ${value}; expected one of ${AllowedValues.join(', ')}`);
  if (typeof AllowedPattern === 'string' && !new RegExp(`^(?:${AllowedPattern})$`).test(String(value)))
    throw validationError(`parameter ${name} is ${value}; expected a match of ${AllowedPattern}`);
  if (Type === 'CommaDelimitedList') return String(value).split(',');
  if (Type !== 'String' && Type !== 'Number') throw new NotEmulated(`type ${Type} of parameter ${name}`);
  return String(value);
};

/** Resolves a stack's references: parameters and conditions at once, resources once they are deployed. */
export const scopeOf = (account: Account, stack: Stack, template: Template, given: Readonly<Record<string, string>>): Scope => {
  const { Parameters = {}, Conditions = {}, Mappings = {} } = template;
  for (const name of Object.keys(given))
    if (!Object.hasOwn(Parameters, name)) throw validationError(`parameter ${name} is not in the template`);
  const values = new Map<string, unknown>([
    ['AWS::AccountId', account.accountId],
    ['AWS::NoValue', noValue],
    ['AWS::Partition', account.partition],
    ['AWS::Region', account.region],
    ['AWS::StackId', stack.id],
    ['AWS::StackName', stack.name],
    ['AWS::URLSuffix', account.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'],
    ...Object.entries(Parameters).map(([name, definition]) => [name, readParameter(name, definition, given[name])] as const),
  ]);

  const scope: Scope = {
    mappings: Mappings,
    ref: (name) => values.get(name) ?? stack.resources.get(name)?.ref,
    attribute: (logicalId, attribute) => {
      const resource = stack.resources.get(logicalId);
      if (!resource) throw validationError(`Fn::GetAtt ${logicalId}.${attribute}: no resource has this logical ID`);
      const value = resource.attributes[attribute];
      if (value === undefined) throw new NotEmulated(`attribute ${attribute} of ${resource.type} (${logicalId})`);
      return value;
    },
    conditionHolds: (name) => {
      if (!Object.hasOwn(Conditions, name)) throw validationError(`condition ${name} is not in the template`);
      return resolve(Conditions[name], scope) === true;
    },
  };
  return scope;
};

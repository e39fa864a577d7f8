import { NotEmulated } from '../errors.js';
import { type Template, validationError } from './template.js';

/** Resolves a template's references. */
export type Scope = {
  /** A resource's, a parameter's or a pseudo parameter's value; undefined for an unknown name. */
  readonly ref: (name: string) => unknown;
  readonly attribute: (logicalId: string, attribute: string) => unknown;
  readonly conditionHolds: (name: string) => boolean;
  readonly mappings: NonNullable<Template['Mappings']>;
};

/** The value of AWS::NoValue: the property is removed. */
export const noValue = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

const text = (value: unknown, place: string): string => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw validationError(`${place} is ${JSON.stringify(value)}; expected a string`);
};

const list = (value: unknown, place: string): unknown[] => {
  if (Array.isArray(value)) return value;
  throw validationError(`${place} is ${JSON.stringify(value)}; expected a list`);
};

const ref: Intrinsic = (name, { ref }) => {
  const value = ref(text(name, 'Ref'));
  if (value === undefined) throw validationError(`Ref ${String(name)}: no resource or parameter has this name`);
  return value;
};

/** `["Table", "Arn"]` or `"Table.Arn"`. */
export const attributeParts = (argument: unknown): [logicalId: string, attribute: string] => {
  const parts = typeof argument === 'string' ? argument.split('.') : list(argument, 'Fn::GetAtt').map((part) => text(part, 'Fn::GetAtt'));
  const [logicalId = '', ...attribute] = parts;
  return [logicalId, attribute.join('.')];
};

/** The text of Fn::Sub with its variables: `${Name}`, `${Name.Attribute}`; `${!Literal}` stays as `${Literal}`. */
export const substitute = (template: string, replace: (name: string) => string): string =>
  template.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => (literal ? `\${${name}}` : replace(name.trim())));

/** The text of Fn::Sub and its variables, in either form. */
export const subParts = (argument: unknown): { template: string; variables: Readonly<Record<string, unknown>> } => {
  if (typeof argument === 'string') return { template: argument, variables: {} };
  const [template, variables] = list(argument, 'Fn::Sub');
  return { template: text(template, 'Fn::Sub'), variables: (variables ?? {}) as Record<string, unknown> };
};

const sub: Intrinsic = (argument, scope) => {
  const { template, variables } = subParts(argument);
  return substitute(template, (name) => {
    const value = Object.hasOwn(variables, name)
      ? resolve(variables[name], scope)
      : name.includes('.')
        ? scope.attribute(...attributeParts(name))
        : ref(name, scope);
    return text(value, `Fn::Sub: \${${name}}`);
  });
};

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: ref,
  'Fn::GetAtt': (argument, scope) => scope.attribute(...attributeParts(resolve(argument, scope))),
  'Fn::Sub': sub,
  'Fn::Join': (argument, scope) => {
    const [separator, values] = list(argument, 'Fn::Join');
    return list(resolve(values, scope), 'Fn::Join')
      .map((value) => text(value, 'Fn::Join'))
      .join(text(separator, 'Fn::Join'));
  },
  'Fn::Split': (argument, scope) => {
    const [separator, value] = list(argument, 'Fn::Split');
    return text(resolve(value, scope), 'Fn::Split').split(text(separator, 'Fn::Split'));
  },
  'Fn::Select': (argument, scope) => {
    const [index, values] = list(argument, 'Fn::Select');
    const value = list(resolve(values, scope), 'Fn::Select')[Number(resolve(index, scope))];
    if (value === undefined) throw validationError(`Fn::Select: index ${JSON.stringify(index)} is outside of the list`);
    return value;
  },
  'Fn::If': (argument, scope) => {
    const [condition, whenTrue, otherwise] = list(argument, 'Fn::If');
    return resolve(scope.conditionHolds(text(condition, 'Fn::If')) ? whenTrue : otherwise, scope);
  },
  'Fn::FindInMap': (argument, scope) => {
    const [map, first, second] = list(resolve(argument, scope), 'Fn::FindInMap').map((key) => text(key, 'Fn::FindInMap'));
    const value = scope.mappings[map as string]?.[first as string]?.[second as string];
    if (value === undefined) throw validationError(`Fn::FindInMap: ${map} has no ${first}.${second}`);
    return value;
  },
  Condition: (name, { conditionHolds }) => conditionHolds(text(name, 'Condition')),
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list(resolve(argument, scope), 'Fn::Equals');
    return String(left) === String(right);
  },
  'Fn::Not': (argument, scope) => list(resolve(argument, scope), 'Fn::Not')[0] !== true,
  'Fn::And': (argument, scope) => list(resolve(argument, scope), 'Fn::And').every((held) => held === true),
  'Fn::Or': (argument, scope) => list(resolve(argument, scope), 'Fn::Or').includes(true),
};

/** The intrinsic function that this value calls. `Condition` is one only within conditions. */
export const intrinsicOf = (value: object): string | undefined => {
  const [key, ...others] = Object.keys(value);
  if (key === undefined || others.length > 0) return undefined;
  if (key === 'Ref' || key.startsWith('Fn::')) return key;
  return key === 'Condition' && typeof (value as { Condition: unknown }).Condition === 'string' ? key : undefined;
};

export const resolve = (value: unknown, scope: Scope): unknown => {
  if (Array.isArray(value)) return value.map((element) => resolve(element, scope)).filter((element) => element !== noValue);
  if (typeof value !== 'object' || value === null) return value;
  const name = intrinsicOf(value);
  if (name !== undefined) {
    const intrinsic = intrinsics[name];
    if (!intrinsic) throw new NotEmulated(`${name} of CloudFormation`);
    return intrinsic((value as Record<string, unknown>)[name], scope);
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, resolve(member, scope)])
      .filter(([, member]) => member !== noValue),
  );
};

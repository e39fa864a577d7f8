import type { z } from 'zod';
import { configurationSchema, jsonSchema } from './configuration-schema.js';

export type Path = readonly PropertyKey[];

/** One issue: its path and the text after it. `atKey`: the key is wrong, not its value. */
export type ValidationIssue = { path: Path; says: string; atKey?: boolean };

/** Everything that does not match the schema, in its order. */
export const validationIssues = (value: unknown): ValidationIssue[] =>
  (configurationSchema.safeParse(value).error?.issues ?? []).flatMap((issue) => issuesOf(issue, [], value));

const issuesOf = (issue: z.core.$ZodIssue, parent: Path, root: unknown): ValidationIssue[] => {
  const path = [...parent, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        says: `is not known; expected ${fieldsAt(path).join(', ')}`,
        atKey: true,
      }));
    case 'invalid_key':
      return [{ path, says: `is not a possible name; expected ${issue.issues[0]?.message}`, atKey: true }];
    case 'invalid_union': {
      // A service is a string or an object: the type of the value decides whose issues are reported.
      const [ofText, ofObject] = issue.errors;
      return ((isObject(valueAt(root, path)) ? ofObject : ofText) ?? []).flatMap((inner) => issuesOf(inner, path, root));
    }
    default:
      return [issueOfValue(path, valueAt(root, path), issue)];
  }
};

const issueOfValue = (path: Path, value: unknown, issue: z.core.$ZodIssue): ValidationIssue => {
  const isObjectExpected = issue.code === 'invalid_type' && issue.expected === 'object';
  const expected = isObjectExpected ? `the fields ${fieldsAt(path).join(', ')}` : issue.message;
  const isTextExpected = issue.code === 'invalid_type' && issue.expected === 'string';
  const hint = isTextExpected && (typeof value === 'number' || typeof value === 'boolean') ? ' (put it in quotes)' : '';
  return { path, says: `${described(value)}; expected ${expected}${hint}` };
};

const described = (value: unknown): string => {
  if (value === undefined) return 'is missing';
  if (value === null) return 'is empty';
  if (Array.isArray(value)) return value.length === 0 ? 'is an empty list' : 'is a list';
  if (isObject(value)) return Object.keys(value).length === 0 ? 'is empty' : `has the fields ${Object.keys(value).join(', ')}`;
  const shown = JSON.stringify(value);
  return `is ${shown.length > 80 ? `${shown.slice(0, 79)}…` : shown}`;
};

type SchemaNode = {
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | false;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
};

/** The fields that the schema has at a path. */
const fieldsAt = (path: Path): string[] => {
  let node: SchemaNode = jsonSchema();
  for (const key of path) {
    const next: SchemaNode | false | undefined =
      typeof key === 'number' ? node.items : (node.properties?.[String(key)] ?? node.additionalProperties);
    node = next || {};
    node = node.anyOf?.find((option) => option.properties !== undefined) ?? node;
  }
  return Object.keys(node.properties ?? {});
};

const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), root);

const isObject = (value: unknown): value is Record<PropertyKey, unknown> => typeof value === 'object' && value !== null;

/** A path as text: repositories.my-app.stages[0].services[1], and repositories["a/b"] for other names. */
export const written = (path: Path): string =>
  path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`;
    const name = String(key);
    if (!/^[\w-]+$/.test(name)) return `${before}[${JSON.stringify(name)}]`;
    return before === '' ? name : `${before}.${name}`;
  }, '');

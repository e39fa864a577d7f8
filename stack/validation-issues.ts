import type { z } from 'zod';
import { cut } from '../core/notification/cut.js';
import { redact } from '../core/notification/redact.js';
import { configurationSchema, isRepositoryKey, jsonSchema, type SchemaNode } from './configuration-schema.js';
import { asYaml, candidatesFor, repositoryNamesIn } from './corrections.js';
import { nearest } from './nearest.js';
import { looksLikeSecret } from './notifications-schema.js';

export type Path = readonly PropertyKey[];

/** One issue: its path and the text after it. `atKey`: the key is wrong, not its value. */
export type ValidationIssue = { path: Path; says: string; atKey?: boolean };

/** The text of a value in the file. */
type SourceOf = (path: Path) => string | undefined;

/** Everything that does not match the schema, in its order. */
export const validationIssues = (value: unknown, sourceOf: SourceOf): ValidationIssue[] =>
  mismatches(value, sourceOf).map((mismatch) => ({ ...mismatch, says: mismatch.says + meant(mismatch, value) }));

type Mismatch = ValidationIssue & { readonly corrections: readonly unknown[] };

const mismatches = (value: unknown, sourceOf: SourceOf): Mismatch[] =>
  (configurationSchema.safeParse(value).error?.issues ?? []).flatMap((issue) => issuesOf(issue, [], value, sourceOf));

const issuesOf = (issue: z.core.$ZodIssue, parent: Path, root: unknown, sourceOf: SourceOf): Mismatch[] => {
  const path = [...parent, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = fieldsAt(path);
      return issue.keys.map((key) => {
        const places = placesOf(key, path);
        return {
          path: [...path, key],
          says: `is not known; expected ${known.join(', ')}${places.length > 0 ? `; it belongs to ${places.join(' or ')}` : ''}`,
          atKey: true,
          corrections: places.length > 0 ? [] : [nearest(key, known)],
        };
      });
    }
    case 'invalid_key':
      return [
        {
          path,
          says: `is not a possible name; expected ${issue.issues[0]?.message}`,
          atKey: true,
          corrections:
            path.length === 2 && path[0] === 'repositories' ? repositoryNamesIn(String(path.at(-1))).filter(isRepositoryKey) : [],
        },
      ];
    case 'invalid_union': {
      // A service or an approval is a word or an object: the type of the value decides whose issues are reported.
      const [ofText, ofObject] = issue.errors;
      return ((isObject(valueAt(root, path)) ? ofObject : ofText) ?? []).flatMap((inner) => issuesOf(inner, path, root, sourceOf));
    }
    default:
      return [issueOfValue(path, valueAt(root, path), sourceOf(path), issue)];
  }
};

const issueOfValue = (path: Path, value: unknown, source: string | undefined, issue: z.core.$ZodIssue): Mismatch => {
  const isObjectExpected = issue.code === 'invalid_type' && issue.expected === 'object';
  const expected = isObjectExpected ? `the fields ${fieldsAt(path).join(', ')}` : issue.message;
  // A value in the place of the secret's name may be the secret: no log has it.
  const isInPlaceOfSecret = path.at(-1) === 'secret' && ['string', 'number'].includes(typeof value) && !isArn(value);
  const isVariable = path.at(-3) === 'before' && path.at(-2) === 'environment';
  const isHidden = isInPlaceOfSecret || isVariable || (typeof value === 'string' && looksLikeSecret(value));
  if (isHidden) return { path, says: `has a value that is not repeated here; expected ${expected}`, corrections: [] };
  const says = issue.code === 'custom' ? issue.params?.says : undefined;
  return {
    path,
    says: typeof says === 'string' ? says : `${described(value, source)}; expected ${expected}`,
    corrections: [...wordsLike(value, issue), ...candidatesFor(value, fieldOf(path), source)],
  };
};

/** The word of a choice that is nearest, in upper or lower case. */
const wordsLike = (value: unknown, issue: z.core.$ZodIssue): unknown[] => {
  const words = issue.code === 'invalid_value' ? issue.values : [];
  const found = nearest(
    String(value).toLowerCase(),
    words.map((word) => String(word).toLowerCase()),
  );
  return words.filter((word) => String(word).toLowerCase() === found);
};

/** The field whose value, or part of whose value, a path leads to. Services have a `timeout`, too: that of an approval is `approval.timeout`. */
const fieldOf = (path: Path): string => {
  const [parent, field] = path.filter((key) => typeof key === 'string').slice(-2);
  return ['approval', 'before', 'scan'].includes(String(parent)) ? `${parent}.${field}` : String(field);
};

const isArn = (value: unknown): boolean => /^arn:[\w:/+=.@-]*$/.test(String(value));

/** What was probably meant: for a key the nearest one, for a value the first correction that the schema accepts in its place. */
const meant = ({ path, atKey, corrections }: Mismatch, root: unknown): string => {
  const found = corrections.find((correction) => correction !== undefined && (atKey || accepts(root, path, correction)));
  return found === undefined ? '' : `; did you mean ${asYaml(found)}?`;
};

const accepts = (root: unknown, path: Path, correction: unknown): boolean =>
  !mismatches(replaced(root, path, correction), () => undefined).some((issue) => path.every((key, index) => issue.path[index] === key));

const replaced = (value: unknown, [key, ...rest]: Path, correction: unknown): unknown => {
  if (key === undefined) return correction;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? replaced(item, rest, correction) : item));
  return isObject(value) ? { ...value, [key]: replaced(value[key], rest, correction) } : value;
};

const described = (value: unknown, source: string | undefined): string => {
  if (value === undefined) return 'is missing';
  if (value === null) return 'is empty';
  if (Array.isArray(value)) return value.length === 0 ? 'is an empty list' : 'is a list';
  if (value instanceof Date) return `is ${source ?? value.toISOString()}`;
  if (isObject(value)) return Object.keys(value).length === 0 ? 'is empty' : `has the fields ${Object.keys(value).join(', ')}`;
  const written = typeof value === 'string' ? JSON.stringify(value) : (source ?? String(value));
  const shown = isArn(value) ? written : redact(written);
  return `is ${shown.length > 80 ? `${cut(shown, 79)}…` : shown}`;
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

/** Where fields are, from the outside in. */
const levels: readonly (readonly [string, Path])[] = [
  ['the top of the file', []],
  ['a repository', ['repositories', 'app']],
  ['a stage', ['repositories', 'app', 'stages', 0]],
  ['a service', ['repositories', 'app', 'stages', 0, 'services', 0]],
];

/** The levels that have a field of this name, for a key that another level has. */
const placesOf = (key: string, path: Path): string[] =>
  levels.some(([, level]) => level.length === path.length)
    ? levels.flatMap(([name, level]) => (fieldsAt(level).includes(key) ? name : []))
    : [];

const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), root);

const isObject = (value: unknown): value is Record<PropertyKey, unknown> => typeof value === 'object' && value !== null;

/** A path as text: repositories.my-app.stages[0].services[1], and repositories["a/b"] for other names. */
export const pathText = (path: Path): string =>
  path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`;
    const name = String(key);
    if (!/^[\w-]+$/.test(name)) return `${before}[${JSON.stringify(name)}]`;
    return before === '' ? name : `${before}.${name}`;
  }, '');

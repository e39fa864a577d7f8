import { invalidPattern } from './invalid-pattern.js';
import { matcherOf, wildcardsOf } from './matchers.js';
import { checkComplexity } from './wildcard.js';

/** Whether an event, as parsed JSON, matches. */
export type Pattern = (event: unknown) => boolean;

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The plain values at a path of the event: an array's elements are alternatives, and objects are no values. */
const leaves = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value.flatMap(leaves);
  return value === undefined || isObject(value) ? [] : [value];
};

const compileLeaf = (alternatives: readonly unknown[], path: string): Pattern => {
  if (alternatives.length === 0) throw invalidPattern('Empty arrays are not allowed', path);
  const matchers = alternatives.map((alternative) => matcherOf(alternative, path));
  checkComplexity(alternatives.flatMap(wildcardsOf), path);
  return (value) => {
    const values = leaves(value);
    return matchers.some((matcher) => (matcher.isAbsent ? values.length === 0 : values.some(matcher.matches)));
  };
};

const compileOr = (alternatives: unknown, path: string): Pattern => {
  if (!Array.isArray(alternatives)) throw invalidPattern('It must be an Array followed with $or.', path);
  if (!alternatives.every(isObject)) throw invalidPattern('Only JSON object is allowed in array of $or relationship.', path);
  if (alternatives.length < 2) throw invalidPattern('There must have at least 2 Objects in $or relationship.', path);
  const compiled = alternatives.map((alternative) => compileObject(alternative, path));
  return (event) => compiled.some((matches) => matches(event));
};

/** The value of a key, and of the keys that begin with it and a dot: `{"a.b": 1}` is `{"a": {"b": 1}}`. */
const valueAt = (event: unknown, key: string): unknown => {
  if (!isObject(event)) return undefined;
  const value = Object.hasOwn(event, key) ? event[key] : undefined;
  const beginning = `${key}.`;
  const dotted = Object.keys(event).filter((name) => name.startsWith(beginning));
  if (dotted.length === 0) return value;
  const nested = Object.fromEntries(dotted.map((name) => [name.slice(beginning.length), event[name]]));
  return value === undefined ? nested : [value, nested].flat();
};

const compileKey = (key: string, value: unknown, parent: string): Pattern => {
  if (key === '$or') return compileOr(value, parent);
  const path = parent === '' ? key : `${parent}.${key}`;
  const matches = Array.isArray(value) ? compileLeaf(value, path) : compileObject(value as Json, path);
  return (event) => matches(valueAt(event, key));
};

// A key may be `__proto__`.
const empty = (): Json => Object.create(null) as Json;

/** Puts a value at a path into a pattern, beside what is there. */
const put = (pattern: Json, [key = '', ...rest]: readonly string[], value: unknown): void => {
  if (rest.length > 0 || isObject(value)) {
    const inner = isObject(pattern[key]) ? pattern[key] : empty();
    pattern[key] = inner;
    if (rest.length > 0) put(inner, rest, value);
    else for (const [name, member] of Object.entries(nestedKeys(value as Json, key))) put(inner, [name], member);
  } else pattern[key] = value;
};

/** A pattern in which `{"a.b": …}` is `{"a": {"b": …}}`: a path is the same however it is written. */
const nestedKeys = (pattern: Json, path: string): Json => {
  if (Object.keys(pattern).length === 0) throw invalidPattern('Empty objects are not allowed', path);
  const nested = empty();
  for (const [key, value] of Object.entries(pattern)) {
    if (key !== '$or' && !Array.isArray(value) && !isObject(value)) throw invalidPattern(`"${key}" must be an object or an array`, path);
    put(nested, key.split('.'), value);
  }
  return nested;
};

const compileObject = (pattern: Json, path: string): Pattern => {
  const compiled = Object.entries(nestedKeys(pattern, path)).map(([key, value]) => compileKey(key, value, path));
  const matchesOne = (event: unknown): boolean => compiled.every((matches) => matches(event));
  // An array of objects matches if one of them matches completely.
  return (event) => (Array.isArray(event) ? event.some(matchesOne) : matchesOne(event));
};

/** Compiles an event pattern. @throws AwsError InvalidEventPatternException */
export const compilePattern = (pattern: unknown): Pattern => {
  if (!isObject(pattern)) throw invalidPattern('Filter is not an object');
  return compileObject(pattern, '');
};

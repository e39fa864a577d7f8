import { invalidPattern, type Matcher, matcherOf } from './matchers.js';

/** Whether an event, as parsed JSON, matches. */
export type Pattern = (event: unknown) => boolean;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The plain values at a path of the event: an array's elements are alternatives, and objects are no values. */
const leaves = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value.flatMap(leaves);
  return value === undefined || isObject(value) ? [] : [value];
};

const compileLeaf = (alternatives: readonly unknown[], path: string): Pattern => {
  if (alternatives.length === 0) throw invalidPattern(`Empty arrays are not allowed at ${path}`);
  const matchers: Matcher[] = alternatives.map((alternative) => matcherOf(alternative, path));
  return (value) => {
    const values = leaves(value);
    return matchers.some((matcher) => (matcher.isAbsent ? values.length === 0 : values.some(matcher.matches)));
  };
};

const compileOr = (alternatives: unknown, path: string): Pattern => {
  if (!Array.isArray(alternatives) || alternatives.length < 2 || !alternatives.every(isObject))
    throw invalidPattern(`"$or" at ${path || 'the top'} must be an array of at least two objects`);
  const compiled = alternatives.map((alternative) => compileObject(alternative, path));
  return (event) => compiled.some((matches) => matches(event));
};

const compileKey = (key: string, value: unknown, parent: string): Pattern => {
  if (key === '$or') return compileOr(value, parent);
  const path = parent === '' ? key : `${parent}.${key}`;
  if (!Array.isArray(value) && !isObject(value)) throw invalidPattern(`"${path}" must be an object or an array`);
  const matches = Array.isArray(value) ? compileLeaf(value, path) : compileObject(value, path);
  return (event) => matches(isObject(event) ? event[key] : undefined);
};

const compileObject = (pattern: Record<string, unknown>, path: string): Pattern => {
  const keys = Object.entries(pattern);
  if (keys.length === 0) throw invalidPattern(`Empty objects are not allowed at ${path || 'the top'}`);
  const compiled = keys.map(([key, value]) => compileKey(key, value, path));
  const matchesOne = (event: unknown): boolean => compiled.every((matches) => matches(event));
  // An array of objects matches if one of them matches completely.
  return (event) => (Array.isArray(event) ? event.some(matchesOne) : matchesOne(event));
};

/** Compiles an event pattern. @throws AwsError InvalidEventPatternException */
export const compilePattern = (pattern: unknown): Pattern => {
  if (!isObject(pattern)) throw invalidPattern('the pattern must be a JSON object');
  return compileObject(pattern, '');
};

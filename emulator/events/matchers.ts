import { AwsError, NotEmulated } from '../errors.js';

/** One alternative of a pattern's array. `isAbsent` is `{"exists": false}`, which matches when there is no value. */
export type Matcher = { readonly matches: (value: unknown) => boolean; readonly isAbsent?: boolean };

export const invalidPattern = (reason: string): AwsError =>
  new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);

type Test = (value: unknown) => boolean;

const onStrings =
  (test: (text: string) => boolean): Test =>
  (value) =>
    typeof value === 'string' && test(value);

const textOf = (kind: string, value: unknown, path: string): string => {
  if (typeof value !== 'string') throw invalidPattern(`${kind} match pattern must be a string at ${path}`);
  return value;
};

const equalsIgnoreCase = (value: unknown, path: string): Test => {
  const expected = textOf('equals-ignore-case', value, path).toLowerCase();
  return onStrings((text) => text.toLowerCase() === expected);
};

const affix = (kind: 'prefix' | 'suffix', value: unknown, path: string): Test => {
  const has = (text: string, part: string): boolean => (kind === 'prefix' ? text.startsWith(part) : text.endsWith(part));
  if (typeof value === 'object' && value !== null) {
    const [key, inner, ...rest] = Object.entries(value).flat();
    if (key !== 'equals-ignore-case' || rest.length > 0)
      throw invalidPattern(`${kind} match pattern must be a string or {"equals-ignore-case": …} at ${path}`);
    const part = textOf('equals-ignore-case', inner, path).toLowerCase();
    return onStrings((text) => has(text.toLowerCase(), part));
  }
  const part = textOf(kind, value, path);
  return onStrings((text) => has(text, part));
};

/** `*` is any text; a backslash makes the next `*` or backslash plain. */
const wildcard = (value: unknown, path: string): Test => {
  const pattern = textOf('wildcard', value, path);
  if (/(?<!\\)(\\\\)*\*\*/.test(pattern)) throw invalidPattern(`Consecutive wildcard characters at ${path}: ${pattern}`);
  const source = pattern.replace(/\\(.)|\*|[\s\S]/g, (part: string, escaped: string | undefined) => {
    if (part === '*') return '[\\s\\S]*';
    if (escaped !== undefined && escaped !== '*' && escaped !== '\\')
      throw invalidPattern(`Invalid escape character at ${path}: ${pattern}`);
    return (escaped ?? part).replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  });
  const expression = new RegExp(`^${source}$`);
  return onStrings((text) => expression.test(text));
};

const comparisons: Record<string, (a: number, b: number) => boolean> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const numeric = (value: unknown, path: string): Test => {
  if (!Array.isArray(value) || (value.length !== 2 && value.length !== 4))
    throw invalidPattern(`Value of numeric must be an array of one or two comparisons at ${path}`);
  const parts = [value.slice(0, 2), value.slice(2)].filter(({ length }) => length > 0) as [string, unknown][];
  const tests = parts.map(([operator, bound]) => {
    const compare = comparisons[operator];
    if (!compare) throw invalidPattern(`Unrecognized numeric range operator: ${operator} at ${path}`);
    if (typeof bound !== 'number' || Math.abs(bound) > 5e9)
      throw invalidPattern(`Value of ${operator} must be numeric within 5.0E9 at ${path}`);
    return (number: number) => compare(number, bound);
  });
  const [first, second] = parts;
  if (first && second && !(first[0].startsWith('>') && second[0].startsWith('<') && Number(first[1]) < Number(second[1])))
    throw invalidPattern(`Bottom must be less than top at ${path}`);
  return (number) => typeof number === 'number' && tests.every((test) => test(number));
};

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** `anything-but`: values, or one of the matchers with a value or a list. */
const anythingBut = (value: unknown, path: string): Test => {
  let excluded: Test[];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const [key, inner, ...rest] = Object.entries(value).flat();
    const make = {
      prefix: (text: unknown) => affix('prefix', textOf('prefix', text, path), path),
      suffix: (text: unknown) => affix('suffix', textOf('suffix', text, path), path),
      wildcard: (text: unknown) => wildcard(text, path),
      'equals-ignore-case': (text: unknown) => equalsIgnoreCase(text, path),
    }[String(key)];
    if (!make || rest.length > 0) throw invalidPattern(`Unsupported anything-but pattern: ${key} at ${path}`);
    excluded = listOf(inner).map(make);
  } else {
    const values = listOf(value);
    const kinds = new Set(values.map((one) => typeof one));
    if (kinds.size !== 1 || !(kinds.has('string') || kinds.has('number')))
      throw invalidPattern(`Inside anything-but list must be all strings or all numbers at ${path}`);
    excluded = values.map((one) => (actual: unknown) => actual === one);
  }
  return (actual) => !excluded.some((test) => test(actual));
};

const exists = (value: unknown, path: string): Matcher => {
  if (typeof value !== 'boolean') throw invalidPattern(`exists match pattern must be either true or false at ${path}`);
  return value ? { matches: () => true } : { matches: () => false, isAbsent: true };
};

const plain = (value: unknown): Matcher => ({ matches: (actual) => actual === value });

/** Reads one alternative: a plain value, or an object with one key that names the comparison. */
export const matcherOf = (alternative: unknown, path: string): Matcher => {
  if (Array.isArray(alternative)) throw invalidPattern(`Match value must be String, number, true, false, or null at ${path}`);
  if (typeof alternative !== 'object' || alternative === null) return plain(alternative);
  const entries = Object.entries(alternative);
  const [kind, value] = entries[0] ?? [];
  if (kind === undefined || entries.length !== 1) throw invalidPattern(`Only one key allowed in match expression at ${path}`);
  switch (kind) {
    case 'prefix':
    case 'suffix':
      return { matches: affix(kind, value, path) };
    case 'anything-but':
      return { matches: anythingBut(value, path) };
    case 'wildcard':
      return { matches: wildcard(value, path) };
    case 'exists':
      return exists(value, path);
    case 'numeric':
      return { matches: numeric(value, path) };
    case 'equals-ignore-case':
      return { matches: equalsIgnoreCase(value, path) };
    case 'cidr':
      throw new NotEmulated(`matcher cidr of an event pattern (at ${path})`);
    default:
      throw invalidPattern(`Unrecognized match type ${kind} at ${path}`);
  }
};

import { cidr } from './cidr.js';
import { invalidPattern } from './invalid-pattern.js';
import { numeric } from './numeric.js';
import { wildcard } from './wildcard.js';

/** One alternative of a pattern's array. `isAbsent` is `{"exists": false}`, which matches when there is no value. */
export type Matcher = { readonly matches: (value: unknown) => boolean; readonly isAbsent?: boolean };

type Test = (value: unknown) => boolean;

const onStrings =
  (test: (text: string) => boolean): Test =>
  (value) =>
    typeof value === 'string' && test(value);

const textOf = (kind: string, value: unknown, path: string): string => {
  if (typeof value !== 'string') throw invalidPattern(`${kind} match pattern must be a string`, path);
  return value;
};

const equalsIgnoreCase = (expected: string): Test => onStrings((text) => text.toLowerCase() === expected.toLowerCase());

const has = { prefix: (text: string, part: string) => text.startsWith(part), suffix: (text: string, part: string) => text.endsWith(part) };

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The only member of an object. */
const onlyMember = (value: object, path: string): readonly [name: string, member: unknown] => {
  const [first, ...rest] = Object.entries(value);
  if (!first) throw invalidPattern('Match expression name not found', path);
  if (rest.length > 0) throw invalidPattern('Only one key allowed in match expression', path);
  return first;
};

/** A text, or `{"equals-ignore-case": "…"}`. */
const affix = (kind: 'prefix' | 'suffix', value: unknown, path: string): Test => {
  if (!isObject(value)) {
    const part = textOf(kind, value, path);
    return onStrings((text) => has[kind](text, part));
  }
  const [name, inner] = onlyMember(value, path);
  if (name !== 'equals-ignore-case') throw invalidPattern(`Unsupported ${kind} pattern: ${name}`, path);
  const part = textOf(name, inner, path).toLowerCase();
  return onStrings((text) => has[kind](text.toLowerCase(), part));
};

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** What `anything-but` takes apart from values: each with a text or a list of texts. */
const excludedBy: Readonly<Record<string, { readonly refusal: string; readonly test: (text: string, path: string) => Test }>> = {
  prefix: { refusal: 'prefix/suffix match pattern must be a string', test: (part) => onStrings((text) => has.prefix(text, part)) },
  suffix: { refusal: 'prefix/suffix match pattern must be a string', test: (part) => onStrings((text) => has.suffix(text, part)) },
  wildcard: { refusal: 'wildcard match pattern must be a string', test: (pattern, path) => onStrings(wildcard(pattern, path)) },
  'equals-ignore-case': {
    refusal: 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
    test: (expected) => equalsIgnoreCase(expected),
  },
};

const unsupportedValue = 'Value of anything-but must be an array or single string/number value.';

const excludedTests = (value: unknown, path: string): readonly Test[] => {
  if (isObject(value)) {
    const [name, inner] = onlyMember(value, path);
    const kind = Object.hasOwn(excludedBy, name) ? excludedBy[name] : undefined;
    if (!kind) throw invalidPattern(`Unsupported anything-but pattern: ${name}`, path);
    if (isObject(inner) || inner === null || typeof inner === 'boolean') throw invalidPattern(unsupportedValue, path);
    return listOf(inner).map((text) => {
      if (typeof text !== 'string') throw invalidPattern(kind.refusal, path);
      if (text === '' && (name === 'prefix' || name === 'suffix')) throw invalidPattern('Null prefix/suffix not allowed', path);
      return kind.test(text, path);
    });
  }
  if (!Array.isArray(value) && typeof value !== 'string' && typeof value !== 'number') throw invalidPattern(unsupportedValue, path);
  const kinds = new Set(listOf(value).map((one) => typeof one));
  if ([...kinds].some((kind) => kind !== 'string' && kind !== 'number'))
    throw invalidPattern('Inside anything but list, start|null|boolean is not supported.', path);
  if (kinds.size !== 1)
    throw invalidPattern('Inside anything but list, either all values are number or string, mixed type is not supported', path);
  return listOf(value).map((one) => (actual: unknown) => actual === one);
};

const anythingBut = (value: unknown, path: string): Test => {
  const excluded = excludedTests(value, path);
  return (actual) => !excluded.some((test) => test(actual));
};

const exists = (value: unknown, path: string): Matcher => {
  if (typeof value !== 'boolean') throw invalidPattern('exists match pattern must be either true or false.', path);
  return value ? { matches: () => true } : { matches: () => false, isAbsent: true };
};

/** Reads one alternative: a plain value, or an object with one key that names the comparison. */
export const matcherOf = (alternative: unknown, path: string): Matcher => {
  if (Array.isArray(alternative)) throw invalidPattern('Match value must be String, number, true, false, or null', path);
  if (!isObject(alternative)) return { matches: (actual) => actual === alternative };
  const [kind, value] = onlyMember(alternative, path);
  switch (kind) {
    case 'prefix':
    case 'suffix':
      return { matches: affix(kind, value, path) };
    case 'anything-but':
      return { matches: anythingBut(value, path) };
    case 'wildcard':
      return { matches: onStrings(wildcard(textOf(kind, value, path), path)) };
    case 'exists':
      return exists(value, path);
    case 'numeric': {
      const test = numeric(value, path);
      return { matches: (number) => typeof number === 'number' && test(number) };
    }
    case 'equals-ignore-case':
      return { matches: equalsIgnoreCase(textOf(kind, value, path)) };
    case 'cidr':
      // The text is that of event-ruler, which names the wrong matcher here.
      return { matches: onStrings(cidr(textOf('prefix', value, path), path)) };
    default:
      throw invalidPattern(`Unrecognized match type ${kind}`, path);
  }
};

/** The wildcard patterns of an alternative that `matcherOf` accepts. */
export const wildcardsOf = (alternative: unknown): readonly string[] => {
  const { wildcard: direct, 'anything-but': excluded } = (alternative ?? {}) as {
    wildcard?: string;
    'anything-but'?: { wildcard?: unknown };
  };
  return listOf(direct ?? excluded?.wildcard ?? []) as string[];
};

import Range from 'semver/classes/range.js';
import { tagLimit } from '../image/ecr-names.js';
import { matchesGlob } from './glob.js';
import * as messages from './messages.js';
import { compileExpression } from './regular-expression.js';

export type PatternKind = 'exact' | 'glob' | 'regex' | 'semver';

/** One pattern of `tags`. */
export type Pattern = {
  readonly written: string;
  readonly kind: PatternKind;
  /** It begins with `!`: what it matches is not deployed. */
  readonly isExclusion: boolean;
  readonly matches: (tag: string) => boolean;
};

/** Why a text is no pattern: a predicate with what was expected, such as `is "/(/": missing closing ); expected …`. */
export type PatternProblem = { readonly problem: string };

/** Whether a pattern, as it is written, excludes tags. */
export const isExclusion = (written: string): boolean => written.startsWith('!');

const versionPrefix = /^semver(-pre)?:/;

/** The kind of a pattern as it is written, whether or not it can be parsed. */
export const kindOf = (written: string): PatternKind => {
  const body = bodyOf(written);
  if (versionPrefix.test(body)) return 'semver';
  if (body.startsWith('/')) return 'regex';
  return /[*?]/.test(body) ? 'glob' : 'exact';
};

const bodyOf = (written: string): string => (isExclusion(written) ? written.slice(1) : written);

/**
 * Parses a pattern, which may begin with `!`:
 * - an exact tag;
 * - a glob for the whole tag: `*` is any characters or none, `?` is one;
 * - `/expression/`, a search by RE2: `^` and `$` make it match the whole tag;
 * - `semver:range`, versions in a range of npm's semver, without pre-releases unless the range names one of the same version;
 *   `semver-pre:range` has them all.
 */
export const parsePattern = (written: string): Pattern | PatternProblem => {
  const kind = kindOf(written);
  const matcher = matcherOf[kind](bodyOf(written), written);
  return 'problem' in matcher ? matcher : { written, kind, isExclusion: isExclusion(written), ...matcher };
};

type Matcher = Pick<Pattern, 'matches'> | PatternProblem;

const invalid = (problem: string): PatternProblem => ({ problem });

/** A tag begins with no `.` or `-`: the glob `.*`, which looks like a regular expression, would match none. */
const globCharacters = new RegExp(`^[\\w*?][\\w.*?-]{0,${tagLimit - 1}}$`);

const literal = (body: string, written: string, matches: Pattern['matches']): Matcher => {
  if (globCharacters.test(body)) return { matches };
  return invalid(messages.noPattern(written, isRange(body) ? `${isExclusion(written) ? '!' : ''}semver:${body}` : undefined));
};

const expression = (body: string, written: string): Matcher => {
  const [, source, flags = ''] = body.match(/^\/(.*)\/(\w*)$/s) ?? [];
  if (source === undefined) return invalid(messages.unclosedExpression(written));
  if (flags !== '') return invalid(messages.expressionFlags(written));
  if (source === '') return invalid(messages.emptyExpression(written));
  if (source.length > tagLimit) return invalid(messages.largeExpression(written, tagLimit));
  const compiled = compileExpression(source);
  if ('isFoundIn' in compiled) return { matches: compiled.isFoundIn };
  if ('unsupported' in compiled) return invalid(messages.unsupportedExpression(written, compiled.unsupported));
  return invalid(
    'tooLarge' in compiled ? messages.largeExpression(written, tagLimit) : messages.invalidExpression(written, compiled.syntaxError),
  );
};

const versions = (body: string, written: string): Matcher => {
  const includePrerelease = body.startsWith('semver-pre:');
  const range = rangeOf(body.replace(versionPrefix, ''), includePrerelease);
  if (range === undefined) return invalid(messages.invalidRange(written));
  if (!range.intersects(range)) return invalid(messages.emptyRange(written));
  return { matches: (tag) => range.test(tag) };
};

const matcherOf: Record<PatternKind, (body: string, written: string) => Matcher> = {
  exact: (body, written) => literal(body, written, (tag) => tag === body),
  glob: (body, written) => literal(body, written, (tag) => matchesGlob(body, tag)),
  regex: expression,
  semver: versions,
};

/** semver takes a range without any text as `*`. */
const rangeOf = (text: string, includePrerelease: boolean): Range | undefined => {
  if (text.trim() === '' || text.length > tagLimit) return undefined;
  try {
    return new Range(text, { includePrerelease });
  } catch {
    return undefined;
  }
};

const isRange = (body: string): boolean => /^[\^~<>=]/.test(body) && rangeOf(body, false) !== undefined;

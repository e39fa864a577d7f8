import { cut } from '../notification/cut.js';

// Every message of the tag policy: what is the case, with its values. No code compares one. Import it as a namespace.

/** ` of stage production`, for patterns of a stage. */
const ofStage = (stage: string | undefined): string => (stage === undefined ? '' : ` of stage ${stage}`);

export const tagMatched = (tag: string, pattern: string, stage?: string) => `tag ${tag} matches ${pattern}${ofStage(stage)}`;

export const tagExcluded = (tag: string, pattern: string, stage?: string) => `tag ${tag} is excluded by ${pattern}${ofStage(stage)}`;

export const tagNotMatched = (tag: string, patterns: readonly string[], stage?: string) =>
  `tag ${tag} matches none of the patterns ${patterns.join(', ')}${ofStage(stage)}`;

export const noPatterns = (tag: string) => `tag ${tag} matches no pattern: slipway.yml has no tags for it`;

export const brokenPattern = (tag: string, problem: string, stage?: string) =>
  `tag ${tag} is refused, because a pattern${ofStage(stage)} ${problem}`;

// Patterns that cannot be parsed: predicates

const is = (pattern: string): string => `is ${JSON.stringify(cut(pattern, 120))}`;

export const noPattern = (pattern: string, meant?: string) =>
  meant === undefined
    ? `${is(pattern)}; expected an exact tag, a glob with * and ?, /a regular expression/ or semver:a range of versions; ! before one excludes`
    : `${is(pattern)}; did you mean ${meant}?`;

export const unclosedExpression = (pattern: string) => `${is(pattern)}; expected a / after the regular expression, too`;

export const expressionFlags = (pattern: string) =>
  `${is(pattern)}; expected nothing after the last /: (?i) at the start of the regular expression ignores case`;

export const emptyExpression = (pattern: string) => `${is(pattern)}; expected a regular expression between / and /, or * for every tag`;

export const largeExpression = (pattern: string, limit: number) =>
  `${is(pattern)}, which is too large; expected a regular expression of at most ${limit} characters, and of smaller counts in {}`;

export const unsupportedExpression = (pattern: string, what: 'lookAround' | 'backReference') =>
  `${is(pattern)}; expected a regular expression of RE2, which has no ${
    what === 'lookAround' ? 'look-around: a pattern after ! excludes tags' : 'back-references'
  }`;

export const invalidExpression = (pattern: string, error: string) => `${is(pattern)}: ${error}; expected a regular expression of RE2`;

export const invalidRange = (pattern: string) =>
  `${is(pattern)}; expected a range of npm's semver after the colon, like semver:^1.4 or semver:>=1.4 <3`;

export const emptyRange = (pattern: string) => `${is(pattern)}, which no version satisfies; expected a range like semver:>=1.4 <3`;

// What a release would do

export const digestChosen = () => 'an image that is chosen by its digest reaches every stage';

export const releaseEnds = (stage: string, message: string) => `the release ends at stage ${stage}: ${message}`;

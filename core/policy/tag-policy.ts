import type { Repository, Stage } from '../configuration/configuration.js';
import * as messages from './messages.js';
import { type Pattern, type PatternKind, type PatternProblem, parsePattern } from './pattern.js';

/** Whether a tag may be deployed, and a message that explains it. */
export type TagMatch = {
  readonly isAllowed: boolean;
  /** A `semver:` pattern matches it, and nothing excludes it: an older version is not deployed over a newer one. */
  readonly isVersioned: boolean;
  /** The pattern that decided, as it is written: the first that excludes or that matches. Absent if none does. */
  readonly pattern?: string;
  readonly kind?: PatternKind;
  readonly message: string;
};

/**
 * Matches a tag with patterns (`parsePattern`). One that begins with `!` excludes what the others match, wherever it stands in the
 * list. Without patterns, or with one that cannot be parsed, no tag is allowed. The message names the stage if the patterns are its.
 */
export const matchTag = (patterns: readonly string[], tag: string, stage?: string): TagMatch => {
  const parsed = patterns.map(patternOf);
  const broken = parsed.find((one) => 'problem' in one);
  if (broken) return refused(messages.brokenPattern(tag, broken.problem, stage));
  const matching = parsed.filter((one): one is Pattern => !('problem' in one) && one.matches(tag));
  const decisive = matching.find(({ isExclusion }) => isExclusion) ?? matching[0];
  if (decisive === undefined) return refused(patterns.length > 0 ? messages.tagNotMatched(tag, patterns, stage) : messages.noPatterns(tag));
  const { written: pattern, kind, isExclusion } = decisive;
  if (isExclusion) return { ...refused(messages.tagExcluded(tag, pattern, stage)), pattern, kind };
  const isVersioned = matching.some((one) => one.kind === 'semver');
  return { isAllowed: true, isVersioned, pattern, kind, message: messages.tagMatched(tag, pattern, stage) };
};

const refused = (message: string): TagMatch => ({ isAllowed: false, isVersioned: false, message });

/** What was parsed: the patterns of the configuration, each of which is matched with many tags. */
const parsedBefore = new Map<string, Pattern | PatternProblem>();

const patternOf = (written: string): Pattern | PatternProblem => {
  const parsed = parsedBefore.get(written) ?? parsePattern(written);
  parsedBefore.set(written, parsed);
  return parsed;
};

/** Whether a tag reaches a stage, and why. `rule` is the pattern that decided, as in TagMatch. */
export type Reach = { readonly isReached: boolean; readonly isVersioned: boolean; readonly message: string; readonly rule?: string };

/**
 * A tag reaches a stage if the patterns of the repository and those of the stage allow it, as far as there are any; if there are
 * none, no tag does.
 */
export const reach = (repository: Pick<Repository, 'tags'>, stage: Pick<Stage, 'name' | 'tags'>, tag: string): Reach => {
  const ofRepository = matchTag(repository.tags, tag);
  if (stage.tags === undefined || stage.tags.length === 0) return reachOf(ofRepository);
  const ofStage = matchTag(stage.tags, tag, stage.name);
  if (repository.tags.length === 0) return reachOf(ofStage);
  if (!ofRepository.isAllowed) return reachOf(ofRepository);
  return reachOf({ ...ofStage, isVersioned: ofStage.isAllowed && (ofStage.isVersioned || ofRepository.isVersioned) });
};

const reachOf = ({ isAllowed: isReached, isVersioned, pattern, message }: TagMatch): Reach => ({
  isReached,
  isVersioned,
  message,
  ...(pattern !== undefined && { rule: pattern }),
});

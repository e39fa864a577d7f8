import * as messages from '../result/messages.js';

/** Whether a tag may be deployed, and a message that explains it. */
export type TagMatch = { readonly isAllowed: boolean; readonly message: string };

/**
 * Matches a tag with a repository's patterns: exact tags, and globs with `*` (any characters, or none) and `?` (exactly one).
 * A pattern that begins with `!` excludes what the others allow, wherever it stands in the list.
 */
export const matchTag = (patterns: readonly string[], tag: string): TagMatch => {
  const exclusion = patterns.find((pattern) => isExclusion(pattern) && matchesGlob(pattern.slice(1), tag));
  if (exclusion !== undefined) return { isAllowed: false, message: messages.tagExcluded(tag, exclusion) };
  const pattern = patterns.find((candidate) => !isExclusion(candidate) && matchesGlob(candidate, tag));
  if (pattern !== undefined) return { isAllowed: true, message: messages.tagMatched(tag, pattern) };
  return { isAllowed: false, message: messages.tagNotMatched(tag, patterns) };
};

/** Whether a pattern excludes tags. */
export const isExclusion = (pattern: string): boolean => pattern.startsWith('!');

/**
 * Matches the whole text. On a mismatch only the last `*` takes one more character (an earlier one never has to), so
 * the work is at most pattern × text for every pattern. A regular expression made from a pattern could backtrack exponentially.
 */
const matchesGlob = (pattern: string, text: string): boolean => {
  let inPattern = 0;
  let inText = 0;
  let star = -1;
  let resumeAt = 0;

  while (inText < text.length) {
    const symbol = pattern[inPattern];
    if (symbol === '*') {
      star = inPattern++;
      resumeAt = inText;
    } else if (symbol === '?' || (symbol !== undefined && symbol === text[inText])) {
      inPattern++;
      inText++;
    } else if (star >= 0) {
      inPattern = star + 1;
      inText = ++resumeAt;
    } else {
      return false;
    }
  }

  while (pattern[inPattern] === '*') inPattern++;
  return inPattern === pattern.length;
};

/** Whether a tag may be deployed, and a message that explains it. */
export type TagMatch = { readonly isAllowed: boolean; readonly message: string };

/** Matches a tag with a repository's patterns: exact tags, and globs with `*` (any characters, or none) and `?` (exactly one). */
export const matchTag = (patterns: readonly string[], tag: string): TagMatch => {
  const pattern = patterns.find((candidate) => matchesGlob(candidate, tag));
  if (pattern !== undefined) return { isAllowed: true, message: `tag ${tag} matches ${pattern}` };
  if (patterns.length === 0)
    return { isAllowed: false, message: `tag ${tag} matches no pattern: slipway.yml has no tags for the repository` };
  return { isAllowed: false, message: `tag ${tag} matches none of the patterns ${patterns.join(', ')}` };
};

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

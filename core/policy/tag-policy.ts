/** Whether a tag may be deployed, and the message that says why. */
export type TagMatch = { allowed: boolean; reason: string };

/** Checks a tag against a repository's patterns: exact tags, and globs with `*` (any characters, or none) and `?` (one). */
export const matchTag = (patterns: readonly string[], tag: string): TagMatch => {
  const pattern = patterns.find((candidate) => matchesGlob(candidate, tag));
  if (pattern !== undefined) return { allowed: true, reason: `tag ${tag} matches ${pattern}` };
  if (patterns.length === 0) return { allowed: false, reason: `tag ${tag} matches nothing, because no tags are configured` };
  return { allowed: false, reason: `tag ${tag} matches none of ${patterns.join(', ')}` };
};

/**
 * Matches the whole text. On a mismatch only the last `*` takes one more character (an earlier one never has to), so
 * the work is at most pattern × text, whatever the pattern: a regular expression made from it could take for ever.
 */
const matchesGlob = (pattern: string, text: string): boolean => {
  let inPattern = 0;
  let inText = 0;
  let star = -1;
  let resumeAt = 0;

  while (inText < text.length) {
    const wanted = pattern[inPattern];
    if (wanted === '*') {
      star = inPattern++;
      resumeAt = inText;
    } else if (wanted === '?' || (wanted !== undefined && wanted === text[inText])) {
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

/**
 * Does a glob match the whole text? `*` is any characters or none, `?` is one. On a mismatch only the last `*` takes one more
 * character (an earlier one never has to), so the work is at most glob × text.
 */
export const matchesGlob = (glob: string, text: string): boolean => {
  let inGlob = 0;
  let inText = 0;
  let star = -1;
  let resumeAt = 0;

  while (inText < text.length) {
    const symbol = glob[inGlob];
    if (symbol === '*') {
      star = inGlob++;
      resumeAt = inText;
    } else if (symbol === '?' || (symbol !== undefined && symbol === text[inText])) {
      inGlob++;
      inText++;
    } else if (star >= 0) {
      inGlob = star + 1;
      inText = ++resumeAt;
    } else {
      return false;
    }
  }

  while (glob[inGlob] === '*') inGlob++;
  return inGlob === glob.length;
};

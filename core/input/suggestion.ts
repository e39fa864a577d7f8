import { closest, distance } from 'fastest-levenshtein';

/** The candidate that a mistyped word probably means: at most two characters differ. */
export const suggestionFor = (word: string, candidates: readonly string[]): string | undefined => {
  if (word === '' || candidates.length === 0) return undefined;
  const found = closest(word, [...candidates]);
  return distance(word, found) <= Math.min(2, word.length / 2) ? found : undefined;
};

import { closest, distance } from 'fastest-levenshtein';

/** The candidate that a mistyped word probably means; undefined if none is within a third of its length. */
export const suggestionFor = (word: string, candidates: readonly string[]): string | undefined => {
  if (word === '' || candidates.length === 0) return undefined;
  const found = closest(word, [...candidates]);
  return distance(word, found) <= Math.max(1, Math.floor(word.length / 3)) ? found : undefined;
};

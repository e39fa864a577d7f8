import { closest, distance } from 'fastest-levenshtein';

/** The word that was probably meant; undefined if none is near. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const found = known.length > 0 ? closest(word, [...known]) : '';
  return found !== '' && distance(word, found) <= Math.max(1, Math.floor(found.length / 3)) ? found : undefined;
};

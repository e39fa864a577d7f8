/** Each of these code units is a character of its own to a reader, if only such are in the text. */
const simple = /^[\x20-\u02ff\u2010-\u2027]*$/;

// Made at its first use: that takes tens of milliseconds, and most texts are simple.
let segmenter: Intl.Segmenter | undefined;

/** What a reader sees as one character each: grapheme clusters, such as an emoji with its modifiers. */
export function* charactersOf(text: string): Generator<string> {
  if (simple.test(text)) return yield* text;
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/**
 * A text of at most `limit` UTF-16 units, cut between grapheme clusters: no half of a surrogate pair remains, which is no valid text.
 * Halves that were in the text before become U+FFFD.
 */
export const cut = (text: string, limit: number): string => {
  if (text.length <= limit) return wellFormed(text);
  let shown = '';
  // The two units after the limit decide whether a cluster goes on there.
  for (const character of charactersOf(text.slice(0, limit + 2))) {
    if (shown.length + character.length > limit) break;
    shown += character;
  }
  return wellFormed(shown);
};

const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

/** How well a text matches what was typed, the better the higher, and which of its characters do. */
export type Match = { readonly score: number; readonly ranges: readonly (readonly [from: number, to: number])[] };

/** Every word that was typed has to be in the text: whole, which counts most at the begin of a name, or its letters in their order. */
export const match = (query: string, text: string): Match | undefined => {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  // Lower case by character: `İ` becomes two, and the ranges are of the text as it is shown.
  const lower = Array.from({ length: text.length }, (_, index) => text.charAt(index).toLowerCase().charAt(0)).join('');
  let score = 0;
  const places = new Set<number>();
  for (const word of words) {
    const found = whole(word, lower) ?? scattered(word, lower);
    if (!found) return undefined;
    score += found.score;
    for (const place of found.places) places.add(place);
  }
  return { score: score - text.length / 1000, ranges: rangesOf(places) };
};

type Found = { readonly score: number; readonly places: readonly number[] };

const isBegin = (text: string, at: number): boolean => at === 0 || /[^\p{L}\p{N}]/u.test(text.charAt(at - 1));

const whole = (word: string, text: string): Found | undefined => {
  let best: Found | undefined;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const score = word.length * (isBegin(text, at) ? 4 : 3);
    if (!best || score > best.score) best = { score, places: Array.from({ length: word.length }, (_, index) => at + index) };
  }
  return best;
};

const scattered = (word: string, text: string): Found | undefined => {
  const places: number[] = [];
  let score = 0;
  for (const letter of word) {
    const at = text.indexOf(letter, (places.at(-1) ?? -1) + 1);
    if (at < 0) return undefined;
    score += isBegin(text, at) ? 1.5 : 0.5;
    places.push(at);
  }
  return { score, places };
};

const rangesOf = (places: ReadonlySet<number>): [number, number][] => {
  const ranges: [number, number][] = [];
  for (const place of [...places].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.[1] === place) last[1] = place + 1;
    else ranges.push([place, place + 1]);
  }
  return ranges;
};

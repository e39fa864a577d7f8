/** A set of 64-bit hashes, numbered in order of insertion. Typed arrays, because a Set holds at most 16 million entries. */
export class HashSet {
  size = 0;
  #high = new Uint32Array(1 << 16);
  #low = new Uint32Array(1 << 16);
  /** Number + 1; 0 marks an empty slot. */
  #number = new Uint32Array(1 << 16);

  /** Adds an encoded state; answers its number, which is the previous `size` if it is new. */
  add(words: readonly number[]): number {
    const [high, low] = hash(words);
    const at = this.#place(high, low);
    const known = this.#number[at] ?? 0;
    if (known !== 0) return known - 1;
    this.#high[at] = high;
    this.#low[at] = low;
    this.#number[at] = ++this.size;
    if (this.size * 2 > this.#number.length) this.#grow();
    return this.size - 1;
  }

  #place(high: number, low: number): number {
    const mask = this.#number.length - 1;
    let at = low & mask;
    while (this.#number[at] !== 0 && (this.#high[at] !== high || this.#low[at] !== low)) at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const [high, low, number] = [this.#high, this.#low, this.#number];
    const length = number.length * 2;
    this.#high = new Uint32Array(length);
    this.#low = new Uint32Array(length);
    this.#number = new Uint32Array(length);
    for (let from = 0; from < number.length; from++) {
      if (number[from] === 0) continue;
      const at = this.#place(high[from] ?? 0, low[from] ?? 0);
      this.#high[at] = high[from] ?? 0;
      this.#low[at] = low[from] ?? 0;
      this.#number[at] = number[from] ?? 0;
    }
  }
}

/** Two 32-bit MurmurHash3 values with different constants. */
const hash = (words: readonly number[]): readonly [number, number] => {
  let one = 0x811c9dc5;
  let two = 0x9747b28c;
  for (const word of words) {
    one = Math.imul(rotated(one ^ Math.imul(rotated(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593), 13), 5) + 0xe6546b64;
    two = Math.imul(rotated(two ^ Math.imul(rotated(Math.imul(word, 0x85ebca77), 17), 0xc2b2ae3d), 11), 9) + 0x27d4eb2f;
  }
  return [finalMix(one ^ words.length), finalMix(two ^ words.length)];
};

const rotated = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

const finalMix = (value: number): number => {
  let it = value ^ (value >>> 16);
  it = Math.imul(it, 0x85ebca6b);
  it ^= it >>> 13;
  it = Math.imul(it, 0xc2b2ae35);
  return (it ^ (it >>> 16)) >>> 0;
};

/** A set of hashes of 64 bits, each with the number under which it came: typed arrays, since a Set ends at 16 million. */
export class Fingerprints {
  size = 0;
  #high = new Uint32Array(1 << 16);
  #low = new Uint32Array(1 << 16);
  /** Number + 1; 0 where nothing is. */
  #number = new Uint32Array(1 << 16);

  /** The number of what is encoded: `size` as it was before, if it is new. */
  add(bytes: readonly number[]): number {
    const [high, low] = hash(bytes);
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

/** Two multiplicative hashes with different primes, each mixed at its end (the finaliser of MurmurHash3). */
const hash = (bytes: readonly number[]): readonly [number, number] => {
  let one = 0x811c9dc5;
  let two = 0x9747b28c;
  for (const byte of bytes) {
    one = Math.imul(one ^ byte, 0x01000193);
    two = Math.imul(two ^ byte, 0x5bd1e995);
    two ^= two >>> 15;
  }
  return [mixed(one), mixed(two ^ bytes.length)];
};

const mixed = (value: number): number => {
  let it = value ^ (value >>> 16);
  it = Math.imul(it, 0x85ebca6b);
  it ^= it >>> 13;
  it = Math.imul(it, 0xc2b2ae35);
  return (it ^ (it >>> 16)) >>> 0;
};

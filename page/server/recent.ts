type Kept<Answer> = { readonly answer: Promise<Answer>; readonly until: number };

/** Answers that are kept: of the keys that were asked for last. */
const most = 100;

/** Answers that several pages ask for at about the same time are read once. A failure is not kept. Milliseconds. */
export class Recent<Answer> {
  readonly #lifetime: number;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept<Answer>>();

  constructor(lifetime: number, now: () => number) {
    this.#lifetime = lifetime;
    this.#now = now;
  }

  of(key: string, read: () => Promise<Answer>): Promise<Answer> {
    const known = this.#kept.get(key);
    if (known && this.#now() < known.until) return known.answer;
    const answer = read();
    this.#kept.delete(key);
    this.#kept.set(key, { answer, until: this.#now() + this.#lifetime });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > most && oldest !== undefined) this.#kept.delete(oldest);
    answer.catch(() => {
      if (this.#kept.get(key)?.answer === answer) this.#kept.delete(key);
    });
    return answer;
  }
}

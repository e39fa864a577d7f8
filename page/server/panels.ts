import type { Problem } from '../api.js';
import { problemOf, type Read } from './problems.js';

/** Reads of one answer: what one of them cannot read is a problem of its panel, and the others go on. */
export class Panels {
  readonly #since: string;
  readonly #problems: Problem[] = [];

  /** `since` is ISO 8601. */
  constructor(since: string) {
    this.#since = since;
  }

  /** One of each panel and reason. */
  get problems(): readonly Problem[] {
    return this.#problems.filter(
      (one, index) => this.#problems.findIndex(({ of, reason }) => of === one.of && reason === one.reason) === index,
    );
  }

  async read<Answer>(read: Read, ask: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await ask();
    } catch (error) {
      this.#problems.push(problemOf(error, read, { since: this.#since }));
      return undefined;
    }
  }

  add(problem: Omit<Problem, 'since'>): void {
    this.#problems.push({ ...problem, since: this.#since });
  }
}

import type { Time } from './budget.js';

type Options = {
  readonly time: Time;
  readonly act: () => Promise<void>;
  /** Milliseconds from the end of one run to the next, asked for after each; Infinity: until `soon`. */
  readonly period: () => number;
  /** Called after each run: with what it threw, or undefined. */
  readonly ended: (error: unknown) => void;
};

/** Between which a read that fails waits, in milliseconds: twice as long after each failure. */
const pauses = { shortest: 2000, longest: 60_000 } as const;

/** A read that is repeated while it is started: never twice at the same time, and more and more slowly while it fails. */
export class Repeating {
  readonly #options: Options;
  #timer: unknown;
  #running: Promise<void> | undefined;
  #isStarted = false;
  #isAskedAgain = false;
  #failures = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  start(): void {
    this.#isStarted = true;
    void this.soon();
  }

  stop(): void {
    this.#isStarted = false;
    this.#options.time.clearTimeout(this.#timer);
  }

  /** Runs at once; if it runs now, once more. Resolves when it has run, whether or not it failed. */
  soon(): Promise<void> {
    this.#options.time.clearTimeout(this.#timer);
    if (this.#running) this.#isAskedAgain = true;
    this.#running ??= this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    do {
      this.#isAskedAgain = false;
      this.#options.ended(await this.#attempt());
      // What fails is not repeated at once, however often it is asked for.
    } while (this.#isAskedAgain && this.#failures === 0);
    this.#running = undefined;
    if (this.#isStarted) this.#schedule();
  }

  /** Answers what it threw. */
  async #attempt(): Promise<unknown> {
    try {
      await this.#options.act();
      this.#failures = 0;
      return undefined;
    } catch (error) {
      this.#failures++;
      return error ?? new Error('the read failed');
    }
  }

  #schedule(): void {
    const { time, period } = this.#options;
    const pause = this.#failures === 0 ? period() : this.#pauseAfterFailure();
    if (pause !== Number.POSITIVE_INFINITY) this.#timer = time.setTimeout(() => void this.soon(), pause);
  }

  /** Never sooner than without the failure. */
  #pauseAfterFailure(): number {
    const period = this.#options.period();
    const pause = Math.min(pauses.longest, pauses.shortest * 2 ** (this.#failures - 1));
    return period === Number.POSITIVE_INFINITY ? pause : Math.max(period, pause);
  }
}

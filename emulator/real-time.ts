import type { Clock } from './clock.js';

/** Of `max`: an hour of virtual time in a second. Nothing is waited for noticeably, and a request for approval of a week is open for minutes. */
export const fastest = 3600;

/** Milliseconds between two looks at the real clock. */
const interval = 20;

/** How long time that stands passes for an answer, in virtual milliseconds, before it is looked whether it still stands. */
const awaitedAtMost = 1000;

/** How far one step goes at most, in virtual milliseconds, if nothing happens. */
const stepAtMost = 3_600_000;

/**
 * Virtual time that passes `speed` times as fast as real time; 0 lets it stand, but for the moments that answers to clients take, such as
 * those of a function that is invoked: the account can be looked at, and commands are taken. It begins at once and goes on after work that failed,
 * which `report` gets. No time is skipped when the speed changes.
 */
export class RealTime {
  readonly #clock: Clock;
  readonly #report: (error: unknown) => void;
  readonly #loop: Promise<void>;
  #speed: number;
  /** Both in milliseconds: virtual time that has passed is counted from here. */
  #since: { readonly real: number; readonly virtual: number };
  #isStopped = false;
  #steps: { readonly hasHappened: () => boolean; readonly done: () => void }[] = [];

  constructor(clock: Clock, speed: number, report: (error: unknown) => void) {
    this.#clock = clock;
    this.#report = report;
    this.#speed = speed;
    this.#since = this.#here();
    this.#loop = this.#run();
  }

  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    this.#since = this.#here();
    this.#speed = speed;
  }

  /**
   * Lets time pass without waiting until work was due and something has happened, at most for a virtual hour; then time goes on as before.
   * `hasHappened` is asked after each work.
   */
  step(hasHappened: () => boolean): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    return new Promise((done) => this.#steps.push({ hasHappened, done }));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#loop;
    for (const { done } of this.#steps.splice(0)) done();
  }

  #here(): { real: number; virtual: number } {
    return { real: performance.now(), virtual: this.#clock.now };
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const { real, virtual } = this.#since;
      const deadline = virtual + (performance.now() - real) * this.#speed;
      // A change meanwhile ends the run: it counts from now.
      const since = this.#since;
      const isOver = () => this.#isStopped || this.#since !== since;
      await this.#clock.run({ deadline, until: isOver }).catch(this.#report);
      if (this.#speed === 0 && this.#clock.isAwaited) await this.#answer(isOver);
      for (const { hasHappened, done } of this.#steps.splice(0)) {
        await this.#step(hasHappened);
        done();
      }
      await new Promise((resolve) => setTimeout(resolve, interval));
    }
  }

  async #answer(isOver: () => boolean): Promise<void> {
    const until = () => isOver() || !this.#clock.isAwaited;
    await this.#clock.run({ deadline: this.#clock.now + awaitedAtMost, until }).catch(this.#report);
    this.#since = this.#here();
  }

  async #step(hasHappened: () => boolean): Promise<void> {
    const from = this.#clock.now;
    const until = () => this.#isStopped || (this.#clock.now > from && hasHappened());
    await this.#clock.run({ deadline: from + stepAtMost, until }).catch(this.#report);
    this.#since = this.#here();
  }
}

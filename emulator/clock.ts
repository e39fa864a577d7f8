/** Work that is due at a moment of virtual time. */
export type Timer = {
  readonly time: number;
  readonly sequence: number;
  readonly run: () => void | Promise<void>;
  /** Endless work, such as a schedule: it runs while time passes for other work, and does not make time pass itself. */
  readonly isBackground: boolean;
};

type TimerOptions = { readonly isBackground?: boolean; readonly signal?: AbortSignal };

/**
 * Virtual time, in milliseconds since the epoch. The clock stands still while work is in progress and jumps to the next
 * due timer when everything waits, so an hour of polling takes milliseconds, and one seed gives one history.
 */
export class Clock {
  #now: number;
  #sequence = 0;
  #timers: Timer[] = [];
  #foreground = 0;
  #busy = 0;
  #awaited = 0;
  #whenIdle: (() => void) | undefined;
  #failure: { error: unknown } | undefined;

  constructor(start = Date.parse('2026-11-23T09:00:00Z')) {
    this.#now = start;
  }

  get now(): number {
    return this.#now;
  }

  date(): Date {
    return new Date(this.#now);
  }

  /**
   * Timers due at one moment run in the order in which they were set, each to its end before the next. Aborting `signal`
   * cancels the timer.
   */
  at(time: number, run: Timer['run'], { isBackground = false, signal }: TimerOptions = {}): Timer {
    const timer = { time: Math.max(time, this.#now), sequence: this.#sequence++, run, isBackground };
    if (!isBackground) this.#foreground++;
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      // Later timers first: the next one due is popped from the end.
      if ((this.#timers[middle] as Timer).time > timer.time) low = middle + 1;
      else high = middle;
    }
    this.#timers.splice(low, 0, timer);
    signal?.addEventListener('abort', () => this.cancel(timer));
    return timer;
  }

  after(milliseconds: number, run: Timer['run'], options?: TimerOptions): Timer {
    return this.at(this.#now + milliseconds, run, options);
  }

  cancel(timer: Timer | undefined): void {
    const index = timer ? this.#timers.indexOf(timer) : -1;
    if (index < 0) return;
    this.#timers.splice(index, 1);
    if (!timer?.isBackground) this.#foreground--;
  }

  /** Starts work that stops the clock; each begin() needs its end(). */
  begin(): void {
    this.#busy++;
  }

  end(): void {
    this.#busy--;
    if (this.#busy === 0) this.#whenIdle?.();
  }

  async during<T>(work: () => T | Promise<T>): Promise<T> {
    this.begin();
    try {
      return await work();
    } finally {
      this.end();
    }
  }

  /** Awaits a result of other work, or of time: the caller does not count as work meanwhile. */
  async yieldTo<T>(promise: Promise<T>): Promise<T> {
    this.end();
    try {
      return await promise;
    } finally {
      this.begin();
    }
  }

  /** Waits for an answer that takes virtual time, for a client outside of the account. */
  async awaited<T>(answer: Promise<T>): Promise<T> {
    this.#awaited++;
    try {
      return await answer;
    } finally {
      this.#awaited--;
    }
  }

  /** Does a client outside of the account wait for an answer that takes virtual time? */
  get isAwaited(): boolean {
    return this.#awaited > 0;
  }

  /** Lets virtual time pass for work that called begin(). Rejects with the signal's reason when it is aborted first. */
  sleep(milliseconds: number, { signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.yieldTo(
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const timer = this.after(milliseconds, () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        });
        const onAbort = (): void => {
          this.cancel(timer);
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', onAbort);
      }),
    );
  }

  async #idle(): Promise<void> {
    for (;;) {
      if (this.#busy > 0) {
        await new Promise<void>((resolve) => {
          this.#whenIdle = resolve;
        });
        this.#whenIdle = undefined;
      }
      // Continuations of a finished promise may begin new work.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#busy <= 0) return;
    }
  }

  /** Runs until nothing is due (background timers do not count), `until` holds, or the next timer is later than `deadline`. */
  async run({
    until = () => false,
    deadline = Number.POSITIVE_INFINITY,
  }: {
    until?: () => boolean;
    deadline?: number;
  } = {}): Promise<void> {
    for (;;) {
      await this.#idle();
      if (this.#failure) {
        const { error } = this.#failure;
        this.#failure = undefined;
        throw error;
      }
      if (until()) return;
      const next = this.#timers.at(-1);
      if (!next || next.time > deadline) break;
      if (this.#foreground === 0 && !Number.isFinite(deadline)) break;
      this.#timers.pop();
      if (!next.isBackground) this.#foreground--;
      this.#now = next.time;
      this.during(next.run).catch((error: unknown) => {
        this.#failure ??= { error };
      });
    }
    if (Number.isFinite(deadline)) this.#now = Math.max(this.#now, deadline);
  }

  /** Lets `milliseconds` of virtual time pass. */
  async advance(milliseconds: number): Promise<void> {
    await this.run({ deadline: this.#now + milliseconds });
  }
}

/** What a client that gets no answer waits for. */
export const unanswered = (): Promise<never> => new Promise(() => {});

/** What happens between a function's requests; for faults. */
export type RequestHooks = {
  /** Called with the number of requests begun before this one; the request waits for it. */
  readonly beforeRequest?: (begun: number) => Promise<void>;
  /** Called with the number of answered requests, before the function sees the last answer. */
  readonly afterRequest?: (ended: number) => void;
};

/**
 * Work outside the clock's control, such as a function's invocation, that makes requests: while a request is under
 * way the request counts as work, and otherwise the activity does.
 */
export class Activity {
  #clock: Clock;
  #hooks: RequestHooks;
  #underWay = 0;
  #begun = 0;
  #ended = 0;
  #isOpen = true;

  constructor(clock: Clock, hooks: RequestHooks = {}) {
    this.#clock = clock;
    this.#hooks = hooks;
    clock.begin();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether it only waits for answers. */
  get isWaiting(): boolean {
    return this.#underWay > 0;
  }

  /** Makes one request of the work. Once the work is over no request has an effect or an answer, as for a frozen sandbox. */
  async request<T>(perform: () => Promise<T>): Promise<T> {
    if (!this.#isOpen) return unanswered();
    const { beforeRequest } = this.#hooks;
    this.#begin();
    try {
      // Without a hook the request begins in the same turn.
      if (beforeRequest) await beforeRequest(this.#begun++);
      if (!this.#isOpen) return unanswered();
      return await perform();
    } finally {
      this.#end();
    }
  }

  #begin(): void {
    this.#clock.begin();
    if (this.#underWay++ === 0) this.#clock.end();
  }

  #end(): void {
    if (this.#isOpen && --this.#underWay === 0) this.#clock.begin();
    this.#clock.end();
    if (this.#isOpen) this.#hooks.afterRequest?.(++this.#ended);
  }

  /** Ends the work; requests still under way continue on their own. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#underWay === 0) this.#clock.end();
  }
}

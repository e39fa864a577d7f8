/** Categories in which AWS throttles the reads of an account (Amazon ECS API Reference, "Request throttling"). */
export type Bucket = 'ecsServices' | 'ecsTasks' | 'ecsTaskDefinitions' | 'stepFunctions';

/** Milliseconds for each read: four a second, a fifth of what ECS refills. Deployments of the account come first. */
const spacing: Readonly<Record<Bucket, number>> = { ecsServices: 250, ecsTasks: 250, ecsTaskDefinitions: 250, stepFunctions: 1000 };

/** The time of the machine that the server runs on, and its timers. */
export type Time = {
  /** In milliseconds since 1970. */
  readonly now: () => number;
  readonly setTimeout: (run: () => void, milliseconds: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
};

/** Its timers do not keep a process alive which has nothing else to do. */
export const machineTime: Time = {
  now: Date.now,
  setTimeout: (run, milliseconds) => setTimeout(run, milliseconds).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
};

/** The reads that all pages together may make of each category. */
export class Budget {
  readonly #time: Time;
  readonly #free = new Map<Bucket, number>();

  constructor(time: Time) {
    this.#time = time;
  }

  /** Waits until so many reads may be made, which then count: the next ones wait for as long as these are worth. */
  take(bucket: Bucket, reads = 1): Promise<void> {
    const now = this.#time.now();
    const at = Math.max(now, this.#free.get(bucket) ?? 0);
    this.#free.set(bucket, at + reads * spacing[bucket]);
    return at === now ? Promise.resolve() : new Promise((resolve) => this.#time.setTimeout(resolve, at - now));
  }
}

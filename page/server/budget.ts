/** Categories in which AWS throttles the reads of an account (Amazon ECS API Reference, "Request throttling"). */
export const buckets = ['ecsServices', 'ecsTasks', 'ecsTaskDefinitions', 'stepFunctions'] as const;
export type Bucket = (typeof buckets)[number];

/** Reads a second, a fifth of what ECS refills (20 a second): deployments of the account come first. */
const rates: Readonly<Record<Bucket, number>> = { ecsServices: 4, ecsTasks: 4, ecsTaskDefinitions: 4, stepFunctions: 1 };

/** Seconds for which reads that were not made may be made later, at once. */
const savedSeconds = 5;

/** The reads that all pages together may make: a token bucket for each of AWS's. `now` is in milliseconds. */
export class Budget {
  readonly #now: () => number;
  readonly #left = new Map<Bucket, { tokens: number; at: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** May so many reads be made now? If so they count. More than a full bucket are let through once it is full, and are paid later. */
  take(bucket: Bucket, reads: number): boolean {
    const tokens = this.#tokens(bucket);
    const isEnough = tokens >= Math.min(reads, rates[bucket] * savedSeconds);
    this.#left.set(bucket, { tokens: isEnough ? tokens - reads : tokens, at: this.#now() });
    return isEnough;
  }

  /** Reads that were made beyond those that were taken, such as further pages. */
  pay(bucket: Bucket, reads: number): void {
    this.#left.set(bucket, { tokens: this.#tokens(bucket) - reads, at: this.#now() });
  }

  #tokens(bucket: Bucket): number {
    const full = rates[bucket] * savedSeconds;
    const { tokens, at } = this.#left.get(bucket) ?? { tokens: full, at: this.#now() };
    return Math.min(full, tokens + ((this.#now() - at) / 1000) * rates[bucket]);
  }
}

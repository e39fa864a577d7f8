import type { Clock } from './clock.js';
import { AwsError } from './errors.js';

/** A token bucket as AWS documents it: `burst` requests at once, `perSecond` sustained, shared by the operations of one category. */
export type RateLimit = { readonly name: string; readonly burst: number; readonly perSecond: number };

export class Throttle {
  #clock: Clock;
  #buckets = new Map<string, { tokens: number; time: number }>();
  isOn = true;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws AwsError ThrottlingException when the bucket is empty. */
  take({ name, burst, perSecond }: RateLimit): void {
    if (!this.isOn) return;
    const { now } = this.#clock;
    const bucket = this.#buckets.get(name) ?? { tokens: burst, time: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.time) / 1000) * perSecond);
    if (tokens < 1) {
      this.#buckets.set(name, { tokens, time: now });
      throw new AwsError('ThrottlingException', 'Rate exceeded');
    }
    this.#buckets.set(name, { tokens: tokens - 1, time: now });
  }
}

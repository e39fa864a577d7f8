import type { Clock } from './clock.js';
import { AwsError } from './errors.js';
import type { Operation } from './operation.js';

/** Token buckets as AWS documents them: `burst` requests at once, `perSecond` sustained, shared by a category. */
export class Throttle {
  #clock: Clock;
  #buckets = new Map<string, { tokens: number; time: number }>();
  isOn = true;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  take({ name, burst, perSecond }: NonNullable<Operation['bucket']>): void {
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

import { historySeconds } from '../../core/result/final-result.js';

/** When a record that ends now expires, in seconds since 1970 (DynamoDB's time to live). */
export const expiryOf = (now: string): number => Math.floor(Date.parse(now) / 1000) + historySeconds;

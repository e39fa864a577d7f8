import { historySeconds } from '../../core/result/final-result.js';

/** When a record that ended now expires: seconds since 1970, as DynamoDB counts. */
export const expiryOf = (now: string): number => Math.floor(Date.parse(now) / 1000) + historySeconds;

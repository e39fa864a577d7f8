import type { FollowState } from './state.js';

/** Seconds between two requests: what an account pays at most. */
const least = 2;
const slower: readonly (readonly [after: number, seconds: number])[] = [
  [15 * 60, 15],
  [2 * 60, 5],
];
const longestBackOff = 30;

/**
 * Seconds from one request to the next: more the longer it takes. After a failure they double, up to half a minute, and are spread, so that
 * CI jobs that were throttled together do not come back together. `random` is from 0 to 1.
 */
export const secondsToNext = ({ begunAt, failures }: Pick<FollowState, 'begunAt' | 'failures'>, now: number, random: number): number => {
  const [, usual] = slower.find(([after]) => now - begunAt >= after * 1000) ?? [0, least];
  if (failures === 0) return usual;
  const backOff = Math.min(longestBackOff, least * 2 ** failures) * (0.5 + random / 2);
  return Math.max(usual, backOff);
};

/**
 * Seconds until the next observation of a rollout: a twentieth of the seconds so far, from 10 s to 60 s, and 5 min after a day.
 * 29 observations in five minutes, 1,477 in a day: far from the 25,000 events of an execution's history (Step Functions quotas).
 */
export const secondsUntilNextVisit = (secondsSoFar: number): number => {
  if (secondsSoFar >= 86_400) return 300;
  return Math.round(Math.min(60, Math.max(10, secondsSoFar / 20)));
};

/** Seconds until a deployment that waits for the lease, or for another rollout, checks again: longer the longer it waits. ISO 8601 times. */
export const secondsUntilNextTurn = (since: string, now: string): number =>
  Math.max(15, secondsUntilNextVisit((Date.parse(now) - Date.parse(since)) / 1000));

/**
 * Seconds until the next look at a rollout: a twentieth of the time so far, from 10 s to 60 s, and 5 min after a day.
 * 29 looks in five minutes, 1,477 in a day: far from the 25,000 events that an execution's history may have.
 */
export const secondsUntilNextVisit = (secondsSoFar: number): number => {
  if (secondsSoFar >= 86_400) return 300;
  return Math.round(Math.min(60, Math.max(10, secondsSoFar / 20)));
};

/** Seconds until somebody who waits for another's rollout, or for his turn, looks again; the longer it takes, the later. */
export const secondsUntilNextTurn = (since: string, now: string): number =>
  Math.max(15, secondsUntilNextVisit((Date.parse(now) - Date.parse(since)) / 1000));

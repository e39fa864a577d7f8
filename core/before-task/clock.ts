/**
 * Seconds for which RunTask with a client token answers the same task: it is valid for a day, or for an hour after the task has stopped
 * if that is earlier (ECS API, "Ensuring idempotency"). Later, the same request would start a second task; five minutes are for calls on
 * their way and for clocks that differ.
 */
const tokenSeconds = 55 * 60;

/** Seconds for which ECS describes a stopped task (ECS API, DescribeTasks). */
const describedSeconds = 60 * 60;

/** When RunTask was called first in this attempt, ISO 8601. */
type Requested = { readonly requestedAt: string };

const secondsSince = (from: string, now: string): number => (Date.parse(now) - Date.parse(from)) / 1000;

/** May the request be repeated without a second task? */
export const isRepeatable = ({ requestedAt }: Requested, now: string): boolean => secondsSince(requestedAt, now) < tokenSeconds;

/** A task that ECS does not describe may have stopped so long ago; before, reads lag. */
export const mayBeForgotten = ({ requestedAt }: Requested, now: string): boolean => secondsSince(requestedAt, now) >= describedSeconds;

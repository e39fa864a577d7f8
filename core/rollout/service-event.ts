import { redact } from '../notification/redact.js';

/** An event of a service: DescribeServices, `services[].events`. `at` is ISO 8601. */
export type ServiceEvent = { readonly at: string; readonly message: string };

/** Tasks that ECS cannot place: since when (ISO 8601), and why. */
export type PlacementFailure = { readonly since: string; readonly reason: string };

const placementFailure = /\bwas unable to place a task\b|\bfailed to launch a task\b/;
const progress = /\bhas started \d+ tasks\b|\bhas reached a steady state\b/;
// What every rollout and every rollback says (published events of real services; Developer Guide, "service event messages").
const routine =
  /\bhas reached a steady state\b|\bhas started \d+ tasks\b|\bstopped \d+ (?:running |pending )?tasks\b|\b(?:de)?registered \d+ targets\b|\bbegun draining\b|\bdeployment completed\b|\brolling back to deployment\b|\bAZ balanced\b/;

const shown = (message: string): string => redact(message.slice(0, 600)).slice(0, 300);

/** The events after our update, newest first, as ECS lists them. */
const since = (events: readonly ServiceEvent[], updateRequestedAt: string): ServiceEvent[] =>
  events.filter(({ at }) => at >= updateRequestedAt);

/** Equal for events that differ in the task only. */
const kindOf = (message: string): string => message.replace(/\(task \w+\)/, '(task)');

/** The newest events that are not routine, five kinds at most, the newest of each, redacted. */
export const relevantEvents = (events: readonly ServiceEvent[], updateRequestedAt: string): string[] => {
  const kinds = new Map<string, string>();
  for (const { message } of since(events, updateRequestedAt))
    if (!routine.test(message) && !kinds.has(kindOf(message))) kinds.set(kindOf(message), shown(message));
  return [...kinds.values()].slice(0, 5);
};

/**
 * The placement failure that the service is in; undefined once it has started a task since. `before` is the one of the last
 * observation, which keeps `since` if ECS has dropped the first events.
 */
export const placementFailureSince = (
  events: readonly ServiceEvent[],
  updateRequestedAt: string,
  before: PlacementFailure | undefined,
): PlacementFailure | undefined => {
  const relevant = since(events, updateRequestedAt).filter(({ message }) => placementFailure.test(message) || progress.test(message));
  const [newest] = relevant;
  if (!newest) return before;
  if (!placementFailure.test(newest.message)) return undefined;
  const end = relevant.findIndex(({ message }) => progress.test(message));
  const first = relevant.slice(0, end < 0 ? undefined : end).at(-1) ?? newest;
  // DescribeServices has the last hundred events (ECS API, Service): the first failure may no longer be among them.
  const isLonger = end < 0 && before !== undefined && before.since < first.at;
  return { since: isLonger ? before.since : first.at, reason: shown(newest.message) };
};

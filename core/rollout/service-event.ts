import { redact } from '../notification/redact.js';

/** What ECS says of a service: `services[].events`. */
export type ServiceEvent = { readonly at: string; readonly message: string };

/** Tasks that found no place, since when, and why. */
export type PlacementFailure = { readonly since: string; readonly reason: string };

const placementFailure = /\bwas unable to place a task\b|\bfailed to launch a task\b/;
const goesOn = /\bhas started \d+ tasks\b|\bhas reached a steady state\b/;
const routine =
  /\bhas reached a steady state\b|\bhas (?:started|stopped) \d+ (?:running )?tasks\b|\b(?:de)?registered \d+ targets\b|\bbegun draining\b|\bdeployment completed\b/;

const shown = (message: string): string => redact(message.slice(0, 600)).slice(0, 300);

/** Newest first, as ECS lists them; those from before our update say nothing of it. */
const since = (events: readonly ServiceEvent[], updateRequestedAt: string): ServiceEvent[] =>
  events.filter(({ at }) => at >= updateRequestedAt);

/** The newest events that say more than that all goes its way, each once. */
export const relevantEvents = (events: readonly ServiceEvent[], updateRequestedAt: string): string[] => [
  ...new Set(
    since(events, updateRequestedAt)
      .filter(({ message }) => !routine.test(message))
      .map(({ message }) => shown(message))
      .slice(0, 5),
  ),
];

/** Does the service wait for a place for its tasks? It does until it has started one, and is asked again and again meanwhile. */
export const placementFailureSince = (
  events: readonly ServiceEvent[],
  updateRequestedAt: string,
  before: PlacementFailure | undefined,
): PlacementFailure | undefined => {
  const telling = since(events, updateRequestedAt).filter(({ message }) => placementFailure.test(message) || goesOn.test(message));
  const [newest] = telling;
  if (!newest) return before;
  if (!placementFailure.test(newest.message)) return undefined;
  const end = telling.findIndex(({ message }) => goesOn.test(message));
  const first = telling.slice(0, end < 0 ? undefined : end).at(-1) ?? newest;
  // ECS keeps a hundred events: the first of them may be forgotten.
  const isLonger = end < 0 && before !== undefined && before.since < first.at;
  return { since: isLonger ? before.since : first.at, reason: shown(newest.message) };
};

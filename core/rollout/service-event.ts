import { cut } from '../notification/cut.js';
import { redact } from '../notification/redact.js';
import type { RollbackReason } from '../result/result.js';
import { isPermanentText, reasonIn } from './failure-text.js';

/** An event of a service: DescribeServices, `services[].events`. `at` is ISO 8601. */
export type ServiceEvent = { readonly at: string; readonly message: string };

/** Tasks that ECS cannot place: since when (ISO 8601), and why. */
export type PlacementFailure = { readonly since: string; readonly reason: string };

/** Tasks that ECS could not launch since it started one: how often, and why. */
export type LaunchFailure = {
  readonly count: number;
  readonly reason: RollbackReason;
  readonly message: string;
  readonly isPermanent: boolean;
};

const unplaced = /\bwas unable to place a task\b/;
const unlaunched = /\bfailed to (?:launch|start) a task\b|\bunable to assume the role\b|CannotPull\w*Error|ResourceInitializationError/;
const progress = /\bhas started \d+ tasks\b|\bhas reached a steady state\b/;
// What every rollout and every rollback says (published events of real services; Developer Guide, "service event messages").
const routine =
  /\bhas reached a steady state\b|\bhas started \d+ tasks\b|\bstopped \d+ (?:running |pending )?tasks\b|\b(?:de)?registered \d+ targets\b|\bbegun draining\b|\bdeployment completed\b|\brolling back to deployment\b|\bAZ balanced\b/;

/**
 * Why no task was launched, by an event that names an error of ours or of the host; any other one is a lack of capacity. ECS says
 * "was unable to place a task. Reason: CannotPullContainerError: …", too (events of real services).
 */
const launchReason = (message: string): RollbackReason | undefined => (unlaunched.test(message) ? reasonIn(message) : undefined);
const isPlacementFailure = (message: string): boolean =>
  (unplaced.test(message) || unlaunched.test(message)) && launchReason(message) === undefined;

const shown = (message: string): string => cut(redact(cut(message, 600)), 300);

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
  const relevant = since(events, updateRequestedAt).filter(({ message }) => isPlacementFailure(message) || progress.test(message));
  const [newest] = relevant;
  if (!newest) return before;
  if (!isPlacementFailure(newest.message)) return undefined;
  const end = relevant.findIndex(({ message }) => progress.test(message));
  const first = relevant.slice(0, end < 0 ? undefined : end).at(-1) ?? newest;
  // DescribeServices has the last hundred events (ECS API, Service): the first failure may no longer be among them.
  const isLonger = end < 0 && before !== undefined && before.since < first.at;
  return { since: isLonger ? before.since : first.at, reason: shown(newest.message) };
};

/** The launch failures since the service last started a task; undefined if there are none. */
export const launchFailureSince = (events: readonly ServiceEvent[], updateRequestedAt: string): LaunchFailure | undefined => {
  const relevant = since(events, updateRequestedAt);
  const end = relevant.findIndex(({ message }) => progress.test(message));
  const failed = relevant.slice(0, end < 0 ? undefined : end).filter(({ message }) => launchReason(message) !== undefined);
  const [newest] = failed;
  const reason = newest && launchReason(newest.message);
  if (!newest || !reason) return undefined;
  return {
    count: failed.length,
    reason,
    message: shown(newest.message),
    isPermanent: failed.every(({ message }) => isPermanentText(message)),
  };
};

import type { Limits } from '../configuration/service-settings.js';
import type { Pause, RegisteredDeployment, Rollback } from '../records/records.js';
import { after } from '../result/moment.js';
import type { Evidence } from './evidence.js';
import type { Rollout } from './observation.js';

/** The clock of a rollout or, once it has begun, of its rollback. It stands still while a lifecycle hook awaits action. */
export type Clock = {
  readonly pause: Pause | undefined;
  readonly isOverdue: boolean;
  readonly isPlacementOverdue: boolean;
  /** When it decides something next, ISO 8601; empty if it never does. */
  readonly deadline: string;
};

const secondsBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;

/** ECS can only continue a deployment that is IN_PROGRESS (ECS Developer Guide, "Continuing service deployments"). */
export const isPaused = (rollout: Pick<Rollout, 'status' | 'hook'> | undefined): boolean =>
  rollout?.status === 'IN_PROGRESS' && rollout.hook?.status === 'AWAITING_ACTION';

/** The pause as of now: begun, continued or ended. Undefined if the rollout has never waited. */
const nextPause = (before: Pause | undefined, isWaiting: boolean, now: string): Pause | undefined => {
  const { seconds = 0, since } = before ?? {};
  if (isWaiting) return since === undefined ? { ...before, seconds, since: now } : before;
  return since === undefined ? before : { seconds: seconds + secondsBetween(since, now), until: now };
};

/** What is observed. `bakeSeconds` is how long ECS bakes the rollout, `completedAt` when its event came (ISO 8601). */
type Observed = {
  readonly completedAt?: string | undefined;
  readonly rollout: Rollout | undefined;
  readonly service: { readonly bakeSeconds?: number } | undefined;
  readonly evidence: Pick<Evidence, 'placementFailure'>;
};

/** Seconds for which reads may not show yet what replaced a rollout that ended. */
const staleSeconds = 30;

/** Did the rollout end so recently that reads may not show its successor yet? */
export const mayBeStale = ({ finishedAt }: Pick<Rollout, 'finishedAt'>, now: string): boolean =>
  finishedAt !== '' && secondsBetween(finishedAt, now) < staleSeconds;

/** Seconds after the bake until reads show that it has ended. */
const bakeMarginSeconds = 15;

/** The first of these times that lies ahead; empty if none does. */
const nextOf = (times: readonly string[], now: string): string =>
  times
    .filter((time) => Date.parse(time) > Date.parse(now))
    .sort()
    .at(0) ?? '';

/** Reads the clock. `now` is ISO 8601. */
export const readClock = (
  record: Pick<RegisteredDeployment, 'startedAt' | 'updateRequestedAt' | 'pause'> & {
    readonly rollback?: Pick<Rollback, 'since'> | undefined;
  },
  { rollout, service, completedAt, evidence: { placementFailure } }: Observed,
  { timeoutSeconds, placementTimeoutSeconds }: Pick<Limits, 'timeoutSeconds' | 'placementTimeoutSeconds'>,
  now: string,
): Clock => {
  const { startedAt, updateRequestedAt = startedAt, rollback } = record;
  const limit = timeoutSeconds + (service?.bakeSeconds ?? 0);
  const isPast = (time: string): boolean => Date.parse(time) <= Date.parse(now);
  // No event is documented for the end of the bake, if COMPLETED comes before it.
  const baked = completedAt !== undefined && service?.bakeSeconds ? [after(completedAt, service.bakeSeconds + bakeMarginSeconds)] : [];
  const looks = rollout && mayBeStale(rollout, now) ? [after(rollout.finishedAt, staleSeconds)] : [];
  if (rollback) {
    const end = after(rollback.since, limit);
    return { pause: record.pause, isOverdue: isPast(end), isPlacementOverdue: false, deadline: nextOf([...looks, end], now) };
  }
  const pause = nextPause(record.pause, isPaused(rollout), now);
  const { seconds = 0, since, until = updateRequestedAt } = pause ?? {};
  if (since !== undefined) return { pause, isOverdue: false, isPlacementOverdue: false, deadline: nextOf(looks, now) };
  const end = after(updateRequestedAt, limit + seconds);
  const unplaced = placementFailure && [placementFailure.since, until].sort().at(-1);
  const placed = unplaced === undefined ? [] : [after(unplaced, placementTimeoutSeconds)];
  return {
    pause,
    isOverdue: isPast(end),
    isPlacementOverdue: placed.some(isPast),
    deadline: nextOf([...looks, ...baked, ...placed, end], now),
  };
};

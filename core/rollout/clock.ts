import type { Limits } from '../configuration/service-settings.js';
import type { Pause, RegisteredDeployment } from '../records/records.js';
import type { Evidence } from './evidence.js';
import type { Rollout } from './observation.js';
import { secondsUntilNextVisit } from './poll-interval.js';

/** The clock of a rollout or, once it has begun, of its rollback. It stands still while a lifecycle hook awaits action. */
export type Clock = {
  readonly pause: Pause | undefined;
  readonly isOverdue: boolean;
  readonly isPlacementOverdue: boolean;
  /** Seconds until the next observation. */
  readonly waitSeconds: number;
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

/**
 * Seconds until the next observation of a rollout that waits for a hook: a tenth of its wait so far, from 1 to 15 min. A hook waits
 * 14 days at most (ECS Developer Guide, "Pause hooks"): 1,400 observations.
 */
const secondsUntilNextLook = (since: string, now: string): number =>
  Math.round(Math.min(900, Math.max(60, secondsBetween(since, now) / 10)));

/** What is observed. `bakeSeconds` is how long ECS bakes the rollout. */
type Observed = {
  readonly rollout: Rollout | undefined;
  readonly service: { readonly bakeSeconds?: number } | undefined;
  readonly evidence: Pick<Evidence, 'placementFailure'>;
};

/** Reads the clock. `now` is ISO 8601. */
export const readClock = (
  record: Pick<RegisteredDeployment, 'startedAt' | 'updateRequestedAt' | 'rollback' | 'pause'>,
  { rollout, service, evidence: { placementFailure } }: Observed,
  { timeoutSeconds, placementTimeoutSeconds }: Pick<Limits, 'timeoutSeconds' | 'placementTimeoutSeconds'>,
  now: string,
): Clock => {
  const { startedAt, updateRequestedAt = startedAt, rollback } = record;
  const limit = timeoutSeconds + (service?.bakeSeconds ?? 0);
  if (rollback) {
    const secondsSoFar = secondsBetween(rollback.since, now);
    return {
      pause: record.pause,
      isOverdue: secondsSoFar >= limit,
      isPlacementOverdue: false,
      waitSeconds: secondsUntilNextVisit(secondsSoFar),
    };
  }
  const pause = nextPause(record.pause, isPaused(rollout), now);
  const { seconds = 0, since, until = updateRequestedAt } = pause ?? {};
  if (since !== undefined) return { pause, isOverdue: false, isPlacementOverdue: false, waitSeconds: secondsUntilNextLook(since, now) };
  const secondsSoFar = secondsBetween(updateRequestedAt, now) - seconds;
  const unplacedSeconds = placementFailure ? Math.min(secondsBetween(placementFailure.since, now), secondsBetween(until, now)) : 0;
  return {
    pause,
    isOverdue: secondsSoFar >= limit,
    isPlacementOverdue: placementFailure !== undefined && unplacedSeconds >= placementTimeoutSeconds,
    waitSeconds: secondsUntilNextVisit(secondsSoFar),
  };
};

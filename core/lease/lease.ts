import type { ServiceState } from '../records/records.js';
import * as messages from '../result/messages.js';
import { type Result, resultOf } from '../result/result.js';
import { hasPriorityOver, isBefore, type Priority } from './priority.js';

/** Who wants to deploy. */
export type Requester = { readonly execution: string; readonly priority: Priority };

/**
 * What is known of another execution: it runs; it ended, and its last Lambda may still act; it is dead, and nothing of it
 * can act any more; or it is dead and left a service behind that it has touched, which waits to be resumed.
 */
export type Liveness = 'running' | 'ended' | 'dead' | 'orphaned';

/** What to do for the right to deploy a service. Each is one conditional write, or none. */
export type Move =
  /** Take the lease, on condition that it is free, mine, or still `over`'s, and the place in line empty, mine, or still `instead`'s. */
  | { readonly move: 'take'; readonly over?: string; readonly instead?: string }
  /** Take the one place in line, on condition that it is empty, mine, or still `instead`'s. */
  | { readonly move: 'queue'; readonly instead?: string }
  | { readonly move: 'wait' }
  /** Somebody of a higher rank has the lease or the place in line. */
  | { readonly move: 'yield'; readonly to: string };

/** Milliseconds after its end for which an execution's last Lambda may still act: the functions' time-out is 20 s. */
export const lambdaDrainMs = 60_000;

/** Seconds after a call of a Task's function, by which an earlier run of it that was thought lost is over, too. */
export const lateCallGuardSeconds = 25;

/** The move of an applicant who sees this. `lifeOf` answers for the holder and for who is in line. */
export const decideLease = (
  { lease, queued }: Pick<ServiceState, 'lease' | 'queued'>,
  { execution, priority }: Requester,
  livenessOf: (other: string) => Liveness,
): Move => {
  const others = queued && queued.execution !== execution ? queued : undefined;
  const isAlive = others !== undefined && livenessOf(others.execution) === 'running';
  if (others && isAlive && hasPriorityOver(others.priority, priority)) return { move: 'yield', to: others.execution };

  const instead = others && { instead: others.execution };
  if (!lease || lease.execution === execution) return { move: 'take', ...instead };
  const holder = livenessOf(lease.execution);
  if (holder === 'dead') return { move: 'take', over: lease.execution, ...instead };
  // What a newer push has passed over does not come back. Behind a person's deployment a push waits: it may be newer.
  if (holder === 'running' && hasPriorityOver(lease.priority, priority) && !lease.priority.isByHand)
    return { move: 'yield', to: lease.execution };
  if (queued?.execution === execution) return { move: 'wait' };
  return { move: 'queue', ...instead };
};

/** What is asked of somebody who has just taken the lease. */
export type Candidate = {
  readonly isByHand: boolean;
  readonly isForced: boolean;
  readonly digest: string;
  readonly pushedAt: string;
};

type Pushed = { readonly digest: string; readonly pushedAt: string };

/** By the time of the push, then by the digest, as ranks are; nothing is newer than itself. */
const isNewer = (one: Pushed, other: Pushed): boolean =>
  one.digest !== other.digest &&
  (isBefore(other.pushedAt, one.pushedAt) || (!isBefore(one.pushedAt, other.pushedAt) && one.digest > other.digest));

/** Why the holder must not deploy; undefined if it may. Holds stop automatic starts only. */
export const leaseSkipReason = (
  { hold, quarantine = [], lastGood, lastDeployed = lastGood }: ServiceState,
  everywhere: ServiceState['hold'],
  { isByHand, isForced, digest, pushedAt }: Candidate,
): Result | undefined => {
  const held = hold ?? everywhere;
  if (held && !isByHand) return resultOf('SKIPPED', 'ON_HOLD', messages.onHold(held));
  const bad = quarantine.find((one) => one.digest === digest);
  if (bad && !(isByHand && isForced)) return resultOf('SKIPPED', 'QUARANTINED', messages.quarantined(bad));
  // The same image is not older than itself, whatever its event says: if it runs, a release may continue with its next stage.
  if (!isByHand && lastDeployed && isNewer(lastDeployed, { digest, pushedAt })) {
    const at = isBefore(pushedAt, lastDeployed.pushedAt) ? lastDeployed.pushedAt : messages.sameSecond();
    return resultOf('SKIPPED', 'OLDER_PUSH', messages.olderPush(pushedAt, { tag: lastDeployed.tag, at }));
  }
  return undefined;
};

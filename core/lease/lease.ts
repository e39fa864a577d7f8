import type { Priority, ServiceState } from '../records/records.js';
import * as messages from '../result/messages.js';
import { type Result, resultOf } from '../result/result.js';
import { hasPriorityOver, isBefore } from './priority.js';

/** The execution that asks for the lease of a service. */
export type Requester = { readonly execution: string; readonly priority: Priority };

/**
 * Liveness of another execution. `running`: it has a result to reach. `draining`: it has its result or has ended, and its last
 * Lambda may still act. `ended`: nothing of it can act any more. `abandoned`: it ended after it had requested an update of the
 * service, and waits for an execution that resumes it.
 */
export type Liveness = 'running' | 'draining' | 'ended' | 'abandoned';

/** What a requester does next. `take` and `queue` are one conditional write each. */
export type LeaseAction =
  /**
   * Take the lease, if it is free, its own, or still held by `takeOverFrom`; and if the queue is empty, holds the requester, or
   * still holds `replaceQueued`.
   */
  | { readonly action: 'take'; readonly takeOverFrom?: string; readonly replaceQueued?: string }
  /** Enter the queue of one, if it is empty, holds the requester, or still holds `replaceQueued`. */
  | { readonly action: 'queue'; readonly replaceQueued?: string }
  | { readonly action: 'wait' }
  /** `to` has priority, and holds the lease or is queued for it. */
  | { readonly action: 'superseded'; readonly to: string };

/** Milliseconds after its end for which an execution's last Lambda may still act: longer than the functions' timeout of 20 s. */
export const lambdaDrainMs = 60_000;

/** Seconds after which an earlier invocation of a Task's function has ended, even one whose answer was lost: its timeout is 20 s. */
export const lateCallGuardSeconds = 25;

/** Decides what a requester does about the lease. `livenessOf` answers for the holder and for the queued execution. */
export const decideLease = (
  { lease, queued }: Pick<ServiceState, 'lease' | 'queued'>,
  { execution, priority }: Requester,
  livenessOf: (other: string) => Liveness,
): LeaseAction => {
  const other = queued && queued.execution !== execution ? queued : undefined;
  if (other && livenessOf(other.execution) === 'running' && hasPriorityOver(other.priority, priority))
    return { action: 'superseded', to: other.execution };

  const replacing = other && { replaceQueued: other.execution };
  if (!lease || lease.execution === execution) return { action: 'take', ...replacing };
  const holder = livenessOf(lease.execution);
  if (holder === 'ended') return { action: 'take', takeOverFrom: lease.execution, ...replacing };
  // An older push ends. Behind an operator's deployment it waits: it may be newer than the image that the operator chose.
  if (holder === 'running' && hasPriorityOver(lease.priority, priority) && !lease.priority.isByHand)
    return { action: 'superseded', to: lease.execution };
  if (queued?.execution === execution) return { action: 'wait' };
  return { action: 'queue', ...replacing };
};

/** A deployment that has just taken the lease. */
export type DeploymentCandidate = {
  readonly isByHand: boolean;
  readonly isForced: boolean;
  readonly digest: string;
  /** ISO 8601. */
  readonly pushedAt: string;
};

type Pushed = { readonly digest: string; readonly pushedAt: string };

/** By the time of the push, then by the digest, as priorities are compared; an image is not newer than itself. */
const isNewer = (one: Pushed, other: Pushed): boolean =>
  one.digest !== other.digest &&
  (isBefore(other.pushedAt, one.pushedAt) || (!isBefore(one.pushedAt, other.pushedAt) && one.digest > other.digest));

/**
 * Why the lease holder must skip its deployment; undefined if it may deploy. Holds apply to automatic starts only. An operator's
 * start passes the quarantine with `force`.
 */
export const leaseSkipReason = (
  { hold, quarantine = [], lastGood, lastDeployed = lastGood }: ServiceState,
  holdOfAll: ServiceState['hold'],
  { isByHand, isForced, digest, pushedAt }: DeploymentCandidate,
): Result | undefined => {
  const held = hold ?? holdOfAll;
  if (held && !isByHand) return resultOf('SKIPPED', 'ON_HOLD', messages.onHold(held));
  const entry = quarantine.find((one) => one.digest === digest);
  if (entry && !(isByHand && isForced)) return resultOf('SKIPPED', 'QUARANTINED', messages.quarantined(entry));
  // The same digest is never older than itself, even if its event is: if it runs, a release continues with its next stage.
  if (!isByHand && lastDeployed && isNewer(lastDeployed, { digest, pushedAt })) {
    const at = isBefore(pushedAt, lastDeployed.pushedAt) ? lastDeployed.pushedAt : messages.sameSecond();
    return resultOf('SKIPPED', 'OLDER_PUSH', messages.olderPush(pushedAt, { tag: lastDeployed.tag, at }));
  }
  return undefined;
};

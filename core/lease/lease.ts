import type { Hold, Priority, QueueEntry, ServiceState } from '../records/records.js';
import * as messages from '../result/messages.js';
import { type Result, resultOf } from '../result/result.js';
import { quarantineOf } from '../rollout/quarantine.js';
import * as leaseMessages from './messages.js';
import { hasPriorityOver, isAheadOf, isBefore, placeOf, versionOrder } from './priority.js';
import { queuedAt, sourceOf } from './service-state.js';

/** The execution that asks for the lease of a service. */
export type Requester = { readonly execution: string; readonly priority: Priority };

/**
 * Liveness of another execution. `running`: it has a result to reach. `draining`: it has its result or has ended, and its last
 * Lambda may still act. `ended`: nothing of it can act any more. `abandoned`: it ended after it had requested an update of the
 * service, and waits for an execution that resumes it.
 */
export type Liveness = 'running' | 'draining' | 'ended' | 'abandoned';

/** What a requester does next. `take` and `queue` are one conditional write each, for the state that was read. */
export type LeaseAction =
  /** Take the lease, which is free, its own, or held by `takeOverFrom`, which has ended. */
  | { readonly action: 'take'; readonly takeOverFrom?: string }
  /** Enter its place in the queue, or keep it. One that has it without priority, or does not run any more, loses it. */
  | { readonly action: 'queue' }
  /** `to` has priority, and holds the lease or the place. */
  | { readonly action: 'superseded'; readonly to: string }
  /** An operator's start ends: that of another one waits in the place for operators, and keeps it. */
  | { readonly action: 'refused'; readonly by: QueueEntry };

/** Milliseconds after its end for which an execution's last Lambda may still act: longer than the functions' timeout of 20 s. */
export const lambdaDrainMs = 60_000;

/** Seconds after which an earlier invocation of a Task's function has ended, even one whose answer was lost: its timeout is 20 s. */
export const lateCallGuardSeconds = 25;

/**
 * Decides what a requester does about the lease. `livenessOf` answers for the holder and for every queued execution. Of pushes the
 * newest goes first; of operators the one that came first, because a later start does not make an earlier one obsolete.
 */
export const decideLease = (
  state: Pick<ServiceState, 'lease' | 'queued'>,
  { execution, priority }: Requester,
  livenessOf: (other: string) => Liveness,
): LeaseAction => {
  const { lease } = state;
  const place = placeOf(priority);
  const inPlace = queuedAt(state, place);
  const isHolder = lease?.execution === execution;
  // The one that waits behind an operator's deployment keeps its place.
  if (isHolder && priority.isByHand) return { action: 'take' };
  if (inPlace && inPlace.execution !== execution && livenessOf(inPlace.execution) === 'running') {
    if (priority.isByHand) return { action: 'refused', by: inPlace };
    if (hasPriorityOver(inPlace.priority, priority)) return { action: 'superseded', to: inPlace.execution };
  }
  if (isHolder) return { action: 'take' };

  const holder = lease && livenessOf(lease.execution);
  // An older push ends. Behind an operator's deployment it waits: it may be newer than the image that the operator chose. Behind its
  // own image it waits, too: once that runs, its release continues.
  const isOlder = lease && hasPriorityOver(lease.priority, priority) && lease.priority.digest !== priority.digest;
  if (lease && holder === 'running' && isOlder && !lease.priority.isByHand) return { action: 'superseded', to: lease.execution };
  const isFree = !lease || holder === 'ended';
  if (!isFree || isAnotherAhead(state, place, livenessOf)) return { action: 'queue' };
  return { action: 'take', ...(lease && { takeOverFrom: lease.execution }) };
};

/** Does a deployment that still runs wait in a place whose turn is first? An empty place is behind all that are taken. */
const isAnotherAhead = (state: Pick<ServiceState, 'queued'>, place: string, livenessOf: (other: string) => Liveness): boolean => {
  const since = queuedAt(state, place)?.since ?? endOfTime;
  return Object.entries(state.queued ?? {}).some(
    ([other, { execution, since: taken }]) =>
      other !== place && isAheadOf({ place: other, since: taken }, { place, since }) && livenessOf(execution) === 'running',
  );
};

/** After every time that a place can have been taken. */
const endOfTime = '9999-12-31T23:59:59.999Z';

/** A deployment that has just taken the lease. */
export type DeploymentCandidate = {
  readonly isByHand: boolean;
  readonly isForced: boolean;
  /** Did a semver pattern match its tag? */
  readonly isVersioned?: boolean | undefined;
  readonly repository: string;
  readonly digest: string;
  readonly tag?: string | undefined;
  /** ISO 8601. */
  readonly pushedAt: string;
};

type Pushed = { readonly digest: string; readonly pushedAt: string };

/** By the time of the push, then by the digest, as priorities are compared; an image is not newer than itself. */
export const isNewer = (one: Pushed, other: Pushed): boolean =>
  one.digest !== other.digest &&
  (isBefore(other.pushedAt, one.pushedAt) || (!isBefore(one.pushedAt, other.pushedAt) && one.digest > other.digest));

/**
 * Is an image that was deployed, or kept back, newer than a candidate? By their versions, if a semver pattern matched the candidate's
 * tag; an image of a higher version may have been pushed before, and have waited for approval.
 */
export const isNewerThan = (
  one: Pushed & { readonly tag?: string },
  candidate: Pick<DeploymentCandidate, 'isVersioned' | 'digest' | 'tag' | 'pushedAt'>,
): boolean => {
  // The same digest is never older than itself, even if its event is: if it runs, a release continues with its next stage.
  if (one.digest === candidate.digest) return false;
  const order = candidate.isVersioned ? versionOrder(one.tag, candidate.tag) : 0;
  return order === 0 ? isNewer(one, candidate) : order > 0;
};

/** The hold that keeps automatic starts of a service from deploying at `now`, ISO 8601. */
export const appliedHold = ({ hold }: Pick<ServiceState, 'hold'>, holdOfAll: ServiceState['hold'], now: string): ServiceState['hold'] =>
  [hold, holdOfAll].find((one) => one !== undefined && !hasEnded(one, now));

/** Has the time passed until which it was set? */
export const hasEnded = ({ until }: Hold, now: string): boolean => until !== undefined && !isBefore(now, until);

/**
 * Why the lease holder must skip its deployment, apart from a hold; undefined if it may deploy. An operator's start passes the
 * quarantine with `force`.
 */
export const leaseSkipReason = (state: ServiceState, candidate: DeploymentCandidate): Result | undefined => {
  const { isByHand, isForced, isVersioned, repository, digest, tag, pushedAt } = candidate;
  const { lastDeployed } = sourceOf(state, repository);
  const entry = quarantineOf(state, repository).find((one) => one.digest === digest);
  if (entry && !(isByHand && isForced)) return resultOf('SKIPPED', 'QUARANTINED', messages.quarantined(entry));
  if (isByHand || lastDeployed === undefined || !isNewerThan(lastDeployed, candidate)) return undefined;
  const { tag: running = '' } = lastDeployed;
  if (versionOrder(running, isVersioned ? tag : undefined) > 0)
    return resultOf('SKIPPED', 'OLDER_VERSION', leaseMessages.olderVersion(tag ?? '', running));
  const at = isBefore(pushedAt, lastDeployed.pushedAt) ? lastDeployed.pushedAt : messages.sameSecond();
  return resultOf('SKIPPED', 'OLDER_PUSH', messages.olderPush(pushedAt, { tag: lastDeployed.tag, at }));
};

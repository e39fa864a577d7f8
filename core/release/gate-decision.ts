import { type Approval, defaultMaxWaitSeconds, type Repository, type Stage } from '../configuration/configuration.js';
import { isBefore } from '../lease/priority.js';
import type { ReleaseRecord } from '../records/records.js';
import { after } from '../result/moment.js';
import { type Result, resultOf } from '../result/result.js';
import type { Gate } from './gate.js';
import * as messages from './messages.js';
import type { Opening } from './window.js';
import { closed } from './window-messages.js';

/** What is published about a wait. */
export type Announcement =
  | { readonly kind: 'request' | 'reminder' }
  /** `opensAt` if that is later than a release may wait. */
  | { readonly kind: 'window'; readonly because: 'window' | 'freeze'; readonly reason: string; readonly opensAt?: string };

/** What a release does at a gate that it has taken. Times are ISO 8601. */
export type GateAction =
  | { readonly action: 'begin' }
  /** Ask for approval, which must come before `deadline`. */
  | { readonly action: 'ask'; readonly deadline: string }
  | { readonly action: 'timeOut' }
  /** Wait until then at most; `publish` first what is not published yet. */
  | { readonly action: 'wait'; readonly until: string; readonly publish?: Announcement }
  | { readonly action: 'end'; readonly result: Result };

type Situation = {
  readonly gate: Gate;
  readonly release: Pick<ReleaseRecord, 'force' | 'ignoreWindow' | 'waitedSeconds'>;
  readonly stage: string;
  /** As the configuration has them now. */
  readonly repository: Repository;
  readonly settings: Stage;
  readonly opening: Opening;
  readonly now: string;
};

/** Approval first, then window and freezes; the checks of the services come after both. */
export const decideAtGate = (situation: Situation): GateAction => {
  const { gate, stage } = situation;
  // Written before the answer was lost: the stage has begun.
  if (gate.passedAt !== undefined) return { action: 'begin' };
  const by = { by: gate.cancelledBy, reason: gate.cancelReason };
  if (gate.cancelledAt !== undefined) return end(resultOf('FAILED', 'CANCELLED', messages.releaseCancelled(stage, by)));
  return approvalAction(situation) ?? windowAction(situation) ?? { action: 'begin' };
};

const end = (result: Result): GateAction => ({ action: 'end', result });

const earlier = (one: string, other: string): string => (isBefore(one, other) ? one : other);

/** When the release has waited for as long as it may, at all its gates. */
const endOfWait = ({ gate, release, repository }: Situation): string =>
  after(gate.takenAt, Math.max(0, (repository.maxWaitSeconds ?? defaultMaxWaitSeconds) - (release.waitedSeconds ?? 0)));

const isReached = (time: string, now: string): boolean => !isBefore(now, time);

const approvalAction = (situation: Situation): GateAction | undefined => {
  const { gate, release, stage, settings, now } = situation;
  const { approval, deadline = '' } = gate;
  if (approval === 'REJECTED')
    return end(resultOf('FAILED', 'REJECTED', messages.rejected(stage, { by: gate.decidedBy, reason: gate.decisionReason })));
  if (approval === 'TIMED_OUT') return end(resultOf('FAILED', 'APPROVAL_TIMED_OUT', messages.approvalTimedOut(stage, deadline)));
  if (approval === 'APPROVED' || !settings.approval || release.force) return undefined;
  if (approval === undefined)
    return { action: 'ask', deadline: earlier(after(now, settings.approval.timeoutSeconds), endOfWait(situation)) };
  if (isReached(deadline, now)) return { action: 'timeOut' };
  return awaiting(gate, settings.approval, deadline, now);
};

const awaiting = ({ requestedAt, remindedAt }: Gate, { remindAfterSeconds }: Approval, deadline: string, now: string): GateAction => {
  const reminder = after(requestedAt ?? now, remindAfterSeconds);
  if (requestedAt === undefined) return { action: 'wait', until: earlier(reminder, deadline), publish: { kind: 'request' } };
  if (remindedAt !== undefined || !isBefore(reminder, deadline)) return { action: 'wait', until: deadline };
  if (!isReached(reminder, now)) return { action: 'wait', until: reminder };
  return { action: 'wait', until: deadline, publish: { kind: 'reminder' } };
};

const windowAction = (situation: Situation): GateAction | undefined => {
  const { gate, release, stage, settings, opening, now } = situation;
  if (opening.isOpen || release.ignoreWindow) return undefined;
  const { opensAt, because, says } = opening;
  const isSkipped = settings.window?.outside === 'skip' || opensAt === undefined;
  if (isSkipped) return end(resultOf('SKIPPED', 'OUTSIDE_WINDOW', closed({ name: stage }, opening)));
  const last = endOfWait(situation);
  if (isReached(last, now)) return end(resultOf('SKIPPED', 'OUTSIDE_WINDOW', messages.waitedTooLong(stage, gate.takenAt)));
  const until = earlier(opensAt, last);
  if (gate.announced === until) return { action: 'wait', until };
  return { action: 'wait', until, publish: { kind: 'window', because, reason: says, ...(until !== opensAt && { opensAt }) } };
};

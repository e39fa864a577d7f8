import type { WayBack } from './records.js';
import {
  currentOf,
  end,
  gone,
  isGone,
  isReplaced,
  type Look,
  missesBelieved,
  notTakenBack,
  revisionName,
  rollBack,
  takenBack,
  type Verdict,
  wait,
} from './verdict.js';

/** A verdict on the way back, which has a deadline of its own. */
export const verdictBack = (look: Look, back: WayBack): Verdict => {
  const { cause, sentence } = back;
  const { rollout, service, misses, revision, base, wayTo, isOverdue, isFresh } = look;
  if (isGone(service)) return gone;
  const current = currentOf(look);
  const failed = (what: string): Verdict => end('ROLLBACK_FAILED', cause, `${sentence}; ${what}`);
  const overdue = (): Verdict => (isOverdue ? failed("the rollback was not over at the service's timeout") : wait);
  // Where there was nothing to take back when RollBack looked, it landed after all.
  const pending = (): Verdict => (back.by === 'nothing' ? rollBack(back) : overdue());
  const replaced = (): Verdict =>
    end('SUPERSEDED', cause, `${sentence}; then a newer deployment took the service to ${revisionName(current)}`);

  if (!rollout) {
    if (misses < missesBelieved) return wait;
    if (![revision, base, wayTo, back.from].includes(current)) return replaced();
    if (back.by === 'nothing') return current === base ? end('FAILED', cause, `${sentence}; the service was not changed`) : rollBack(back);
    if (back.by === 'stop' && current === base)
      return end('ROLLED_BACK', cause, `${sentence}; the service is back on ${revisionName(base)}`);
    // What was refused, or lost on its way, has not arrived by now.
    return back.by === 'update' && [revision, back.from].includes(current) && !isOverdue ? rollBack(back) : overdue();
  }

  const isOurUpdate = back.by === 'update';
  switch (rollout.status) {
    case 'ROLLBACK_SUCCESSFUL':
      if (!isOurUpdate || isReplaced(look)) return takenBack(look, back);
      return failed(`ECS took the way back to ${revisionName(wayTo ?? base)} back itself: ${rollout.statusReason || 'no reason given'}`);
    case 'ROLLBACK_FAILED':
      return notTakenBack(look, back);
    case 'SUCCESSFUL':
      // Forward: our stop came too late, and the rollout had just finished.
      return isOurUpdate ? takenBack(look, back) : rollBack(back);
    case 'STOPPED':
      if (isReplaced(look)) return replaced();
      if (isFresh && !isOverdue) return wait;
      return isOurUpdate ? failed(`the way back was stopped: ${rollout.statusReason || 'no reason given'}`) : rollBack(back);
    case 'PENDING':
    case 'IN_PROGRESS':
      // Nothing has come of our stop yet: to ask again is safe, and where it was refused it has to be.
      return back.by === 'stop' && !isOverdue ? rollBack(back) : pending();
    default:
      return pending();
  }
};
/** How a service is taken back, by what is to be seen of it. */
export type BackBy = WayBack['by'] | 'superseded';

/**
 * The call that takes the service back. Stopping names our own service deployment and is safe; an update is not
 * conditional, so it is made only where the service is still on our revision, or where an earlier one was sent from.
 */
export const wayBack = (
  look: Pick<Look, 'rollout' | 'service' | 'newestRevision' | 'isFresh' | 'revision' | 'base' | 'wayTo'>,
  sentFrom?: string,
): BackBy => {
  const { rollout, isFresh, revision, wayTo } = look;
  if (isGone(look.service)) return 'superseded';
  const isOurs = currentOf(look) === revision;
  switch (rollout?.status) {
    case undefined:
      return isOurs || currentOf(look) === sentFrom ? 'update' : 'nothing';
    case 'PENDING':
    case 'IN_PROGRESS':
      return 'stop';
    case 'STOPPED':
      if (isReplaced(look) || !isOurs) return 'superseded';
      // What replaced it need not be visible yet: ECS refuses to stop it again, and the next look knows more.
      return isFresh && !rollout.isBreakerTriggered && rollout.triggeredAlarms.length === 0 ? 'stop' : 'update';
    case 'SUCCESSFUL':
      return isOurs ? 'update' : 'superseded';
    case 'ROLLBACK_SUCCESSFUL':
      return wayTo !== undefined && currentOf(look) !== wayTo && !isReplaced(look) ? 'update' : 'stop';
    default:
      // STOP_REQUESTED and the rollback's own statuses: ECS is at it, and a second one would only disturb it.
      return 'stop';
  }
};

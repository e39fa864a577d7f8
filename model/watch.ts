import { withRecord } from './change.js';
import type { Actor, Deed } from './deed.js';
import { cleared, isCancelled, mishaps, trespass } from './deploy.js';
import type { Outcome, Place, RolloutStatus, State } from './state.js';

/** What is to be seen of the rollout of a record's revision; the copy that is noted may be another one than was sent. */
const rolloutOf = ({ rollout, records }: State, record: number): RolloutStatus =>
  rollout.of === record && records[record]!.given === records[record]!.revision ? rollout.status : 'none';

/** Why RollBack is to go back. */
const reason = (isAsked: boolean): Outcome => (isAsked ? 'CANCELLED' : 'ROLLED_BACK');

/** CheckRollout: reads whether it is cancelled, then looks. */
export const check = (actor: Actor): readonly Deed[] => {
  const { state, record, me, lambda } = actor;
  const { landed, base, back, isCancelled: wasCancelled } = state.records[record]!;
  const isBack = back !== 'none';
  if (lambda.at === 0) {
    const isAsked = isCancelled(actor) && !isBack;
    return [{ label: isAsked ? 'is cancelled' : 'is not cancelled', state, lambda: { ...lambda, isCancelled: isAsked, at: 1 } }];
  }
  const look = (label: string, place: Place, ending?: Outcome, isChance = false): readonly Deed[] => [
    { label, state, answer: { place, ...(ending && { ending }) }, isChance },
  ];
  const goBack = (label: string, isChance = false): readonly Deed[] => look(label, 'rollBack', reason(lambda.isCancelled), isChance);
  const isLate = state.executions[me]!.late !== undefined;
  switch (rolloutOf(state, record)) {
    case 'running':
      if (isBack || lambda.isCancelled) return goBack('rollout under way, to be taken back');
      return [...look('rollout under way', 'rollout'), ...goBack('rollout overdue', true)];
    case 'successful':
      // Believed at the third look: an update back that is still to be seen.
      if (back === 'update' && isLate) return look('not back yet', 'rollout');
      return isBack || lambda.isCancelled ? goBack('succeeded, to be taken back') : look('succeeded', 'close', 'SUCCEEDED');
    case 'failed':
      return goBack('failed');
    case 'rolledBack':
      return look('is back', 'close', 'ROLLED_BACK');
    default:
      if (landed > 0 || state.current !== base) return look('somebody else took the service over', 'close', 'SUPERSEDED');
      if (lambda.isCancelled) return goBack('nothing to be seen, to be taken back');
      // Believed at the third look, half a minute after it was sent.
      if (isLate) return look('nothing to be seen yet', 'rollout');
      if (isBack) return look('was never changed', 'close', wasCancelled ? 'CANCELLED' : 'REFUSED');
      return [...look('never arrived', 'update'), ...look('never arrived in time', 'close', 'REFUSED', true)];
  }
};

/** RollBack: looks, notes by which call the service is taken back, and makes it. */
export const rollBack = (actor: Actor): readonly Deed[] => {
  const { world, state, record, lambda } = actor;
  const { landed, base, back, backSent, outcome, isCancelled: wasCancelled } = state.records[record]!;
  const watch = { place: 'rollout' } as const;
  const status = rolloutOf(state, record);
  // The first reason stays.
  const isAsked = back === 'none' ? lambda.ending === 'CANCELLED' : wasCancelled;
  const next = (label: string, at: number): readonly Deed[] => [{ label, state, lambda: { ...lambda, at } }];
  switch (lambda.at) {
    case 0:
      if (back === 'update' && state.current === base) return [{ label: 'looks: is on its way back', state, answer: watch }];
      if (back === 'none' && lambda.ending === 'open' && status === 'successful')
        return [{ label: 'looks: succeeded', state, answer: { place: 'close', ending: 'SUCCEEDED' } }];
      if (status === 'none' && landed > 0)
        return [{ label: 'looks: somebody else took the service over', state, answer: { place: 'close', ending: 'SUPERSEDED' } }];
      if (status === 'running' || status === 'rolledBack') return next('looks: to be stopped', 1);
      return state.current === record ? next('looks: to be updated', 3) : next('looks: nothing to take back', 6);
    case 1:
      return [
        { label: 'notes the stop', state: withRecord(state, record, { back: 'stop', isCancelled: isAsked }), lambda: { ...lambda, at: 2 } },
      ];
    case 2: {
      const isStopped = status === 'running';
      return [
        {
          label: isStopped ? 'stops the rollout' : 'is refused to stop it',
          state: isStopped ? { ...state, current: base, rollout: { of: record, status: 'rolledBack' } } : state,
          answer: watch,
          wrong: isStopped ? trespass(actor, 'a stop') : undefined,
        },
      ];
    }
    case 3: {
      if ((backSent === lambda.visit || outcome !== 'open') && !world.mistakes.has('marks blindly'))
        return [{ label: 'is marked already', state, answer: watch }];
      const marked = withRecord(state, record, { back: 'update', backSent: lambda.visit, isCancelled: isAsked });
      return [{ label: 'marks', state: marked, lambda: { ...lambda, at: 4 } }];
    }
    case 4:
      return [
        { label: 'sends UpdateService to the base', state, lambda: { ...lambda, at: 5 }, wrong: trespass(actor, 'the way back is sent') },
      ];
    case 5: {
      const after: State = state.current === base ? state : { ...state, current: base, rollout: { of: record, status: 'rolledBack' } };
      const lands: Deed = {
        label: 'UpdateService to the base lands',
        state: after,
        answer: watch,
        wrong: trespass(actor, 'the way back lands'),
      };
      return [lands, ...mishaps(actor, 'UpdateService to the base')];
    }
    case 6:
      return [{ label: 'notes that', state: withRecord(state, record, { back: 'nothing', isCancelled: isAsked }), answer: watch }];
    default:
      return [cleared(actor, 'backSent')];
  }
};

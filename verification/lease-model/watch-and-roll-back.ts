import { attemptCleared, isCancelled, unleasedWrite, updateFaults } from './register-and-update.js';
import type { Node, Outcome, RolloutStatus, State } from './state.js';
import { withRecord } from './state-updates.js';
import type { Actor, Transition } from './transition.js';

/** The rollout status of a record's revision; the saved revision may differ from the one that was sent. */
const rolloutOf = ({ rollout, records }: State, record: number): RolloutStatus =>
  rollout.of === record && records[record]!.deployedRevision === records[record]!.revision ? rollout.status : 'none';

/** Why RollBack rolls back. */
const reason = (isAsked: boolean): Outcome => (isAsked ? 'CANCELLED' : 'ROLLED_BACK');

/** WatchRollout: reads the cancel request, then the rollout. */
export const check = (actor: Actor): readonly Transition[] => {
  const { state, record, me, lambda } = actor;
  const { rollouts, previous, rollback, isCancelled: wasCancelled } = state.records[record]!;
  const isBack = rollback !== 'none';
  if (lambda.at === 0) {
    const isAsked = isCancelled(actor) && !isBack;
    return [{ label: isAsked ? 'is cancelled' : 'is not cancelled', state, lambda: { ...lambda, isCancelled: isAsked, at: 1 } }];
  }
  const observed = (label: string, node: Node, result?: Outcome, isChance = false): readonly Transition[] => [
    { label, state, answer: { node, ...(result && { result }) }, isChance },
  ];
  const rollBackBecause = (label: string, isChance = false): readonly Transition[] =>
    observed(label, 'rollBack', reason(lambda.isCancelled), isChance);
  const isLate = state.executions[me]!.late !== undefined;
  switch (rolloutOf(state, record)) {
    case 'running':
      if (isBack || lambda.isCancelled) return rollBackBecause('in progress, rollback required');
      return [...observed('in progress', 'waitForRollout'), ...rollBackBecause('overdue', true)];
    case 'successful':
      // A rollback update that is not visible yet is believed missing at the third observation.
      if (rollback === 'update' && isLate) return observed('rollback not visible yet', 'waitForRollout');
      return isBack || lambda.isCancelled ? rollBackBecause('succeeded, rollback required') : observed('succeeded', 'close', 'SUCCEEDED');
    case 'failed':
      return rollBackBecause('failed');
    case 'rolledBack':
      return observed('rolled back', 'close', 'ROLLED_BACK');
    default:
      if (rollouts > 0 || state.current !== previous) return observed('replaced outside this lease', 'close', 'SUPERSEDED');
      if (lambda.isCancelled) return rollBackBecause('not visible, rollback required');
      // Believed missing at the third observation, half a minute after it was sent.
      if (isLate) return observed('not visible yet', 'waitForRollout');
      if (isBack) return observed('was never changed', 'close', wasCancelled ? 'CANCELLED' : 'REFUSED');
      return [...observed('never arrived', 'update'), ...observed('never arrived in time', 'close', 'REFUSED', true)];
  }
};

/** RollBack: observes, saves the rollback method, and calls it. */
export const rollBack = (actor: Actor): readonly Transition[] => {
  const { setup, state, record, lambda } = actor;
  const { rollouts, previous, rollback, rollbackAttempt, outcome, isCancelled: wasCancelled } = state.records[record]!;
  const watch = { node: 'waitForRollout' } as const;
  const status = rolloutOf(state, record);
  // The first reason is kept.
  const isAsked = rollback === 'none' ? lambda.result === 'CANCELLED' : wasCancelled;
  const next = (label: string, at: number): readonly Transition[] => [{ label, state, lambda: { ...lambda, at } }];
  switch (lambda.at) {
    case 0:
      if (rollback === 'update' && state.current === previous) return [{ label: 'observes: rollback in progress', state, answer: watch }];
      if (rollback === 'none' && lambda.result === 'open' && status === 'successful')
        return [{ label: 'observes: succeeded', state, answer: { node: 'close', result: 'SUCCEEDED' } }];
      if (status === 'none' && rollouts > 0)
        return [{ label: 'observes: replaced outside this lease', state, answer: { node: 'close', result: 'SUPERSEDED' } }];
      if (status === 'running' || status === 'rolledBack') return next('observes: needs a stop', 1);
      return state.current === record ? next('observes: needs an update', 3) : next('observes: nothing to roll back', 6);
    case 1:
      return [
        {
          label: 'saves the stop',
          state: withRecord(state, record, { rollback: 'stop', isCancelled: isAsked }),
          lambda: { ...lambda, at: 2 },
        },
      ];
    case 2: {
      const isStopped = status === 'running';
      return [
        {
          label: isStopped ? 'stops the rollout' : 'is not allowed to stop the rollout',
          state: isStopped ? { ...state, current: previous, rollout: { of: record, status: 'rolledBack' } } : state,
          answer: watch,
          violation: isStopped ? unleasedWrite(actor, 'StopServiceDeployment') : undefined,
        },
      ];
    }
    case 3: {
      if ((rollbackAttempt === lambda.visit || outcome !== 'open') && !setup.mutations.has('attempts without a condition'))
        return [{ label: 'finds the attempt saved', state, answer: watch }];
      const marked = withRecord(state, record, { rollback: 'update', rollbackAttempt: lambda.visit, isCancelled: isAsked });
      return [{ label: 'saves the attempt', state: marked, lambda: { ...lambda, at: 4 } }];
    }
    case 4:
      return [
        { label: 'sends the rollback', state, lambda: { ...lambda, at: 5 }, violation: unleasedWrite(actor, 'the rollback is sent') },
      ];
    case 5: {
      const after: State =
        state.current === previous ? state : { ...state, current: previous, rollout: { of: record, status: 'rolledBack' } };
      const lands: Transition = {
        label: 'rollback takes effect',
        state: after,
        answer: watch,
        violation: unleasedWrite(actor, 'the rollback takes effect'),
      };
      return [lands, ...updateFaults(actor, 'the rollback')];
    }
    case 6:
      return [
        {
          label: 'saves that nothing is rolled back',
          state: withRecord(state, record, { rollback: 'nothing', isCancelled: isAsked }),
          answer: watch,
        },
      ];
    default:
      return [attemptCleared(actor, 'rollbackAttempt')];
  }
};

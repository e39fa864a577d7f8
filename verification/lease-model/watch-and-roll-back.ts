import { enter, isCurrent } from './enter.js';
import {
  attemptCleared,
  isCancelled,
  isSplit,
  stored,
  undecided,
  unleasedWrite,
  updateFaults,
  visibleStatus,
} from './register-and-update.js';
import type { Outcome, RolloutStatus, State } from './state.js';
import { forgetful, withRecord } from './state-updates.js';
import type { Actor, Answer, Transition } from './transition.js';

/** The visible rollout status of a record's revision; the saved revision may differ from the one that was sent. */
const rolloutOf = ({ service, records }: State, record: number): RolloutStatus =>
  service.of === record && records[record]!.deployedRevision === records[record]!.revision ? visibleStatus(service) : 'none';

/** May an UpdateService or RollBack that was repeated still send? Three looks that span 30 s outlast it. */
const isInFlight = ({ state, me }: Actor): boolean => {
  const { late } = state.executions[me]!;
  return late?.task === 'update' || late?.task === 'rollBack';
};

/** Why RollBack rolls back. */
const reason = (isAsked: boolean): Outcome => (isAsked ? 'CANCELLED' : 'ROLLED_BACK');

/** WatchRollout: stores its token; then reads the cancel request, the failed tasks and the rollout. */
export const watch = (actor: Actor): readonly Transition[] => {
  const { setup, lambda } = actor;
  if (!setup.mutations.has('looks before it stores its token')) return lambda.at === 1 ? look(actor) : [stored(actor)];
  if (lambda.at > 0) {
    return [{ ...stored(actor), lambda: undefined }];
  }
  return look(actor).map((one) => (one.answer ? one : { ...one, lambda: forgetful(lambda, 1) }));
};

const look = (actor: Actor): readonly Transition[] => {
  const { setup, state, record } = actor;
  const { rollouts, previous, rollback, isCancelled: wasCancelled } = state.records[record]!;
  const isBack = rollback !== 'none';
  const isAsked = isCancelled(actor) && !isBack;
  const { service } = state;
  const decided = (label: string, answer: Answer, isChance = false): Transition => ({ label, state, answer, isChance });
  const rollBackBecause = (label: string, isChance = false): Transition =>
    decided(label, { node: 'rollBack', result: reason(isAsked) }, isChance);
  const waits = (label: string): Transition => undecided(actor, label, 'watch');
  // An update that is not visible yet is believed missing at the third look.
  if (rollback === 'update' && service.of === record && service.current !== previous && isInFlight(actor))
    return [waits('rollback not visible yet')];
  switch (rolloutOf(state, record)) {
    case 'running': {
      if (isBack || isAsked) return [rollBackBecause('in progress, rollback required')];
      if (setup.limit > 0 && service.failed >= setup.limit) return [decided('too many tasks failed', { node: 'rollBack' })];
      return [waits('in progress'), rollBackBecause('overdue', true)];
    }
    case 'successful':
      return [
        isBack || isAsked ? rollBackBecause('succeeded, rollback required') : decided('succeeded', { node: 'close', result: 'SUCCEEDED' }),
      ];
    case 'failed':
      return [rollBackBecause('failed')];
    case 'rolledBack':
      return [decided('rolled back', { node: 'close', result: 'ROLLED_BACK' })];
    default:
      if (rollouts > 0 || service.current !== previous)
        return [decided('replaced outside this lease', { node: 'close', result: 'SUPERSEDED' })];
      if (isAsked) return [rollBackBecause('not visible, rollback required')];
      if (isInFlight(actor)) return [waits('not visible yet')];
      if (isBack) return [decided('was never changed', { node: 'close', result: wasCancelled ? 'CANCELLED' : 'REFUSED' })];
      return [decided('never arrived', { node: 'update' }), decided('never arrived in time', { node: 'close', result: 'REFUSED' }, true)];
  }
};

/** RollBack: enters its record; observes, saves the rollback method, and calls it. */
export const rollBack = (actor: Actor): readonly Transition[] => {
  const { state, record, lambda } = actor;
  const { previous } = state.records[record]!;
  const answer: Answer = { node: 'watch', isTimed: true };
  switch (lambda.at) {
    case 0: {
      const after = enter(actor);
      return [after ? beforeRollback({ ...actor, state: after }) : { label: 'is too late to enter', state }];
    }
    case 1:
      return [withMethod(actor, 'stop')];
    case 2: {
      const isStopped = state.service.status === 'running' && rolloutOf(state, record) === 'running';
      return [
        {
          label: isStopped ? 'stops the rollout' : 'is not allowed to stop the rollout',
          state: isStopped ? rolledBack(state, previous, record) : state,
          answer,
          violation: isStopped ? unleasedWrite(actor, 'StopServiceDeployment') : undefined,
        },
      ];
    }
    case 3:
      return [withMethod(actor, 'update')];
    case 4: {
      const lands: Transition = {
        label: 'the rollback takes effect',
        state: state.service.current === previous ? state : rolledBack(state, previous, record),
        answer,
        violation: unleasedWrite(actor, 'the rollback'),
      };
      return [lands, ...updateFaults(actor, 'the rollback')];
    }
    case 6:
      return [withMethod(actor, 'nothing')];
    default:
      return [attemptCleared(actor, 'rollbackAttempt')];
  }
};

const rolledBack = (state: State, previous: number, record: number): State => ({
  ...state,
  service: { ...state.service, current: previous, of: record, status: 'rolledBack', isStale: false },
});

const beforeRollback = (actor: Actor): Transition => {
  const { setup, state, record, lambda } = actor;
  const { rollouts, previous, rollback, rollbackAttempt } = state.records[record]!;
  const { current } = state.service;
  const status = rolloutOf(state, record);
  const next = (label: string, method: Method): Transition =>
    isSplit(actor) ? { label, state, lambda: forgetful(lambda, methods[method]) } : withMethod(actor, method);
  const isSent = rollbackAttempt === lambda.visit && !setup.mutations.has('attempts without a condition');
  if (isSent || (rollback === 'update' && current === previous))
    return { label: 'observes: rollback in progress', state, answer: { node: 'watch', isTimed: true } };
  // Failed tasks and a failed step say nothing about a rollout that has succeeded since.
  if (rollback === 'none' && lambda.result === 'open' && status === 'successful')
    return { label: 'observes: succeeded', state, answer: { node: 'close', result: 'SUCCEEDED' } };
  if (status === 'none' && rollouts > 0)
    return { label: 'observes: replaced outside this lease', state, answer: { node: 'close', result: 'SUPERSEDED' } };
  if (status === 'running' || status === 'rolledBack') return next('observes: needs a stop', 'stop');
  return current === record ? next('observes: needs an update', 'update') : next('observes: nothing to roll back', 'nothing');
};

type Method = 'stop' | 'update' | 'nothing';
/** The step at which each is saved. */
const methods: Readonly<Record<Method, number>> = { stop: 1, update: 3, nothing: 6 };

/** Saves the method in the record: the first reason is kept. From here on failed tasks say nothing. */
const withMethod = (actor: Actor, method: Method): Transition => {
  const { setup, state, record, lambda } = actor;
  const { rollback, isCancelled: wasCancelled } = state.records[record]!;
  const label =
    method === 'update' ? 'saves the attempt of a rollback' : method === 'stop' ? 'saves the stop' : 'saves that nothing is rolled back';
  if (!isCurrent(actor) && !setup.mutations.has('attempts without a condition')) return { label: 'is too late to roll back', state };
  const changed = withRecord(state, record, {
    rollback: method,
    isCancelled: rollback === 'none' ? lambda.result === 'CANCELLED' : wasCancelled,
    ...(method === 'update' && { rollbackAttempt: lambda.visit }),
  });
  const after = changed.watch?.record === record ? { ...changed, watch: { ...changed.watch, isRollingBack: true } } : changed;
  if (method === 'nothing') return { label, state: after, answer: { node: 'watch', isTimed: true } };
  return { label, state: after, lambda: { ...lambda, at: method === 'stop' ? 2 : 4 } };
};

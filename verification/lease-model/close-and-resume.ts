import { type Lambda, none, type State } from './state.js';
import {
  forgetful,
  isLeasedTo,
  placesToWake,
  reported,
  withItem,
  withoutClaims,
  withoutWatchItem,
  withRecord,
  withTakenOver,
} from './state-updates.js';
import type { Actor, Answer, Transition } from './transition.js';
import { withoutPowerless } from './visits.js';
import { wakeFirst } from './wake.js';

/** CloseDeployment: closes the record; frees the lease and its place; deletes the watch item; wakes the next. */
export const close = (actor: Actor): readonly Transition[] => {
  const { setup, state, record, lambda } = actor;
  const steps = [recordClosed, claimsFreed];
  if (setup.mutations.has('releases before it closes the record')) steps.reverse();
  const step = steps[lambda.at];
  const ended = (after: State): Answer => ({ node: 'notify', result: after.records[record]!.outcome });
  if (step) {
    const { label, state: after, lambda: next } = step(actor);
    // Nothing else depends on when its watch item is deleted.
    const isLast = lambda.at > 0 && next.wakes.length === 0;
    return [isLast ? { label, state: withoutWatchItem(after, record), answer: ended(after) } : { label, state: after, lambda: next }];
  }
  const { label, state: after, rest, violation } = wakeFirst(setup, withoutWatchItem(state, record), lambda.wakes);
  const next = rest.length > 0 ? { lambda: forgetful(lambda, 2, { wakes: rest }) } : { answer: ended(after) };
  return [{ label, state: after, violation, ...next }];
};

type Step = Transition & { readonly lambda: Lambda };

const recordClosed = ({ setup, state, record, lambda }: Actor): Step => {
  const { outcome } = state.records[record]!;
  const result = outcome === 'open' ? lambda.result : outcome;
  const isDone = setup.mutations.has('is done before its lease is released');
  const wakes = setup.mutations.has('wakes from a list that it read before') ? state.item.queue : lambda.wakes;
  return {
    label: `closes the record: ${result}`,
    state: withoutPowerless(setup, withRecord(state, record, { outcome: result, isDone }), record),
    lambda: forgetful(lambda, lambda.at + 1, { wakes }),
  };
};

const claimsFreed = ({ setup, state, me, record, lambda }: Actor): Step => {
  const { mutations } = setup;
  const { outcome } = state.records[record]!;
  const isHolder = isLeasedTo(state.item, record);
  const after = withoutClaims(setup, state, me, record, outcome === 'open' ? lambda.result : outcome);
  const isQuiet = mutations.has(isHolder ? 'frees the lease without waking' : 'leaves the queue without waking');
  const isListed = mutations.has('wakes from a list that it read before');
  const wakes = isQuiet ? [] : isListed ? lambda.wakes : placesToWake(setup, after);
  const label = isHolder ? 'releases the lease' : 'holds no lease';
  return { label, state: after, lambda: forgetful(lambda, lambda.at + 1, { wakes }) };
};

/** Notify: reports the result, and marks the record done unless CloseDeployment was given up. */
export const notify = ({ state, record, lambda }: Actor): readonly Transition[] => {
  const isDone = lambda.result !== 'open' && state.records[record]!.outcome !== 'open';
  return [
    {
      label: isDone ? 'notifies, and marks the record done' : 'notifies',
      state: reported(state, record, isDone),
      answer: { node: 'finished' },
    },
  ];
};

/** It ends and leaves the record as it is. */
const away: Answer = { node: 'finished' };

/** OpenDeployment of an execution that resumes a record. */
export const resume = (actor: Actor): readonly Transition[] => {
  const { setup, state, me, record, lambda } = actor;
  const { mutations } = setup;
  const { outcome, execution } = state.records[record]!;
  switch (lambda.at) {
    case 0:
      return [resumable(actor)];
    case 1: {
      // The holder has ended, so nothing but another resuming execution can close the record any more.
      const { liveness } = state.executions[lambda.lease]!;
      const isEnded = lambda.lease === me || liveness === 'ended' || mutations.has('resumes from a running holder');
      const isOpen = outcome === 'open';
      const label = `${setup.names[lambda.lease]} is ${liveness}, the record is ${isOpen ? 'open' : 'closed'}`;
      return [
        isEnded && isOpen ? { label, state, lambda: { ...lambda, at: lambda.lease === me ? 3 : 2 } } : { label, state, answer: away },
      ];
    }
    case 2: {
      const { lease } = state.item;
      const isMine = lease === none || lease === me || lease === lambda.lease;
      const isAsSeen = !lambda.isStale || mutations.has('resumes without the version');
      const lost: Answer = mutations.has('closes what another execution resumed') ? { node: 'close', result: 'SUPERSEDED' } : away;
      if (!isMine || !isAsSeen) return [{ label: 'comes too late for the lease', state, answer: lost }];
      const after = withItem(state, { lease: me, leaseRecord: record });
      return [{ label: 'takes the lease over', state: after, lambda: { ...lambda, isStale: false, at: 3 } }];
    }
    case 3: {
      // Taken over by a run whose answer was lost.
      if (execution === me) return [watchTakenOver(actor)];
      if (lambda.isLate || outcome !== 'open') return [{ label: 'comes too late for the record', state, answer: away }];
      return [{ label: 'takes the record over', state: withTakenOver(state, record, me), lambda: forgetful(lambda, 4) }];
    }
    default:
      return [watchTakenOver(actor)];
  }
};

const resumable = ({ setup, state, record, lambda }: Actor): Transition => {
  const { mutations, names } = setup;
  const { execution, isUpdateRequested } = state.records[record]!;
  const { lease, leaseRecord } = state.item;
  if (!isUpdateRequested && !mutations.has('resumes without an update request'))
    return { label: 'has nothing to watch', state, answer: away };
  const isByRecord = mutations.has('resumes from a running holder') || mutations.has('resumes from the execution of its record');
  if (lease !== none && leaseRecord !== record && !isByRecord)
    return { label: `reads: ${names[lease]} holds the lease for another record`, state, answer: { node: 'close', result: 'SUPERSEDED' } };
  const from = lease === none || isByRecord ? execution : lease;
  return { label: `reads: from ${names[from]}`, state, lambda: forgetful(lambda, 1, { lease: from }) };
};

/** The token of the ended execution is removed, but not one that a visit of this execution has stored. What was seen may not have led to a look. */
const watchTakenOver = ({ setup, state, me, record }: Actor): Transition => {
  const { watch } = state;
  const answer: Answer = { node: 'watch' };
  const isMine = watch?.execution === me && !setup.mutations.has('takes its own watch item over again');
  if (watch?.record !== record || isMine) return { label: 'finds no watch item to take over', state, answer };
  const taken = { ...watch, execution: me, visit: 0, token: none, hasNews: true } as const;
  return { label: 'takes the watch item over', state: { ...state, watch: taken }, answer };
};

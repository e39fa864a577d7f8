import { none } from './state.js';
import { leaseReleased, withoutQueued, withRecord } from './state-updates.js';
import type { Actor, Transition } from './transition.js';

/** CloseDeployment: closes the record, releases the lease with the new service state, leaves the queue. */
export const close = ({ setup, state, me, record, lambda }: Actor): readonly Transition[] => {
  const { outcome } = state.records[record]!;
  const answer = { node: 'notify', result: outcome } as const;
  switch (lambda.at) {
    case 0: {
      const result = outcome === 'open' ? lambda.result : outcome;
      const isDone = setup.mutations.has('is done before its lease is released');
      const closed = withRecord(state, record, { outcome: result, isDone });
      return [{ label: `closes the record: ${result}`, state: closed, lambda: { ...lambda, at: 1 } }];
    }
    case 1: {
      const isHolder = state.lease === me;
      const after = isHolder ? leaseReleased(setup, state, record) : state;
      const label = isHolder ? 'releases the lease' : 'holds no lease';
      return [state.queue.includes(me) ? { label, state: after, lambda: { ...lambda, at: 2 } } : { label, state: after, answer }];
    }
    default:
      return [{ label: 'leaves the queue', state: withoutQueued(state, me), answer }];
  }
};

/** Notify: reports the result, then marks the record done unless CloseDeployment was given up. */
export const notify = ({ state, record, lambda }: Actor): readonly Transition[] => {
  const isClosed = lambda.result !== 'open' && state.records[record]!.outcome !== 'open';
  if (lambda.at === 0) {
    const seen = withRecord(state, record, { isNotified: true });
    return [{ label: 'notifies', state: seen, ...(isClosed ? { lambda: { ...lambda, at: 1 } } : { answer: { node: 'finished' } }) }];
  }
  return [{ label: 'marks the record done', state: withRecord(state, record, { isDone: true }), answer: { node: 'finished' } }];
};

/** OpenDeployment of an execution that resumes a record. */
export const resume = (actor: Actor): readonly Transition[] => {
  const { setup, state, me, record, lambda } = actor;
  const { outcome, execution, isUpdateRequested } = state.records[record]!;
  const isAgain = setup.mutations.has('acquires its own lease again');
  // It ends and leaves the record as it is.
  const away = { node: 'finished' } as const;
  switch (lambda.at) {
    case 0: {
      if (!isUpdateRequested && !setup.mutations.has('resumes without an update request'))
        return [{ label: 'has nothing to watch', state, answer: away }];
      const isBlind = setup.mutations.has('resumes from a running holder');
      const isByRecord = isBlind || setup.mutations.has('resumes from the execution of its record');
      if (state.lease !== none && state.leaseRecord !== record && !isByRecord)
        return [
          {
            label: `reads: ${setup.names[state.lease]} holds the lease for another record`,
            state,
            answer: { node: 'close', result: 'SUPERSEDED' },
          },
        ];
      const from = state.lease === none || isByRecord ? execution : state.lease;
      const label = `reads: from ${setup.names[from]}`;
      return [{ label, state, lambda: { ...lambda, lease: from, fencingToken: state.fencingToken, at: isBlind || from === me ? 2 : 1 } }];
    }
    case 1: {
      const { liveness } = state.executions[lambda.lease]!;
      const label = `${setup.names[lambda.lease]} is ${liveness}`;
      return [liveness === 'ended' ? { label, state, lambda: { ...lambda, at: 2 } } : { label, state, answer: away }];
    }
    case 2:
      // An execution that has ended may have closed the record with its last Lambda.
      if (outcome !== 'open' && !setup.mutations.has('reads the record before the liveness'))
        return [{ label: 'the record is closed', state, answer: away }];
      return [{ label: 'the record is open', state, lambda: { ...lambda, at: lambda.lease === me && !isAgain ? 4 : 3 } }];
    case 3: {
      const isMine = state.lease === none || state.lease === me || state.lease === lambda.lease;
      const isAsSeen = state.fencingToken === lambda.fencingToken || setup.mutations.has('resumes without the fencing token');
      const lost = setup.mutations.has('closes what another execution resumed') ? ({ node: 'close', result: 'SUPERSEDED' } as const) : away;
      if (!isMine || !isAsSeen) return [{ label: 'comes too late for the lease', state, answer: lost }];
      const after = { ...state, lease: me, leaseRecord: record, fencingToken: state.fencingToken + 1 };
      return [{ label: 'takes the lease over', state: after, lambda: { ...lambda, at: 4 } }];
    }
    default:
      return [
        { label: 'writes itself into the record', state: withRecord(state, record, { execution: me }), answer: { node: 'waitForRollout' } },
      ];
  }
};

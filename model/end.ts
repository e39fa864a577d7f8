import { settled, withRecord } from './change.js';
import type { Actor, Deed } from './deed.js';
import { none } from './state.js';

/** CloseDeployment: the record, then the lease with what was learned, then the place in line. */
export const close = ({ world, state, me, record, lambda }: Actor): readonly Deed[] => {
  const { outcome } = state.records[record]!;
  const answer = { place: 'notify', ending: outcome } as const;
  switch (lambda.at) {
    case 0: {
      const ending = outcome === 'open' ? lambda.ending : outcome;
      const isAtRest = world.mistakes.has('rests at once');
      const closed = withRecord(state, record, { outcome: ending, isAtRest });
      return [{ label: `closes the record: ${ending}`, state: closed, lambda: { ...lambda, at: 1 } }];
    }
    case 1: {
      const isHolder = state.lease === me;
      const after = isHolder ? settled(state, record) : state;
      const label = isHolder ? 'gives the lease back' : 'has no lease to give back';
      return [state.next === me ? { label, state: after, lambda: { ...lambda, at: 2 } } : { label, state: after, answer }];
    }
    default:
      return [{ label: 'leaves the line', state: state.next === me ? { ...state, next: none } : state, answer }];
  }
};

/** Notify: tells how it ended, then lets the record rest, unless CloseDeployment was given up. */
export const notify = ({ state, record, lambda }: Actor): readonly Deed[] => {
  const isClosed = lambda.ending !== 'open' && state.records[record]!.outcome !== 'open';
  if (lambda.at === 0) {
    const told = withRecord(state, record, { isTold: true });
    return [{ label: 'tells', state: told, ...(isClosed ? { lambda: { ...lambda, at: 1 } } : { answer: { place: 'over' } }) }];
  }
  return [{ label: 'lets the record rest', state: withRecord(state, record, { isAtRest: true }), answer: { place: 'over' } }];
};

/** OpenDeployment of an adopter. */
export const adopt = (actor: Actor): readonly Deed[] => {
  const { world, state, me, record, lambda } = actor;
  const { outcome, execution, isTouched } = state.records[record]!;
  const isAgain = world.mistakes.has('takes its own again');
  // It ends without a word for the record.
  const away = { place: 'over' } as const;
  switch (lambda.at) {
    case 0: {
      if (!isTouched && !world.mistakes.has('adopts the untouched')) return [{ label: 'has nothing to watch', state, answer: away }];
      const isBlind = world.mistakes.has('adopts from the living');
      const isByRecord = isBlind || world.mistakes.has('adopts by its record');
      if (state.lease !== none && state.leaseRecord !== record && !isByRecord)
        return [
          { label: `reads: ${world.names[state.lease]} has the lease for itself`, state, answer: { place: 'close', ending: 'SUPERSEDED' } },
        ];
      const from = state.lease === none || isByRecord ? execution : state.lease;
      const label = `reads: from ${world.names[from]}`;
      return [{ label, state, lambda: { ...lambda, lease: from, fence: state.fence, at: isBlind || from === me ? 2 : 1 } }];
    }
    case 1: {
      const { life } = state.executions[lambda.lease]!;
      const label = `${world.names[lambda.lease]} is ${life}`;
      return [life === 'dead' ? { label, state, lambda: { ...lambda, at: 2 } } : { label, state, answer: away }];
    }
    case 2:
      // Whoever is dead may have closed it with its last Lambda.
      if (outcome !== 'open' && !world.mistakes.has('reads the record first'))
        return [{ label: 'the record is closed', state, answer: away }];
      return [{ label: 'the record is open', state, lambda: { ...lambda, at: lambda.lease === me && !isAgain ? 4 : 3 } }];
    case 3: {
      const isMine = state.lease === none || state.lease === me || state.lease === lambda.lease;
      const isAsSeen = state.fence === lambda.fence || world.mistakes.has('adopts without the fence');
      const lost = world.mistakes.has('closes what another adopted') ? ({ place: 'close', ending: 'SUPERSEDED' } as const) : away;
      if (!isMine || !isAsSeen) return [{ label: 'comes too late for the lease', state, answer: lost }];
      const after = { ...state, lease: me, leaseRecord: record, fence: state.fence + 1 };
      return [{ label: 'takes the lease over', state: after, lambda: { ...lambda, at: 4 } }];
    }
    default:
      return [
        { label: 'writes itself into the record', state: withRecord(state, record, { execution: me }), answer: { place: 'rollout' } },
      ];
  }
};

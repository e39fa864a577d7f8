import { settled, withRecord } from './change.js';
import type { Actor, Deed } from './deed.js';
import { none } from './state.js';

export const close = ({ state, me, record, lambda }: Actor): readonly Deed[] => {
  const { outcome } = state.records[record]!;
  if (lambda.at === 0) {
    const ending = outcome === 'open' ? lambda.ending : outcome;
    return [{ label: `closes the record: ${ending}`, state: withRecord(state, record, { outcome: ending }), lambda: { ...lambda, at: 1 } }];
  }
  const left = state.next === me ? { ...state, next: none } : state;
  const isHolder = state.lease === me;
  return [
    {
      label: isHolder ? 'gives the lease back' : 'has no lease to give back',
      state: isHolder ? settled(left, record) : left,
      answer: { place: 'notify' },
    },
  ];
};

export const adopt = (actor: Actor): readonly Deed[] => {
  const { world, state, me, record, lambda } = actor;
  const { outcome, execution } = state.records[record]!;
  const away = { place: 'notify' } as const;
  switch (lambda.at) {
    case 0: {
      if (outcome !== 'open') return [{ label: 'the record is closed', state, answer: away }];
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
        return [{ label: 'the record was closed meanwhile', state, answer: away }];
      return [{ label: 'the record is still open', state, lambda: { ...lambda, at: 3 } }];
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

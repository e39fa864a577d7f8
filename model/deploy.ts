import { withRecord } from './change.js';
import type { Actor, Deed } from './deed.js';
import { none, type State } from './state.js';

/** RegisterRevision: each run of it registers a copy of its own; the first one that is noted for a base is deployed. */
export const register = ({ world, state, record, lambda }: Actor): readonly Deed[] => {
  const { of, status } = state.rollout;
  const { base, revision, isTouched } = state.records[record]!;
  const answer = { place: 'update' } as const;
  if (lambda.at === 0) {
    if (status === 'running' && of !== record)
      return [{ label: `waits for the rollout of ${world.names[of]}`, state, answer: { place: 'service' } }];
    if (state.current === record) return [{ label: 'runs already', state, answer: { place: 'close', ending: 'REFUSED' } }];
    if (revision !== none && base === state.current) return [{ label: 'has registered before', state, answer }];
    return [
      { label: 'registers', state, lambda: { ...lambda, lease: state.current, at: 1 } },
      { label: 'is refused', state, answer: { place: 'close', ending: 'REFUSED' }, isChance: true },
    ];
  }
  const isFirst = world.mistakes.has('notes a later copy') ? !isTouched : revision === none;
  if (!isFirst && base === lambda.lease) return [{ label: 'finds another one noted', state, answer }];
  const noted = withRecord(state, record, { base: lambda.lease, revision: revision === 0 ? 1 : 0 });
  return [{ label: 'notes its revision', state: noted, answer }];
};

/** Nothing is sent to ECS, and nothing sent lands there, but under the sender's lease. */
export const trespass = ({ world, state, me }: Actor, what: string): string | undefined =>
  state.lease === me
    ? undefined
    : `${what} of ${world.names[me]} while ${state.lease === none ? 'nobody' : world.names[state.lease]} holds the lease`;

/** A cancellation counts for the record that it names. */
export const isCancelled = ({ world, state, record }: Actor): boolean =>
  state.cancel === record || (state.cancel !== none && world.mistakes.has('obeys any cancel'));

/** UpdateService: reads the record, the lease, and the service; marks; sends. */
export const update = (actor: Actor): readonly Deed[] => {
  const { world, state, me, record, lambda } = actor;
  const { sent, landed, isTouched, base, outcome, revision } = state.records[record]!;
  const watch = { place: 'rollout' } as const;
  const canMark = (sent !== lambda.visit && outcome === 'open') || world.mistakes.has('marks blindly');
  switch (lambda.at) {
    case 0:
      if (sent === lambda.visit || landed > 0) return [{ label: 'was sent before', state, answer: watch }];
      return [{ label: 'reads its record', state, lambda: { ...lambda, isTouched, revision, at: 1 } }];
    case 1:
      if (state.lease !== me)
        return [{ label: 'is not the holder', state, answer: { place: 'close', ending: lambda.isTouched ? 'SUPERSEDED' : 'REFUSED' } }];
      if (isCancelled(actor) && !lambda.isTouched) return [{ label: 'is cancelled', state, lambda: { ...lambda, at: 6 } }];
      return [{ label: 'is the holder', state, lambda: { ...lambda, at: 2 } }];
    case 2:
      if (state.current === record) return [{ label: 'finds its revision', state, answer: watch }];
      if (state.current !== base) return [{ label: 'finds another base', state, answer: { place: 'register' } }];
      return [{ label: 'finds its base', state, lambda: { ...lambda, at: 3 } }];
    case 3:
      if (!canMark) return [{ label: 'is marked already', state, answer: watch }];
      return [{ label: 'marks', state: withRecord(state, record, { isTouched: true, sent: lambda.visit }), lambda: { ...lambda, at: 4 } }];
    case 4:
      return [{ label: 'sends UpdateService', state, lambda: { ...lambda, at: 5 }, wrong: trespass(actor, 'UpdateService is sent') }];
    case 5:
      return [
        {
          label: 'UpdateService lands',
          state: landedOf(state, record, lambda.revision),
          answer: watch,
          wrong: trespass(actor, 'UpdateService lands') ?? older(actor),
        },
        ...mishaps(actor, 'UpdateService'),
      ];
    case 6: {
      // From here on no other run of this visit can send: what it answers stays true.
      if (world.mistakes.has('cancels unmarked')) return [{ label: 'says so', state, answer: { place: 'close', ending: 'CANCELLED' } }];
      if (!canMark) return [{ label: 'is marked already', state, answer: watch }];
      return [
        {
          label: 'marks that nothing is sent',
          state: withRecord(state, record, { sent: lambda.visit }),
          answer: { place: 'close', ending: 'CANCELLED' },
        },
      ];
    }
    default:
      return [cleared(actor, 'sent')];
  }
};

/** A refused update was not made: the step may be run again. */
export const cleared = ({ state, record, lambda }: Actor, mark: 'sent' | 'backSent'): Deed => ({
  label: 'clears its mark',
  state: withRecord(state, record, { [mark]: none }),
  ...(lambda.isAwaited ? { lambda: { ...lambda, at: 0 } } : { answer: { place: 'rollout' } }),
});

/** What else may become of an update: it never arrives, or ECS refuses it, and the step is run again. */
export const mishaps = ({ state, lambda }: Actor, what: string): readonly Deed[] => {
  if (state.troubles === 0) return [];
  const troubled = { ...state, troubles: state.troubles - 1 };
  return [
    { label: `${what} is lost`, state: troubled, answer: { place: 'rollout' }, isChance: true },
    { label: `${what} is refused`, state: troubled, lambda: { ...lambda, at: 7 }, isChance: true },
  ];
};

/** ECS: an update to what the service names already begins no rollout. */
const landedOf = (state: State, record: number, revision: number): State => {
  if (state.current === record) return state;
  const landed = state.records[record]!.landed + 1;
  return { ...withRecord(state, record, { landed, given: revision }), current: record, rollout: { of: record, status: 'running' } };
};

/** By itself nothing is put over what was pushed later, and works or is still on its way. */
const older = ({ world, state, record }: Actor): string | undefined => {
  const { current, rollout } = state;
  if (current === none || current === record || world.ranks[record]!.isByHand) return undefined;
  if (rollout.of === current && rollout.status === 'failed') return undefined;
  return world.starts[current]!.pushedAt > world.starts[record]!.pushedAt
    ? `${world.names[record]} replaces ${world.names[current]}, which is newer and works`
    : undefined;
};

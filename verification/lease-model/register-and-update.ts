import { imageOf } from './invariants.js';
import { sourceOf } from './setup.js';
import { none, type State } from './state.js';
import { withRecord } from './state-updates.js';
import type { Actor, Transition } from './transition.js';

/** RegisterRevision: each run registers a revision of its own; the first one saved for a previous revision is deployed. */
export const register = ({ setup, state, record, lambda }: Actor): readonly Transition[] => {
  const { of, status } = state.rollout;
  const { previous, revision, isUpdateRequested } = state.records[record]!;
  const answer = { node: 'update' } as const;
  if (lambda.at === 0) {
    if (status === 'running' && of !== record)
      return [{ label: `waits for the rollout of ${setup.names[of]}`, state, answer: { node: 'waitForService' } }];
    if (state.current === record) return [{ label: 'runs already', state, answer: { node: 'close', result: 'REFUSED' } }];
    if (revision !== none && previous === state.current) return [{ label: 'registered before', state, answer }];
    return [
      { label: 'registers', state, lambda: { ...lambda, lease: state.current, at: 1 } },
      { label: 'is refused', state, answer: { node: 'close', result: 'REFUSED' }, isChance: true },
    ];
  }
  const isFirst = setup.mutations.has('saves a later revision') ? !isUpdateRequested : revision === none;
  if (!isFirst && previous === lambda.lease) return [{ label: 'finds another revision saved', state, answer }];
  const noted = withRecord(state, record, { previous: lambda.lease, revision: revision === 0 ? 1 : 0 });
  return [{ label: 'saves its revision', state: noted, answer }];
};

/** The violation if a write is sent to ECS, or takes effect there, while another execution holds the lease. */
export const unleasedWrite = ({ setup, state, me }: Actor, what: string): string | undefined =>
  state.lease === me
    ? undefined
    : `${what} of ${setup.names[me]} while ${state.lease === none ? 'no execution' : setup.names[state.lease]} holds the lease`;

/** A cancel request applies to the record that it names. */
export const isCancelled = ({ setup, state, record }: Actor): boolean =>
  state.cancel === record || (state.cancel !== none && setup.mutations.has('runs every cancel request'));

/** UpdateService: reads the record, the lease and the service; saves the attempt; sends. */
export const update = (actor: Actor): readonly Transition[] => {
  const { setup, state, me, record, lambda } = actor;
  const { updateAttempt, rollouts, isUpdateRequested, previous, outcome, revision } = state.records[record]!;
  const watch = { node: 'waitForRollout' } as const;
  const canMark = (updateAttempt !== lambda.visit && outcome === 'open') || setup.mutations.has('attempts without a condition');
  switch (lambda.at) {
    case 0:
      if (updateAttempt === lambda.visit || rollouts > 0) return [{ label: 'was sent before', state, answer: watch }];
      return [{ label: 'reads its record', state, lambda: { ...lambda, isUpdateRequested, revision, at: 1 } }];
    case 1:
      if (state.lease !== me)
        return [
          { label: 'is not the holder', state, answer: { node: 'close', result: lambda.isUpdateRequested ? 'SUPERSEDED' : 'REFUSED' } },
        ];
      if (isCancelled(actor) && !lambda.isUpdateRequested) return [{ label: 'is cancelled', state, lambda: { ...lambda, at: 6 } }];
      return [{ label: 'is the holder', state, lambda: { ...lambda, at: 2 } }];
    case 2:
      if (state.current === record) return [{ label: 'finds its revision', state, answer: watch }];
      if (state.current !== previous) return [{ label: 'finds another previous revision', state, answer: { node: 'register' } }];
      return [{ label: 'finds its previous revision', state, lambda: { ...lambda, at: 3 } }];
    case 3:
      if (!canMark) return [{ label: 'finds the attempt saved', state, answer: watch }];
      return [
        {
          label: 'saves the attempt',
          state: withRecord(state, record, { isUpdateRequested: true, updateAttempt: lambda.visit }),
          lambda: { ...lambda, at: 4 },
        },
      ];
    case 4:
      return [
        { label: 'sends UpdateService', state, lambda: { ...lambda, at: 5 }, violation: unleasedWrite(actor, 'UpdateService is sent') },
      ];
    case 5:
      return [
        {
          label: 'UpdateService takes effect',
          state: updateEffect(state, record, lambda.revision),
          answer: watch,
          violation: unleasedWrite(actor, 'UpdateService takes effect') ?? replacesNewer(actor),
        },
        ...updateFaults(actor, 'UpdateService'),
      ];
    case 6: {
      // From here on no other run of this state visit can send, so the answer stays true.
      if (setup.mutations.has('cancels without an attempt'))
        return [{ label: 'closes as cancelled', state, answer: { node: 'close', result: 'CANCELLED' } }];
      if (!canMark) return [{ label: 'finds the attempt saved', state, answer: watch }];
      return [
        {
          label: 'saves an attempt that sends nothing',
          state: withRecord(state, record, { updateAttempt: lambda.visit }),
          answer: { node: 'close', result: 'CANCELLED' },
        },
      ];
    }
    default:
      return [attemptCleared(actor, 'updateAttempt')];
  }
};

/** A rejected update had no effect: the step may run again. */
export const attemptCleared = ({ state, record, lambda }: Actor, mark: 'updateAttempt' | 'rollbackAttempt'): Transition => ({
  label: 'clears the attempt',
  state: withRecord(state, record, { [mark]: none }),
  ...(lambda.isAwaited ? { lambda: { ...lambda, at: 0 } } : { answer: { node: 'waitForRollout' } }),
});

/** Faults of an update: it is lost, or ECS rejects it and the step runs again. */
export const updateFaults = ({ state, lambda }: Actor, what: string): readonly Transition[] => {
  if (state.faults === 0) return [];
  const afterFault = { ...state, faults: state.faults - 1 };
  return [
    { label: `${what} is lost`, state: afterFault, answer: { node: 'waitForRollout' }, isChance: true },
    { label: `${what} is rejected`, state: afterFault, lambda: { ...lambda, at: 7 }, isChance: true },
  ];
};

/** ECS: an update to the current revision starts no rollout. */
const updateEffect = (state: State, record: number, revision: number): State => {
  if (state.current === record) return state;
  const rollouts = state.records[record]!.rollouts + 1;
  return {
    ...withRecord(state, record, { rollouts, deployedRevision: revision, deployedOver: state.current }),
    current: record,
    rollout: { of: record, status: 'running' },
  };
};

/** The violation if an automatic deployment replaces a newer push of its source that works or is still being deployed. */
const replacesNewer = ({ setup, state, record }: Actor): string | undefined => {
  const { rollout } = state;
  const current = imageOf(setup, state, sourceOf(setup, record));
  if (current === none || current === record || setup.ranks[record]!.isByHand) return undefined;
  if (rollout.of === current && rollout.status === 'failed') return undefined;
  return setup.starts[current]!.pushedAt > setup.starts[record]!.pushedAt
    ? `${setup.names[record]} replaces ${setup.names[current]}, which is newer and works`
    : undefined;
};

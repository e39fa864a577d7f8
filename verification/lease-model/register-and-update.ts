import { enter, isCurrent, withTokenStored } from './enter.js';
import { imageOf } from './invariants.js';
import { sourceOf } from './setup.js';
import { none, type RolloutStatus, type Service, type State } from './state.js';
import { forgetful, withRecord } from './state-updates.js';
import type { Actor, Answer, Transition } from './transition.js';

/** The status that reads show. */
export const visibleStatus = ({ status, isStale }: Service): RolloutStatus => (isStale ? 'running' : status);

/** A visit of RegisterRevision or WatchRollout: enters the record and stores its token; only then it looks. */
export const stored = (actor: Actor): Transition => {
  const { setup, state, lambda } = actor;
  const after = lambda.at === 0 ? enter(actor) : state;
  if (after && lambda.at === 0 && setup.mutations.has('stores a token over a newer one'))
    return { label: 'enters', state: after, lambda: { ...lambda, at: 3 } };
  const item = after && withTokenStored({ ...actor, state: after }, after);
  if (!item) return { label: 'is too late to enter', state };
  const label = item.hasNews ? 'stores its token, and finds news' : 'stores its token';
  return { label, state: item.state, lambda: forgetful(lambda, 1, { hasNews: item.hasNews }) };
};

/** Nothing is decided yet: it waits for an answer. After news it looks again soon, because reads may lag behind events. */
export const undecided = ({ state, lambda }: Actor, label: string, node: 'register' | 'watch'): Transition =>
  lambda.hasNews ? { label: `${label}, looks again`, state, answer: { node, isTimed: true } } : { label: `${label}, waits`, state };

/** RegisterRevision: each run registers a revision of its own; the one saved for the current previous revision is deployed. */
export const register = (actor: Actor): readonly Transition[] => {
  const { setup, state, record, lambda } = actor;
  const { previous, revision } = state.records[record]!;
  const { service } = state;
  const answer: Answer = { node: 'update' };
  if (lambda.at === 0 || lambda.at === 3) return [stored(actor)];
  if (lambda.at === 1) {
    if (isCancelled(actor)) return [{ label: 'is cancelled', state, answer: { node: 'close', result: 'CANCELLED' } }];
    if (visibleStatus(service) === 'running' && service.of !== record) return [undecided(actor, 'finds another rollout', 'register')];
    const refused: Transition = { label: 'is refused', state, answer: { node: 'close', result: 'REFUSED' } };
    if (setup.isLeaseOnly || service.current === record) return [refused];
    if (revision !== none && previous === service.current) return [{ label: 'registered before', state, answer }];
    const reading = forgetful(lambda, 2, { lease: service.current });
    return [
      isSplit(actor) ? { label: 'registers', state, lambda: reading } : revisionSaved({ ...actor, lambda: reading }),
      { ...refused, isChance: true },
    ];
  }
  return [revisionSaved(actor)];
};

/** A read and the write that follows it are one step if a change in between would refuse the write; not in a protocol without that. */
export const isSplit = ({ setup: { mutations } }: Actor): boolean =>
  mutations.has('writes without the visit') || mutations.has('attempts without a condition');

const revisionSaved = (actor: Actor): Transition => {
  const { state, record, lambda } = actor;
  if (!isCurrent(actor)) return { label: 'is too late to save its revision', state };
  const revision = state.records[record]!.revision === 0 ? 1 : 0;
  return {
    label: 'saves its revision',
    state: withRecord(state, record, { previous: lambda.lease, revision }),
    answer: { node: 'update' },
  };
};

/** The violation if a write takes effect in ECS while another execution holds the lease. */
export const unleasedWrite = ({ setup, state: { item }, me }: Actor, what: string): string | undefined =>
  item.lease === me
    ? undefined
    : `${what} of ${setup.names[me]} takes effect while ${item.lease === none ? 'no execution' : setup.names[item.lease]} holds the lease`;

/** A cancel request applies to the record that it names. */
export const isCancelled = ({ setup, state: { item }, record }: Actor): boolean =>
  item.cancel === record || (item.cancel !== none && setup.mutations.has('runs every cancel request'));

/** UpdateService: enters its record; reads the lease and the service; saves the attempt; sends. */
export const update = (actor: Actor): readonly Transition[] => {
  const { state, record, lambda } = actor;
  switch (lambda.at) {
    case 0: {
      const after = enter(actor);
      return [after ? beforeUpdate({ ...actor, state: after }) : { label: 'is too late to enter', state }];
    }
    case 1:
      return [attemptSaved(actor)];
    case 2:
      return [
        {
          label: 'UpdateService takes effect',
          state: updateEffect(state, record, lambda.revision),
          answer: { node: 'watch' },
          violation: unleasedWrite(actor, 'UpdateService') ?? replacesNewer(actor),
        },
        ...updateFaults(actor, 'UpdateService'),
      ];
    default:
      return [attemptCleared(actor, 'updateAttempt')];
  }
};

const beforeUpdate = (actor: Actor): Transition => {
  const { setup, state, me, record, lambda } = actor;
  const { updateAttempt, rollouts, isUpdateRequested, previous, revision } = state.records[record]!;
  const { current } = state.service;
  const answered = (label: string, answer: Answer): Transition => ({ label, state, answer });
  const isSent = (updateAttempt === lambda.visit && !setup.mutations.has('attempts without a condition')) || rollouts > 0;
  if (isSent) return answered('was sent before', { node: 'watch', isTimed: true });
  if (state.item.lease !== me)
    return answered('is not the holder', { node: 'close', result: isUpdateRequested ? 'SUPERSEDED' : 'REFUSED' });
  // Entering has ended every earlier run, and an attempt of one would be there: nothing can send any more.
  if (isCancelled(actor) && !isUpdateRequested) return answered('is cancelled', { node: 'close', result: 'CANCELLED' });
  if (current === record) return answered('finds its revision', { node: 'watch', isTimed: true });
  if (current !== previous) return answered('finds another previous revision', { node: 'register', isTimed: true });
  const reading = forgetful(lambda, 1, { revision });
  return isSplit(actor) ? { label: 'finds its previous revision', state, lambda: reading } : attemptSaved({ ...actor, lambda: reading });
};

const attemptSaved = (actor: Actor): Transition => {
  const { setup, state, record, lambda } = actor;
  if (!isCurrent(actor) && !setup.mutations.has('attempts without a condition')) return { label: 'is too late to save the attempt', state };
  return {
    label: 'saves the attempt',
    state: withRecord(state, record, { isUpdateRequested: true, updateAttempt: lambda.visit }),
    lambda: { ...lambda, at: 2 },
  };
};

/** A rejected update had no effect: the step may run again. */
export const attemptCleared = (actor: Actor, mark: 'updateAttempt' | 'rollbackAttempt'): Transition => {
  const { state, record, lambda } = actor;
  const label = 'clears the attempt';
  const after = isCurrent(actor) ? withRecord(state, record, { [mark]: 0 }) : state;
  return lambda.isAwaited ? { label, state: after, lambda: forgetful(lambda, 0) } : { label, state: after };
};

/** Faults of an update: it is lost, or ECS rejects it and the step runs again. */
export const updateFaults = ({ state, lambda }: Actor, what: string): readonly Transition[] => {
  const { budget } = state;
  if (budget.faults === 0) return [];
  const afterFault = { ...state, budget: { ...budget, faults: budget.faults - 1 } };
  return [
    { label: `${what} is lost`, state: afterFault, answer: { node: 'watch', isTimed: true }, isChance: true },
    { label: `${what} is rejected`, state: afterFault, lambda: { ...lambda, at: 5 }, isChance: true },
  ];
};

/** ECS: an update to the current revision starts no rollout. */
const updateEffect = (state: State, record: number, revision: number): State => {
  const { current } = state.service;
  if (current === record) return state;
  const rollouts = state.records[record]!.rollouts + 1;
  return {
    ...withRecord(state, record, { rollouts, deployedRevision: revision, deployedOver: current }),
    service: { current: record, of: record, status: 'running', isStale: false, failed: 0 },
  };
};

/** The violation if an automatic deployment replaces a newer push of its source that works or is still being deployed. */
const replacesNewer = ({ setup, state, record }: Actor): string | undefined => {
  const { of, status } = state.service;
  const current = imageOf(setup, state, sourceOf(setup, record));
  if (current === none || current === record || setup.ranks[record]!.isByHand) return undefined;
  if (of === current && status === 'failed') return undefined;
  return setup.starts[current]!.pushedAt > setup.starts[record]!.pushedAt
    ? `${setup.names[record]} replaces ${setup.names[current]}, which is newer and works`
    : undefined;
};

import type { LeaseAction, Liveness } from '../../core/lease/lease.js';
import { operatorPlace } from '../../core/lease/priority.js';
import { isOlderPush, leaseDecision } from './decisions.js';
import { enter, tokenOf } from './enter.js';
import { holderToAsk, rollbackResult, withHolderAsked, withHolderWoken, withTargetSaved } from './request-rollback.js';
import { isHigher, placeOfRecord, type Setup } from './setup.js';
import { type Lambda, none, type Place } from './state.js';
import { forgetful, othersIn, released, withItem } from './state-updates.js';
import type { Actor, Transition } from './transition.js';
import { wakeFirst } from './wake.js';

/** Liveness of the holder or of a queued execution: the answer of DescribeExecution, then its record. */
const livenessOf = ({ setup, state, lambda }: Actor, other: number): Liveness => {
  const { liveness, record } = state.executions[other]!;
  const { isUpdateRequested, outcome } = state.records[record]!;
  if (liveness === 'running') return outcome === 'open' || setup.mutations.has('yields to a closed record') ? 'running' : 'draining';
  if (liveness !== 'ended' || other !== lambda.lease) return liveness;
  return isUpdateRequested && outcome === 'open' && !setup.mutations.has('takes over after an update request') ? 'abandoned' : 'ended';
};

/** The next read: the holder's liveness, then each queued execution's; only of other executions. */
const afterReading = ({ lease, queue, others }: Lambda, me: number, from: 1 | 2): number => {
  if (from === 1 && lease !== none && lease !== me) return 1;
  return othersIn(queue, me).length > others.length ? 2 : 3;
};

/** AcquireLease: reads the item, enters its record, describes the other executions, and takes the action that core/lease decides. */
export const acquire = (actor: Actor): readonly Transition[] => {
  const { setup, state, me, lambda } = actor;
  switch (lambda.at) {
    case 0:
      return [opening(actor)];
    case 1: {
      const holder = livenessOf(actor, lambda.lease);
      return [
        { label: `${setup.names[lambda.lease]} is ${holder}`, state, lambda: { ...lambda, holder, at: afterReading(lambda, me, 2) } },
      ];
    }
    case 2: {
      const asked = othersIn(lambda.queue, me)[lambda.others.length]!;
      const liveness = livenessOf(actor, asked);
      const next = { ...lambda, others: [...lambda.others, liveness] };
      return [{ label: `${setup.names[asked]} is ${liveness}`, state, lambda: { ...next, at: afterReading(next, me, 2) } }];
    }
    case 3:
      return [decided(actor, leaseDecision(actor))];
    case 4:
      return [withTargetSaved(actor)];
    case 5:
      return [withHolderAsked(actor)];
    case 6:
    case 8:
      return [withHolderWoken(actor)];
    default: {
      if (lambda.wakes.length === 0) return [afterWrite(actor)];
      const { label, state: after } = wakeFirst(setup, state, lambda.wakes);
      return [{ ...afterWrite({ ...actor, state: after }), label }];
    }
  }
};

/** Reads the item, and then enters the record: CloseDeployment closes the record before it writes the item. */
const opening = (actor: Actor): Transition => {
  const { setup, state, me, lambda } = actor;
  const { lease } = state.item;
  const after = lambda.isStale ? state : enter(actor);
  if (!after) return { label: 'is too late to enter', state };
  const queue = state.item.queue.map(({ execution }) => execution);
  const seen = forgetful(lambda, 1, { lease, queue });
  const label = `reads: ${lease === none ? 'no lease' : `lease ${setup.names[lease]}`}, ${queueLabel(setup, queue)}`;
  return { label, state: after, lambda: { ...seen, at: afterReading(seen, me, 1) } };
};

const queueLabel = ({ names }: Setup, queue: readonly number[]): string =>
  queue.length === 0 ? 'no queued execution' : `queued ${queue.map((one) => names[one]).join(', ')}`;

/** A write that is refused: the item is read again, and the record entered again. */
const refused = ({ setup, state, lambda }: Actor): Transition => ({
  label: 'finds the item changed',
  state,
  lambda: forgetful(lambda, 0, { isStale: setup.mutations.has('decides again without entering') }),
});

const decided = (actor: Actor, decision: LeaseAction): Transition => {
  const { setup, state, me, record, lambda } = actor;
  if (decision.action === 'refused')
    return { label: `is refused: ${decision.by.execution} waits`, state, answer: { node: 'close', result: 'REFUSED' } };
  const needless = setup.starts[record]!.isRollback ? rollbackResult(actor) : undefined;
  if (needless) return needless;
  if (decision.action === 'superseded') return superseded(actor, setup.names.indexOf(decision.to));
  if (decision.action !== 'take') return enqueued(actor);
  if (lambda.lease === me) return opened(actor, 'has the lease');
  return taken(actor, decision.takeOverFrom === undefined ? none : setup.names.indexOf(decision.takeOverFrom));
};

/** Takes its place, or keeps it with the token of this visit. A deployment that replaces another one keeps the turn of the place. */
const enqueued = (actor: Actor): Transition => {
  const { setup, state, me, record, lambda } = actor;
  if (lambda.isStale && !setup.mutations.has('enqueues without the version')) return refused(actor);
  const { queue } = state.item;
  const at = queue.findIndex(({ execution }) => placeOfRecord(setup, state.executions[execution]!.record) === placeOfRecord(setup, record));
  const mine: Place = { execution: me, token: tokenOf(actor) };
  const after = withItem(state, { queue: at === -1 ? [...queue, mine] : queue.with(at, mine) });
  const wakes = replaced(actor, queue[at]);
  const label = queue[at]?.execution === me ? 'keeps its place' : 'enters the queue';
  const written = forgetful(lambda, 7, { wakes, holder: lambda.holder, lease: holderToAsk(actor) });
  if (wakes.length > 0) return { label, state: after, lambda: written };
  return { ...afterWrite({ ...actor, state: after, lambda: written }), label };
};

/** The place whose execution has to learn that it was replaced. */
const replaced = ({ setup, me }: Actor, place: Place | undefined): readonly Place[] =>
  place === undefined || place.execution === me || place.token === none || setup.mutations.has('replaces a place without an answer')
    ? []
    : [place];

/** Takes the lease and gives up its place; before that it saves what the record of an ended holder has taught. */
const taken = (actor: Actor, over: number): Transition => {
  const { setup, state, me, record, lambda } = actor;
  const { mutations } = setup;
  if (lambda.isStale && !mutations.has('takes without the version')) return refused(actor);
  const { item } = state;
  const theirs = over === none ? none : state.executions[over]!.record;
  if (theirs !== none && state.records[theirs]!.outcome !== 'open' && !mutations.has('drops the result of an ended holder')) {
    const left = withItem(state, released(setup, item, theirs, state.records[theirs]!.outcome));
    return { label: `releases the lease for ${setup.names[over]}`, state: left, lambda: forgetful(lambda, 0) };
  }
  const inPlace = item.queue.find(
    ({ execution }) => placeOfRecord(setup, state.executions[execution]!.record) === placeOfRecord(setup, record),
  );
  const queue = inPlace ? item.queue.filter((one) => one !== inPlace) : item.queue;
  const cancel = mutations.has('runs every cancel request') ? item.cancel : none;
  return {
    label: over === none ? 'takes the lease' : `takes the lease over from ${setup.names[over]}`,
    state: withItem(state, { lease: me, leaseRecord: record, queue, cancel }),
    lambda: forgetful(lambda, 7, { wakes: replaced(actor, inPlace) }),
    violation: outOfTurn(actor),
  };
};

/** After its write, and after the answer to the replaced place: it is the holder, it asks the holder to roll back, or it waits. */
const afterWrite = (actor: Actor): Transition => {
  const { setup, state, me, lambda } = actor;
  if (state.item.lease === me) return opened(actor, 'opens its watch item');
  if (lambda.lease !== none) return { label: 'asks the holder', state, lambda: forgetful(lambda, 4, { lease: lambda.lease }) };
  // A draining holder is looked at again when it has drained.
  const isSoon = lambda.holder === 'draining' && !state.executions[me]!.isTimed;
  return { label: `waits for ${setup.names[me]}'s turn`, state, answer: isSoon ? { node: 'acquire', isTimed: true } : undefined };
};

/** The holder opens its watch item, unless a run before it did, or a later holder has. */
const opened = (actor: Actor, label: string): Transition => {
  const { setup, state, me, record, lambda } = actor;
  const { watch, item } = state;
  const isMissing =
    !watch || (watch.record !== record && item.lease === me) || setup.mutations.has('opens the watch item without a condition');
  const isLeft = lambda.at === 3 && setup.mutations.has('opens the watch item only with the lease');
  // News: an event that came before the item was dropped.
  const put = { record, execution: me, token: none, visit: 0, hasNews: true, failed: 0, isRollingBack: false } as const;
  return mayDeploy(isMissing && !isLeft ? { ...actor, state: { ...state, watch: put } } : actor, label);
};

/** The violation if a place that was seen to wait has its turn first: the operators', or one that was taken before. */
const outOfTurn = ({ setup, state, record, lambda: { queue } }: Actor): string | undefined => {
  const { executions, item } = state;
  const placeAt = (one: number): string => placeOfRecord(setup, executions[one]!.record);
  const mine = placeOfRecord(setup, record);
  const before = queue.findIndex((one) => placeAt(one) === mine);
  const first = queue.find((one, index) => {
    const isFirst = placeAt(one) === operatorPlace || (mine !== operatorPlace && (before === -1 || index < before));
    return (
      placeAt(one) !== mine && isFirst && item.queue.some(({ execution }) => execution === one) && executions[one]!.liveness === 'running'
    );
  });
  const isStillWaiting = first !== undefined && state.records[executions[first]!.record]!.outcome === 'open';
  return isStillWaiting ? `${setup.names[record]} takes the lease before ${setup.names[first]}, whose turn is first` : undefined;
};

const mayDeploy = ({ setup, state, record }: Actor, label: string): Transition =>
  isOlderPush(setup, state.item.lastDeployed, record)
    ? { label: `${label}: OLDER_PUSH`, state, answer: { node: 'close', result: 'OLDER_PUSH' } }
    : { label, state, answer: { node: 'register' } };

const superseded = ({ setup, state, me, record }: Actor, to: number): Transition => {
  const theirs = state.executions[to]!.record;
  const closedBefore = state.executions[me]!.closedBefore & (1 << theirs);
  const violation =
    closedBefore !== 0
      ? `${setup.names[me]} yields to ${setup.names[to]}, whose record was closed before ${setup.names[me]} started`
      : isHigher(setup, theirs, record)
        ? undefined
        : `${setup.names[me]} yields to ${setup.names[to]}, which has no priority`;
  return { label: `yields to ${setup.names[to]}`, state, answer: { node: 'close', result: 'QUEUE_SUPERSEDED' }, violation };
};

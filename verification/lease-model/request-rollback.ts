import { isCurrent } from './enter.js';
import { answered } from './machine.js';
import { type Setup, sourceOf } from './setup.js';
import { none } from './state.js';
import { forgetful, withRecord } from './state-updates.js';
import type { Actor, Answer, Transition } from './transition.js';

/** The result of an operator's rollback once another deployment has made it needless. */
export const rollbackResult = ({ setup, state, me, record, lambda }: Actor): Transition | undefined => {
  const { cancelTarget } = state.records[record]!;
  const { lease, holder } = lambda;
  if (cancelTarget !== none && state.records[cancelTarget]!.outcome === 'ROLLED_BACK')
    return { label: `${setup.names[cancelTarget]} ended ROLLED_BACK`, state, answer: { node: 'close', result: 'ROLLBACK_DELEGATED' } };
  if (lease === none || lease === me || holder !== 'running') return undefined;
  const theirs = state.executions[lease]!.record;
  if (!setup.starts[theirs]!.isRollback || isOfOther(setup, record, theirs)) return undefined;
  return { label: `${setup.names[theirs]} is a rollback as well`, state, answer: { node: 'close', result: 'DUPLICATE_ROLLBACK' } };
};

/** The holder that it asks to roll back instead of waiting for its end; none if it has to wait for its turn. */
export const holderToAsk = ({ setup, state, record, lambda }: Actor): number => {
  const { lease, holder } = lambda;
  if (!setup.starts[record]!.isRollback || lease === none || holder !== 'running') return none;
  const theirs = state.executions[lease]!.record;
  return setup.starts[theirs]!.isRollback || isOfOther(setup, record, theirs) ? none : lease;
};

/** Saves in its own record which deployment it asks. */
export const withTargetSaved = (actor: Actor): Transition => {
  const { setup, state, record, lambda } = actor;
  const target = state.executions[lambda.lease]!.record;
  if (!isCurrent(actor)) return { label: 'is too late to save what it cancels', state };
  const label = `saves that it cancels ${setup.names[target]}`;
  return { label, state: withRecord(state, record, { cancelTarget: target }), lambda: forgetful(lambda, 5, { lease: lambda.lease }) };
};

/** Sets the cancel request, if the holder still is the one that it has read. */
export const withHolderAsked = ({ setup, state, lambda }: Actor): Transition => {
  const { lease } = lambda;
  const { record } = state.executions[lease]!;
  const name = setup.names[record];
  if (state.item.lease !== lease) return { label: `is too late to cancel ${name}`, state };
  const asked = { ...withRecord(state, record, { isAsked: true }), item: { ...state.item, cancel: record } };
  const label = `asks ${name} to roll back`;
  if (setup.mutations.has('asks for a rollback without waking')) return { label, state: asked };
  return { label, state: asked, lambda: forgetful(lambda, 6, { lease }) };
};

/** Writes news for the holder's next visit, and then wakes the one that waits. */
export const withHolderWoken = ({ setup, state, lambda }: Actor): Transition => {
  const { watch } = state;
  const { lease, wakes, at } = lambda;
  const isClosing = setup.mutations.has('closes after requesting the rollback');
  const answer: Answer | undefined = isClosing ? { node: 'close', result: 'ROLLBACK_DELEGATED' } : undefined;
  if (at === 6) {
    if (watch?.execution !== lease) return { label: 'finds no watch item', state, answer };
    const after = { ...state, watch: { ...watch, hasNews: true } };
    const label = 'writes news';
    if (watch.token === none) return { label, state: after, answer };
    return { label, state: after, lambda: forgetful(lambda, 8, { wakes: [{ execution: lease, token: watch.token }] }) };
  }
  const { token } = wakes[0]!;
  if (token === none) return { label: 'is refused', state, answer };
  return { label: `wakes ${setup.names[token]}`, state: answered(state, token, 'woken'), answer };
};

/** An operation without an image may concern every source. */
const isOfOther = (setup: Setup, record: number, holder: number): boolean =>
  setup.starts[record]!.isNamed === true &&
  !setup.starts[holder]!.isRollback &&
  sourceOf(setup, holder) !== sourceOf(setup, record) &&
  !setup.mutations.has('cancels another source');

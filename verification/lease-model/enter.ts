import { none, type State, type Token } from './state.js';
import { withRecord } from './state-updates.js';
import type { Actor } from './transition.js';
import { withoutPowerless } from './visits.js';

/** The token of this invocation's visit; none if the visit is over. */
export const tokenOf = ({ state, me, lambda }: Actor): Token =>
  lambda.isAwaited && state.executions[me]!.liveness === 'running' ? me : none;

/** Enters the record, which ends every earlier invocation. Undefined: the record is closed, or a later one has entered. */
export const enter = ({ setup, state, me, record, lambda }: Actor): State | undefined => {
  const { outcome, visit, execution } = state.records[record]!;
  const isNewest = visit <= lambda.number || setup.mutations.has('enters although a newer invocation has entered');
  if (outcome !== 'open' || execution !== me || !isNewest) return undefined;
  return visit === lambda.number ? state : withoutPowerless(setup, withRecord(state, record, { visit: lambda.number }), record);
};

/** May this invocation write the record: has it entered, and none after it? */
export const isCurrent = ({ setup, state, me, record, lambda }: Actor): boolean => {
  const { outcome, visit, execution } = state.records[record]!;
  return setup.mutations.has('writes without the visit') || (outcome === 'open' && execution === me && visit === lambda.number);
};

/** Stores the token of a visit in the watch item. Undefined: the item is of another execution, or has the token of a later visit. */
export const withTokenStored = (actor: Actor, state: State): { readonly state: State; readonly hasNews: boolean } | undefined => {
  const { setup, me, record, lambda } = actor;
  const { watch } = state;
  const isNewest = (watch?.visit ?? 0) <= lambda.number || setup.mutations.has('stores a token over a newer one');
  if (watch?.record !== record || watch.execution !== me || !isNewest) return undefined;
  const stored = { ...watch, token: tokenOf(actor), visit: lambda.number, hasNews: false };
  return { state: { ...state, watch: stored }, hasNews: (lambda.hasNews || watch.hasNews) && !setup.mutations.has('forgets news') };
};

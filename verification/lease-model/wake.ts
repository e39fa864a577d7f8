import { answered } from './machine.js';
import type { Setup } from './setup.js';
import { none, type Place, type State } from './state.js';
import { placesToWake, withItem } from './state-updates.js';

type Woken = { readonly label: string; readonly state: State; readonly rest: readonly Place[]; readonly violation?: string | undefined };

/**
 * Answers the token of the first place that accepts it. A refused one is of an execution that has ended, or that is between two
 * visits, and then it reads the state item after the write that the places are from.
 */
export const wakeFirst = (setup: Setup, state: State, places: readonly Place[]): Woken => {
  const { mutations, names } = setup;
  const [first] = places;
  if (first?.token === none && mutations.has('removes a refused place')) return withoutRefused(setup, state, places);
  const next = places.find(({ token }) => token !== none);
  if (!next) return { label: 'wakes no execution', state, rest: [] };
  const { token } = next;
  const woken = answered(state, token, 'woken');
  const label = `wakes ${names[token]}`;
  if (!mutations.has('grants the lease by an answer')) return { label, state: woken, rest: [] };
  const { record } = state.executions[token]!;
  const granted = withItem(woken, { lease: token, leaseRecord: record, queue: woken.item.queue.filter((one) => one.execution !== token) });
  return { label: `${label} as the holder`, state: granted, rest: [] };
};

const withoutRefused = (setup: Setup, state: State, [first, ...others]: readonly Place[]): Woken => {
  const { queue } = state.item;
  const isThere = queue.some(({ execution, token }) => execution === first!.execution && token === none);
  const label = `is refused by ${setup.names[first!.execution]}, and removes its place`;
  if (!isThere) return { label, state, rest: others };
  const { liveness, record } = state.executions[first!.execution]!;
  const isWaiting = liveness === 'running' && state.records[record]!.outcome === 'open';
  const after = withItem(state, { queue: queue.filter(({ execution }) => execution !== first!.execution) });
  return {
    label,
    state: after,
    rest: placesToWake(setup, after),
    violation: isWaiting ? `${setup.names[first!.execution]} loses its place in the queue` : undefined,
  };
};

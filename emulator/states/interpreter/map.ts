import type { MapState } from '../definition/definition.js';
import { runStrands, type Strand } from './branches.js';
import { Document } from './document.js';
import { Thread } from './frame.js';
import type { Exit, Turn } from './state-visit.js';

/** An inline Map runs at most this many iterations at a time (step-functions/latest/dg/state-map-inline). */
const mostAtOnce = 40;

const isArray = (value: unknown): value is unknown[] => Array.isArray(value);
const isConcurrency = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;

const itemsOf = (turn: Turn<MapState>): Promise<unknown[]> =>
  turn.expect(turn.state.items ?? { kind: 'literal', value: turn.input.value }, 'Items', 'an array', isArray);

const concurrencyOf = async (turn: Turn<MapState>): Promise<number> => {
  const { maxConcurrency } = turn.state;
  const wanted = maxConcurrency && (await turn.expect(maxConcurrency, 'MaxConcurrency', 'a whole number from 0', isConcurrency));
  return Math.min(wanted || mostAtOnce, mostAtOnce);
};

const iteration = (turn: Turn<MapState>, index: number, item: unknown, previousEventId: number): Strand<unknown> => {
  const { state } = turn;
  const { execution } = turn.thread;
  const map = { Item: { Index: index, Value: item } };
  const details = { index, name: state.name };
  const lastEventId = execution.history.add('MapIterationStarted', previousEventId, details);
  const thread = new Thread(execution, { outer: turn.thread, map, lastEventId });
  return {
    thread,
    run: async () => {
      const selected = state.itemSelector ? await turn.evaluate(state.itemSelector, {}, map) : item;
      return (await thread.run(state.processor, new Document(selected).checked(state.name))).value;
    },
    succeeded: () => execution.history.add('MapIterationSucceeded', thread.lastEventId, details),
    failed: () => execution.history.add('MapIterationFailed', thread.lastEventId, details),
    aborted: (because) => execution.history.add('MapIterationAborted', because, details),
  };
};

export const runMap = async (turn: Turn<MapState>): Promise<Exit> => {
  const { state, thread } = turn;
  const items = await itemsOf(turn);
  const limit = await concurrencyOf(turn);
  thread.record('MapStateStarted', { length: items.length });
  const results =
    items.length === 0
      ? []
      : await runStrands(thread, { count: items.length, limit }, (index, previous) => iteration(turn, index, items[index], previous));
  const { lastEventId } = thread;
  thread.record('MapStateSucceeded');
  // As AWS links them: both follow the last iteration.
  thread.lastEventId = lastEventId;
  return turn.exit(state, state.next, new Document(results), { result: results });
};

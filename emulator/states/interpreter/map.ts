import type { MapState } from '../definition/definition.js';
import { type Branch, runBranches } from './branches.js';
import { Document } from './document.js';
import { Frame } from './frame.js';
import type { Exit, RunBlock, StateVisit } from './state-visit.js';

/** An inline Map runs at most this many iterations at a time (step-functions/latest/dg/state-map-inline). */
const maximumConcurrency = 40;

const itemsOf = async (visit: StateVisit<MapState>): Promise<unknown[]> => {
  const { state, input } = visit;
  if (state.items) return visit.expect(state.items, 'Items', 'array');
  if (Array.isArray(input.value)) return input.value;
  throw visit.evaluationFailed(`Map state input must be an array but was: ${input.json}`);
};

const concurrencyOf = async (visit: StateVisit<MapState>): Promise<number> => {
  const { maxConcurrency } = visit.state;
  const given = maxConcurrency && (await visit.expectInteger(maxConcurrency, 'MaxConcurrency', { low: 0, high: Number.MAX_SAFE_INTEGER }));
  return Math.min(given || maximumConcurrency, maximumConcurrency);
};

const iteration = (
  visit: StateVisit<MapState>,
  runBlock: RunBlock,
  { index, item, previousEventId }: { index: number; item: unknown; previousEventId: number },
): Branch<unknown> => {
  const { state } = visit;
  const { execution } = visit.frame;
  const map = { Item: { Index: index, Value: item } };
  const details = { index, name: state.name };
  const lastEventId = execution.history.add('MapIterationStarted', previousEventId, details);
  const frame = new Frame(execution, { outer: visit.frame, map, lastEventId });
  return {
    frame,
    run: async () => {
      const selected = state.itemSelector ? await visit.evaluate(state.itemSelector, {}, map) : item;
      return (await runBlock(frame, state.processor, new Document(selected).checked(state.name))).value;
    },
    recordSucceeded: () => execution.history.add('MapIterationSucceeded', frame.lastEventId, details),
    recordFailed: () => execution.history.add('MapIterationFailed', frame.lastEventId, details),
    recordAborted: (because) => execution.history.add('MapIterationAborted', because, details),
  };
};

export const runMap = async (visit: StateVisit<MapState>, runBlock: RunBlock): Promise<Exit> => {
  const { state, frame } = visit;
  const items = await itemsOf(visit);
  const limit = await concurrencyOf(visit);
  frame.record('MapStateStarted', { length: items.length });
  const results =
    items.length === 0
      ? []
      : await runBranches(frame, { count: items.length, limit }, (index, previousEventId) =>
          iteration(visit, runBlock, { index, item: items[index], previousEventId }),
        );
  const document = new Document(results).checked(state.name);
  const { lastEventId } = frame;
  frame.record('MapStateSucceeded');
  // As AWS links them: both follow the last iteration.
  frame.lastEventId = lastEventId;
  return visit.exit(state, state.next, document, { result: results });
};

import type { ParallelState } from '../definition/definition.js';
import { runBranches } from './branches.js';
import { Document } from './document.js';
import { Frame } from './frame.js';
import type { Exit, RunBlock, StateVisit } from './state-visit.js';

export const runParallel = async (visit: StateVisit<ParallelState>, runBlock: RunBlock): Promise<Exit> => {
  const { state, frame, input } = visit;
  const document = state.arguments ? new Document(await visit.evaluate(state.arguments)).checked(state.name) : input;
  const started = frame.record('ParallelStateStarted');
  const results = await runBranches(frame, { count: state.branches.length, limit: state.branches.length }, (index) => {
    const branch = new Frame(frame.execution, { outer: frame, lastEventId: started });
    const block = state.branches[index] as ParallelState['branches'][number];
    return { frame: branch, run: async () => (await runBlock(branch, block, document)).value };
  });
  const joined = new Document(results).checked(state.name);
  const { lastEventId } = frame;
  frame.record('ParallelStateSucceeded');
  // As AWS links them: both follow the last branch's last event.
  frame.lastEventId = lastEventId;
  return visit.exit(state, state.next, joined, { result: results });
};

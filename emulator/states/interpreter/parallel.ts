import type { ParallelState } from '../definition/definition.js';
import { runStrands } from './branches.js';
import { Document } from './document.js';
import { Thread } from './frame.js';
import type { Exit, Turn } from './state-visit.js';

export const runParallel = async (turn: Turn<ParallelState>): Promise<Exit> => {
  const { state, thread, input } = turn;
  const document = state.arguments ? new Document(await turn.evaluate(state.arguments)).checked(state.name) : input;
  const started = thread.record('ParallelStateStarted');
  const results = await runStrands(thread, { count: state.branches.length, limit: state.branches.length }, (index) => {
    const branch = new Thread(thread.execution, { outer: thread, lastEventId: started });
    return {
      thread: branch,
      run: async () => (await branch.run(state.branches[index] as ParallelState['branches'][number], document)).value,
    };
  });
  const { lastEventId } = thread;
  thread.record('ParallelStateSucceeded');
  // As AWS links them: both follow the last branch's last event.
  thread.lastEventId = lastEventId;
  return turn.exit(state, state.next, new Document(results), { result: results });
};

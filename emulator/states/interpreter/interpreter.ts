import type { State } from '../definition/definition.js';
import type { Document } from './document.js';
import { StateFailure } from './failure.js';
import { runChoice, runFail, runPass, runSucceed } from './flow.js';
import type { Thread } from './frame.js';
import { notTruncated } from './history.js';
import { runMap } from './map.js';
import { runParallel } from './parallel.js';
import { recover } from './recover.js';
import { type Exit, Turn } from './state-visit.js';
import { runTask } from './task.js';
import { runWait } from './wait.js';

const run = (turn: Turn): Promise<Exit> => {
  // The type parameter follows the state's type, which the compiler cannot see.
  switch (turn.state.type) {
    case 'Pass':
      return runPass(turn);
    case 'Succeed':
      return runSucceed(turn);
    case 'Fail':
      return runFail(turn as Turn<Extract<State, { type: 'Fail' }>>);
    case 'Choice':
      return runChoice(turn as Turn<Extract<State, { type: 'Choice' }>>);
    case 'Wait':
      return runWait(turn as Turn<Extract<State, { type: 'Wait' }>>);
    case 'Task':
      return runTask(turn as Turn<Extract<State, { type: 'Task' }>>);
    case 'Parallel':
      return runParallel(turn as Turn<Extract<State, { type: 'Parallel' }>>);
    case 'Map':
      return runMap(turn as Turn<Extract<State, { type: 'Map' }>>);
  }
};

const leave = ({ thread, state }: Turn, { output, assigned }: Exit): void => {
  const names = assigned && Object.entries(assigned);
  if (assigned) Object.assign(thread.variables, assigned);
  thread.record(`${state.type}StateExited`, {
    name: state.name,
    output: output.json,
    outputDetails: notTruncated,
    assignedVariables: names && Object.fromEntries(names.map(([name, value]) => [name, JSON.stringify(value)])),
    assignedVariablesDetails: names && notTruncated,
  });
};

/** A state from its entry to its exit, with its retries. Rejects with the StateFailure that it did not catch. */
export const visit = async (thread: Thread, state: State, input: Document): Promise<Exit> => {
  const { execution } = thread;
  const turn = new Turn(thread, state, input);
  execution.transitions++;
  execution.log('state-entered', { state: state.name, type: state.type });
  let exit: Exit | undefined;
  while (!exit) {
    try {
      exit = await run(turn);
    } catch (error) {
      if (!(error instanceof StateFailure)) throw error;
      exit = await recover(turn, error);
    }
  }
  leave(turn, exit);
  return exit;
};

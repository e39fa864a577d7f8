import type { Block, State } from '../definition/definition.js';
import type { Document } from './document.js';
import { StateFailure } from './failure.js';
import { runChoice, runFail, runPass, runSucceed } from './flow.js';
import type { Frame } from './frame.js';
import { notTruncated } from './history.js';
import { runMap } from './map.js';
import { runParallel } from './parallel.js';
import { recover } from './recover.js';
import { type Exit, StateVisit } from './state-visit.js';
import { runTask } from './task.js';
import { runWait } from './wait.js';

/** Runs the states of a block, one after another, from its first to its end. Rejects with the StateFailure of the state that failed. */
export const runBlock = async (frame: Frame, block: Block, input: Document): Promise<Document> => {
  const { clock } = frame.execution.account;
  let name: string | undefined = block.startAt;
  let document = input;
  while (name !== undefined) {
    // Each state is entered in a timer of its own, so that frames take turns in one order.
    await clock.sleep(0, { signal: frame.signal });
    const state = block.states.get(name) as State;
    frame.current = state;
    const exit = await runState(frame, state, document);
    name = exit.next;
    document = exit.output;
  }
  frame.current = undefined;
  return document;
};

/** Runs a state from its entry to its exit, with its retries. Rejects with the StateFailure that no catcher matches. */
const runState = async (frame: Frame, state: State, input: Document): Promise<Exit> => {
  const { execution } = frame;
  const visit = new StateVisit(frame, state, input);
  execution.transitions++;
  execution.log('state-entered', { state: state.name, type: state.type });
  let exit: Exit | undefined;
  while (!exit) {
    try {
      exit = await attempt(visit);
    } catch (error) {
      if (!(error instanceof StateFailure)) throw error;
      exit = await recover(visit, error);
    }
  }
  recordExit(visit, exit);
  return exit;
};

const attempt = (visit: StateVisit): Promise<Exit> => {
  // The type parameter follows the state's type, which the compiler cannot see.
  switch (visit.state.type) {
    case 'Pass':
      return runPass(visit);
    case 'Succeed':
      return runSucceed(visit);
    case 'Fail':
      return runFail(visit as StateVisit<Extract<State, { type: 'Fail' }>>);
    case 'Choice':
      return runChoice(visit as StateVisit<Extract<State, { type: 'Choice' }>>);
    case 'Wait':
      return runWait(visit as StateVisit<Extract<State, { type: 'Wait' }>>);
    case 'Task':
      return runTask(visit as StateVisit<Extract<State, { type: 'Task' }>>);
    case 'Parallel':
      return runParallel(visit as StateVisit<Extract<State, { type: 'Parallel' }>>, runBlock);
    case 'Map':
      return runMap(visit as StateVisit<Extract<State, { type: 'Map' }>>, runBlock);
  }
};

const recordExit = ({ frame, state }: StateVisit, { output, assigned }: Exit): void => {
  const names = assigned && Object.entries(assigned);
  if (assigned) Object.assign(frame.variables, assigned);
  frame.record(`${state.type}StateExited`, {
    name: state.name,
    output: output.json,
    outputDetails: notTruncated,
    assignedVariables: names && Object.fromEntries(names.map(([name, value]) => [name, JSON.stringify(value)])),
    assignedVariablesDetails: names && notTruncated,
  });
};

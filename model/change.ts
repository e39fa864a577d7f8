import { type Deployment, type Execution, type Lambda, none, type Outcome, type Place, type State, type Task } from './state.js';

const tasks: ReadonlySet<Place> = new Set<Place>(['acquire', 'register', 'update', 'check', 'rollBack', 'close', 'notify', 'adopt']);

const isTask = (place: Place): place is Task => tasks.has(place);

/** An invocation at its beginning. */
export const invoked = (task: Task, visit: number, ending: Outcome): Lambda => ({
  task,
  at: 0,
  lease: none,
  next: none,
  fence: 0,
  holder: 'dead',
  other: 'dead',
  visit,
  ending,
  isCancelled: false,
  isTouched: false,
  revision: none,
  isAwaited: true,
});

export const withExecution = (state: State, index: number, change: Partial<Execution>): State => {
  const executions = [...state.executions];
  executions[index] = { ...state.executions[index]!, ...change };
  return { ...state, executions };
};

/** An execution at the beginning of a state. */
export const entered = (state: State, index: number, place: Place, ending: Outcome = 'open'): State => {
  const before = state.executions[index]!;
  const visit = place === 'update' || place === 'rollBack' ? before.visit ^ 1 : before.visit;
  return withExecution(state, index, {
    place,
    after: 'over',
    ending: 'open',
    visit,
    lambda: isTask(place) ? invoked(place, visit, ending) : undefined,
  });
};

export const withRecord = (state: State, index: number, change: Partial<Deployment>): State => {
  const records = [...state.records];
  records[index] = { ...state.records[index]!, ...change };
  return { ...state, records };
};

/** Gives the lease back with what was learned. */
export const settled = (state: State, record: number): State => ({
  ...state,
  lease: none,
  leaseRecord: none,
  cancel: none,
  lastGood: state.records[record]!.outcome === 'SUCCEEDED' ? record : state.lastGood,
});

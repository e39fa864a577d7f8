import { type Setup, sourceOf } from './setup.js';
import { type Deployment, type Execution, type Lambda, type Node, none, type Outcome, type State, type Task } from './state.js';

const tasks: ReadonlySet<Node> = new Set<Node>(['acquire', 'register', 'update', 'check', 'rollBack', 'close', 'notify', 'resume']);

const isTask = (node: Node): node is Task => tasks.has(node);

/** An invocation before its first step. */
export const invoked = (task: Task, visit: number, result: Outcome): Lambda => ({
  task,
  at: 0,
  lease: none,
  queue: [],
  fencingToken: 0,
  holder: 'ended',
  others: [],
  visit,
  result,
  isCancelled: false,
  isUpdateRequested: false,
  revision: none,
  isAwaited: true,
});

export const withExecution = (state: State, index: number, change: Partial<Execution>): State => {
  const executions = [...state.executions];
  executions[index] = { ...state.executions[index]!, ...change };
  return { ...state, executions };
};

/** An execution as it enters a node. */
export const entered = (state: State, index: number, node: Node, result: Outcome = 'open'): State => {
  const before = state.executions[index]!;
  const visit = node === 'update' || node === 'rollBack' ? before.visit ^ 1 : before.visit;
  return withExecution(state, index, {
    node,
    after: 'finished',
    result: 'open',
    visit,
    lambda: isTask(node) ? invoked(node, visit, result) : undefined,
  });
};

export const withRecord = (state: State, index: number, change: Partial<Deployment>): State => {
  const records = [...state.records];
  records[index] = { ...state.records[index]!, ...change };
  return { ...state, records };
};

/** Releases the lease and saves the record as the last one of its source, if it succeeded. */
export const leaseReleased = (setup: Setup, state: State, record: number): State => ({
  ...state,
  lease: none,
  leaseRecord: none,
  cancel: none,
  lastDeployed:
    state.records[record]!.outcome === 'SUCCEEDED' ? state.lastDeployed.with(sourceOf(setup, record), record) : state.lastDeployed,
});

export const withoutQueued = (state: State, execution: number): State =>
  state.queue.includes(execution) ? { ...state, queue: state.queue.filter((one) => one !== execution) } : state;

import { operatorPlace } from '../../core/lease/priority.js';
import { placeOfRecord, type Setup, sourceOf } from './setup.js';
import { type Deployment, type Execution, type Item, type Lambda, none, type Outcome, type Place, type State, type Task } from './state.js';

/** An invocation before its first step. */
export const invoked = (task: Task, result: Lambda['result'] = 'open'): Lambda => ({
  task,
  at: 0,
  number: 3,
  visit: 3,
  isAwaited: true,
  result,
  lease: none,
  queue: [],
  isStale: false,
  isLate: false,
  holder: 'ended',
  others: [],
  hasNews: false,
  wakes: [],
  revision: none,
});

/** The invocation at another step, without what it has read. */
export const forgetful = ({ task, result, number, visit, isAwaited }: Lambda, at: number, change: Partial<Lambda> = {}): Lambda => ({
  ...invoked(task, result),
  number,
  visit,
  isAwaited,
  at,
  ...change,
});

export const withExecution = (state: State, index: number, change: Partial<Execution>): State => ({
  ...state,
  executions: state.executions.with(index, { ...state.executions[index]!, ...change }),
});

export const withRecord = (state: State, index: number, change: Partial<Deployment>): State => ({
  ...state,
  records: state.records.with(index, { ...state.records[index]!, ...change }),
});

/** Writes the state item: the fencing token that others have read is not the current one any more. */
export const withItem = (state: State, change: Partial<Item>): State => ({
  ...state,
  executions: outdated(state.executions, ({ task, at }) => (task === 'acquire' && at < 5) || (task === 'resume' && at < 3)),
  item: { ...state.item, ...change },
});

/** What some invocations have read has changed. */
const outdated = (
  executions: State['executions'],
  isReader: (lambda: Lambda, record: number) => boolean,
  change: Partial<Lambda> = { isStale: true },
): State['executions'] =>
  executions.map((one) => {
    const stale = (lambda: Lambda | undefined): Lambda | undefined =>
      lambda && lambda.at > 0 && isReader(lambda, one.record) ? { ...lambda, ...change } : lambda;
    const [lambda, late] = [stale(one.lambda), stale(one.late)];
    return lambda === one.lambda && late === one.late ? one : { ...one, lambda, late };
  });

/** A resuming execution takes a record over: all its visits are newer, and others have come too late. */
export const withTakenOver = (state: State, record: number, execution: number): State =>
  withRecord(
    { ...state, executions: outdated(state.executions, ({ task }, of) => task === 'resume' && of === record, { isLate: true }) },
    record,
    { execution, visit: 0, updateAttempt: 0, rollbackAttempt: 0 },
  );

/** Frees what an execution holds: the lease, with what its record has taught, and its place. One write. */
export const withoutClaims = (
  setup: Setup,
  state: State,
  execution: number,
  record: number,
  outcome: Outcome = state.records[record]!.outcome,
): State => {
  const { item } = state;
  const isHolder = isLeasedTo(item, record);
  const isQueued = item.queue.some((one) => one.execution === execution);
  if (!isHolder && !isQueued && setup.mutations.has('closes without a version')) return state;
  const queue = isQueued ? item.queue.filter((one) => one.execution !== execution) : item.queue;
  return withItem(state, { ...(isHolder && released(setup, item, record, outcome)), queue });
};

/** Is the lease held for this record, by whichever execution? */
export const isLeasedTo = ({ lease, leaseRecord }: Item, record: number): boolean => lease !== none && leaseRecord === record;

/** The item without its lease, with what the holder's record has taught: what each source deployed last. */
export const released = (setup: Setup, { cancel, lastDeployed }: Item, record: number, outcome: Outcome): Partial<Item> => ({
  lease: none,
  leaseRecord: none,
  cancel: setup.mutations.has('runs every cancel request') ? cancel : none,
  lastDeployed: outcome === 'SUCCEEDED' ? lastDeployed.with(sourceOf(setup, record), record) : lastDeployed,
});

/** The places to wake, in the order of their turn, once the lease is free. */
export const placesToWake = (setup: Setup, { item, executions }: State): readonly Place[] => {
  if (item.lease !== none) return [];
  const isOperators = ({ execution }: Place): boolean => placeOfRecord(setup, executions[execution]!.record) === operatorPlace;
  return [...item.queue.filter(isOperators), ...item.queue.filter((one) => !isOperators(one))];
};

export const withoutWatchItem = (state: State, record: number): State =>
  state.watch?.record === record ? { ...state, watch: undefined } : state;

/** The executions of a queue that another one asks about. */
export const othersIn = (queue: readonly number[], me: number): readonly number[] => queue.filter((one) => one !== me);

/** The result is reported. What nothing reads of a record that is done is forgotten, and so is how its rollout ended, unless it failed. */
export const reported = (state: State, record: number, isDone: boolean): State => {
  const { outcome, execution, deployedOver, cancelTarget, isAsked, sweep } = state.records[record]!;
  if (!isDone) return withRecord(state, record, { isNotified: true });
  const { service } = state;
  const done = { ...openRecord(execution), outcome, deployedOver, cancelTarget, isAsked, sweep, isNotified: true, isDone: true };
  const isOver = service.of === record && !service.isStale && (service.status === 'successful' || service.status === 'rolledBack');
  return {
    ...state,
    records: state.records.with(record, done),
    service: isOver ? { ...service, of: none, status: 'none', failed: 0 } : service,
  };
};

export const openRecord = (execution: number): Deployment => ({
  execution,
  outcome: 'open',
  visit: 0,
  isUpdateRequested: false,
  updateAttempt: 0,
  rollbackAttempt: 0,
  previous: none,
  revision: none,
  deployedRevision: none,
  deployedOver: none,
  rollback: 'none',
  isCancelled: false,
  isAsked: false,
  cancelTarget: none,
  rollouts: 0,
  isNotified: false,
  isDone: false,
  sweep: { at: 0, holder: none, wakes: [] },
});

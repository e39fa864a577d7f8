import { encode } from './encode.js';
import { violationIn } from './invariants.js';
import { transitionsOf } from './invocation.js';
import type { Model, Step } from './search.js';
import { type Setup, sources } from './setup.js';
import { type Lambda, type Node, none, type Outcome, type State, type Task } from './state.js';
import { entered, invoked, withExecution } from './state-updates.js';
import { sweepSteps } from './sweep.js';
import type { Transition } from './transition.js';

/** The state machine moves on; it waits for a late invocation to end where nothing else keeps that from acting. */
const advanced = (setup: Setup, state: State, index: number, node: Node, result: Outcome): State => {
  if (node === 'finished') return ended(state, index, undefined);
  const { late, node: from } = state.executions[index]!;
  const isSending = (late?.task === 'update' || late?.task === 'rollBack') && !setup.mutations.has('observes without draining');
  const isTaking = late?.task === 'acquire' && from === 'acquire' && node === 'close' && !setup.mutations.has('closes without draining');
  if (node === from || !(isSending || isTaking)) return entered(state, index, node, result);
  return withExecution(state, index, { node: 'pause', after: node, result, lambda: undefined });
};

/** The execution ends. It counts as drained at once if no other actor can see the difference. */
const ended = (state: State, index: number, lambda: Lambda | undefined): State => {
  const { late } = state.executions[index]!;
  const isSeen = state.lease === index || state.queue.includes(index) || late !== undefined || lambda !== undefined;
  const liveness = isSeen ? 'draining' : 'ended';
  const away = withExecution(state, index, {
    node: 'finished',
    after: 'finished',
    liveness,
    result: 'open',
    visit: 0,
    closedBefore: 0,
    lambda,
  });
  return liveness === 'ended' ? removed(away, index) : away;
};

/** The execution can no longer act. A resuming execution that left no trace frees its slot. */
const removed = (state: State, index: number): State => {
  const isResumer = index >= state.records.length;
  const leftTrace = state.lease === index || state.records.some(({ execution }) => execution === index);
  return withExecution(state, index, {
    liveness: 'ended',
    node: isResumer && !leftTrace ? 'notStarted' : 'finished',
    record: isResumer && !leftTrace ? none : state.executions[index]!.record,
    lambda: undefined,
    late: undefined,
  });
};

const afterTransition = (
  setup: Setup,
  state: State,
  index: number,
  slot: 'lambda' | 'late',
  { state: after, lambda, answer }: Transition,
): State => {
  const isAwaited = state.executions[index]![slot]!.isAwaited;
  if (!answer) return withExecution(after, index, { [slot]: lambda });
  if (!isAwaited) return withExecution(after, index, { [slot]: undefined });
  return advanced(setup, after, index, answer.node, answer.result ?? 'open');
};

/** The Catch target of each Task after its retries. */
const catchTarget: Partial<Record<Task, readonly [Node, Outcome]>> = {
  acquire: ['close', 'REFUSED'],
  register: ['close', 'REFUSED'],
  update: ['rollBack', 'open'],
  check: ['rollBack', 'open'],
  rollBack: ['waitForRollout', 'open'],
  close: ['notify', 'open'],
  notify: ['finished', 'open'],
  resume: ['finished', 'open'],
};

const stepOf = (process: number | undefined, name: string, label: string, state: State): Step<State> => ({
  process,
  label: `${name} ${label}`,
  state,
});

const executionSteps = (setup: Setup, state: State, index: number): readonly Step<State>[] => {
  const found: Step<State>[] = [];
  const it = state.executions[index]!;
  const name = setup.names[index]!;
  const { node, liveness, lambda, late } = it;

  if (node === 'notStarted') {
    if (index >= setup.starts.length) return found;
    const closedBefore = state.records.reduce((bits, { outcome }, record) => bits | (outcome === 'open' ? 0 : 1 << record), 0);
    found.push(
      stepOf(index, name, 'starts', entered(withExecution(state, index, { liveness: 'running', closedBefore }), index, 'acquire')),
    );
    return found;
  }
  for (const slot of ['lambda', 'late'] as const) {
    const acting = it[slot];
    if (!acting) continue;
    for (const transition of transitionsOf(setup, state, index, acting)) {
      const label = `${name} ${acting.task}${slot === 'late' ? ' (late)' : ''}: ${transition.label}`;
      const process = acting.isAwaited && !transition.isChance ? index : undefined;
      found.push({
        ...(process !== undefined && { process }),
        label,
        state: afterTransition(setup, state, index, slot, transition),
        violation: transition.violation,
      });
    }
  }
  if (liveness === 'draining') found.push(stepOf(8 + index, name, 'has drained', removed(state, index)));
  if (liveness !== 'running') return found;

  if (late) found.push(stepOf(8 + index, name, 'late invocation is over', withExecution(state, index, { late: undefined })));
  if (node === 'queue') found.push(stepOf(index, name, 'tries again', entered(state, index, 'acquire')));
  if (node === 'waitForService') found.push(stepOf(index, name, 'tries again', entered(state, index, 'register')));
  if (node === 'waitForRollout') found.push(stepOf(index, name, 'observes', entered(state, index, 'check')));
  if (node === 'pause' && !late) found.push(stepOf(index, name, 'resumes after the pause', entered(state, index, it.after, it.result)));

  if (state.aborts > 0) {
    const unawaited = lambda && { ...lambda, isAwaited: false };
    found.push(stepOf(undefined, name, 'is aborted', ended({ ...state, aborts: state.aborts - 1 }, index, unawaited)));
  }
  if (state.faults === 0 || !lambda) return found;
  const afterFault = { ...state, faults: state.faults - 1 };
  const isMany = lambda.task !== 'check' && lambda.task !== 'notify';
  const left = isMany && !late ? { late: { ...lambda, isAwaited: false } } : {};
  const again = invoked(lambda.task, lambda.visit, lambda.result);
  if (isMany && !late)
    found.push(
      stepOf(
        undefined,
        name,
        `${lambda.task} is repeated, its answer is lost`,
        withExecution(afterFault, index, { ...left, lambda: again }),
      ),
    );
  const path = catchTarget[lambda.task];
  if (path)
    found.push(
      stepOf(undefined, name, `${lambda.task} is given up`, advanced(setup, withExecution(afterFault, index, left), index, ...path)),
    );
  return found;
};

/** ECS: a rollout succeeds, fails, or is rolled back by the circuit breaker. */
const serviceSteps = (setup: Setup, state: State): readonly Step<State>[] => {
  const { of, status } = state.rollout;
  if (status !== 'running') return [];
  const step = (label: string, after: Partial<State>): Step<State> => ({
    process: 24,
    label: `the rollout of ${setup.names[of]} ${label}`,
    state: { ...state, ...after },
  });
  return [
    step('succeeds', { rollout: { of, status: 'successful' } }),
    step('fails', { rollout: { of, status: 'failed' } }),
    step('is rolled back by ECS', { rollout: { of, status: 'rolledBack' }, current: state.records[of]!.previous }),
  ];
};

const initialState = ({ starts, resumers, aborts, faults }: Setup): State => ({
  lease: none,
  leaseRecord: none,
  fencingToken: 0,
  queue: [],
  cancel: none,
  lastDeployed: sources.map(() => none),
  current: none,
  rollout: { of: none, status: 'none' },
  executions: Array.from({ length: starts.length + resumers }, (_, index) => ({
    node: 'notStarted',
    after: 'finished',
    liveness: 'ended',
    record: index < starts.length ? index : none,
    result: 'open',
    visit: 0,
    lambda: undefined,
    late: undefined,
    closedBefore: 0,
  })),
  records: starts.map((_, execution) => ({
    execution,
    outcome: 'open',
    isUpdateRequested: false,
    updateAttempt: none,
    previous: none,
    revision: none,
    deployedRevision: none,
    deployedOver: none,
    rollback: 'none',
    rollbackAttempt: none,
    isCancelled: false,
    isAsked: false,
    cancelTarget: none,
    rollouts: 0,
    isNotified: false,
    isDone: false,
    sweep: { at: 0, holder: none },
  })),
  aborts,
  faults,
});

/** The lease protocol: every step of every actor. */
export const leaseModel = (setup: Setup): Model<State> => ({
  initial: initialState(setup),
  encode,
  steps: (state) => [
    ...state.executions.flatMap((_, index) => executionSteps(setup, state, index)),
    ...serviceSteps(setup, state),
    ...state.records.flatMap((_, record) => sweepSteps(setup, state, record)),
  ],
  violationIn: (state, isEnd) => violationIn(setup, state, isEnd),
});

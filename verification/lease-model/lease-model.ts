import { encoder } from './encode.js';
import { ecsSteps, eventSteps } from './events.js';
import { violationIn } from './invariants.js';
import { transitionsOf } from './invocation.js';
import { advanced, ended, entered, removed } from './machine.js';
import type { Model, Step } from './search.js';
import { type Setup, sources } from './setup.js';
import { type Execution, none, type State, type Task } from './state.js';
import { invoked, openRecord, withExecution } from './state-updates.js';
import { sweepSteps } from './sweep.js';
import type { Answer, Transition } from './transition.js';
import { retried, withoutLate } from './visits.js';

/** The process of an execution that has ended, whose invocations end too. */
const drain = 8;

/** The Catch target of each Task after its retries. */
const catchTarget: Readonly<Record<Task, Answer>> = {
  acquire: { node: 'close', result: 'REFUSED' },
  register: { node: 'close', result: 'REFUSED' },
  update: { node: 'rollBack' },
  watch: { node: 'rollBack' },
  rollBack: { node: 'watch', isTimed: true },
  close: { node: 'notify' },
  notify: { node: 'finished' },
  resume: { node: 'finished' },
};

const afterTransition = (
  setup: Setup,
  index: number,
  slot: 'lambda' | 'late',
  isAwaited: boolean,
  { state, lambda, answer }: Transition,
): State => {
  if (lambda) return withExecution(state, index, { [slot]: lambda });
  if (slot === 'late') return withoutLate(state, index);
  const after = withExecution(state, index, { lambda: undefined });
  return answer && isAwaited ? advanced(setup, after, index, answer) : after;
};

const executionSteps = (setup: Setup, state: State, index: number): readonly Step<State>[] => {
  const it = state.executions[index]!;
  const name = setup.names[index]!;
  const step = (label: string, after: State, process?: number): Step<State> => ({ process, label: `${name} ${label}`, state: after });
  if (it.node === 'notStarted') {
    if (index >= setup.starts.length) return [];
    const closedBefore = state.records.reduce((bits, { outcome }, record) => bits | (outcome === 'open' ? 0 : 1 << record), 0);
    return [step('starts', entered(withExecution(state, index, { liveness: 'running', closedBefore }), index, { node: 'acquire' }), index)];
  }
  const found: Step<State>[] = [];
  for (const slot of ['lambda', 'late'] as const) {
    const acting = it[slot];
    if (!acting) continue;
    for (const transition of transitionsOf(setup, state, index, acting)) {
      const { label, violation, isChance = false } = transition;
      found.push({
        process: acting.isAwaited && !isChance ? index : undefined,
        label: `${name} ${acting.task}${slot === 'late' ? ' (late)' : ''}: ${label}`,
        state: afterTransition(setup, index, slot, acting.isAwaited, transition),
        violation,
      });
    }
  }
  if (it.liveness === 'draining') found.push(step('has drained', removed(state, index), drain + index));
  if (it.liveness !== 'running') return found;

  if (it.late) found.push(step('late invocation is over', withoutLate(state, index), drain + index));
  if (it.node === 'pause' && !it.late)
    found.push(step('resumes after the pause', entered(state, index, { node: it.after, result: it.result, isTimed: it.isTimed }), index));
  found.push(...timeoutSteps(state, index, step));
  const { budget } = state;
  if (budget.aborts > 0) found.push(step('is aborted', ended({ ...state, budget: { ...budget, aborts: budget.aborts - 1 } }, index, true)));
  if (budget.faults > 0 && it.lambda) found.push(...faultSteps(setup, state, index, step));
  return found;
};

type NamedStep = (label: string, after: State, process?: number) => Step<State>;

/** A callback Task waits for an answer: until its time-out. */
const timeoutSteps = (state: State, index: number, step: NamedStep): readonly Step<State>[] => {
  const { node, isTimed, lambda, late, record } = state.executions[index]!;
  const { budget, service, item, executions } = state;
  if (lambda || !(node === 'acquire' || node === 'register' || node === 'watch')) return [];
  const next = entered(state, index, { node });
  if (isTimed) {
    const isDraining = item.lease !== none && executions[item.lease]!.liveness === 'draining';
    const isOver = node === 'acquire' ? !isDraining : !service.isStale && !late;
    return isOver ? [step(`${node}: the short time is over`, next, index)] : [];
  }
  // No event comes for an update that has not arrived. A rollback that asks again at each visit does not outrun the holder that it wakes.
  const isNeeded = (budget.isLost && (node !== 'acquire' || isQuiet(state))) || (node === 'watch' && service.of !== record);
  if (isNeeded) return [step(`${node}: the safety net ends the wait`, next, index)];
  if (budget.timeouts === 0) return [];
  const again = entered({ ...state, budget: { ...budget, timeouts: budget.timeouts - 1 } }, index, { node });
  return [step(`${node}: times out`, again)];
};

const isQuiet = ({ executions, records, events }: State): boolean =>
  executions.every(({ lambda, late }) => !lambda && !late) &&
  records.every(({ sweep }) => sweep.at === 0) &&
  events.every(({ at }) => at === 0);

/** An invocation is repeated while it goes on, or given up. */
const faultSteps = (setup: Setup, state: State, index: number, step: NamedStep): readonly Step<State>[] => {
  const { lambda, late } = state.executions[index]!;
  const { task, result } = lambda!;
  const { budget } = state;
  const afterFault: State = { ...state, budget: { ...budget, faults: budget.faults - 1 } };
  const givenUp = step(`${task} is given up`, advanced(setup, afterFault, index, catchTarget[task], true));
  if (late || task === 'notify') return [givenUp];
  return [
    step(`${task} is repeated, its answer is lost`, retried(afterFault, index, { ...invoked(task, result), hasNews: true })),
    givenUp,
  ];
};

const notStarted = (record: number): Execution => ({
  node: 'notStarted',
  isTimed: false,
  after: 'finished',
  result: 'open',
  liveness: 'ended',
  record,
  lambda: undefined,
  late: undefined,
  closedBefore: 0,
});

const initialState = ({ starts, resumers, hasForeignRollout, aborts, faults, losses, timeouts }: Setup): State => ({
  item: { lease: none, leaseRecord: none, queue: [], cancel: none, lastDeployed: sources.map(() => none) },
  watch: undefined,
  service: { current: none, of: none, status: hasForeignRollout ? 'running' : 'none', isStale: false, failed: 0 },
  events: [],
  executions: Array.from({ length: starts.length + resumers }, (_, index) => notStarted(index < starts.length ? index : none)),
  records: starts.map((_, execution) => openRecord(execution)),
  budget: { aborts, faults, losses, timeouts, isLost: false },
});

/** The lease protocol: every step of every actor. */
export const leaseModel = (setup: Setup): Model<State> => ({
  initial: initialState(setup),
  encode: encoder(),
  steps: (state) => [
    ...state.executions.flatMap((_, index) => executionSteps(setup, state, index)),
    ...ecsSteps(setup, state),
    ...eventSteps(setup, state),
    ...state.records.flatMap((_, record) => sweepSteps(setup, state, record)),
  ],
  violationIn: (state, isEnd) => violationIn(setup, state, isEnd),
});

import { entered, invoked, withExecution } from './change.js';
import type { Deed } from './deed.js';
import { encode } from './encode.js';
import { act } from './lambda.js';
import { wrongIn } from './promises.js';
import type { Model, Step } from './search.js';
import { type Lambda, none, type Outcome, type Place, type State, type Task } from './state.js';
import { sweepSteps } from './sweep.js';
import type { World } from './world.js';

/** The machine goes on: where nothing else keeps a late invocation from acting, only when that is surely over. */
const gone = (world: World, state: State, index: number, place: Place, ending: Outcome): State => {
  if (place === 'over') return ended(state, index, undefined);
  const { late, place: from } = state.executions[index]!;
  const isSending = (late?.task === 'update' || late?.task === 'rollBack') && !world.mistakes.has('looks at once');
  const isTaking = late?.task === 'acquire' && from === 'acquire' && place === 'close' && !world.mistakes.has('ends at once');
  if (place === from || !(isSending || isTaking)) return entered(state, index, place, ending);
  return withExecution(state, index, { place: 'pause', after: place, ending, lambda: undefined });
};

/** It ends, and is dead at once where nobody could tell the difference. */
const ended = (state: State, index: number, lambda: Lambda | undefined): State => {
  const { late } = state.executions[index]!;
  const isSeen = state.lease === index || state.next === index || late !== undefined || lambda !== undefined;
  const life = isSeen ? 'ended' : 'dead';
  const away = withExecution(state, index, { place: 'over', after: 'over', life, ending: 'open', visit: 0, past: 0, lambda });
  return life === 'dead' ? buried(away, index) : away;
};

/** Nothing of it can act any more. An adopter that left no trace makes room for another. */
const buried = (state: State, index: number): State => {
  const isAdopter = index >= state.records.length;
  const leftTrace = state.lease === index || state.records.some(({ execution }) => execution === index);
  return withExecution(state, index, {
    life: 'dead',
    place: isAdopter && !leftTrace ? 'unborn' : 'over',
    record: isAdopter && !leftTrace ? none : state.executions[index]!.record,
    lambda: undefined,
    late: undefined,
  });
};

const afterDeed = (world: World, state: State, index: number, slot: 'lambda' | 'late', { state: after, lambda, answer }: Deed): State => {
  const isAwaited = state.executions[index]![slot]!.isAwaited;
  if (!answer) return withExecution(after, index, { [slot]: lambda });
  if (!isAwaited) return withExecution(after, index, { [slot]: undefined });
  return gone(world, after, index, answer.place, answer.ending ?? 'open');
};

/** Where a Catch leads when the retries of a Task did not help. */
const caught: Partial<Record<Task, readonly [Place, Outcome]>> = {
  acquire: ['close', 'REFUSED'],
  register: ['close', 'REFUSED'],
  update: ['rollBack', 'open'],
  check: ['rollBack', 'open'],
  rollBack: ['rollout', 'open'],
  close: ['notify', 'open'],
  notify: ['over', 'open'],
  adopt: ['over', 'open'],
};

const stepOf = (process: number | undefined, name: string, label: string, state: State): Step<State> => ({
  process,
  label: `${name} ${label}`,
  state,
});

const executionSteps = (world: World, state: State, index: number): readonly Step<State>[] => {
  const found: Step<State>[] = [];
  const it = state.executions[index]!;
  const name = world.names[index]!;
  const { place, life, lambda, late } = it;

  if (place === 'unborn') {
    if (index >= world.starts.length) return found;
    const past = state.records.reduce((bits, { outcome }, record) => bits | (outcome === 'open' ? 0 : 1 << record), 0);
    found.push(stepOf(index, name, 'starts', entered(withExecution(state, index, { life: 'running', past }), index, 'acquire')));
    return found;
  }
  for (const slot of ['lambda', 'late'] as const) {
    const acting = it[slot];
    if (!acting) continue;
    for (const deed of act(world, state, index, acting)) {
      const label = `${name} ${acting.task}${slot === 'late' ? ' (late)' : ''}: ${deed.label}`;
      const process = acting.isAwaited && !deed.isChance ? index : undefined;
      found.push({
        ...(process !== undefined && { process }),
        label,
        state: afterDeed(world, state, index, slot, deed),
        wrong: deed.wrong,
      });
    }
  }
  if (life === 'ended') found.push(stepOf(8 + index, name, 'is surely dead', buried(state, index)));
  if (life !== 'running') return found;

  if (late) found.push(stepOf(8 + index, name, 'late invocation is over', withExecution(state, index, { late: undefined })));
  if (place === 'line') found.push(stepOf(index, name, 'looks again', entered(state, index, 'acquire')));
  if (place === 'service') found.push(stepOf(index, name, 'looks again', entered(state, index, 'register')));
  if (place === 'rollout') found.push(stepOf(index, name, 'looks', entered(state, index, 'check')));
  if (place === 'pause' && !late) found.push(stepOf(index, name, 'has waited', entered(state, index, it.after, it.ending)));

  if (state.aborts > 0) {
    const unawaited = lambda && { ...lambda, isAwaited: false };
    found.push(stepOf(undefined, name, 'is aborted', ended({ ...state, aborts: state.aborts - 1 }, index, unawaited)));
  }
  if (state.troubles === 0 || !lambda) return found;
  const troubled = { ...state, troubles: state.troubles - 1 };
  const isMany = lambda.task !== 'check' && lambda.task !== 'notify';
  const left = isMany && !late ? { late: { ...lambda, isAwaited: false } } : {};
  const again = invoked(lambda.task, lambda.visit, lambda.ending);
  if (isMany && !late)
    found.push(
      stepOf(undefined, name, `${lambda.task} is repeated, its answer is lost`, withExecution(troubled, index, { ...left, lambda: again })),
    );
  const way = caught[lambda.task];
  if (way)
    found.push(stepOf(undefined, name, `${lambda.task} is given up`, gone(world, withExecution(troubled, index, left), index, ...way)));
  return found;
};

/** ECS: a rollout succeeds, fails, or is taken back by the circuit breaker. */
const serviceSteps = (world: World, state: State): readonly Step<State>[] => {
  const { of, status } = state.rollout;
  if (status !== 'running') return [];
  const step = (label: string, after: Partial<State>): Step<State> => ({
    process: 24,
    label: `the rollout of ${world.names[of]} ${label}`,
    state: { ...state, ...after },
  });
  return [
    step('succeeds', { rollout: { of, status: 'successful' } }),
    step('fails', { rollout: { of, status: 'failed' } }),
    step('is taken back by ECS', { rollout: { of, status: 'rolledBack' }, current: state.records[of]!.base }),
  ];
};

const initialState = ({ starts, adopters, aborts, troubles }: World): State => ({
  lease: none,
  leaseRecord: none,
  fence: 0,
  next: none,
  cancel: none,
  lastGood: none,
  current: none,
  rollout: { of: none, status: 'none' },
  executions: Array.from({ length: starts.length + adopters }, (_, index) => ({
    place: 'unborn',
    after: 'over',
    life: 'dead',
    record: index < starts.length ? index : none,
    ending: 'open',
    visit: 0,
    lambda: undefined,
    late: undefined,
    past: 0,
  })),
  records: starts.map((_, execution) => ({
    execution,
    outcome: 'open',
    isTouched: false,
    sent: none,
    base: none,
    revision: none,
    given: none,
    back: 'none',
    backSent: none,
    isCancelled: false,
    cancels: none,
    landed: 0,
    isTold: false,
    isAtRest: false,
    sweep: { at: 0, holder: none },
  })),
  aborts,
  troubles,
});

/** The lease protocol, every step of everybody who takes part in it. */
export const leaseModel = (world: World): Model<State> => ({
  initial: initialState(world),
  encode,
  steps: (state) => [
    ...state.executions.flatMap((_, index) => executionSteps(world, state, index)),
    ...serviceSteps(world, state),
    ...state.records.flatMap((_, record) => sweepSteps(world, state, record)),
  ],
  wrongIn: (state, isEnd) => wrongIn(world, state, isEnd),
});

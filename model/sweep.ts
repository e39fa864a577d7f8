import { entered, settled, withExecution, withRecord } from './change.js';
import type { Step } from './search.js';
import { none, type State } from './state.js';
import type { World } from './world.js';

const idle = { at: 0, holder: none };

/**
 * The sweep of one record: it finishes what is dead and untouched, or closed, and has another execution go on with what was
 * touched. What it reads is true since the death, which it compares with the time of the event that started it.
 */
export const sweepSteps = (world: World, state: State, record: number): readonly Step<State>[] => {
  const { sweep, execution, outcome, isTouched, isAtRest } = state.records[record]!;
  const { life, place } = state.executions[execution]!;
  const name = world.names[record];
  const process = 16 + record;
  const step = (label: string, after: State): Step<State> => ({ process, label: `sweep of ${name}: ${label}`, state: after });
  const goOn = (label: string, after: State, at: number): Step<State> =>
    step(label, withRecord(after, record, { sweep: { at, holder: sweep.holder } }));
  const dies: readonly Step<State>[] =
    sweep.at > 1 && state.troubles > 0
      ? [{ label: `sweep of ${name}: dies`, state: withRecord({ ...state, troubles: state.troubles - 1 }, record, { sweep: idle }) }]
      : [];
  switch (sweep.at) {
    case 0: {
      const byHand = world.isAdoptedByHand && outcome === 'open' && place !== 'unborn' ? adoption(world, state, record) : [];
      const isOver = place !== 'unborn' && (life === 'dead' || (life === 'ended' && world.mistakes.has('sweeps at once')));
      if (isAtRest || !isOver) return byHand;
      const [found, at] = outcome !== 'open' ? ['closed', 3] : isTouched ? ['touched', 1] : ['untouched', 2];
      const begun = withRecord(state, record, { sweep: { at, holder: execution } });
      return [...byHand, step(`${world.names[execution]} is ${life}, the record ${found}`, begun)];
    }
    case 1:
      return adoption(world, state, record, process);
    case 2: {
      const closed = outcome === 'open' ? withRecord(state, record, { outcome: 'ABORTED' }) : state;
      return [goOn('closes the record', closed, 3), ...dies];
    }
    case 3: {
      const isHolder = state.lease === sweep.holder;
      return [goOn(isHolder ? 'gives the lease back' : 'finds no lease', isHolder ? settled(state, record) : state, 4), ...dies];
    }
    case 4: {
      const isNext = state.next === sweep.holder;
      return [goOn(isNext ? 'leaves the line' : 'is not in line', isNext ? { ...state, next: none } : state, 5), ...dies];
    }
    default:
      return [step('tells, and lets the record rest', withRecord(state, record, { sweep: idle, isTold: true, isAtRest: true })), ...dies];
  }
};

/** Somebody starts an adopter, if there is room for one. */
const adoption = (world: World, state: State, record: number, process?: number): readonly Step<State>[] => {
  const asked = withRecord(state, record, { sweep: idle });
  // The name of an adopter follows from the record: where one is there, its start finds it.
  const isThere = state.executions.some((one, index) => index >= world.starts.length && one.record === record && one.life !== 'dead');
  const by = process === undefined ? {} : { process };
  const slot =
    process !== undefined && isThere
      ? -1
      : state.executions.findIndex(({ place }, index) => index >= world.starts.length && place === 'unborn');
  if (slot === -1) return process === undefined ? [] : [{ ...by, label: 'sweep: an adopter is there already', state: asked }];
  const born = entered(withExecution(asked, slot, { life: 'running', record, visit: 2, past: 0 }), slot, 'adopt');
  return [{ ...by, label: `${world.names[slot]} is started to adopt ${world.names[record]}`, state: born }];
};

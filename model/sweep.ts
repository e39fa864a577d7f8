import { entered, withExecution, withRecord } from './change.js';
import type { Step } from './search.js';
import { none, type State } from './state.js';
import type { World } from './world.js';

const idle = { at: 0, holder: none };

/** The sweep of one record: closes what is dead and untouched, and has another execution go on with what was touched. */
export const sweepSteps = (world: World, state: State, record: number): readonly Step<State>[] => {
  const { sweep, execution, outcome, isTouched } = state.records[record]!;
  const { life, place } = state.executions[execution]!;
  const name = world.names[record];
  const process = 16 + record;
  const step = (label: string, after: State): Step<State>[] => [{ process, label: `sweep of ${name}: ${label}`, state: after }];
  switch (sweep.at) {
    case 0: {
      const byHand = world.isAdoptedByHand && isTouched && outcome === 'open' ? adoption(world, state, record) : [];
      const isOver = place !== 'unborn' && (life === 'dead' || (life === 'ended' && world.mistakes.has('sweeps at once')));
      if (outcome !== 'open' || !isOver) return byHand;
      return [
        ...byHand,
        ...step(`${world.names[execution]} is ${life}`, withRecord(state, record, { sweep: { at: 1, holder: execution } })),
      ];
    }
    case 1: {
      if (outcome !== 'open') return step('the record is closed', withRecord(state, record, { sweep: idle }));
      if (isTouched) return adoption(world, state, record, process);
      const after = state.lease === sweep.holder ? { ...state, lease: none, leaseRecord: none } : state;
      return step(after === state ? 'finds no lease' : 'frees the lease', withRecord(after, record, { sweep: { at: 2, holder: none } }));
    }
    default:
      return step('closes the record', withRecord(state, record, { sweep: idle, ...(outcome === 'open' && { outcome: 'ABORTED' }) }));
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

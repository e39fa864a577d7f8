import type { Step } from './search.js';
import type { Setup } from './setup.js';
import { none, type State } from './state.js';
import { entered, leaseReleased, withExecution, withoutQueued, withRecord } from './state-updates.js';

const idle = { at: 0, holder: none };

/**
 * The sweep of one record: it finalizes an ended execution without an update request, or with a closed record, and starts
 * another execution to resume an update request. Its reads are current: the execution ended before the event that started it.
 */
export const sweepSteps = (setup: Setup, state: State, record: number): readonly Step<State>[] => {
  const { sweep, execution, outcome, isUpdateRequested, isDone } = state.records[record]!;
  const { liveness, node } = state.executions[execution]!;
  const name = setup.names[record];
  const process = 16 + record;
  const step = (label: string, after: State): Step<State> => ({ process, label: `sweep of ${name}: ${label}`, state: after });
  const goOn = (label: string, after: State, at: number): Step<State> =>
    step(label, withRecord(after, record, { sweep: { at, holder: sweep.holder } }));
  const crashes: readonly Step<State>[] =
    sweep.at > 1 && state.faults > 0
      ? [{ label: `sweep of ${name}: crashes`, state: withRecord({ ...state, faults: state.faults - 1 }, record, { sweep: idle }) }]
      : [];
  switch (sweep.at) {
    case 0: {
      const byHand = setup.isResumedByOperator && outcome === 'open' && node !== 'notStarted' ? resumption(setup, state, record) : [];
      const isOver =
        node !== 'notStarted' && (liveness === 'ended' || (liveness === 'draining' && setup.mutations.has('sweeps without draining')));
      if (isDone || !isOver) return byHand;
      const [found, at] =
        outcome !== 'open' ? ['closed', 3] : isUpdateRequested ? ['with an update request', 1] : ['without an update request', 2];
      const begun = withRecord(state, record, { sweep: { at, holder: execution } });
      return [...byHand, step(`${setup.names[execution]} is ${liveness}, the record ${found}`, begun)];
    }
    case 1:
      return resumption(setup, state, record, process);
    case 2: {
      const closed = outcome === 'open' ? withRecord(state, record, { outcome: 'ABORTED' }) : state;
      return [goOn('closes the record', closed, 3), ...crashes];
    }
    case 3: {
      const isHolder = state.lease === sweep.holder;
      return [
        goOn(isHolder ? 'releases the lease' : 'finds no lease', isHolder ? leaseReleased(setup, state, record) : state, 4),
        ...crashes,
      ];
    }
    case 4: {
      const label = state.queue.includes(sweep.holder) ? 'leaves the queue' : 'is not queued';
      return [goOn(label, withoutQueued(state, sweep.holder), 5), ...crashes];
    }
    default:
      return [
        step('notifies, and marks the record done', withRecord(state, record, { sweep: idle, isNotified: true, isDone: true })),
        ...crashes,
      ];
  }
};

/** Starts a resuming execution if a slot is free. */
const resumption = (setup: Setup, state: State, record: number, process?: number): readonly Step<State>[] => {
  const asked = withRecord(state, record, { sweep: idle });
  // Its execution name follows from the record, so a second start finds the first one.
  const isThere = state.executions.some((one, index) => index >= setup.starts.length && one.record === record && one.liveness !== 'ended');
  const by = process === undefined ? {} : { process };
  const slot =
    process !== undefined && isThere
      ? -1
      : state.executions.findIndex(({ node }, index) => index >= setup.starts.length && node === 'notStarted');
  if (slot === -1) return process === undefined ? [] : [{ ...by, label: 'sweep: already resumed', state: asked }];
  const started = entered(withExecution(asked, slot, { liveness: 'running', record, visit: 2, closedBefore: 0 }), slot, 'resume');
  return [{ ...by, label: `${setup.names[slot]} is started to resume ${setup.names[record]}`, state: started }];
};

import { entered } from './machine.js';
import type { Step } from './search.js';
import type { Setup } from './setup.js';
import { type Deployment, none, type State } from './state.js';
import { isLeasedTo, placesToWake, reported, withExecution, withoutClaims, withoutWatchItem, withRecord } from './state-updates.js';
import { wakeFirst } from './wake.js';

const idle: Deployment['sweep'] = { at: 0, holder: none, wakes: [] };

/**
 * The sweep of one record: it finalizes an ended execution without an update request, or with a closed record, and starts
 * another execution to resume an update request. Its reads are current: the execution ended before the event that started it.
 */
export const sweepSteps = (setup: Setup, state: State, record: number): readonly Step<State>[] => {
  const { sweep } = state.records[record]!;
  const process = 16 + record;
  if (sweep.at === 0) return begun(setup, state, record, process);
  if (sweep.at === 1) return resumption(setup, state, record, process);
  const name = setup.names[record];
  const { label, after, next, violation } = finalizing(setup, state, record);
  const found: Step<State> = { process, label: `sweep of ${name}: ${label}`, state: withRecord(after, record, { sweep: next }), violation };
  const { budget } = state;
  if (budget.faults === 0) return [found];
  const crashed = withRecord({ ...state, budget: { ...budget, faults: budget.faults - 1 } }, record, { sweep: idle });
  return [found, { label: `sweep of ${name}: crashes`, state: crashed }];
};

const begun = (setup: Setup, state: State, record: number, process: number): readonly Step<State>[] => {
  const { execution, outcome, isUpdateRequested, isDone } = state.records[record]!;
  const { liveness, node } = state.executions[execution]!;
  const byHand = setup.isResumedByOperator && outcome === 'open' && node !== 'notStarted' ? resumption(setup, state, record) : [];
  const isOver =
    node !== 'notStarted' && (liveness === 'ended' || (liveness === 'draining' && setup.mutations.has('sweeps without draining')));
  if (isDone || !isOver) return byHand;
  const [found, at] =
    outcome !== 'open' ? ['closed', 3] : isUpdateRequested ? ['with an update request', 1] : ['without an update request', 2];
  const label = `sweep of ${setup.names[record]}: ${setup.names[execution]} is ${liveness}, the record ${found}`;
  return [...byHand, { process, label, state: withRecord(state, record, { sweep: { ...idle, at, holder: execution } }) }];
};

type Finalizing = {
  readonly label: string;
  readonly after: State;
  readonly next: Deployment['sweep'];
  readonly violation?: string | undefined;
};

/** The steps of CloseDeployment and Notify for an execution that has ended. */
const finalizing = (setup: Setup, state: State, record: number): Finalizing => {
  const { sweep, outcome } = state.records[record]!;
  const { holder, wakes } = sweep;
  switch (sweep.at) {
    case 2: {
      const closed = outcome === 'open' ? withRecord(state, record, { outcome: 'ABORTED' }) : state;
      return { label: 'closes the record', after: closed, next: { ...sweep, at: 3 } };
    }
    case 3: {
      const isHolder = isLeasedTo(state.item, record);
      const after = withoutClaims(setup, state, holder, record);
      const isQuiet = setup.mutations.has(isHolder ? 'frees the lease without waking' : 'leaves the queue without waking');
      const label = isHolder ? 'releases the lease' : 'finds no lease';
      const places = isQuiet ? [] : placesToWake(setup, after);
      if (places.length === 0) return { label, after: withoutWatchItem(after, record), next: { at: 5, holder: none, wakes: [] } };
      return { label, after, next: { at: 4, holder: none, wakes: places } };
    }
    case 4: {
      const { label, state: after, rest, violation } = wakeFirst(setup, withoutWatchItem(state, record), wakes);
      return { label, after, next: { at: rest.length > 0 ? 4 : 5, holder: none, wakes: rest }, violation };
    }
    default:
      return { label: 'notifies, and marks the record done', after: reported(state, record, true), next: idle };
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
  const started = entered(withExecution(asked, slot, { liveness: 'running', record, closedBefore: 0 }), slot, { node: 'resume' });
  return [{ ...by, label: `${setup.names[slot]} is started to resume ${setup.names[record]}`, state: started }];
};

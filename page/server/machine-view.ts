import type { MachineNode, MachineView } from '../api.js';
import { type PathEvent, type Visit, type Visits, visitsOf } from './execution-visits.js';
import { type Definition, definitionOf, isNamedIn, reachableFrom, type State, waysOf } from './machine-definition.js';

/** The definition that an execution started with, as JSON, and its history, the oldest event first. */
export type Path = { readonly name: string; readonly definition: string; readonly events: readonly PathEvent[] };

/** A task that an execution has entered: when first, and how long it was there in all, in seconds. */
export type Step = { readonly name: string; readonly at: string; readonly seconds: number };

/** The tasks of an execution, in the order in which they were entered first. `now` is ISO 8601. */
export const stepsOf = ({ definition: json, events }: Path, now: string): Step[] => {
  const { States: states } = definitionOf(json);
  const { visits } = visitsOf(events, new Set(Object.keys(states)));
  return [...new Set(visits.map(({ state }) => state))]
    .filter((name) => states[name]?.Type === 'Task')
    .map((name) => {
      const own = visits.filter(({ state }) => state === name);
      return { name, at: new Date(own[0]?.enteredAt ?? 0).toISOString(), seconds: secondsIn(own, Date.parse(now)) };
    });
};

/** The deployed machine, and the way of an execution through it. `now` is ISO 8601. @throws Error for what is no definition */
export const machineView = ({ name, definition: json, events }: Path, now: string): MachineView => {
  const definition = definitionOf(json);
  const path = visitsOf(events, new Set(Object.keys(definition.States)));
  const taken = new Set(path.visits.map(({ from, state }) => JSON.stringify([from, state])));
  return {
    name,
    startAt: definition.StartAt,
    nodes: nodesOf(definition, path, Date.parse(now)),
    edges: waysOf(definition).map((way) => ({ ...way, taken: taken.has(JSON.stringify([way.from, way.to])) })),
    transitions: path.transitions,
  };
};

const nodesOf = (definition: Definition, path: Visits, now: number): MachineNode[] => {
  const ahead = aheadOf(definition, path);
  return Object.entries(definition.States).map(([name, state]) => {
    const own = path.visits.filter((visit) => visit.state === name);
    const woken = wokenIn(state, own);
    return {
      name,
      type: state.Type,
      state: own.length > 0 ? stateOf(state, own, path) : ahead.has(name) ? 'ahead' : 'skipped',
      entries: own.length,
      ...(own.length > 0 && { seconds: secondsIn(own, now) }),
      ...(woken > 0 && { woken }),
    };
  });
};

/**
 * What may still be entered. An edge to a state that was entered before the present one leads past this: what it could still lead to
 * was passed by, unless all begins again.
 */
const aheadOf = (definition: Definition, { visits, end }: Visits): ReadonlySet<string> => {
  const last = visits.at(-1)?.state;
  if (end) return new Set();
  if (last === undefined) return new Set(Object.keys(definition.States));
  const order = [...new Set(visits.map(({ state }) => state))];
  return reachableFrom(last, waysOf(definition), new Set(order.slice(0, order.indexOf(last))));
};

/** How the last visit to a state stands. */
const stateOf = (state: State, own: readonly Visit[], { visits, end }: Visits): MachineNode['state'] => {
  const last = own.at(-1);
  const next = last && visits[visits.indexOf(last) + 1];
  if (state.Type === 'Fail') return 'failed';
  if (!next) return last?.exitedAt !== undefined || end === 'succeeded' ? 'done' : end === 'failed' ? 'failed' : 'active';
  return next.after !== undefined && !isNamedIn(state, next.after) ? 'failed' : 'done';
};

const secondsIn = (own: readonly Visit[], now: number): number =>
  own.reduce((sum, { enteredAt, exitedAt = now }) => sum + Math.max(0, exitedAt - enteredAt), 0) / 1000;

/** A task that waits for its token is entered again from itself when it is woken; a timeout is its safety net, and wakes it not. */
const wokenIn = ({ Resource = '' }: State, own: readonly Visit[]): number =>
  Resource.endsWith('.waitForTaskToken')
    ? own.filter(({ state, from, after }) => from === state && after !== undefined && after !== 'States.Timeout').length
    : 0;

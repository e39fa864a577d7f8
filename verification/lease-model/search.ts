import { Graph } from './graph.js';
import { HashSet } from './hash-set.js';

/** One atomic step: its process, label and next state. */
export type Step<State> = {
  /** Weak fairness: a process that can always act eventually acts. Undefined: the step may never happen. */
  readonly process?: number | undefined;
  readonly label: string;
  readonly state: State;
  /** The invariant that the step itself violates. */
  readonly violation?: string | undefined;
};

export type Model<State> = {
  readonly initial: State;
  readonly steps: (state: State) => readonly Step<State>[];
  /** The complete state as 32-bit numbers, equal exactly for equal states. */
  readonly encode: (state: State) => readonly number[];
  /** The invariant that this state violates; `isEnd` if a run may end here: no process can act. */
  readonly violationIn: (state: State, isEnd: boolean) => string | undefined;
};

export type SearchResult = {
  readonly states: number;
  readonly steps: number;
  readonly depth: number;
  /** False if the search stopped at its limit or at a violation. */
  readonly isExhausted: boolean;
  readonly violation?: string;
  /** The labels of a shortest path to the violation. */
  readonly trace?: readonly string[];
};

/**
 * Explores all reachable states breadth first, so that the first trace is a shortest one. A state is stored as
 * a 64-bit hash. If no state violates an invariant, the graph is checked for runs that never end.
 */
export const search = <State>(model: Model<State>, limit = 50_000_000): SearchResult => {
  const seen = new HashSet();
  const graph = new Graph();
  let level: State[] = [model.initial];
  seen.add(model.encode(model.initial));
  let depth = 0;
  let expanded = 0;

  const found = (isExhausted: boolean) => ({ states: seen.size, steps: graph.edges, depth, isExhausted });
  const broken = (violation: string, id: number, last: readonly string[] = []): SearchResult => ({
    ...found(false),
    violation,
    trace: [...retrace(model, seen, graph.pathTo(id)), ...last],
  });

  while (level.length > 0) {
    const following: State[] = [];
    for (const state of level) {
      const id = expanded++;
      const steps = model.steps(state);
      const violation = model.violationIn(state, !steps.some(({ process }) => process !== undefined));
      if (violation !== undefined) return broken(violation, id);
      for (const step of steps) {
        if (step.violation !== undefined) return broken(step.violation, id, [step.label]);
        const before = seen.size;
        const target = seen.add(model.encode(step.state));
        if (target === before) {
          following.push(step.state);
          graph.discover(id);
        }
        graph.edge(target, step.process);
      }
      graph.close();
      if (seen.size > limit) return found(false);
    }
    level = following;
    if (level.length > 0) depth++;
  }
  const unending = graph.unendingState();
  return unending === undefined ? found(true) : broken('a run may never end, although every process that can act does act', unending);
};

/** The labels along a path of states, found again by walking it. */
const retrace = <State>(model: Model<State>, seen: HashSet, path: readonly number[]): readonly string[] => {
  let state = model.initial;
  return path.map((id) => {
    const step = model.steps(state).find((one) => seen.add(model.encode(one.state)) === id);
    if (!step) throw new Error(`state ${id} is not found again on its path: steps() must answer the same for the same state`);
    state = step.state;
    return step.label;
  });
};

import { Fingerprints } from './fingerprints.js';
import { Graph } from './graph.js';

/** One atomic step: who takes it, what it is called, and where it leads. */
export type Step<State> = {
  /** A process of which a step is taken in the end, if it can be taken all the while; undefined: what may happen, and need not. */
  readonly process?: number | undefined;
  readonly label: string;
  readonly state: State;
  /** The step itself breaks a promise. */
  readonly wrong?: string | undefined;
};

export type Model<State> = {
  readonly initial: State;
  readonly steps: (state: State) => readonly Step<State>[];
  /** All of the state in numbers of 32 bits: equal states and no others have equal ones. */
  readonly encode: (state: State) => readonly number[];
  /** Why this state must not be; `isEnd` where nothing can happen any more. */
  readonly wrongIn: (state: State, isEnd: boolean) => string | undefined;
};

export type Found = {
  readonly states: number;
  readonly steps: number;
  readonly depth: number;
  /** False when the search ended at its limit, or at a broken promise. */
  readonly isExhausted: boolean;
  readonly wrong?: string;
  /** The shortest way to what is wrong. */
  readonly trace?: readonly string[];
};

/**
 * All states that can be reached, breadth first, so that the first trace is a shortest one. A state is remembered by
 * 64 bits of hash. When none is wrong, the graph is asked whether everything comes to its end.
 */
export const search = <State>(model: Model<State>, limit = 50_000_000): Found => {
  const seen = new Fingerprints();
  const graph = new Graph();
  let level: State[] = [model.initial];
  seen.add(model.encode(model.initial));
  let depth = 0;
  let expanded = 0;

  const found = (isExhausted: boolean) => ({ states: seen.size, steps: graph.edges, depth, isExhausted });
  const broken = (wrong: string, id: number, last: readonly string[] = []): Found => ({
    ...found(false),
    wrong,
    trace: [...retrace(model, seen, graph.wayTo(id)), ...last],
  });

  while (level.length > 0) {
    const following: State[] = [];
    for (const state of level) {
      const id = expanded++;
      const steps = model.steps(state);
      const wrong = model.wrongIn(state, steps.length === 0);
      if (wrong !== undefined) return broken(wrong, id);
      for (const step of steps) {
        if (step.wrong !== undefined) return broken(step.wrong, id, [step.label]);
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
  const restless = graph.unendingState();
  return restless === undefined ? found(true) : broken('this can go on for ever, though everybody who can act does act', restless);
};

/** The labels along a way of states, found again by walking it. */
const retrace = <State>(model: Model<State>, seen: Fingerprints, way: readonly number[]): readonly string[] => {
  let state = model.initial;
  return way.map((id) => {
    const step = model.steps(state).find((one) => seen.add(model.encode(one.state)) === id);
    if (!step) throw new Error(`state ${id} is not found again on the way to it: steps() must answer the same for the same state`);
    state = step.state;
    return step.label;
  });
};

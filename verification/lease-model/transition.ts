import type { Setup } from './setup.js';
import type { Lambda, Node, Outcome, State } from './state.js';

/** Where the state machine goes on an answer. `isTimed`: its next visit ends by a short time-out. */
export type Answer = { readonly node: Node; readonly result?: Outcome; readonly isTimed?: boolean };

/** One atomic step of an invocation: a read, a conditional write, or a call. */
export type Transition = {
  readonly label: string;
  readonly state: State;
  /** The invocation afterwards, unless it has returned. */
  readonly lambda?: Lambda | undefined;
  /** A callback Task that returns without an answer waits on. */
  readonly answer?: Answer | undefined;
  /** Possible, not inevitable: it carries no fairness assumption. */
  readonly isChance?: boolean;
  readonly violation?: string | undefined;
};

/** The execution whose invocation acts, and the state it finds. */
export type Actor = { readonly setup: Setup; readonly state: State; readonly me: number; readonly record: number; readonly lambda: Lambda };

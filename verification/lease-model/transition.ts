import type { Setup } from './setup.js';
import type { Lambda, Node, Outcome, State } from './state.js';

/** One atomic step of an invocation: a read, a conditional write, or a call. */
export type Transition = {
  readonly label: string;
  readonly state: State;
  /** The invocation afterwards, unless it has answered. */
  readonly lambda?: Lambda;
  readonly answer?: { readonly node: Node; readonly result?: Outcome };
  /** Possible, not inevitable: it carries no fairness assumption. */
  readonly isChance?: boolean;
  readonly violation?: string | undefined;
};

/** The execution whose invocation acts, and the state it finds. */
export type Actor = { readonly setup: Setup; readonly state: State; readonly me: number; readonly record: number; readonly lambda: Lambda };

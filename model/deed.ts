import type { Lambda, Outcome, Place, State } from './state.js';
import type { World } from './world.js';

/** One atomic step of an invocation: a read, a conditional write, or a call. */
export type Deed = {
  readonly label: string;
  readonly state: State;
  /** The invocation after it, unless it has answered. */
  readonly lambda?: Lambda;
  readonly answer?: { readonly place: Place; readonly ending?: Outcome };
  /** It may come out this way, and need not. */
  readonly isChance?: boolean;
  readonly wrong?: string | undefined;
};

/** Whose invocation it is, and what it finds. */
export type Actor = { readonly world: World; readonly state: State; readonly me: number; readonly record: number; readonly lambda: Lambda };

import { acquire } from './acquire-lease.js';
import { close, notify, resume } from './close-and-resume.js';
import { register, update } from './register-and-update.js';
import type { Setup } from './setup.js';
import type { Lambda, State } from './state.js';
import type { Actor, Transition } from './transition.js';
import { rollBack, watch } from './watch-and-roll-back.js';

/** The transitions an invocation may take next. */
export const transitionsOf = (setup: Setup, state: State, me: number, lambda: Lambda): readonly Transition[] =>
  transitionsByTask[lambda.task]({ setup, state, me, lambda, record: state.executions[me]!.record });

const transitionsByTask: Record<Lambda['task'], (actor: Actor) => readonly Transition[]> = {
  acquire,
  register,
  update,
  watch,
  rollBack,
  close,
  notify,
  resume,
};

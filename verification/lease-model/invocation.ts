import { acquire } from './acquire-lease.js';
import { close, notify, resume } from './close-and-resume.js';
import { register, update } from './register-and-update.js';
import type { Setup } from './setup.js';
import type { Lambda, State } from './state.js';
import type { Actor, Transition } from './transition.js';
import { check, rollBack } from './watch-and-roll-back.js';

/** The transitions an invocation may take next. */
export const transitionsOf = (setup: Setup, state: State, me: number, lambda: Lambda): readonly Transition[] => {
  const actor = { setup, state, me, lambda, record: state.executions[me]!.record };
  return transitionsByTask[lambda.task](actor);
};

const transitionsByTask: Record<Lambda['task'], (actor: Actor) => readonly Transition[]> = {
  acquire,
  register,
  update,
  check,
  rollBack,
  close,
  notify,
  resume,
};

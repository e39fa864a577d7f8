import { acquire } from './acquire.js';
import type { Actor, Deed } from './deed.js';
import { register, update } from './deploy.js';
import { adopt, close, notify } from './end.js';
import type { Lambda, State } from './state.js';
import { check, rollBack } from './watch.js';
import type { World } from './world.js';

/** The steps that an invocation may take next. */
export const act = (world: World, state: State, me: number, lambda: Lambda): readonly Deed[] => {
  const actor = { world, state, me, lambda, record: state.executions[me]!.record };
  return acts[lambda.task](actor);
};

const acts: Record<Lambda['task'], (actor: Actor) => readonly Deed[]> = {
  acquire,
  register,
  update,
  check,
  rollBack,
  close,
  notify,
  adopt,
};

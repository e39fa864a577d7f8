import { parseEcsEvent } from '../core/input/ecs-event.js';
import { hasFailed, isPermanent } from '../core/rollout/stopped-task.js';
import type { Account } from '../emulator/account.js';

/** A task that failed, at the time of its first event that says so. */
export type FailedTask = { readonly id: string; readonly time: number; readonly isPermanent: boolean };

/** The failed tasks of all services, in the order of their events, from now on. */
export const recordFailedTasks = ({ clock, services }: Account): readonly FailedTask[] => {
  const failed = new Map<string, FailedTask>();
  const { emit } = services.events;
  services.events.emit = (event, ...rest) => {
    const parsed = parseEcsEvent({ ...event, time: clock.date().toISOString() });
    if (parsed?.kind === 'taskStopped' && hasFailed(parsed.task) && !failed.has(parsed.task.id)) {
      const one = { id: parsed.task.id, time: clock.now, isPermanent: isPermanent(parsed.task) };
      failed.set(one.id, one);
      order.push(one);
    }
    return emit.call(services.events, event, ...rest);
  };
  const order: FailedTask[] = [];
  return order;
};

import type { Time } from '../../page/server/budget.js';

type Timer = { readonly at: number; readonly run: () => void };

/** Milliseconds since 1970 at which every virtual time begins. */
export const beginning = Date.parse('2026-11-23T09:00:00.000Z');

/** Virtual time: timers run when a test moves it, each after all that the one before has caused. */
export const givenTime = () => {
  let now = beginning;
  const timers = new Set<Timer>();
  const time: Time = {
    now: () => now,
    setTimeout: (run, milliseconds) => {
      const timer = { at: now + milliseconds, run };
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer) => timers.delete(timer as Timer),
  };
  /** Long chains of promises without timers end within one turn of the event loop. */
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const advance = async (milliseconds: number): Promise<void> => {
    const end = now + milliseconds;
    await settle();
    for (;;) {
      const [next] = [...timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
      if (!next) break;
      timers.delete(next);
      now = Math.max(now, next.at);
      next.run();
      await settle();
    }
    now = end;
  };
  return { time, advance, iso: () => new Date(now).toISOString(), timers };
};

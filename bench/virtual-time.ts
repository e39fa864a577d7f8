import type { Clock } from '../emulator/clock.js';
import type { Random } from '../emulator/random.js';

/**
 * Runs code that uses Date.now, setTimeout and Math.random, such as the SDK's waiters, in virtual time. They are replaced
 * in the whole process until it ends, so nothing that needs real time may run at the same time.
 */
export const inVirtualTime = async <Result>(clock: Clock, random: Random, run: () => Promise<Result>): Promise<Result> => {
  const { setTimeout, Date: RealDate, Math: RealMath } = globalThis;
  const { now } = RealDate;
  const { random: draw } = RealMath;
  // Sleeping code is no work that the clock has to wait for, until it wakes.
  const sleep = (wake: () => void, milliseconds = 0): void => {
    clock.after(milliseconds, () => {
      clock.begin();
      wake();
    });
    clock.end();
  };
  globalThis.setTimeout = sleep as unknown as typeof setTimeout;
  RealDate.now = () => clock.now;
  RealMath.random = () => random.next();
  clock.begin();
  try {
    return await run();
  } finally {
    clock.end();
    Object.assign(globalThis, { setTimeout });
    RealDate.now = now;
    RealMath.random = draw;
  }
};

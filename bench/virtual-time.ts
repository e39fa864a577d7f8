import type { Clock } from '../emulator/clock.js';
import type { Random } from '../emulator/random.js';

/**
 * Runs code that tells the time, waits and draws by JavaScript's own means, such as the SDK's waiters, in virtual time. They
 * are replaced for everything in this process meanwhile, so nothing that needs real time may run beside it.
 */
export const inVirtualTime = async <Result>(clock: Clock, random: Random, run: () => Promise<Result>): Promise<Result> => {
  const { setTimeout, Date: RealDate, Math: RealMath } = globalThis;
  const { now } = RealDate;
  const { random: draw } = RealMath;
  // Whoever sleeps is no work for the clock to wait for, until it wakes.
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

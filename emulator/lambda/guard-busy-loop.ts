import type { Activity } from '../clock.js';

/**
 * Watches code that runs in real time. Code that neither ends nor waits for a request would stop virtual time without end:
 * after `limitMs` of real time it no longer counts as work, so that virtual time passes and the invocation times out.
 * While the code works, the process stays; while it waits for virtual time alone, the process may end.
 */
export const guardBusyLoop = (activity: Activity, limitMs: number): (() => void) => {
  const periodMs = Math.min(250, limitMs);
  let workedMs = 0;
  const timer = setInterval(() => {
    if (activity.isWaiting) {
      workedMs = 0;
      timer.unref();
      return;
    }
    timer.ref();
    workedMs += periodMs;
    if (workedMs < limitMs && activity.isOpen) return;
    clearInterval(timer);
    activity.close();
  }, periodMs);
  return () => clearInterval(timer);
};

import type { Clock, RequestHooks } from '../clock.js';
import type { InvocationFault } from '../faults.js';

const defaultDelayMs = 10_000;

/** Whether the fault follows a whole run. */
export const isAfterRun = ({ kind }: InvocationFault): boolean => ['twice', 'answerLost', 'clientTimesOut'].includes(kind);

/** By how much a fault of one of these kinds delays the run, in milliseconds. */
export const delayOf = (fault: InvocationFault | undefined, ...kinds: readonly InvocationFault['kind'][]): number => {
  if (fault === undefined || !kinds.includes(fault.kind)) return 0;
  return fault.delayMs ?? (fault.kind === 'clientTimesOut' ? 0 : defaultDelayMs);
};

/** What a fault does between the function's requests; `kill` ends its process. */
export const hooksOf = (clock: Clock, fault: InvocationFault | undefined, kill: () => void): RequestHooks => {
  const { kind, afterRequests = 1 } = fault ?? {};
  if (kind === 'killed')
    return {
      afterRequest: (ended) => {
        if (ended === afterRequests) kill();
      },
    };
  if (kind === 'pauses')
    return {
      beforeRequest: async (begun) => {
        if (begun === afterRequests) await clock.sleep(delayOf(fault, kind));
      },
    };
  return {};
};

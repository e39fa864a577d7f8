import type { Pipeline } from '../test/support/pipeline.js';

/** Calls `abort` while the next invocation of a function pauses after its nth request. */
export const abortDuring = (
  { account }: Pipeline,
  { name, request }: { name: string; request: number },
  abort: () => Promise<void>,
): void => {
  const { clock, faults, log } = account;
  faults.injectInvocation({ function: `-${name}`, kind: 'pauses', afterRequests: request, delayMs: 10_000 });
  const stop = log.listen(({ type, detail }) => {
    if (type !== 'pauses' || !String(detail.on).endsWith(`-${name}`)) return;
    stop();
    clock.after(2000, abort);
  });
};

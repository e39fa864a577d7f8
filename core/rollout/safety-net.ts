/**
 * Seconds after which a wait looks again though nothing has woken it: an event may be lost. The machine makes each of its next
 * looks two and a half times as late, up to 20 min.
 */
export const safetyNet = { seconds: 120, nextSeconds: 300 } as const;

/** After a call whose effect is uncertain: three looks decide that it had none. */
export const uncertainNet = { seconds: 25, nextSeconds: 25 } as const;

/** After news that reads may not show yet. */
export const laggingNet = { seconds: 5, nextSeconds: 120 } as const;

type Look = { readonly because: string; readonly seconds: number; readonly deadline: string; readonly now: string };

/**
 * Did a whole safety net pass since the look before? What this one finds should have come by an event, unless the deadline decides
 * it. A second look, soon after news, is none.
 */
export const isSafetyLook = ({ because, seconds, deadline, now }: Look): boolean =>
  because === 'timedOut' && seconds > safetyNet.seconds && !(deadline !== '' && Date.parse(deadline) <= Date.parse(now));

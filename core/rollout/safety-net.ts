/**
 * Seconds after which a wait looks again though nothing has woken it, those of the look after that, and the most that they grow to:
 * the machine makes each next one two and a half times as long. An event may be lost.
 */
export type SafetyNet = { readonly seconds: number; readonly nextSeconds: number; readonly longestSeconds: number };

export const safetyNet: SafetyNet = { seconds: 120, nextSeconds: 300, longestSeconds: 1200 };

/** While a revision bakes: what ends that comes by an event, and the look at its end decides. */
export const bakeNet: SafetyNet = { ...safetyNet, seconds: 300, nextSeconds: 750 };

/** While ECS does not list the rollout: three looks decide that an update whose effect is uncertain had none. */
export const uncertainNet: SafetyNet = { ...safetyNet, seconds: 25, nextSeconds: 25 };

/** While ECS rolls back: no event is documented for the end of a rollback that StopServiceDeployment requests. */
export const rollbackNet: SafetyNet = { seconds: 25, nextSeconds: 25, longestSeconds: 60 };

/** Once a look has found a failed task that no event reported: more events may be lost. */
export const lostEventsNet: SafetyNet = { seconds: 25, nextSeconds: 25, longestSeconds: 60 };

/** While ECS has no capacity for a task that is to be started: no event says that there is some. */
export const unplacedNet: SafetyNet = { seconds: 25, nextSeconds: 25, longestSeconds: 60 };

/** After news that reads may not show yet: one look before those of the safety net. */
export const laggingNet = ({ seconds, longestSeconds }: SafetyNet): SafetyNet => ({ seconds: 5, nextSeconds: seconds, longestSeconds });

type Look = { readonly because: string; readonly seconds: number; readonly deadline: string; readonly now: string };

/**
 * Did a whole safety net pass since the look before? What this one finds should have come by an event, unless the deadline decides
 * it. `seconds` are those of this visit, more than the first ones of a safety net if the visit before had these: a second look, soon
 * after news, is none.
 */
export const isSafetyLook = ({ because, seconds, deadline, now }: Look): boolean =>
  because === 'timedOut' && seconds > safetyNet.seconds && !(deadline !== '' && Date.parse(deadline) <= Date.parse(now));

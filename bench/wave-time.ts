import type { RateLimit } from '../emulator/throttle.js';

/** One deployment as it was measured, in milliseconds. */
export type Deployed = {
  /** From its start until it registers a revision. */
  readonly before: number;
  /** From there until it updates the service. */
  readonly between: number;
  /** From there until its end: ECS's rollout, and what follows. */
  readonly rollout: number;
};

/** A token bucket that begins full; answers when a request can be made that comes at a time not before the last one's. */
const bucketOf = ({ burst, perSecond }: RateLimit) => {
  const perMs = perSecond / 1000;
  let tokens = burst;
  let time = 0;
  return (wanted: number): number => {
    tokens = Math.min(burst, tokens + Math.max(0, wanted - time) * perMs);
    const at = Math.max(wanted, time) + (tokens < 1 ? (1 - tokens) / perMs : 0);
    tokens = Math.max(0, tokens - 1);
    time = at;
    return at;
  };
};

/**
 * How long stages take at least, one after another, in milliseconds: of a stage `parallel` deployments run at a time, and each needs one
 * request of both kinds.
 */
export const soonestEnd = (
  stages: readonly (readonly Deployed[])[],
  parallel: number,
  { register, update }: { readonly register: RateLimit; readonly update: RateLimit },
): number => {
  const registers = bucketOf(register);
  const updates = bucketOf(update);
  let end = 0;
  for (const stage of stages) {
    const slots = Array.from({ length: parallel }, () => end);
    for (const { before, between, rollout } of stage) {
      const free = slots.indexOf(Math.min(...slots));
      const updated = updates(registers((slots[free] ?? 0) + before) + between);
      slots[free] = updated + rollout;
    }
    end = Math.max(...slots);
  }
  return end;
};

import type { TaskDefinitions } from '../../aws/task-definition.js';
import { familyOf, numberOf } from '../../core/task-definition/revision.js';
import { isRegisteredBySlipway } from '../../core/task-definition/task-definition.js';

/** A revision with its ARN. */
export type Revision = Awaited<ReturnType<TaskDefinitions['describe']>> & { readonly revision: string };

type Deps = { readonly taskDefinitions: Pick<TaskDefinitions, 'active' | 'describe'> };

/** Revisions that are looked at: each deployment that failed has left one of Slipway's own. */
const lookedAt = 20;

/**
 * The revision that a service with `base: latest` copies: the newest ACTIVE one of the family that Slipway did not register, if it is newer
 * than the one that runs. `skipped` counts Slipway's own that hid all others.
 */
export const latestBase = async ({ taskDefinitions }: Deps, current: Revision): Promise<{ base: Revision; skipped: number }> => {
  const newer = (await taskDefinitions.active(familyOf(current.revision))).filter((one) => numberOf(one) > numberOf(current.revision));
  for (const revision of newer.slice(0, lookedAt)) {
    const found = { revision, ...(await taskDefinitions.describe(revision)) };
    if (!isRegisteredBySlipway(found)) return { base: found, skipped: 0 };
  }
  return { base: current, skipped: newer.length > lookedAt ? lookedAt : 0 };
};

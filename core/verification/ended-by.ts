import { hasPriorityOver, operatorPlace } from '../lease/priority.js';
import { queuedAt } from '../lease/service-state.js';
import type { Priority, QueueEntry, ServiceState } from '../records/records.js';

/**
 * The deployments that wait for the lease and end its holder's verification: that of an operator and, if the service `yields`, a newer push
 * of the holder's source.
 */
export const verificationEndedBy = (
  state: Pick<ServiceState, 'queued'>,
  holder: Pick<Priority, 'source' | 'digest' | 'pushedAt' | 'version' | 'execution'>,
  yields: boolean,
): readonly QueueEntry[] => {
  const operator = queuedAt(state, operatorPlace);
  const push = yields ? queuedAt(state, holder.source) : undefined;
  const mine = { ...holder, isByHand: false };
  return [operator, push && push.priority.digest !== holder.digest && hasPriorityOver(push.priority, mine) ? push : undefined].filter(
    (one) => one !== undefined,
  );
};

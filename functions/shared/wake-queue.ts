import type { TaskTokens } from '../../aws/task-tokens.js';
import { inTurn } from '../../core/lease/priority.js';
import type { ServiceState } from '../../core/records/records.js';

/**
 * Wakes the deployment whose turn it is, if the lease is free in `state`: what the write answered that freed the lease, or left the
 * queue. The answer grants nothing: who is woken takes the lease by a conditional write. One whose token is closed has ended, or is
 * between two visits and reads the state after that write: the next one is woken in its place.
 */
export const wakeQueue = async (tokens: Pick<TaskTokens, 'wake'>, { lease, queued }: ServiceState): Promise<void> => {
  if (lease) return;
  for (const { token } of inTurn(queued)) if (token !== undefined && (await tokens.wake(token))) return;
};

import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import type { TaskTokens } from '../../aws/task-tokens.js';
import { inTurn } from '../../core/lease/priority.js';
import type { ServiceState } from '../../core/records/records.js';

type Deps = {
  readonly states: Pick<ServiceStateRepository, 'of' | 'leave'>;
  readonly tokens: Pick<TaskTokens, 'wake'>;
};

/**
 * Wakes the deployment whose turn it is, if the lease is free in `state`: what the write answered that freed the lease, or left
 * the queue. The answer grants nothing: who is woken takes the lease by a conditional write. A place whose token is closed is
 * removed and the next one woken; an execution between two visits takes its place again.
 */
export const wakeQueue = async ({ states, tokens }: Deps, service: string, state: ServiceState): Promise<void> => {
  let current = state;
  while (!current.lease) {
    const next = inTurn(current.queued).find(({ token }) => token !== undefined);
    if (next?.token === undefined || (await tokens.wake(next.token))) return;
    // Refused if the place has another token by now: that one is tried then.
    current = (await states.leave(service, { places: [next.place] }, current)) ?? (await states.of(service));
  }
};

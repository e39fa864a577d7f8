import { type Result, unfinished } from '../../core/result/result.js';
import { laggingNet } from '../../core/rollout/safety-net.js';
import { hadUnseenNews, type WatchItem } from '../../core/rollout/watch-item.js';
import { type Decision, decided, type WaitingStepInput } from '../../core/step/contracts.js';

/**
 * What a visit answers that has decided nothing. Undefined: the state waits, until an event answers its token. It is entered again
 * at once for another deadline, or soon if there were events between two visits, which reads may not show yet.
 */
export const keepWaiting = (
  { because, deadline: known }: Pick<WaitingStepInput, 'because' | 'deadline'>,
  seen: WatchItem | undefined,
  deadline: string,
  result: Result = unfinished,
): Decision<'wait'> | undefined => {
  // One that was woken has that safety net already.
  if (because !== 'woken' && seen && hadUnseenNews(seen)) return { ...decided('wait', result), ...laggingNet, deadline };
  return deadline === known ? undefined : { ...decided('wait', result), deadline };
};

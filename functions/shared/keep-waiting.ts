import { type Result, unfinished } from '../../core/result/result.js';
import { laggingNet, type SafetyNet, safetyNet } from '../../core/rollout/safety-net.js';
import { hadUnseenNews, type WatchItem } from '../../core/rollout/watch-item.js';
import { type Decision, decided, type ErrorDecision, type WaitingStepInput } from '../../core/step/contracts.js';

/**
 * What a visit answers that has decided nothing. Undefined: the state waits, until an event answers its token. It is entered again
 * at once for another deadline, or soon if reads may not show yet what the news say: those since the visit before, or those of an
 * earlier run of this visit, which may not have looked. `net` is the safety net of what is waited for.
 */
export const keepWaiting = (
  { because, visit, deadline: known }: Pick<WaitingStepInput, 'because' | 'visit' | 'deadline'>,
  seen: WatchItem | undefined,
  deadline: string,
  { result = unfinished, net = safetyNet }: { readonly result?: Result; readonly net?: SafetyNet } = {},
): Decision<'wait'> | undefined => {
  const mayLag = visit.retry > 0 || (seen !== undefined && hadUnseenNews(seen));
  // One that was woken has that safety net already, unless its deadline has it entered again.
  if (deadline === known && (because === 'woken' || !mayLag)) return undefined;
  return { ...decided('wait', result), ...(mayLag ? laggingNet(net) : net), deadline };
};

/**
 * As `keepWaiting`, for a state that is entered again by the error `LookAgain`. Not for a deadline that comes only after the safety net of
 * this visit has ended: the next one has it entered again in time, and each costs a transition.
 */
export const lookAgain = (
  input: Pick<WaitingStepInput, 'because' | 'visit' | 'deadline' | 'seconds' | 'now'>,
  seen: WatchItem | undefined,
  deadline: string,
  more: { readonly result?: Result; readonly net?: SafetyNet } = {},
): ErrorDecision<'LookAgain'> | undefined => {
  const isBeyond = more.net === undefined && Date.parse(input.now) + input.seconds * 1000 < Date.parse(deadline);
  const answer = keepWaiting(input, seen, isBeyond ? input.deadline : deadline, more);
  if (!answer) return undefined;
  const { action: _, ...rest } = answer;
  return { ...rest, error: 'LookAgain' };
};

import type { Retrier } from '../definition/definition.js';
import { Document } from './document.js';
import { isMatchedByAny, type StateFailure } from './failure.js';
import type { Exit, Turn } from './state-visit.js';

const delayMs = (turn: Turn, retrier: Retrier, attempt: number): number => {
  const seconds = Math.min(retrier.intervalSeconds * retrier.backoffRate ** attempt, retrier.maxDelaySeconds);
  const milliseconds = Math.round(seconds * 1000);
  return retrier.isJittered ? Math.floor(turn.thread.execution.account.random.next() * milliseconds) : milliseconds;
};

/** Waits out the delay of the first retrier that matches; false when there is none, or it was used up. */
const isToRetry = async (turn: Turn, failure: StateFailure): Promise<boolean> => {
  const { thread, state } = turn;
  const retrier = 'retriers' in state && state.retriers.find(({ errorEquals }) => isMatchedByAny(failure, errorEquals));
  if (!retrier) return false;
  const attempt = turn.retries.get(retrier) ?? 0;
  if (attempt >= retrier.maxAttempts) return false;
  turn.retries.set(retrier, attempt + 1);

  const delay = delayMs(turn, retrier, attempt);
  const { clock } = thread.execution.account;
  turn.retryCount++;
  thread.execution.transitions++;
  thread.execution.log('retry', { state: state.name, error: failure.error, attempt: attempt + 1, delayMs: delay });
  await thread.suspend<void>(({ resolve }) => {
    const timer = clock.after(delay, () => resolve());
    return () => clock.cancel(timer);
  });
  return true;
};

/** What becomes of a failed state: undefined to run it again, the catcher's exit, or the failure itself. */
export const recover = async (turn: Turn, failure: StateFailure): Promise<Exit | undefined> => {
  const { thread, state } = turn;
  if (state.type === 'Task') {
    thread.execution.log('task-failed', { state: state.name, error: failure.error, cause: failure.cause });
  }
  if (await isToRetry(turn, failure)) return undefined;
  if (state.type === 'Map' || state.type === 'Parallel') thread.record(`${state.type}StateFailed`);

  const catcher = 'catchers' in state && state.catchers.find(({ errorEquals }) => isMatchedByAny(failure, errorEquals));
  if (!catcher) throw failure;
  const errorOutput = { Error: failure.error ?? null, Cause: failure.cause ?? null };
  return turn.exit(catcher, catcher.next, new Document(errorOutput), { errorOutput });
};

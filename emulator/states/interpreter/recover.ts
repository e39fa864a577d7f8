import type { Retrier } from '../definition/definition.js';
import { Document } from './document.js';
import { isMatchedByAny, type StateFailure } from './failure.js';
import type { Exit, StateVisit } from './state-visit.js';

const delayMs = (visit: StateVisit, retrier: Retrier, attempt: number): number => {
  const seconds = Math.min(retrier.intervalSeconds * retrier.backoffRate ** attempt, retrier.maxDelaySeconds);
  const milliseconds = Math.round(seconds * 1000);
  return retrier.isJittered ? Math.floor(visit.frame.execution.account.random.next() * milliseconds) : milliseconds;
};

/** Waits out the delay of the first retrier that matches; false when there is none, or it was used up. */
const waitForRetry = async (visit: StateVisit, failure: StateFailure): Promise<boolean> => {
  const { frame, state } = visit;
  const { assumptions } = frame.execution.account;
  const retrier = 'retriers' in state && state.retriers.find(({ errorEquals }) => isMatchedByAny(failure, errorEquals, assumptions));
  if (!retrier) return false;
  const attempt = visit.retries.get(retrier) ?? 0;
  if (attempt >= retrier.maxAttempts) return false;
  visit.retries.set(retrier, attempt + 1);

  const delay = delayMs(visit, retrier, attempt);
  const { clock } = frame.execution.account;
  visit.retryCount++;
  frame.execution.transitions++;
  frame.execution.log('retry', { state: state.name, error: failure.error, attempt: attempt + 1, delayMs: delay });
  await clock.sleep(delay, { signal: frame.signal });
  return true;
};

/** Handles a state's failure: resolves with undefined to run the state again, or with the catcher's exit. Rejects with the failure. */
export const recover = async (visit: StateVisit, failure: StateFailure): Promise<Exit | undefined> => {
  const { frame, state } = visit;
  if (state.type === 'Task') {
    frame.execution.log('task-failed', { state: state.name, error: failure.error, cause: failure.cause });
  }
  if (await waitForRetry(visit, failure)) return undefined;
  if (state.type === 'Map' || state.type === 'Parallel') frame.record(`${state.type}StateFailed`);

  const { assumptions } = frame.execution.account;
  const catcher = 'catchers' in state && state.catchers.find(({ errorEquals }) => isMatchedByAny(failure, errorEquals, assumptions));
  if (!catcher) throw failure;
  const errorOutput = { Error: failure.error ?? null, Cause: failure.cause ?? null };
  return visit.exit(catcher, catcher.next, new Document(errorOutput), { errorOutput });
};

import type { Timer } from '../../clock.js';
import type { TaskState } from '../definition/definition.js';
import { integrationOf } from '../integrations/integrations.js';
import { Document } from './document.js';
import type { ExecutionStore } from './execution-scope.js';
import { heartbeatTimeout, StateFailure, timeout } from './failure.js';
import type { Exit, StateVisit } from './state-visit.js';
import { TaskEvents } from './task-events.js';

const secondsRange = { low: 1, high: 99_999_999 };

type Limits = { readonly timeoutSeconds: number | undefined; readonly heartbeatSeconds: number | undefined };

const limitsOf = async (visit: StateVisit<TaskState>): Promise<Limits> => {
  const { timeoutSeconds, heartbeatSeconds } = visit.state;
  return {
    timeoutSeconds: timeoutSeconds && (await visit.expectInteger(timeoutSeconds, 'TimeoutSeconds', secondsRange)),
    heartbeatSeconds: heartbeatSeconds && (await visit.expectInteger(heartbeatSeconds, 'HeartbeatSeconds', secondsRange)),
  };
};

/**
 * Waits for the answer to a task token. Returns what to call when the function has returned, from when on heartbeats count. The function
 * itself is never stopped: it may outlive its task.
 */
const waitForAnswer = (
  { tokens, account }: ExecutionStore,
  token: string,
  settle: { readonly answer: (result: Document) => void; readonly reject: (error: unknown) => void; readonly startHeartbeat: () => void },
  signal: AbortSignal,
): (() => void) => {
  let hasReturned = false;
  let early: (() => void) | undefined;
  const take = (end: () => void): void => {
    if (hasReturned || account.assumptions.callbackBeforeReturn === 'accepted') {
      end();
      return;
    }
    early = end;
    tokens.close(token);
  };
  const waiting = {
    succeed: (output: Document) => take(() => settle.answer(output)),
    fail: (error: string | undefined, cause: string | undefined) => take(() => settle.reject(new StateFailure(error, cause))),
    heartbeat: () => {
      if (hasReturned) settle.startHeartbeat();
    },
  };
  tokens.wait(token, waiting, signal);
  return () => {
    hasReturned = true;
    settle.startHeartbeat();
    early?.();
  };
};

/**
 * Begins the task in a timer of its own. Settles with the integration's answer, the answer to the task token, or a
 * failure when a limit is reached, whichever is first; later answers are ignored.
 */
const perform = (visit: StateVisit<TaskState>, parameters: Document, limits: Limits, events: TaskEvents): Promise<Document> => {
  const { frame, state, token } = visit;
  const { account, store, caller } = frame.execution;
  const { clock } = account;
  const { resource } = state;
  const origin = resource.service === 'function' ? resource.arn : resource.service;

  return frame.suspend<Document>(({ resolve, reject }, signal) => {
    const failAfter = (seconds: number | undefined, failure: () => StateFailure): Timer | undefined =>
      seconds === undefined ? undefined : clock.after(seconds * 1000, () => reject(failure()), { signal });
    const answer = (result: Document): void => {
      try {
        resolve(result.checked(origin));
      } catch (error) {
        reject(error);
      }
    };
    const submitted = (output: unknown): void => {
      if (signal.aborted) return;
      events.submitted(new Document(output));
      frame.execution.log('task-submitted', { state: state.name });
    };
    let heartbeat: Timer | undefined;
    const startHeartbeat = (): void => {
      clock.cancel(heartbeat);
      heartbeat = failAfter(limits.heartbeatSeconds, heartbeatTimeout);
    };

    failAfter(limits.timeoutSeconds, timeout);
    const returned = token === undefined ? undefined : waitForAnswer(store, token, { answer, reject, startHeartbeat }, signal);
    if (!returned) startHeartbeat();

    const work = async (): Promise<void> => {
      try {
        const result = await integrationOf(resource)({
          account,
          caller,
          resource,
          parameters: parameters.value,
          execution: (arn) => store.execution(arn),
          submitted,
          signal,
        });
        if (!returned) {
          answer(new Document(result));
        } else if (!signal.aborted) {
          submitted(result);
          returned();
        }
      } catch (error) {
        reject(error);
      }
    };
    clock.after(0, work, { signal });
  });
};

const tokenOf = ({ frame: { execution }, token }: StateVisit): string =>
  token !== undefined && execution.account.assumptions.tokenPerRetry === 'same' ? token : execution.store.tokens.issue();

export const runTask = async (visit: StateVisit<TaskState>): Promise<Exit> => {
  const { state, frame, input } = visit;
  if (state.resource.pattern === 'waitForTaskToken') visit.token = tokenOf(visit);
  const parameters = state.arguments ? new Document(await visit.evaluate(state.arguments)).checked(state.name) : input;
  const limits = await limitsOf(visit);
  const events = new TaskEvents(frame, state.resource);
  events.scheduled(parameters, limits.timeoutSeconds, limits.heartbeatSeconds);
  let result: Document;
  try {
    result = await perform(visit, parameters, limits, events);
  } catch (error) {
    if (error instanceof StateFailure) events.failed(error);
    throw error;
  }
  events.succeeded(result);
  return visit.exit(state, state.next, result, { result: result.value });
};

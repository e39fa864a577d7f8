import type { Timer } from '../../clock.js';
import type { TaskState } from '../definition/definition.js';
import { integrationOf } from '../integrations/integrations.js';
import { Document } from './document.js';
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
      if (!signal.aborted) events.submitted(new Document(output));
    };

    failAfter(limits.timeoutSeconds, timeout);
    let heartbeat = failAfter(limits.heartbeatSeconds, heartbeatTimeout);
    if (token !== undefined) {
      const waiting = {
        succeed: answer,
        fail: (error: string | undefined, cause: string | undefined) => reject(new StateFailure(error, cause)),
        heartbeat: () => {
          clock.cancel(heartbeat);
          heartbeat = failAfter(limits.heartbeatSeconds, heartbeatTimeout);
        },
      };
      store.tokens.wait(token, waiting, signal);
    }

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
        if (token === undefined) answer(new Document(result));
        else submitted(result);
      } catch (error) {
        reject(error);
      }
    };
    clock.after(0, work, { signal });
  });
};

export const runTask = async (visit: StateVisit<TaskState>): Promise<Exit> => {
  const { state, frame, input } = visit;
  if (state.resource.pattern === 'waitForTaskToken') visit.token = frame.execution.store.tokens.issue();
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

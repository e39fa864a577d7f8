import type { TaskState } from '../definition/definition.js';
import { integrationOf } from '../integrations/integrations.js';
import { Document } from './document.js';
import { heartbeatTimeout, StateFailure, timeout } from './failure.js';
import type { Exit, Turn } from './state-visit.js';
import { TaskEvents } from './task-events.js';

const isSeconds = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 99_999_999;

type Limits = { readonly timeoutSeconds: number | undefined; readonly heartbeatSeconds: number | undefined };

const limitsOf = async (turn: Turn<TaskState>): Promise<Limits> => {
  const { timeoutSeconds, heartbeatSeconds } = turn.state;
  const expected = 'a whole number of seconds from 1';
  return {
    timeoutSeconds: timeoutSeconds && (await turn.expect(timeoutSeconds, 'TimeoutSeconds', expected, isSeconds)),
    heartbeatSeconds: heartbeatSeconds && (await turn.expect(heartbeatSeconds, 'HeartbeatSeconds', expected, isSeconds)),
  };
};

/**
 * The task itself: begun in a timer of its own, and over when it answers, when its token comes back, or when a limit is
 * reached. What answers later is not heard any more.
 */
const perform = (turn: Turn<TaskState>, parameters: Document, limits: Limits, events: TaskEvents): Promise<Document> => {
  const { thread, state, token } = turn;
  const { account, store } = thread.execution;
  const { clock } = account;
  const { resource } = state;
  const origin = resource.service === 'function' ? resource.arn : resource.service;

  return thread.suspend<Document>(({ resolve, reject, isPending }) => {
    const releases: (() => void)[] = [];
    const setTimer = (seconds: number | undefined, failure: () => StateFailure): (() => void) => {
      if (seconds === undefined) return () => {};
      const timer = clock.after(seconds * 1000, () => reject(failure()));
      return () => clock.cancel(timer);
    };
    const answer = (result: Document): void => {
      try {
        resolve(result.checked(origin));
      } catch (error) {
        reject(error);
      }
    };

    releases.push(setTimer(limits.timeoutSeconds, timeout));
    let stopHeartbeat = setTimer(limits.heartbeatSeconds, heartbeatTimeout);
    releases.push(() => stopHeartbeat());
    if (token !== undefined) {
      const close = store.tokens.wait(token, {
        succeed: answer,
        fail: (error, cause) => reject(new StateFailure(error, cause)),
        heartbeat: () => {
          stopHeartbeat();
          stopHeartbeat = setTimer(limits.heartbeatSeconds, heartbeatTimeout);
        },
      });
      releases.push(close);
    }

    const work = clock.after(0, async () => {
      try {
        const result = await integrationOf(resource)({
          store,
          caller: thread.execution.caller,
          resource,
          parameters: parameters.value,
          submitted: (output) => {
            if (isPending()) events.submitted(new Document(output));
          },
          onRelease: (release) => releases.push(release),
        });
        if (token === undefined) answer(new Document(result));
        else if (isPending()) events.submitted(new Document(result));
      } catch (error) {
        reject(error);
      }
    });
    releases.push(() => clock.cancel(work));
    return () => {
      for (const release of releases) release();
    };
  });
};

export const runTask = async (turn: Turn<TaskState>): Promise<Exit> => {
  const { state, thread, input } = turn;
  if (state.resource.pattern === 'waitForTaskToken') turn.token = thread.execution.store.tokens.issue();
  const parameters = state.arguments ? new Document(await turn.evaluate(state.arguments)).checked(state.name) : input;
  const limits = await limitsOf(turn);
  const events = new TaskEvents(thread, state.resource);
  events.scheduled(parameters, limits.timeoutSeconds, limits.heartbeatSeconds);
  let result: Document;
  try {
    result = await perform(turn, parameters, limits, events);
  } catch (error) {
    if (error instanceof StateFailure) events.failed(error);
    throw error;
  }
  events.succeeded(result);
  return turn.exit(state, state.next, result, { result: result.value });
};

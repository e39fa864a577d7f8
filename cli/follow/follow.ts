import { setTimeout as sleepFor } from 'node:timers/promises';
import { CommandError } from '../command-error.js';
import type { Context } from '../context.js';
import { type ExitStatus, exitStatuses } from '../exit-status.js';
import type { StackClient } from '../stack-client.js';
import { type Display, displayOf } from './display.js';
import * as messages from './messages.js';
import { secondsToNext } from './pace.js';
import { initialState, reduce } from './reduce.js';
import { nextRequest } from './requests.js';
import type { FollowOptions, FollowState, FollowTarget, Happening, Request } from './state.js';

/** What tests replace: time, and chance. Milliseconds; `random` from 0 to 1. */
export type Pacing = { readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<unknown>; readonly random: () => number };

const real: Pacing = {
  sleep: (milliseconds, signal) => sleepFor(milliseconds, undefined, { signal }).catch(() => {}),
  random: Math.random,
};

type Following = Pick<Context, 'terminal' | 'options' | 'environment' | 'now' | 'signal' | 'connect'>;

/**
 * Waits for a release or a deployment and shows how it goes; answers the exit status of its result. It decides nothing about it, and asks
 * at most once in two seconds.
 * @throws CommandError if the stack cannot be asked (any more): credentials, a permission, an error of use
 */
export const follow = async (context: Following, target: FollowTarget, options: FollowOptions, pacing = real): Promise<ExitStatus> => {
  // The attempts of the SDK would be requests beyond that pace.
  const client = await context.connect({ attempts: 1 });
  const display = displayOf(context, client);
  try {
    return await followWith(context, client, display, initialState(target, options, context.now().getTime()), pacing);
  } finally {
    display.close();
  }
};

const followWith = async (
  { now, signal }: Following,
  client: StackClient,
  display: Display,
  initial: FollowState,
  pacing: Pacing,
): Promise<ExitStatus> => {
  const deadline = initial.begunAt + initial.options.timeoutSeconds * 1000;
  let state = initial;
  for (;;) {
    const askedAt = now().getTime();
    const happening = await untilAborted(perform(client, nextRequest(state, askedAt)), signal);
    if (happening === undefined) return interrupted(display, state);
    const step = reduce(state, happening, now().getTime());
    state = step.state;
    for (const effect of step.effects) {
      if (effect.kind === 'show') display.show(effect.seen, effect.at);
      else if (effect.kind === 'note') display.note(effect.code, effect.message);
      else if (effect.kind === 'throw') throw new CommandError(effect.message, effect);
      else return ended(display, effect);
    }
    const next = askedAt + secondsToNext(state, now().getTime(), pacing.random()) * 1000;
    await pacing.sleep(Math.max(0, Math.min(next, deadline) - now().getTime()), signal);
    if (signal.aborted) return interrupted(display, state);
    if (now().getTime() >= deadline) return timedOut(display, state);
  }
};

const ended = (display: Display, end: Parameters<Display['end']>[0]): ExitStatus => {
  display.end(end);
  return end.status;
};

const timedOut = (display: Display, state: FollowState): ExitStatus =>
  ended(display, { kind: 'end', status: exitStatuses.timedOut, code: 'TIMED_OUT', message: messages.timedOut(state) });

const interrupted = (display: Display, state: FollowState): ExitStatus =>
  ended(display, { kind: 'end', status: exitStatuses.interrupted, code: 'INTERRUPTED', message: messages.interrupted(state) });

const perform = async (client: StackClient, request: Request): Promise<Happening> => {
  try {
    if (request.kind === 'start') return { kind: 'started', execution: await client.start('release', request.name, request.input) };
    if (request.kind === 'deployment') return { kind: 'deployment', answer: await client.query('deployment', request.question) };
    return { kind: 'release', answer: await client.query('release', request.question) };
  } catch (error) {
    if (error instanceof CommandError) return { kind: 'failed', error };
    throw error;
  }
};

/** Undefined if the signal comes first: a request may take half a minute. */
const untilAborted = async <Value>(pending: Promise<Value>, signal: AbortSignal): Promise<Value | undefined> => {
  if (signal.aborted) return undefined;
  return new Promise((resolve, reject) => {
    const abort = () => resolve(undefined);
    signal.addEventListener('abort', abort, { once: true });
    pending.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
};

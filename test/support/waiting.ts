import type { Events } from '../../emulator/events/api.js';
import { deploying } from './failing.js';
import type { Pipeline } from './pipeline.js';

/** So long after an event, or after the lease is free, the state that waits for it has acted. */
export const atOnce = 2_000;

type EmittedEvent = Parameters<Events['emit']>[0];

type Timed<T> = T & { readonly at: number };

/** Times at which the execution entered a state, in epoch milliseconds. */
export const entered = ({ account }: Pipeline, execution: string, state: string): number[] =>
  account.log
    .of('states', 'state-entered')
    .filter(({ detail }) => detail.execution === execution && detail.state === state)
    .map(({ time }) => time);

/** Lets time pass until the execution waits in a state: its function has returned, and nothing has answered the task token. */
export const waits = async ({ account: { clock, log } }: Pipeline, execution: string, state: string): Promise<void> => {
  await clock.run({
    until: () => {
      const last = log.entries.findLast(({ source, detail }) => source === 'states' && detail.execution === execution);
      return last?.type === 'task-submitted' && last.detail.state === state;
    },
  });
};

/** A deployment whose rollout runs. */
export const rollingOut = async () => {
  const given = await deploying('slow-to-start', {});
  const arn = await given.start();
  await waits(given.pipeline, arn, 'WatchRollout');
  await given.pipeline.account.clock.advance(10_000);
  return { ...given, arn };
};

/** The events that ECS emits from now on, whether a rule matches them or not. */
export const eventsOfEcs = ({ account }: Pipeline): Timed<EmittedEvent>[] => {
  const seen: Timed<EmittedEvent>[] = [];
  const { events } = account.services;
  const { emit } = events;
  jest.spyOn(events, 'emit').mockImplementation((event) => {
    if (event.source === 'aws.ecs') seen.push({ ...event, at: account.clock.now });
    emit(event);
  });
  return seen;
};

/** The first event of each task that has failed, in the order in which they were emitted. */
export const failedTaskEvents = (events: readonly Timed<EmittedEvent>[]): Timed<EmittedEvent>[] => {
  const failed = events.filter(
    ({ detail }) =>
      detail.desiredStatus === 'STOPPED' &&
      (detail.lastStatus === 'DEPROVISIONING' || detail.lastStatus === 'STOPPED') &&
      !String(detail.stoppedReason).startsWith('Scaling activity'),
  );
  const first = new Map<unknown, Timed<EmittedEvent>>();
  for (const event of failed) if (!first.has(event.detail.taskArn)) first.set(event.detail.taskArn, event);
  return [...first.values()];
};

/** How often a function was invoked. */
export const invocations = ({ account }: Pipeline, name: string): number =>
  account.log.of('lambda', 'invoked').filter(({ detail }) => detail.function === `slipway-dev-${name}`).length;

/** The task tokens that an execution has given to its functions. */
export const tokensOf = ({ account }: Pipeline, execution: string): string[] =>
  account.services.states.history(execution).flatMap(({ taskScheduledEventDetails }) => {
    const { Payload } = JSON.parse(String(taskScheduledEventDetails?.parameters ?? '{}')) as { Payload?: { token?: string } };
    return Payload?.token === undefined ? [] : [Payload.token];
  });

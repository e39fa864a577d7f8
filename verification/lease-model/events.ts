import { answered } from './machine.js';
import type { Step } from './search.js';
import type { Setup } from './setup.js';
import { type EcsEvent, none, type RolloutStatus, type State, type WatchItem } from './state.js';

/** The processes of ECS and of EventBridge with handleEcsEvent. */
const ecs = 24;
const handler = 25;

const eventOf = (failed = none, of = none): EcsEvent => ({ failed, of, at: 0, token: none, answer: 'woken' });

const order = (one: EcsEvent): string => JSON.stringify(one);
/** Events have no order. */
const withEvents = (state: State, events: readonly EcsEvent[]): State => ({
  ...state,
  events: events.length > 1 ? events.toSorted((one, other) => (order(one) < order(other) ? -1 : 1)) : events,
});

/** ECS: tasks fail; a rollout succeeds, fails, or is rolled back by the circuit breaker. Reads lag behind the events. */
export const ecsSteps = (setup: Setup, state: State): readonly Step<State>[] => {
  const { service, events, records } = state;
  const { of, status, isStale, failed } = service;
  const name = of === none ? 'a foreign rollout' : `the rollout of ${setup.names[of]}`;
  if (isStale)
    return [{ process: ecs, label: `reads show that ${name} has ended`, state: { ...state, service: { ...service, isStale: false } } }];
  if (status !== 'running') return [];
  const ends = (label: string, after: RolloutStatus, current = service.current): Step<State> => ({
    // One whose tasks fail, or that an operator cancels, may never end by itself.
    ...(failed === 0 && (of === none || state.item.cancel !== of) && { process: ecs }),
    label: `${name} ${label}`,
    state: withEvents({ ...state, service: { ...service, status: after, current, isStale: true } }, [...events, eventOf()]),
  });
  const found = [ends('succeeds', 'successful')];
  if (of === none) return found;
  found.push(ends('fails', 'failed'), ends('is rolled back by ECS', 'rolledBack', records[of]!.previous));
  if (failed < setup.limit) {
    const after = { ...state, service: { ...service, failed: failed + 1 } };
    found.push({
      ...(failed > 0 && { process: ecs }),
      label: `a task of ${name} fails`,
      state: withEvents(after, [...events, eventOf(failed, of)]),
    });
  }
  return found;
};

/** EventBridge and handleEcsEvent: each event is delivered at least once, in any order; or, as a fault, never. */
export const eventSteps = (setup: Setup, state: State): readonly Step<State>[] =>
  state.events.flatMap((event, index) => {
    const { events, budget } = state;
    if (index > 0 && order(event) === order(events[index - 1]!)) return [];
    const others = events.filter((_, other) => other !== index);
    const name = event.failed === none ? 'event' : `event of task ${event.failed + 1}`;
    const found: Step<State>[] = [handled(setup, withEvents(state, others), event, name)];
    const isLost = { ...budget, losses: budget.losses - 1, isLost: true };
    if (budget.losses > 0) found.push({ label: `${name} is lost`, state: withEvents({ ...state, budget: isLost }, others) });
    if (budget.faults === 0) return found;
    const faulty: State = { ...state, budget: { ...budget, faults: budget.faults - 1 } };
    const again = eventOf(event.failed, event.of);
    if (event.at === 0) found.push({ label: `${name} is doubled`, state: withEvents(faulty, [...events, again]) });
    else found.push({ label: `${name}: the handler is killed and retried`, state: withEvents(faulty, [...others, again]) });
    return found;
  });

const handled = (setup: Setup, state: State, event: EcsEvent, name: string): Step<State> => {
  const { watch } = state;
  const { mutations } = setup;
  const step = (label: string, after: State = state): Step<State> => ({ process: handler, label: `${name}: ${label}`, state: after });
  const goOn = (label: string, after: State, change: Partial<EcsEvent>): Step<State> =>
    step(label, withEvents(after, [...after.events, { ...event, ...change }]));
  if (!watch || (event.failed !== none && watch.record !== event.of)) return step('finds no watch item of its deployment');
  if (mutations.has('answers an event before it is written')) {
    if (event.at > 0) return step('is written', { ...state, watch: written(setup, watch, event) });
    const { token } = watch;
    return goOn(token === none ? 'is refused' : 'is answered', token === none ? state : answered(state, token, 'woken'), { at: 1 });
  }
  if (event.at > 0) return answering(setup, state, event, step);
  if (isCounted(watch, event) && mutations.has('answers only the event that counts the task')) return step('is counted');
  const after = written(setup, watch, event);
  const isLimit = setup.limit > 0 && !after.isRollingBack && count(after.failed) >= setup.limit;
  // The next visit stores its token, and then sees what is written: a closed token needs no second try.
  if (after.token === none || !(isLimit || after.hasNews)) return step('is written', { ...state, watch: after });
  return goOn('is written', { ...state, watch: after }, { at: 1, token: after.token, answer: isLimit ? 'rollBack' : 'woken' });
};

const answering = (
  setup: Setup,
  state: State,
  { of, token, answer }: EcsEvent,
  step: (label: string, after: State) => Step<State>,
): Step<State> => {
  const { service } = state;
  const isEarly = answer === 'rollBack' && service.of === of && service.failed < setup.limit;
  const violation = isEarly ? `${setup.names[token]} is rolled back before its limit of failed tasks` : undefined;
  return { ...step(`answers ${setup.names[token]}: ${answer}`, answered(state, token, answer)), violation };
};

const isCounted = (watch: WatchItem, { failed }: EcsEvent): boolean => failed !== none && (watch.failed & (1 << failed)) !== 0;

/** The item with the event: each failed task is counted once, and the first one is news. */
const written = (setup: Setup, watch: WatchItem, event: EcsEvent): WatchItem => {
  if (event.failed === none) return { ...watch, hasNews: true };
  const isAgain = isCounted(watch, event);
  if (isAgain && !setup.mutations.has('counts failed tasks twice')) return watch;
  const failed = isAgain ? (watch.failed << 1) | 1 : watch.failed | (1 << event.failed);
  return { ...watch, failed, hasNews: watch.hasNews || watch.failed === 0 };
};

const count = (bits: number): number => (bits === 0 ? 0 : (bits & 1) + count(bits >> 1));

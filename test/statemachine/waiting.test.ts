import fc from 'fast-check';
import jsonata from 'jsonata';
import { woken } from '../../aws/task-tokens.js';
import { lateCallGuardSeconds } from '../../core/lease/lease.js';
import { laggingNet, rollbackNet, type SafetyNet, safetyNet, uncertainNet } from '../../core/rollout/safety-net.js';
import { later } from '../core/given.js';
import { everyFunctionTask, expressionIn, isWaiting, machine, type NamedState, type State, statesOf } from './machines.js';

const { States } = machine('deployment');
const tasks = everyFunctionTask.filter((one) => one.machine === 'deployment');
const waiting = tasks.filter(({ state }) => isWaiting(state));
const catcher = ({ Catch = [] }: State, error: string) => Catch.find(({ ErrorEquals }) => ErrorEquals.includes(error));
const sendsVisit = ({ state }: NamedState): boolean => 'visit' in (state.Arguments?.Payload ?? {});

const evaluate = (value: unknown, variables: object): Promise<unknown> =>
  Promise.resolve(expressionIn(value) === undefined ? value : jsonata(expressionIn(value) ?? '').evaluate(undefined, variables));

test('nothing else waits than for the lease, for another rollout, for a before task, for our rollout, for its bake, and at gates', () => {
  expect(waiting.map(({ name }) => name)).toEqual(['AcquireLease', 'RegisterRevision', 'RunBeforeTask', 'WatchRollout', 'Verify']);
  expect(everyFunctionTask.filter(({ machine: name, state }) => name === 'release' && isWaiting(state)).map(({ name }) => name)).toEqual([
    'PassGates',
  ]);
});

describe('visits', () => {
  test.each(tasks.filter(sendsVisit))('every exit of $name begins the next one', ({ state }) => {
    for (const { Assign } of [state, ...(state.Catch ?? [])]) expect(Assign).toMatchObject({ visit: '{% $visit + 1 %}' });
  });

  test.each(tasks.filter(sendsVisit))('$name says which one it is, and which of its invocations', ({ state }) => {
    expect(state.Arguments?.Payload?.visit).toEqual({ number: '{% $visit %}', retry: '{% $states.context.State.RetryCount %}' });
  });

  test('are those of every Task that writes between the first, which says what the next one is, and the last, which ends them', () => {
    expect(tasks.filter((one) => !sendsVisit(one)).map(({ name }) => name)).toEqual([
      'OpenDeployment',
      'VerifyUrl',
      'CloseDeployment',
      'Notify',
    ]);
    expect(States.OpenDeployment?.Assign).toMatchObject({ visit: '{% $states.result.Payload.visit %}' });
  });
});

describe.each(waiting)('$name', ({ name, state }) => {
  test('gives its function the token, and what the machine knows of the wait', () => {
    expect(state.Arguments?.Payload).toMatchObject({
      now: '{% $states.context.State.EnteredTime %}',
      token: '{% $states.context.Task.Token %}',
      because: '{% $because %}',
      seconds: '{% $seconds %}',
      deadline: '{% $deadline %}',
    });
  });

  test('is entered again when it is woken, and when its safety net ends the wait, which are no failures', () => {
    for (const [error, because] of [
      [woken, 'woken'],
      ['States.Timeout', 'timedOut'],
    ] as const) {
      const { Next, Assign } = catcher(state, error) ?? {};
      expect({ Next, Assign }).toMatchObject({ Next: name, Assign: { because } });
      expect(Object.keys(Assign ?? {})).not.toContain('caught');
    }
  });

  test('has looked if its safety net ends the wait, which ends a row of failures; if it is woken, it may not have', async () => {
    expect(catcher(state, 'States.Timeout')?.Assign).toMatchObject({ watchFailures: 0 });
    const { watchFailures } = state.Assign ?? {};
    expect(await evaluate(watchFailures, { watchFailures: 3, states: { result: {} } })).toBe(0);
    expect(catcher(state, woken)?.Assign).not.toHaveProperty('watchFailures');
  });

  test('is not retried when its safety net ends the wait: a retry is no visit of its own', () => {
    expect(state.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals)).not.toContain('States.Timeout');
  });

  test('takes the safety nets of the answer, and begins anew', () => {
    expect(state.Assign).toMatchObject({
      because: 'entered',
      seconds: '{% $states.result.seconds %}',
      nextSeconds: '{% $states.result.nextSeconds %}',
      longestSeconds: '{% $states.result.longestSeconds %}',
      deadline: '{% $states.result.deadline %}',
    });
  });

  test('waits a whole number of seconds, at least one, and not beyond its deadline', async () => {
    const wait = (seconds: number, deadline: string): Promise<unknown> =>
      evaluate(state.TimeoutSeconds, { seconds, deadline, states: { context: { State: { EnteredTime: later } } } });
    const inMs = (ms: number): string => new Date(Date.parse(later) + ms).toISOString();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1200 }), fc.integer({ min: -86_400_000, max: 86_400_000 }), async (seconds, ms) => {
        const left = await wait(seconds, inMs(ms));
        expect(Number.isInteger(left)).toBe(true);
        expect(left).toBeGreaterThanOrEqual(1);
        expect(left).toBeLessThanOrEqual(seconds);
      }),
    );
    expect(await wait(120, '')).toBe(120);
  });
});

test.each(['RegisterRevision', 'RunBeforeTask', 'WatchRollout', 'Verify'])('%s waits until its deadline, and not less', async (name) => {
  const wait = (deadline: string): Promise<unknown> =>
    evaluate(States[name]?.TimeoutSeconds, {
      seconds: 120,
      deadline,
      states: { context: { State: { EnteredTime: '2026-11-23T12:05:00.250Z' } } },
    });

  expect(await wait('')).toBe(120);
  expect(await wait('2026-11-23T13:00:00.000Z')).toBe(120);
  expect(await wait('2026-11-23T12:07:00.250Z')).toBe(120);
  expect(await wait('2026-11-23T12:06:00.250Z')).toBe(60);
  expect(await wait('2026-11-23T12:06:00.000Z')).toBe(60);
  expect(await wait('2026-11-23T12:06:00Z')).toBe(60);
  expect(await wait('2026-11-23T12:05:00.251Z')).toBe(1);
  expect(await wait('2026-11-23T12:05:00.250Z')).toBe(120);
  expect(await wait('2026-11-23T12:04:00.000Z')).toBe(120);
});

describe('the safety net', () => {
  /** How long a state waits, time-out after time-out, from these variables on. */
  const ladder = async (state: State | undefined, from: object | undefined, looks: number): Promise<number[]> => {
    const { seconds, nextSeconds } = (catcher(state as State, 'States.Timeout')?.Assign ?? {}) as Record<string, unknown>;
    let variables: SafetyNet = { longestSeconds: safetyNet.longestSeconds, ...(from as Pick<SafetyNet, 'seconds' | 'nextSeconds'>) };
    const waits = [variables.seconds];
    while (waits.length < looks) {
      const [wait, next] = await Promise.all([evaluate(seconds, variables), evaluate(nextSeconds, variables)]);
      variables = { ...variables, seconds: Number(wait), nextSeconds: Number(next) };
      waits.push(variables.seconds);
    }
    return waits;
  };
  const afterWaking = async (name: string, { longestSeconds }: SafetyNet = safetyNet) => {
    const assigned = (catcher(States[name] as State, woken)?.Assign ?? {}) as Record<string, unknown>;
    return { ...assigned, longestSeconds, nextSeconds: await evaluate(assigned.nextSeconds, { longestSeconds }) };
  };

  test('is spread further and further, up to twenty minutes', async () => {
    expect(await ladder(States.WatchRollout, safetyNet, 6)).toEqual([120, 300, 750, 1200, 1200, 1200]);
    expect(await ladder(States.RegisterRevision, safetyNet, 5)).toEqual([120, 300, 750, 1200, 1200]);
    expect(await ladder(States.AcquireLease, States.OpenDeployment?.Assign, 4)).toEqual([300, 750, 1200, 1200]);
  });

  test('after an event is a look a moment later, as reads may lag', async () => {
    expect(await afterWaking('WatchRollout')).toMatchObject(laggingNet(safetyNet));
    expect(await ladder(States.WatchRollout, await afterWaking('WatchRollout'), 4)).toEqual([5, 120, 300, 750]);
    expect(await ladder(States.RegisterRevision, await afterWaking('RegisterRevision'), 4)).toEqual([5, 120, 300, 750]);
    expect(await ladder(States.RunBeforeTask, await afterWaking('RunBeforeTask'), 3)).toEqual([5, 120, 300]);
    expect(await ladder(States.Verify, await afterWaking('Verify'), 3)).toEqual([5, 120, 300]);
    expect(await ladder(States.AcquireLease, await afterWaking('AcquireLease'), 3)).toEqual([300, 750, 1200]);
  });

  test('after an uncertain call is three looks that span half a minute', async () => {
    const { longestSeconds: _, ...net } = uncertainNet;
    expect(States.WaitBeforeLook?.Assign).toMatchObject(net);
    const [, second = 0, third = 0] = await ladder(States.WatchRollout, uncertainNet, 3);
    expect(second + third).toBeGreaterThanOrEqual(30);
  });

  test('of a rollback stays short, also after an event', async () => {
    expect(await ladder(States.WatchRollout, rollbackNet, 5)).toEqual([25, 25, 60, 60, 60]);
    expect(await ladder(States.WatchRollout, await afterWaking('WatchRollout', rollbackNet), 3)).toEqual([5, 60, 60]);
  });

  test('of a rollout that is resumed begins at once', () => {
    const resumed = States.IsOpened?.Choices?.find(({ Next }) => Next === 'WatchRollout');

    expect(resumed).toMatchObject({ Assign: { because: 'entered', ...safetyNet, deadline: '' } });
  });
});

describe('a Wait state', () => {
  const waits = statesOf('deployment').filter(({ state }) => state.Type === 'Wait');
  const waysTo = (target: string): string[] =>
    statesOf('deployment').flatMap(({ name, state: { Next, Default, Choices = [], Catch = [] } }) => [
      ...(Next === target ? [name] : []),
      ...(Default === target ? [`${name}: otherwise`] : []),
      ...Choices.flatMap((choice) => (choice.Next === target ? [`${name}: ${expressionIn(choice.Condition)}`] : [])),
      ...Catch.flatMap((caught) => (caught.Next === target ? [`${name}: an error`] : [])),
    ]);

  test.each(waits)('$name is as long as the call lasts that may still be in flight', ({ state }) => {
    expect(state.Seconds).toBe(lateCallGuardSeconds);
  });

  test('is entered only after a failure, or a call whose answer was lost, and never to look again', () => {
    expect(Object.fromEntries(waits.map(({ name }) => [name, waysTo(name)]))).toEqual({
      WaitForSettledService: ["IsUpdated: $states.input = 'register'"],
      WaitForInFlightUpdate: ['UpdateService: an error'],
      WaitBeforeLook: [
        "IsUpdated: $states.input = 'watch'",
        'CanRetryWatch: $watchFailures < 10',
        "IsRollbackStarted: $states.input = 'watch'",
        'CanRetryRollBack: $rollbackFailures < 3 and $watchFailures <= 10',
      ],
      WaitForInFlightCalls: [
        'RunBeforeTask: an error',
        'IsUpdated: otherwise',
        'IsRollbackStarted: otherwise',
        'CanRetryRollBack: otherwise',
      ],
    });
    expect(waysTo('CanRetryWatch')).toEqual(['WatchRollout: an error', 'Verify: an error']);
    expect(waysTo('CanRetryRollBack')).toEqual(['RollBack: an error']);
  });

  test.each(['IsUpdated', 'IsRollbackStarted'])('is passed by %s if nothing was retried', (name) => {
    const { Choices = [] } = States[name] as State;

    for (const { Condition, Next } of Choices)
      if (States[Next]?.Type === 'Wait' && !Condition.includes("'register'"))
        expect(Choices.map((choice) => choice.Condition).indexOf(Condition.replace(' %}', ' and $retries = 0 %}'))).toBeGreaterThanOrEqual(
          0,
        );
    expect(Choices.at(-1)?.Condition).toBe('{% $retries = 0 %}');
  });
});

import { FunctionError, givenStates, invoke } from './support.js';

const failing = (errorType = 'TransientAwsError') => ({
  work: () => {
    throw new FunctionError({ errorType, errorMessage: 'no' });
  },
});

/** Seconds after the start at which the function was called. */
const seconds = (invocations: readonly { time: number }[]): number[] => invocations.map(({ time }) => (time - 1_795_424_400_000) / 1000);

test.each([
  ['by default three times, after 1, 2 and 4 s', {}, [0, 1, 3, 7]],
  ['never with MaxAttempts 0', { MaxAttempts: 0 }, [0]],
  ['with its own interval and rate', { IntervalSeconds: 2, BackoffRate: 1.5, MaxAttempts: 2 }, [0, 2, 5]],
  ['no later than MaxDelaySeconds', { IntervalSeconds: 10, MaxDelaySeconds: 15, MaxAttempts: 3 }, [0, 10, 25, 40]],
])('Retry tries again %s', async (_, retrier, expected) => {
  const { runStates, invocations, states } = givenStates(failing());

  const { error, arn } = await runStates({ Work: invoke({ Retry: [{ ErrorEquals: ['States.ALL'], ...retrier }], End: true }) });

  expect(error).toBe('TransientAwsError');
  expect(seconds(invocations)).toEqual(expected);
  expect(states.transitions(arn)).toBe(expected.length);
});

test('a Retry may have many attempts: each is a transition, and three events of the history', async () => {
  const { runStates, states } = givenStates(failing());
  const retrier = { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 100, BackoffRate: 2, MaxDelaySeconds: 60 };

  const { arn, startTime, stopTime } = await runStates({ Work: invoke({ Retry: [retrier], End: true }) });

  expect(states.transitions(arn)).toBe(101);
  expect(states.history(arn)).toHaveLength(3 + 3 * 101);
  // 2, 4, 8, 16 and 32 s, then 60 s each.
  expect(Number(stopTime) - startTime).toBe((62 + 95 * 60) * 1000);
});

test('jitter shortens a delay by chance, the same way for the same seed', async () => {
  const retrier = { ErrorEquals: ['States.ALL'], IntervalSeconds: 100, MaxAttempts: 2, JitterStrategy: 'FULL' };
  const [one, other] = [givenStates(failing()), givenStates(failing())];

  await one.runStates({ Work: invoke({ Retry: [retrier], End: true }) });
  await other.runStates({ Work: invoke({ Retry: [retrier], End: true }) });

  const [, first = 0, second = 0] = seconds(one.invocations);
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThan(100);
  expect(second - first).toBeLessThan(200);
  expect(seconds(other.invocations)).toEqual(seconds(one.invocations));
});

test('each retrier counts for itself, and the first that matches is used', async () => {
  const errors = ['A', 'B', 'A', 'B', 'A'];
  const { runStates, invocations } = givenStates({
    work: () => {
      throw new FunctionError({ errorType: errors[invocations.length - 1] });
    },
  });

  const { error } = await runStates({
    Work: invoke({
      Retry: [
        { ErrorEquals: ['A'], MaxAttempts: 2, IntervalSeconds: 1 },
        { ErrorEquals: ['B'], MaxAttempts: 5, IntervalSeconds: 10 },
      ],
      End: true,
    }),
  });

  expect(error).toBe('A');
  expect(seconds(invocations)).toEqual([0, 1, 11, 13, 33]);
});

test('a retried task sees how often it was retried', async () => {
  const { runStates, invocations } = givenStates(failing());

  await runStates({
    Work: invoke({
      Arguments: { FunctionName: 'f', Payload: '{% $states.context.State.RetryCount %}' },
      Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2 }],
      End: true,
    }),
  });

  expect(invocations.map(({ payload }) => payload)).toEqual([0, 1, 2]);
});

const caught = (names: readonly string[]) => ({
  Work: invoke({
    Catch: [
      { ErrorEquals: names, Assign: { code: '{% $states.errorOutput.Error %}' }, Output: '{% $states.errorOutput %}', Next: 'Caught' },
    ],
    End: true,
  }),
  Caught: { Type: 'Pass', Output: { caught: '{% $states.input %}', code: '{% $code %}' }, End: true },
});

test("a catcher's Assign and Output apply", async () => {
  const { runStates } = givenStates(failing('Crashed'));

  const { output } = await runStates(caught(['Crashed']));

  expect(output).toEqual({ caught: { Error: 'Crashed', Cause: '{"errorType":"Crashed","errorMessage":"no"}' }, code: 'Crashed' });
});

test('without Output a catcher passes the error on, and the state’s own Assign does not apply', async () => {
  const { runStates } = givenStates(failing('Crashed'));

  const { output } = await runStates({
    Work: invoke({ Assign: { x: 1 }, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }], End: true }),
    Caught: { Type: 'Pass', Output: { error: '{% $states.input.Error %}', hasX: '{% $exists($x) %}' }, End: true },
  });

  expect(output).toEqual({ error: 'Crashed', hasX: false });
});

test.each([
  ['States.ALL', 'Crashed', true],
  ['States.TaskFailed', 'Crashed', true],
  ['Crashed', 'Crashed', true],
  ['Other', 'Crashed', false],
  ['States.ALL', 'States.DataLimitExceeded', false],
  ['States.DataLimitExceeded', 'States.DataLimitExceeded', true],
  ['States.TaskFailed', 'States.DataLimitExceeded', true],
  ['States.ALL', 'States.Timeout', true],
  ['States.TaskFailed', 'States.Timeout', false],
  ['States.ALL', 'States.Runtime', false],
  ['States.TaskFailed', 'States.Runtime', false],
  ['States.Runtime', 'States.Runtime', false],
])('%s against %s: caught is %s', async (name, error, isCaught) => {
  const { runStates } = givenStates(failing(error));

  const { status } = await runStates(caught([name]));

  expect(status).toBe(isCaught ? 'SUCCEEDED' : 'FAILED');
});

test('Retry comes before Catch', async () => {
  const { runStates, invocations } = givenStates(failing());

  const { output } = await runStates({
    Work: invoke({
      Retry: [{ ErrorEquals: ['TransientAwsError'], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Output: 'caught', Next: 'Caught' }],
      End: true,
    }),
    Caught: { Type: 'Succeed' },
  });

  expect(output).toBe('caught');
  expect(invocations).toHaveLength(2);
});

test('an Output that cannot be evaluated is caught as well', async () => {
  const { runStates } = givenStates();

  const { output } = await runStates({
    Work: invoke({
      Output: '{% $states.result.Payload.absent %}',
      Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'Caught' }],
      End: true,
    }),
    Caught: { Type: 'Pass', Output: '{% $states.input.Error %}', End: true },
  });

  expect(output).toBe('States.QueryEvaluationError');
});

test('failures and retries are logged', async () => {
  const { runStates, account } = givenStates(failing());

  await runStates({ Work: invoke({ Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }], End: true }) });

  expect(account.log.of('states', 'task-failed').map(({ detail }) => detail)).toMatchObject([
    { machine: 'machine', state: 'Work', error: 'TransientAwsError' },
    { machine: 'machine', state: 'Work', error: 'TransientAwsError' },
  ]);
  expect(account.log.of('states', 'retry').map(({ detail }) => detail)).toMatchObject([{ state: 'Work', attempt: 1, delayMs: 1000 }]);
});

import { givenStates, invoke } from './support.js';

const slow = (seconds: number) => ({
  work: async (_: unknown, account: { clock: { sleep(ms: number): Promise<void> } }) => {
    await account.clock.sleep(seconds * 1000);
    return 'late';
  },
});

test('a task that takes longer than TimeoutSeconds fails with States.Timeout, without a cause', async () => {
  const { runStates, types } = givenStates(slow(60));

  const { arn, error, cause, startTime, stopTime } = await runStates({ Work: invoke({ TimeoutSeconds: 30, End: true }) });

  expect({ error, cause }).toEqual({ error: 'States.Timeout', cause: undefined });
  expect(Number(stopTime) - startTime).toBe(30_000);
  expect(types(arn).slice(-2)).toEqual(['TaskTimedOut', 'ExecutionFailed']);
});

test('TimeoutSeconds may be an expression', async () => {
  const { runStates } = givenStates(slow(60));

  const { startTime, stopTime } = await runStates(
    { Work: invoke({ TimeoutSeconds: '{% $states.input.limit %}', End: true }) },
    { limit: 7 },
  );

  expect(Number(stopTime) - startTime).toBe(7000);
});

test('a function that outlives its task keeps running, and its answer is ignored', async () => {
  const { runStates, account, invocations, execution } = givenStates(slow(60));

  const { arn, output } = await runStates({
    Work: invoke({ TimeoutSeconds: 30, Catch: [{ ErrorEquals: ['States.Timeout'], Output: 'gave up', Next: 'Caught' }], End: true }),
    Caught: { Type: 'Wait', Seconds: 300, End: true },
  });
  await account.clock.run();

  expect(output).toBe('gave up');
  expect(execution(arn).output).toBe('gave up');
  expect(invocations).toHaveLength(1);
});

test('a time-out is retried like any error', async () => {
  const { runStates, invocations } = givenStates(slow(60));

  await runStates({
    Work: invoke({ TimeoutSeconds: 30, Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1, IntervalSeconds: 5 }], End: true }),
  });

  expect(invocations.map(({ time }) => time - 1_795_424_400_000)).toEqual([0, 35_000]);
});

test('an execution that takes longer than the machine’s TimeoutSeconds is TIMED_OUT, and no Catch catches it', async () => {
  const { run, states, request, account, invocations } = givenStates();

  const { arn, status, error, startTime, stopTime } = await run({
    StartAt: 'Begin',
    TimeoutSeconds: 100,
    States: {
      Begin: { Type: 'Wait', Seconds: 90, Next: 'Again' },
      Again: { Type: 'Wait', Seconds: 90, Next: 'Work' },
      Work: invoke({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Begin' }], End: true }),
    },
  });
  await account.clock.run();

  expect({ status, error }).toEqual({ status: 'TIMED_OUT', error: undefined });
  expect(Number(stopTime) - startTime).toBe(100_000);
  expect(states.history(arn).at(-1)).toMatchObject({
    type: 'ExecutionTimedOut',
    previousEventId: 0,
    executionTimedOutEventDetails: { error: 'States.Timeout' },
  });
  expect(await request('DescribeExecution', { executionArn: arn })).not.toHaveProperty('error');
  expect(invocations).toHaveLength(0);
  expect(account.clock.now - startTime).toBe(100_000);
});

test('an execution that ends leaves no timer behind', async () => {
  const { run, account } = givenStates();

  const { startTime } = await run({
    StartAt: 'Work',
    TimeoutSeconds: 100,
    States: { Work: invoke({ TimeoutSeconds: 30, HeartbeatSeconds: 10, End: true }) },
  });
  await account.clock.run();

  expect(account.clock.now).toBe(startTime);
});

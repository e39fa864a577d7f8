import { type Code, functionArn, givenFunction } from './given-functions.js';

describe('before and after a run', () => {
  const givenCounted = () => {
    const runs: number[] = [];
    const given = givenFunction({ code: () => runs.push(given.account.clock.now) });
    return { ...given, runs };
  };

  test.each([
    ['throws', { status: 'error', errorType: 'Runtime.ExitError' }, 0],
    ['timesOut', { status: 'error', errorType: 'Sandbox.Timedout' }, 0],
    ['twice', { status: 'ok', payload: 2 }, 2],
    ['answerLost', { status: 'error', errorType: 'Sandbox.Timedout' }, 1],
  ] as const)('%s', async (kind, expected, runCount) => {
    const { invoke, account, runs } = givenCounted();
    account.faults.injectInvocation({ function: 'greet', kind });

    expect(await invoke()).toMatchObject(expected);
    expect(runs).toHaveLength(runCount);
    expect(await invoke()).toMatchObject({ status: 'ok', payload: runCount + 1 });
  });

  test("when Step Functions' client gives up, the function has run, and the invocation fails with an error of the client", async () => {
    const { invoke, account, runs } = givenCounted();
    account.faults.injectInvocation({ function: 'greet', kind: 'clientTimesOut' });

    await expect(invoke()).rejects.toMatchObject({ code: 'ClientExecutionTimeoutException', status: 500 });
    expect(runs).toHaveLength(1);
    expect(account.log.of('lambda', 'answered')).toHaveLength(1);
  });

  test("when Step Functions' client gives up early, the function starts after that, beside the retry", async () => {
    const { lambda, account, runs } = givenCounted();
    const start = account.clock.now;
    account.faults.injectInvocation({ function: 'greet', kind: 'clientTimesOut', delayMs: 5_000 });

    const refused = expect(lambda.invoke(functionArn, {})).rejects.toMatchObject({ code: 'ClientExecutionTimeoutException' });
    await account.clock.advance(0);
    await refused;
    const retried = lambda.invoke(functionArn, {});
    await account.clock.run();

    expect(await retried).toMatchObject({ status: 'ok', payload: 1 });
    expect(runs.map((time) => Math.floor((time - start) / 1000))).toEqual([0, 5]);
  });
});

describe('between requests', () => {
  /** Makes three requests, one after another, and answers with the numbers that it got. */
  const threeRequests: Code = async (_payload, request) => {
    const seen: unknown[] = [];
    for (let count = 0; count < 3; count++) seen.push(await request('counter', 'Add', {}));
    return seen;
  };
  const givenCounter = (code = threeRequests) => {
    const times: number[] = [];
    const given = givenFunction({ code });
    given.account.add([{ service: 'counter', name: 'Add', input: {}, run: () => times.push(given.account.clock.now) }]);
    const start = given.account.clock.now;
    return { ...given, times, seconds: () => times.map((time) => Math.floor((time - start) / 1000)) };
  };

  test.each([1, 2, 3])('a function that is killed has made %i requests, and its next run is cold', async (afterRequests) => {
    const { invoke, account, times } = givenCounter();
    account.faults.injectInvocation({ function: 'greet', kind: 'killed', afterRequests });

    const killed = await invoke();
    const count = times.length;
    const next = await invoke();

    expect(killed).toEqual({
      status: 'error',
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 1$/),
      trace: [],
    });
    expect(count).toBe(afterRequests);
    expect(next).toEqual({ status: 'ok', payload: [count + 1, count + 2, count + 3] });
    expect(account.log.of('lambda', 'invoked').map(({ detail }) => detail.isCold)).toEqual([true, true]);
  });

  test('a function that makes fewer requests is not killed', async () => {
    const { invoke, account } = givenCounter();
    account.faults.injectInvocation({ function: 'greet', kind: 'killed', afterRequests: 4 });

    expect(await invoke()).toEqual({ status: 'ok', payload: [1, 2, 3] });
  });

  test('an invocation of type Event is retried after a minute when it was killed', async () => {
    const { ask, account, seconds } = givenCounter();
    account.faults.injectInvocation({ function: 'greet', kind: 'killed', afterRequests: 2 });

    await ask('lambda', 'Invoke', { FunctionName: functionArn, InvocationType: 'Event' });
    await account.clock.run();

    expect(seconds()).toEqual([0, 0, 60, 60, 60]);
  });

  test('a function that starts late makes its requests late, and has all of its time for them', async () => {
    const { invoke, account, seconds } = givenCounter();
    account.faults.injectInvocation({ function: 'greet', kind: 'startsLate', delayMs: 60_000 });

    expect(await invoke()).toEqual({ status: 'ok', payload: [1, 2, 3] });
    expect(seconds()).toEqual([60, 60, 60]);
  });

  test('a function that pauses continues with what it knew before', async () => {
    const { invoke, account, seconds } = givenCounter();
    account.faults.injectInvocation({ function: 'greet', kind: 'pauses' });

    expect(await invoke()).toEqual({ status: 'ok', payload: [1, 2, 3] });
    expect(seconds()).toEqual([0, 10, 10]);
  });

  test.each([
    ['pauses', 1],
    ['returnsLate', 3],
  ] as const)('a function that %s beyond its time-out is stopped there', async (kind, requests) => {
    const { invoke, account, times } = givenCounter();
    account.faults.injectInvocation({ function: 'greet', kind, delayMs: 30_000 });

    expect(await invoke()).toMatchObject({ errorType: 'Sandbox.Timedout' });
    await account.clock.run();
    expect(times).toHaveLength(requests);
  });

  test('a function that returns late has done its work at once', async () => {
    const { invoke, account, seconds } = givenCounter();
    const start = account.clock.now;
    account.faults.injectInvocation({ function: 'greet', kind: 'returnsLate', delayMs: 15_000 });

    expect(await invoke()).toEqual({ status: 'ok', payload: [1, 2, 3] });
    expect(seconds()).toEqual([0, 0, 0]);
    expect(Math.floor((account.clock.now - start) / 1000)).toBe(15);
  });
});

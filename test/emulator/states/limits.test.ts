import { functionArn, givenStates, invoke, machineArn } from './support.js';

const large = 'x'.repeat(262_143);

test('an input of more than 256 KiB is refused', async () => {
  const { request, createMachine } = givenStates();
  createMachine({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });

  await expect(request('StartExecution', { stateMachineArn: machineArn, input: JSON.stringify(large) })).rejects.toMatchObject({
    code: 'ValidationException',
  });
});

describe('a result of more than 256 KiB is States.DataLimitExceeded', () => {
  const text = "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.";
  const catching = {
    Work: invoke({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }], End: true }),
    Caught: { Type: 'Succeed' },
  };

  test('which States.ALL does not match', async () => {
    const { runStates } = givenStates({ work: () => large, assumptions: { dataLimitExceededInStatesAll: 'notMatched' } });

    expect(await runStates(catching)).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded', cause: text });
  });

  test('which States.ALL matches', async () => {
    const { runStates, invocations } = givenStates({ work: () => large, assumptions: { dataLimitExceededInStatesAll: 'matched' } });
    const Retry = [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }];

    expect(await runStates({ ...catching, Work: { ...catching.Work, Retry } })).toMatchObject({
      status: 'SUCCEEDED',
      output: { Error: 'States.DataLimitExceeded', Cause: text },
    });
    expect(invocations).toHaveLength(2);
  });
});

test('a catcher that names States.DataLimitExceeded catches it', async () => {
  const { runStates } = givenStates({ work: () => large });

  const { status } = await runStates({
    Work: invoke({ Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'Caught' }], End: true }),
    Caught: { Type: 'Succeed' },
  });

  expect(status).toBe('SUCCEEDED');
});

test('the size is counted in bytes, not in characters', async () => {
  const { runStates } = givenStates();
  const half = '$pad("", 100000, "é")';

  const fits = await runStates({ P: { Type: 'Pass', Output: `{% ${half} %}`, End: true } });
  const exceeds = await runStates({ P: { Type: 'Pass', Output: `{% ${half} & ${half} %}`, End: true } });

  expect(fits.status).toBe('SUCCEEDED');
  expect(exceeds.error).toBe('States.DataLimitExceeded');
  expect(exceeds.cause).toBe("The state/task 'P' returned a result with a size exceeding the maximum number of bytes service limit.");
});

test.each([
  [
    'Map',
    { Items: [1, 2], ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', Output: '{% $pad("", 150000, "x") %}', End: true } } } },
  ],
  [
    'Parallel',
    {
      Branches: [1, 2].map((n) => ({
        StartAt: `P${n}`,
        States: { [`P${n}`]: { Type: 'Pass', Output: '{% $pad("", 150000, "x") %}', End: true } },
      })),
    },
  ],
])('what the parts of a %s return counts together, even where Output leaves it out', async (Type, fields) => {
  const { runStates } = givenStates();

  const { error, cause } = await runStates({ Each: { Type, ...fields, Output: '', End: true } });

  expect(error).toBe('States.DataLimitExceeded');
  expect(cause).toContain("The state/task 'Each' returned a result");
});

test('variables count as well', async () => {
  const { runStates } = givenStates();

  const { error } = await runStates({
    P: { Type: 'Pass', Assign: { x: '{% $pad("", 150000, "x") %}', y: '{% $pad("", 150000, "y") %}' }, End: true },
  });

  expect(error).toBe('States.DataLimitExceeded');
});

test('JSON that is nested too deeply fails the execution, and time goes on', async () => {
  const { createMachine, request, account, execution } = givenStates();
  createMachine({ StartAt: 'Work', States: { Work: { Type: 'Task', Resource: functionArn, End: true } } });
  const { executionArn } = await request<{ executionArn: string }>('StartExecution', {
    stateMachineArn: machineArn,
    input: '['.repeat(50_000) + ']'.repeat(50_000),
  });

  await account.clock.run();

  expect(execution(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
});

test('the 25,000th event ends the execution, and nothing catches it', async () => {
  const { runStates, states } = givenStates();
  const loop = {
    StartAt: 'Turn',
    States: {
      Turn: { Type: 'Pass', Next: 'Again' },
      Again: { Type: 'Choice', Choices: [{ Condition: false, Next: 'Done' }], Default: 'Turn' },
      Done: { Type: 'Succeed' },
    },
  };

  const { arn, status, error, cause } = await runStates({
    Split: { Type: 'Parallel', Branches: [loop, loop], Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }], End: true },
    Caught: { Type: 'Succeed' },
  });

  expect({ status, error, cause }).toEqual({
    status: 'FAILED',
    error: 'States.Runtime',
    cause: 'The execution reached the maximum number of history events (25000).',
  });
  expect(states.history(arn)).toHaveLength(25_000);
  expect(states.history(arn).at(-1)?.type).toBe('ExecutionFailed');
});

import { givenStates } from './support.js';

const branch = (states: Readonly<Record<string, object>>): object => ({ StartAt: Object.keys(states)[0], States: states });

test('all branches get the same input, and their outputs are a list in the order of the branches', async () => {
  const { runStates } = givenStates();

  const { output, startTime, stopTime } = await runStates(
    {
      Split: {
        Type: 'Parallel',
        Branches: [
          branch({ Slow: { Type: 'Wait', Seconds: 5, Next: 'A' }, A: { Type: 'Pass', Output: 'a{% x', End: true } }),
          branch({ B: { Type: 'Pass', Output: '{% $states.input.n %}', End: true } }),
        ],
        Output: { both: '{% $states.result %}' },
        End: true,
      },
    },
    { n: 1 },
  );

  expect(output).toEqual({ both: ['a{% x', 1] });
  expect(Number(stopTime) - startTime).toBe(5000);
});

test('Arguments are the input of the branches', async () => {
  const { runStates } = givenStates();

  const { output } = await runStates({
    Split: { Type: 'Parallel', Arguments: { x: '{% 1 + 1 %}' }, Branches: [branch({ A: { Type: 'Pass', End: true } })], End: true },
  });

  expect(output).toEqual([{ x: 2 }]);
});

test('a branch that fails aborts the others', async () => {
  const { runStates, types, account } = givenStates();

  const { error, cause, arn, startTime, stopTime } = await runStates({
    Split: {
      Type: 'Parallel',
      Branches: [
        branch({ Slow: { Type: 'Wait', Seconds: 500, End: true } }),
        branch({ Short: { Type: 'Wait', Seconds: 5, Next: 'Failed' }, Failed: { Type: 'Fail', Error: 'E', Cause: 'C' } }),
      ],
      End: true,
    },
  });
  await account.clock.run();

  expect({ error, cause }).toEqual({ error: 'E', cause: 'C' });
  expect(Number(stopTime) - startTime).toBe(5000);
  expect(account.clock.now).toBe(stopTime);
  expect(types(arn).slice(-4)).toEqual(['FailStateEntered', 'WaitStateAborted', 'ParallelStateFailed', 'ExecutionFailed']);
});

test('a Parallel is retried, then caught; its branches start with fresh variables', async () => {
  const { runStates, states } = givenStates();

  const { output, arn } = await runStates({
    Split: {
      Type: 'Parallel',
      Branches: [
        branch({
          Ask: {
            Type: 'Choice',
            Choices: [{ Condition: '{% $exists($seen) %}', Next: 'Seen' }],
            Default: 'Failed',
            Assign: { seen: true },
          },
          Failed: { Type: 'Fail', Error: 'NotSeen' },
          Seen: { Type: 'Fail', Error: 'Seen' },
        }),
      ],
      Retry: [{ ErrorEquals: ['NotSeen'], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput %}', Next: 'Caught' }],
      End: true,
    },
    Caught: { Type: 'Succeed' },
  });

  expect(output).toEqual({ Error: 'NotSeen', Cause: null });
  expect(states.transitions(arn)).toBe(7);
});

test('the states of branches take turns in one order', async () => {
  const { runStates, path } = givenStates();
  const two = (name: string) => branch({ [`${name}1`]: { Type: 'Pass', Next: `${name}2` }, [`${name}2`]: { Type: 'Pass', End: true } });

  const { arn } = await runStates({ Split: { Type: 'Parallel', Branches: [two('A'), two('B')], End: true } });

  expect(path(arn)).toEqual(['Split', 'A1', 'B1', 'A2', 'B2']);
});

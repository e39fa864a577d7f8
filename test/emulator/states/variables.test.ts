import { givenStates, refusal } from './support.js';

test('a variable is seen by the next state, not by its own', async () => {
  const { runStates } = givenStates();

  const { output } = await runStates({
    Begin: { Type: 'Pass', Assign: { count: 1 }, Next: 'Raise' },
    Raise: { Type: 'Pass', Assign: { count: '{% $count + 1 %}' }, Output: '{% $count %}', Next: 'Show' },
    Show: { Type: 'Pass', Output: { before: '{% $states.input %}', after: '{% $count %}' }, End: true },
  });

  expect(output).toEqual({ before: 1, after: 2 });
});

test('without Output a state passes its input on', async () => {
  const { runStates } = givenStates();

  const { output } = await runStates({ Begin: { Type: 'Pass', Assign: { x: 1 }, End: true } }, { kept: [1, null, 'a'] });

  expect(output).toEqual({ kept: [1, null, 'a'] });
});

test('a string is an expression only as a whole', async () => {
  const { runStates } = givenStates();

  const { output } = await runStates({
    Begin: { Type: 'Pass', Output: { a: '{%1 + 1%}', b: ' {% 1 %}', c: 'x {% 1 %}', d: ['{% "e" %}', '$x'] }, End: true },
  });

  expect(output).toEqual({ a: 2, b: ' {% 1 %}', c: 'x {% 1 %}', d: ['e', '$x'] });
});

test('an expression that finds nothing fails the state, and the cause says where', async () => {
  const { runStates } = givenStates();

  const { status, error, cause } = await runStates({ Begin: { Type: 'Pass', Output: { a: ['{% $states.input.absent %}'] }, End: true } });

  expect({ status, error }).toEqual({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  expect(cause).toBe(
    "An error occurred while executing the state 'Begin' (entered at the event id #2). " +
      "The JSONata expression '$states.input.absent' specified for the field 'Output/a[0]' returned nothing (undefined).",
  );
});

test('an undefined variable fails the state, unless the expression asks whether it exists', async () => {
  const { runStates } = givenStates();

  const failed = await runStates({ Begin: { Type: 'Pass', Assign: { x: '{% $nowhere %}' }, End: true } });
  const asked = await runStates({ Begin: { Type: 'Pass', Output: '{% $exists($nowhere) %}', End: true } });

  expect(failed.error).toBe('States.QueryEvaluationError');
  expect(asked.output).toBe(false);
});

test('when one of several assignments fails, none applies', async () => {
  const { run } = givenStates();

  const { output } = await run({
    StartAt: 'Begin',
    States: {
      Begin: { Type: 'Pass', Assign: { x: 'old' }, Next: 'Both' },
      Both: {
        Type: 'Parallel',
        Branches: [{ StartAt: 'Inside', States: { Inside: { Type: 'Pass', End: true } } }],
        Assign: { x: 'new', y: '{% $states.input.absent %}' },
        Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'Show' }],
        Next: 'Show',
      },
      Show: { Type: 'Pass', Output: { x: '{% $x %}', hasY: '{% $exists($y) %}' }, End: true },
    },
  });

  expect(output).toEqual({ x: 'old', hasY: false });
});

test('a branch reads outer variables, and its own stay inside', async () => {
  const { runStates } = givenStates();

  const { output } = await runStates({
    Begin: { Type: 'Pass', Assign: { outer: 'o' }, Next: 'Split' },
    Split: {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'Inside',
          States: {
            Inside: { Type: 'Pass', Assign: { inner: '{% $outer & "i" %}' }, Next: 'Show' },
            Show: { Type: 'Pass', Output: '{% $inner %}', End: true },
          },
        },
      ],
      Next: 'Show',
    },
    Show: { Type: 'Pass', Output: { result: '{% $states.input %}', leaked: '{% $exists($inner) %}' }, End: true },
  });

  expect(output).toEqual({ result: ['oi'], leaked: false });
});

test('an inner scope cannot assign a name of an outer one', () => {
  const branch = { StartAt: 'Inside', States: { Inside: { Type: 'Pass', Assign: { x: 2 }, End: true } } };
  const { code, message } = refusal({
    StartAt: 'Begin',
    States: { Begin: { Type: 'Pass', Assign: { x: 1 }, Next: 'Split' }, Split: { Type: 'Parallel', Branches: [branch], End: true } },
  });

  expect(code).toBe('InvalidDefinition');
  expect(message).toContain("Variable 'x' is assigned in an outer scope");
});

test("a state's own Assign and Catch may use the names that its branches assign", async () => {
  const { runStates } = givenStates();
  const assigning = (value: string) => ({
    StartAt: 'Inside',
    States: { Inside: { Type: 'Pass', Assign: { x: value }, Next: 'Again' }, Again: { Type: 'Pass', Output: '{% $x %}', End: true } },
  });

  const { output } = await runStates({
    Split: {
      Type: 'Parallel',
      Branches: [assigning('one'), assigning('two')],
      Assign: { x: '{% $states.result %}' },
      Catch: [{ ErrorEquals: ['States.ALL'], Assign: { x: 'failed' }, Next: 'Show' }],
      Next: 'Show',
    },
    Show: { Type: 'Succeed', Output: '{% $x %}' },
  });

  expect(output).toEqual(['one', 'two']);
});

test('what another state assigns as well is in the scope of the branches', () => {
  const branch = { StartAt: 'Inside', States: { Inside: { Type: 'Pass', Assign: { x: 2 }, End: true } } };
  const split = { Type: 'Parallel', Branches: [branch], Assign: { x: 1 }, Next: 'After' };

  expect(refusal({ StartAt: 'Split', States: { Split: split, After: { Type: 'Pass', Assign: { x: 3 }, End: true } } }).message).toContain(
    "Variable 'x' is assigned in an outer scope",
  );
});

test('the context describes the execution, the machine and the state', async () => {
  const { runStates, start, execution, account } = givenStates();
  await runStates({
    Begin: { Type: 'Wait', Seconds: 90, Next: 'Show' },
    Show: { Type: 'Pass', Output: '{% $states.context %}', End: true },
  });

  const arn = await start({ a: 1 }, { name: 'mine' });
  await account.clock.run({ until: () => execution(arn).status !== 'RUNNING' });

  expect(execution(arn).output).toEqual({
    Execution: {
      Id: 'arn:aws:states:eu-west-1:123456789012:execution:machine:mine',
      Input: { a: 1 },
      Name: 'mine',
      RoleArn: 'arn:aws:iam::123456789012:role/machine',
      StartTime: '2026-11-23T09:01:30.000Z',
      RedriveCount: 0,
    },
    State: { EnteredTime: '2026-11-23T09:03:00.000Z', Name: 'Show', RetryCount: 0 },
    StateMachine: { Id: 'arn:aws:states:eu-west-1:123456789012:stateMachine:machine', Name: 'machine' },
  });
});

test('a list with one element stays a list through variables, states and branches', async () => {
  const { runStates } = givenStates();

  const { output } = await runStates(
    {
      Begin: { Type: 'Pass', Assign: { list: '{% $states.input.list %}' }, Next: 'Show' },
      Show: { Type: 'Pass', Output: { list: '{% $list %}', count: '{% $count($list) %}' }, End: true },
    },
    { list: ['only'] },
  );

  expect(output).toEqual({ list: ['only'], count: 1 });
});

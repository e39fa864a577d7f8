import { FunctionError, givenStates, invoke } from './support.js';

const each = (states: Readonly<Record<string, object>>): object => ({ StartAt: Object.keys(states)[0], States: states });

const sleeping = {
  work: async (payload: unknown, account: { clock: { sleep(ms: number): Promise<void> } }) => {
    const { seconds = 0, error } = payload as { seconds?: number; error?: string };
    await account.clock.sleep(seconds * 1000);
    if (error !== undefined) throw new FunctionError({ errorType: error });
    return seconds;
  },
};

test('each item goes through the processor, and the results keep the order of the items', async () => {
  const { runStates } = givenStates(sleeping);

  const { output, startTime, stopTime } = await runStates(
    {
      Each: {
        Type: 'Map',
        Items: '{% $states.input.list %}',
        ItemProcessor: each({ Work: invoke({ Output: '{% $states.result.Payload %}', End: true }) }),
        End: true,
      },
    },
    { list: [{ seconds: 3 }, { seconds: 1 }, { seconds: 2 }] },
  );

  expect(output).toEqual([3, 1, 2]);
  expect(Number(stopTime) - startTime).toBe(3000);
});

test('without Items the input is the list', async () => {
  const { runStates } = givenStates();

  const { output } = await runStates(
    { Each: { Type: 'Map', ItemProcessor: each({ Twice: { Type: 'Pass', Output: '{% $states.input * 2 %}', End: true } }), End: true } },
    [1, 2],
  );

  expect(output).toEqual([2, 4]);
});

test('an item’s place and value are in the context, for ItemSelector and inside', async () => {
  const { runStates } = givenStates();

  const { output } = await runStates(
    {
      Each: {
        Type: 'Map',
        Items: ['a', 'b'],
        ItemSelector: { item: '{% $states.context.Map.Item.Value %}', of: '{% $states.input.name %}' },
        ItemProcessor: each({
          Show: { Type: 'Pass', Output: { input: '{% $states.input %}', at: '{% $states.context.Map.Item.Index %}' }, End: true },
        }),
        End: true,
      },
    },
    { name: 'n' },
  );

  expect(output).toEqual([
    { input: { item: 'a', of: 'n' }, at: 0 },
    { input: { item: 'b', of: 'n' }, at: 1 },
  ]);
});

test('no more than MaxConcurrency iterations run at a time', async () => {
  const { runStates, invocations } = givenStates(sleeping);

  await runStates({
    Each: {
      Type: 'Map',
      Items: [{ seconds: 10 }, { seconds: 4 }, { seconds: 4 }, { seconds: 4 }],
      MaxConcurrency: '{% 2 %}',
      ItemProcessor: each({ Work: invoke({ End: true }) }),
      End: true,
    },
  });

  expect(invocations.map(({ time }) => time - 1_795_424_400_000)).toEqual([0, 0, 4000, 8000]);
});

test.each([
  [undefined, 2],
  [41, 2],
  ['{% 100 %}', 2],
  [0, 2],
  ['{% $count($states.input) %}', 2],
  ['{% 20 %}', 3],
])('with MaxConcurrency %s, 41 iterations of 10 s take %d times as long: at most forty run at a time', async (MaxConcurrency, times) => {
  const { runStates } = givenStates(sleeping);

  const { startTime, stopTime } = await runStates(
    { Each: { Type: 'Map', MaxConcurrency, ItemProcessor: each({ Work: invoke({ End: true }) }), End: true } },
    Array.from({ length: 41 }, () => ({ seconds: 10 })),
  );

  expect(Number(stopTime) - startTime).toBe(times * 10_000);
});

test.each(['{% -1 %}', '{% 1.5 %}', "{% '20' %}"])('MaxConcurrency %s fails the state', async (MaxConcurrency) => {
  const { runStates } = givenStates();

  const { error, cause } = await runStates(
    { Each: { Type: 'Map', MaxConcurrency, ItemProcessor: each({ Inside: { Type: 'Pass', End: true } }), End: true } },
    [1],
  );

  expect(error).toBe('States.QueryEvaluationError');
  expect(cause).toContain('MaxConcurrency');
});

test('each iteration may begin with a Wait of its own, of which no second leaves its two events', async () => {
  const { runStates, invocations, states } = givenStates();

  const { arn } = await runStates(
    {
      Each: {
        Type: 'Map',
        Items: [{ delay: 0 }, { delay: 3 }],
        MaxConcurrency: '{% 2 %}',
        ItemProcessor: each({
          Pace: { Type: 'Wait', Seconds: '{% $states.input.delay %}', Next: 'Work' },
          Work: invoke({ End: true }),
        }),
        End: true,
      },
    },
    {},
  );

  expect(invocations.map(({ time }) => time - 1_795_424_400_000)).toEqual([0, 3000]);
  const waits = states.history(arn).filter(({ type }) => type.startsWith('WaitState'));
  expect(waits.map(({ type }) => type)).toEqual(['WaitStateEntered', 'WaitStateEntered', 'WaitStateExited', 'WaitStateExited']);
  expect(waits.map(({ timestamp }) => timestamp.getTime() - 1_795_424_400_000)).toEqual([0, 0, 0, 3000]);
});

test('no items give an empty list', async () => {
  const { runStates, types } = givenStates();

  const { output, arn } = await runStates(
    { Each: { Type: 'Map', ItemProcessor: each({ Inside: { Type: 'Pass', End: true } }), End: true } },
    [],
  );

  expect(output).toEqual([]);
  expect(types(arn)).toEqual([
    'ExecutionStarted',
    'MapStateEntered',
    'MapStateStarted',
    'MapStateSucceeded',
    'MapStateExited',
    'ExecutionSucceeded',
  ]);
});

test('the first iteration that fails aborts the others, and the Map fails with its error', async () => {
  const { runStates, states, path, account } = givenStates(sleeping);

  const { error, startTime, stopTime, arn } = await runStates({
    Each: {
      Type: 'Map',
      Items: [{ seconds: 5 }, { seconds: 2, error: 'Crashed' }],
      ItemProcessor: each({ Work: invoke({ Next: 'After' }), After: { Type: 'Pass', End: true } }),
      End: true,
    },
  });
  await account.clock.run();

  expect(error).toBe('Crashed');
  expect(Number(stopTime) - startTime).toBe(2000);
  expect(path(arn)).toEqual(['Each', 'Work', 'Work']);
  const failed = states.history(arn).find(({ type }) => type === 'TaskFailed')?.id;
  expect(
    states
      .history(arn)
      .slice(failed)
      .map(({ type, previousEventId }) => [type, previousEventId]),
  ).toEqual([
    ['MapIterationFailed', failed],
    ['TaskStateAborted', failed],
    ['TaskStateAborted', failed],
    ['MapIterationAborted', failed],
    ['MapStateFailed', failed],
    ['ExecutionFailed', Number(failed) + 5],
  ]);
});

test('an iteration that catches everything does not disturb its siblings', async () => {
  const { runStates } = givenStates(sleeping);

  const { output } = await runStates({
    Each: {
      Type: 'Map',
      Items: [{ seconds: 5 }, { seconds: 2, error: 'Crashed' }],
      ItemProcessor: each({
        Work: invoke({ Output: 'good', Catch: [{ ErrorEquals: ['States.ALL'], Output: 'bad', Next: 'Caught' }], End: true }),
        Caught: { Type: 'Succeed' },
      }),
      End: true,
    },
  });

  expect(output).toEqual(['good', 'bad']);
});

test('a Map is retried as a whole, and caught', async () => {
  const { runStates, invocations } = givenStates(sleeping);

  const { output } = await runStates({
    Each: {
      Type: 'Map',
      Items: [{ error: 'Crashed' }],
      ItemProcessor: each({ Work: invoke({ End: true }) }),
      Retry: [{ ErrorEquals: ['Crashed'], MaxAttempts: 2 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'Caught' }],
      End: true,
    },
    Caught: { Type: 'Succeed' },
  });

  expect(output).toBe('Crashed');
  expect(invocations).toHaveLength(3);
});

test('a Map in a Map has the context of the inner item', async () => {
  const { runStates } = givenStates();

  const { output } = await runStates(
    {
      Outer: {
        Type: 'Map',
        ItemProcessor: each({
          Inner: {
            Type: 'Map',
            ItemProcessor: each({ Show: { Type: 'Pass', Output: '{% $states.context.Map.Item.Value %}', End: true } }),
            End: true,
          },
        }),
        End: true,
      },
    },
    [[1, 2], [3]],
  );

  expect(output).toEqual([[1, 2], [3]]);
});

describe('what is not a list fails the state', () => {
  const failed = async (fields: object, input?: unknown) => {
    const { runStates, states } = givenStates();
    const { arn, error, cause } = await runStates(
      { Each: { Type: 'Map', ...fields, ItemProcessor: each({ Inside: { Type: 'Pass', End: true } }), End: true } },
      input,
    );
    const details = states.history(arn)[2]?.evaluationFailedEventDetails;
    return { error, text: cause?.slice(cause.indexOf('). ') + 3), location: details?.location };
  };

  test.each([
    ['1', 'number', '1'],
    ["'string'", 'string', '"string"'],
    ['true', 'boolean', 'true'],
    ["{'foo': 'bar'}", 'object', '{"foo":"bar"}'],
    ['null', 'null', 'null'],
  ])('Items %s', async (expression, type, value) => {
    expect(await failed({ Items: `{% ${expression} %}` })).toEqual({
      error: 'States.QueryEvaluationError',
      text: `The JSONata expression '${expression}' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was '${type}' for value: ${value}`,
      location: 'Items',
    });
  });

  test.each([['$fn := function($x){$x}'], ['$sum']])('Items that are the function %s', async (expression) => {
    expect(await failed({ Items: `{% ${expression} %}` })).toEqual({
      error: 'States.QueryEvaluationError',
      text: `The JSONata expression '${expression}' specified for the field 'Items' returned an unsupported result type.`,
      location: 'Items',
    });
  });

  test.each([[1], ['string'], [null], [{ foo: 'bar' }]])('the input %j, without Items', async (input) => {
    expect(await failed({}, input)).toEqual({
      error: 'States.QueryEvaluationError',
      text: `Map state input must be an array but was: ${JSON.stringify(input)}`,
      location: undefined,
    });
  });
});

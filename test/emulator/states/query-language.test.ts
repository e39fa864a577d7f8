import { givenStates, invoke, refusal, roleArn } from './support.js';

const jsonPath = { QueryLanguage: 'JSONPath' };
const jsonata = { QueryLanguage: 'JSONata' };

test('a JSONPath machine runs states of JSONata, which share its variables', async () => {
  const { run } = givenStates();

  const { output } = await run(
    {
      ...jsonPath,
      StartAt: 'Path',
      States: {
        Path: { Type: 'Pass', Assign: { answer: 42 }, Next: 'Jsonata' },
        Jsonata: { ...jsonata, Type: 'Pass', Assign: { answer: 18, old: '{% $answer %}' }, Next: 'Show' },
        Show: { ...jsonata, Type: 'Succeed', Output: '{% [$states.input, $answer, $old] %}' },
      },
    },
    { given: true },
  );

  expect(output).toEqual([{ given: true }, 18, 42]);
});

test('in JSONPath braces are text, and a Task passes its input and its result on', async () => {
  const { run, invocations } = givenStates({ work: () => 'done' });

  const { output } = await run(
    {
      ...jsonPath,
      StartAt: 'Path',
      States: {
        Path: { Type: 'Pass', Assign: { text: '{% 1 + 1 %}' }, Next: 'Work' },
        Work: { ...invoke(), ...jsonata, Next: 'Direct' },
        Direct: {
          Type: 'Task',
          Resource: 'arn:aws:lambda:eu-west-1:123456789012:function:work',
          TimeoutSeconds: 5,
          Retry: [{ ErrorEquals: ['States.ALL'] }],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Show' }],
          Next: 'Show',
        },
        Show: { ...jsonata, Type: 'Succeed', Output: '{% [$states.input, $text] %}' },
      },
    },
    { given: true },
  );

  expect(output).toEqual(['done', '{% 1 + 1 %}']);
  expect(invocations.map(({ payload }) => payload)).toEqual([{ given: true }, expect.objectContaining({ Payload: 'done' })]);
});

test('a machine that names no language is one of JSONPath', async () => {
  const { request } = givenStates();
  const create = (name: string, state: object) =>
    request('CreateStateMachine', { name, roleArn, definition: JSON.stringify({ StartAt: 'S', States: { S: { ...state, End: true } } }) });

  await expect(create('output', { Type: 'Pass', Output: 1 })).rejects.toMatchObject({
    code: 'InvalidDefinition',
    message: "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Field 'Output' is not supported at /States/S/Output'",
  });
  await expect(create('own', { ...jsonata, Type: 'Pass', Output: 1 })).resolves.toMatchObject({ stateMachineArn: expect.any(String) });
});

test("a Timestamp of JSONPath is never an expression, nor is a branch's language that of its Parallel", () => {
  const branch = { StartAt: 'Inside', States: { Inside: { Type: 'Wait', Timestamp: "{% '2016-03-14T01:59:00Z' %}", End: true } } };
  const split = { ...jsonata, Type: 'Parallel', Branches: [branch], End: true };

  expect(refusal({ ...jsonPath, StartAt: 'Split', States: { Split: split } }).message).toContain(
    'String does not match RFC3339 timestamp at /States/Split/Branches[0]/States/Inside/Timestamp',
  );
  expect(refusal({ ...jsonata, StartAt: 'Split', States: { Split: split } })).toEqual({ code: 'accepted', message: '' });
});

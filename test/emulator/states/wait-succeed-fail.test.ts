import { givenStates } from './support.js';

test.each([
  [{ Seconds: 10 }, 10_000],
  [{ Seconds: 0 }, 0],
  [{ Seconds: '{% $states.input.seconds * 2 %}' }, 60_000],
  [{ Timestamp: '2026-11-23T09:05:00Z' }, 300_000],
  [{ Timestamp: '{% $states.input.due %}' }, 3_600_000],
  [{ Timestamp: '2020-01-01T00:00:00Z' }, 0],
])('Wait %j takes %d ms', async (wait, expected) => {
  const { runStates } = givenStates();

  const { status, startTime, stopTime, output } = await runStates(
    { Begin: { Type: 'Wait', ...wait, Output: 'waited', End: true } },
    { seconds: 30, due: '2026-11-23T12:00:00+02:00' },
  );

  expect(status).toBe('SUCCEEDED');
  expect(Number(stopTime) - startTime).toBe(expected);
  expect(output).toBe('waited');
});

const notATimestamp = 'The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string:';

test.each([
  [{ Seconds: '{% 1.5 %}' }, 'The Seconds field must be a whole number from 0 to 99999999 but was: 1.5'],
  [{ Seconds: '{% -1 %}' }, 'The Seconds field must be a whole number from 0 to 99999999 but was: -1'],
  [
    { Seconds: "{% '5' %}" },
    `The JSONata expression ''5'' specified for the field 'Seconds' returned an unexpected result type. Expected 'number', but was 'string' for value: "5"`,
  ],
  [
    { Timestamp: '{% 5 %}' },
    "The JSONata expression '5' specified for the field 'Timestamp' returned an unexpected result type. Expected 'string', but was 'number' for value: 5",
  ],
  [{ Timestamp: "{% '2016-12-05T21:29:29' %}" }, `${notATimestamp} 2016-12-05T21:29:29`],
  [{ Timestamp: "{% '2016-13-05T21:29:29Z' %}" }, `${notATimestamp} 2016-13-05T21:29:29Z`],
])('Wait %j fails', async (wait, text) => {
  const { runStates, states } = givenStates();

  const { arn, error, cause } = await runStates({ Begin: { Type: 'Wait', ...wait, End: true } });

  expect(error).toBe('States.QueryEvaluationError');
  expect(cause).toBe(`An error occurred while executing the state 'Begin' (entered at the event id #2). ${text}`);
  expect(states.history(arn)[2]).toMatchObject({ evaluationFailedEventDetails: { location: Object.keys(wait)[0], state: 'Begin', cause } });
});

test('Succeed ends the execution with its Output', async () => {
  const { runStates } = givenStates();

  const { status, output } = await runStates(
    {
      Which: { Type: 'Choice', Choices: [{ Condition: true, Next: 'Done' }], Default: 'Failed' },
      Done: { Type: 'Succeed', Output: { done: '{% $states.input.a %}' } },
      Failed: { Type: 'Fail' },
    },
    { a: 1 },
  );

  expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: { done: 1 } });
});

test('Fail takes its Error and Cause from expressions', async () => {
  const { runStates } = givenStates();

  const { status, error, cause, output } = await runStates(
    { Failed: { Type: 'Fail', Error: '{% $states.input.outcome %}', Cause: '{% "because " & $states.input.why %}' } },
    { outcome: 'ROLLED_BACK', why: 'it crashed' },
  );

  expect({ status, error, cause, output }).toEqual({
    status: 'FAILED',
    error: 'ROLLED_BACK',
    cause: 'because it crashed',
    output: undefined,
  });
});

test('a long Error and Cause are cut to AWS’s limits', async () => {
  const { runStates } = givenStates();

  const { error, cause } = await runStates({ Failed: { Type: 'Fail', Error: 'e'.repeat(300), Cause: 'c'.repeat(40_000) } });

  expect(error).toHaveLength(256);
  expect(cause).toHaveLength(32_768);
});

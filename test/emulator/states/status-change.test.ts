import { givenStates, machineArn } from './support.js';

const executionArn = 'arn:aws:states:eu-west-1:123456789012:execution:machine:n';

test('the start and the end of an execution are events on the default bus', async () => {
  const { createMachine, start, account, emitted } = givenStates();
  createMachine({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 60, Output: 'done', End: true } } });

  await start({ a: 1 }, { name: 'n' });
  await account.clock.run();

  const common = { executionArn, stateMachineArn: machineArn, name: 'n', startDate: 1_795_424_400_000, input: '{"a":1}' };
  expect(emitted).toMatchObject([
    {
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      resources: [executionArn],
      detail: { ...common, status: 'RUNNING', stopDate: null, output: null, error: null, cause: null },
    },
    { detail: { ...common, status: 'SUCCEEDED', stopDate: 1_795_424_460_000, output: '"done"', error: null, cause: null } },
  ]);
});

test('the event of a failure has its error and cause', async () => {
  const { runStates, emitted } = givenStates();

  await runStates({ F: { Type: 'Fail', Error: 'ROLLED_BACK', Cause: 'it crashed' } });

  expect(emitted.at(-1)?.detail).toMatchObject({ status: 'FAILED', output: null, error: 'ROLLED_BACK', cause: 'it crashed' });
});

test('data too large for an event is left out, and the event says so', async () => {
  const { runStates, emitted } = givenStates();

  await runStates({ P: { Type: 'Pass', Output: '{% $pad("", 260000, "x") %}', End: true } });

  expect(emitted.at(-1)?.detail).toMatchObject({
    status: 'SUCCEEDED',
    input: null,
    inputDetails: { included: false },
    output: null,
    outputDetails: { included: false },
  });
});

import { givenStates } from './support.js';

const childArn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:child';
const childExecution = 'arn:aws:states:eu-west-1:123456789012:execution:child:c';

const task = (resource: string, more: object = {}) => ({
  Start: {
    Type: 'Task',
    Resource: `arn:aws:states:::states:${resource}`,
    Arguments: { StateMachineArn: childArn, Name: 'c', Input: { a: '{% $states.input.a %}' } },
    Next: 'Done',
    ...more,
  },
  Done: { Type: 'Succeed' },
});

const waiting = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 60, Output: { from: '{% $states.input.a %}' }, End: true } } };
const failing = { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'ROLLED_BACK', Cause: 'it crashed' } } };

test('startExecution starts and does not wait', async () => {
  const { createMachine, runStates } = givenStates();
  createMachine(waiting, 'child');

  const { output, startTime, stopTime } = await runStates(task('startExecution'), { a: 1 });

  expect(output).toEqual({ ExecutionArn: childExecution, StartDate: 1_795_424_400_000 });
  expect(stopTime).toBe(startTime);
});

test('startExecution.sync:2 waits, and gives the child with its input and output parsed', async () => {
  const { createMachine, runStates, types } = givenStates();
  createMachine(waiting, 'child');

  const { output, arn } = await runStates(task('startExecution.sync:2'), { a: 1 });

  expect(output).toEqual({
    ExecutionArn: childExecution,
    StateMachineArn: childArn,
    Name: 'c',
    Status: 'SUCCEEDED',
    StartDate: 1_795_424_400_000,
    StopDate: 1_795_424_460_000,
    Input: { a: 1 },
    InputDetails: { Included: true },
    Output: { from: 1 },
    OutputDetails: { Included: true },
  });
  expect(types(arn)).toContain('TaskSubmitted');
});

test('a child that fails throws States.TaskFailed, whose cause describes it', async () => {
  const { createMachine, runStates } = givenStates();
  createMachine(failing, 'child');

  const { error, cause } = await runStates(task('startExecution.sync:2'), { a: 1 });

  expect(error).toBe('States.TaskFailed');
  expect(JSON.parse(String(cause))).toMatchObject({
    ExecutionArn: childExecution,
    Status: 'FAILED',
    Error: 'ROLLED_BACK',
    Cause: 'it crashed',
    Input: '{"a":1}',
  });
});

test('a name that was used throws StepFunctions.ExecutionAlreadyExistsException', async () => {
  const { createMachine, runStates, start, account } = givenStates();
  createMachine(failing, 'child');
  await start({}, { name: 'c', machine: childArn });
  await account.clock.run();

  const { error, cause } = await runStates(task('startExecution.sync:2'), { a: 1 });

  expect(error).toBe('StepFunctions.ExecutionAlreadyExistsException');
  expect(cause).toContain(`Execution Already Exists: '${childExecution}' (Service: AWSStepFunctions; Status Code: 400`);
});

test('starting the running child again waits for that child', async () => {
  const { createMachine, runStates, start } = givenStates();
  createMachine(waiting, 'child');
  await start({ a: 1 }, { name: 'c', machine: childArn });

  const { status, stopTime, startTime } = await runStates(task('startExecution.sync:2'), { a: 1 });

  expect(status).toBe('SUCCEEDED');
  expect(Number(stopTime) - startTime).toBe(60_000);
});

test('a machine that does not exist throws StepFunctions.StateMachineDoesNotExistException', async () => {
  const { runStates } = givenStates();

  const { error } = await runStates(task('startExecution'), { a: 1 });

  expect(error).toBe('StepFunctions.StateMachineDoesNotExistException');
});

test('stopping the parent stops the .sync child', async () => {
  const { createMachine, start, request, account, execution } = givenStates();
  createMachine(waiting, 'child');
  createMachine({ StartAt: 'Start', States: task('startExecution.sync:2') });
  const arn = await start({ a: 1 });
  await account.clock.advance(10_000);

  await request('StopExecution', { executionArn: arn, error: 'Stopped', cause: 'by hand' });
  await account.clock.run();

  expect(execution(arn)).toMatchObject({ status: 'ABORTED', error: 'Stopped', cause: 'by hand' });
  expect(execution(childExecution)).toMatchObject({ status: 'ABORTED', stopTime: 1_795_424_410_000 });
});

test('a parent whose task times out stops the .sync child', async () => {
  const { createMachine, runStates, execution, account } = givenStates();
  createMachine(waiting, 'child');

  const { error } = await runStates(task('startExecution.sync:2', { TimeoutSeconds: 10 }), { a: 1 });
  await account.clock.run();

  expect(error).toBe('States.Timeout');
  expect(execution(childExecution).status).toBe('ABORTED');
});

test('without the permission to stop it, the child keeps running', async () => {
  const { createMachine, runStates, execution, account } = givenStates({ denied: ['states:StopExecution'] });
  createMachine(waiting, 'child');

  await runStates(task('startExecution.sync:2', { TimeoutSeconds: 10 }), { a: 1 });
  await account.clock.run();

  expect(execution(childExecution)).toMatchObject({ status: 'SUCCEEDED', stopTime: 1_795_424_460_000 });
});

test('.sync needs the permission for the rule that reports the child’s end', async () => {
  const { createMachine, runStates } = givenStates({ denied: ['events:PutRule'] });
  createMachine(waiting, 'child');

  const { error } = await runStates(task('startExecution.sync:2'), { a: 1 });

  expect(error).toBe('StepFunctions.AccessDeniedException');
});

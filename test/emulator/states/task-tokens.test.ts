import { givenStates, invoke } from './support.js';

const waiting = (more: object = {}) => ({
  Ask: invoke({
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
    Next: 'Done',
    ...more,
  }),
  Done: { Type: 'Succeed' },
});

const given = async (more: object = {}) => {
  const account = givenStates();
  account.createMachine({ StartAt: 'Ask', States: waiting(more) });
  const arn = await account.start();
  await account.account.clock.advance(1000);
  const tokens = (): string[] => account.invocations.map(({ payload }) => (payload as { token: string }).token);
  const ended = async () => {
    await account.account.clock.run({ until: () => account.execution(arn).status !== 'RUNNING' });
    return account.execution(arn);
  };
  return { ...account, arn, tokens, ended };
};

test('SendTaskSuccess gives the task its result', async () => {
  const { request, tokens, ended, types, arn } = await given();

  await request('SendTaskSuccess', { taskToken: tokens()[0], output: '{"approved":true}' });

  expect((await ended()).output).toEqual({ approved: true });
  expect(types(arn)).toContain('TaskSubmitted');
});

test('SendTaskFailure gives the task its error', async () => {
  const { request, tokens, ended } = await given();

  await request('SendTaskFailure', { taskToken: tokens()[0], error: 'Rejected', cause: 'by an operator' });

  expect(await ended()).toMatchObject({ status: 'FAILED', error: 'Rejected', cause: 'by an operator' });
});

test('a token is as long as a real one, and valid for one answer', async () => {
  const { request, tokens, ended } = await given();
  const [taskToken = ''] = tokens();

  await request('SendTaskSuccess', { taskToken, output: '1' });
  await ended();

  expect(taskToken).toHaveLength(640);
  await expect(request('SendTaskSuccess', { taskToken, output: '2' })).rejects.toMatchObject({ code: 'TaskTimedOut' });
  await expect(request('SendTaskFailure', { taskToken: 'invented' })).rejects.toMatchObject({ code: 'InvalidToken' });
});

test.each([
  ['SendTaskSuccess', { output: JSON.stringify('x'.repeat(262_143)) }],
  ['SendTaskFailure', { error: 'e'.repeat(257) }],
  ['SendTaskFailure', { cause: 'c'.repeat(32_769) }],
])('%s refuses what is too long, and the task continues to wait', async (name, input) => {
  const { request, tokens, execution, arn } = await given();

  await expect(request(name, { taskToken: tokens()[0], ...input })).rejects.toMatchObject({ code: 'ValidationException' });

  expect(execution(arn).status).toBe('RUNNING');
});

test('an output that is not JSON is refused, and the task continues to wait', async () => {
  const { request, tokens, execution, arn } = await given();

  await expect(request('SendTaskSuccess', { taskToken: tokens()[0], output: 'yes' })).rejects.toMatchObject({ code: 'InvalidOutput' });

  expect(execution(arn).status).toBe('RUNNING');
});

test('a heartbeat that is missed is a States.Timeout, which is caught as States.HeartbeatTimeout', async () => {
  const { ended, states, arn } = await given({
    HeartbeatSeconds: 60,
    Catch: [
      { ErrorEquals: ['States.HeartbeatTimeout'], Output: '{% $states.errorOutput.Error %}', Next: 'Done' },
      { ErrorEquals: ['States.Timeout'], Output: 'too late', Next: 'Done' },
    ],
  });

  const { output, startTime, stopTime } = await ended();

  expect(output).toBe('States.Timeout');
  expect(Number(stopTime) - startTime).toBe(60_000);
  expect(states.history(arn).find(({ type }) => type === 'TaskTimedOut')).toMatchObject({
    taskTimedOutEventDetails: { error: 'States.Timeout', resource: 'invoke.waitForTaskToken', resourceType: 'lambda' },
  });
});

test('heartbeats restart HeartbeatSeconds, not TimeoutSeconds', async () => {
  const { request, tokens, account, ended } = await given({ HeartbeatSeconds: 60, TimeoutSeconds: 100 });
  const [taskToken] = tokens();

  await account.clock.advance(49_000);
  await request('SendTaskHeartbeat', { taskToken });
  await account.clock.advance(49_000);
  await request('SendTaskHeartbeat', { taskToken });
  const { error, startTime, stopTime } = await ended();

  expect(error).toBe('States.Timeout');
  expect(Number(stopTime) - startTime).toBe(100_000);
});

test('a retry has a token of its own', async () => {
  const { tokens, request, ended, account } = await given({ TimeoutSeconds: 10, Retry: [{ ErrorEquals: ['States.Timeout'] }] });

  await account.clock.advance(11_000);
  const [first, second] = tokens();
  await expect(request('SendTaskSuccess', { taskToken: first, output: '1' })).rejects.toMatchObject({ code: 'TaskTimedOut' });
  await request('SendTaskSuccess', { taskToken: second, output: '2' });

  expect(second).not.toBe(first);
  expect((await ended()).output).toBe(2);
});

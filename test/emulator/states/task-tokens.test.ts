import { assumptions } from '../../../emulator/assumptions.js';
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

const given = async (more: object = {}, options: Parameters<typeof givenStates>[0] = {}) => {
  const account = givenStates(options);
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

type Given = Awaited<ReturnType<typeof given>>;

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
  await expect(request('SendTaskHeartbeat', { taskToken: 'x'.repeat(2049) })).rejects.toMatchObject({ code: 'ValidationException' });
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

const retried = { TimeoutSeconds: 10, Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 5 }] };

test('a retry has a token of its own', async () => {
  const { tokens, request, ended, account } = await given(retried);

  await account.clock.advance(15_000);
  const [first, second] = tokens();
  await expect(request('SendTaskSuccess', { taskToken: first, output: '1' })).rejects.toMatchObject({ code: 'TaskTimedOut' });
  await request('SendTaskSuccess', { taskToken: second, output: '2' });

  expect(second).not.toBe(first);
  expect((await ended()).output).toBe(2);
});

test('where a retry has the same token, that is closed until the retry begins', async () => {
  const { tokens, request, ended, account } = await given(retried, { assumptions: { tokenPerRetry: 'same' } });
  const answer = () => request('SendTaskSuccess', { taskToken: tokens()[0], output: '1' });

  await account.clock.advance(12_000);
  await expect(answer()).rejects.toMatchObject({ code: 'TaskTimedOut' });
  await account.clock.advance(3_000);
  await answer();

  expect(new Set(tokens()).size).toBe(1);
  expect(tokens()).toHaveLength(2);
  expect((await ended()).output).toBe(1);
});

describe.each(assumptions.closedToken)('a closed token answers %s', (closedToken) => {
  const answers = [
    ['SendTaskSuccess', { output: '1' }],
    ['SendTaskFailure', { error: 'Woken' }],
    ['SendTaskHeartbeat', {}],
  ] as const;

  test.each([
    ['answered', async ({ request, tokens }: Given) => request('SendTaskSuccess', { taskToken: tokens()[0], output: '1' })],
    ['timed out', async ({ account }: Given) => account.clock.advance(60_000)],
    ['aborted with its execution', async ({ request, arn }: Given) => request('StopExecution', { executionArn: arn })],
  ])('once its task was %s', async (_, end) => {
    const task = await given({ TimeoutSeconds: 60 }, { assumptions: { closedToken } });

    await end(task);

    const [taskToken] = task.tokens();
    const { status, output } = await task.ended();
    for (const [name, input] of answers)
      await expect(task.request(name, { taskToken, ...input })).rejects.toMatchObject({ code: closedToken, status: 400 });
    expect(task.execution(task.arn)).toMatchObject({ status, output });
  });
});

import type { EmulatedAccount } from '../../../emulator/emulated-account.js';
import { FunctionError, givenStates, invoke, type Work } from './support.js';

type Asked = { readonly token: string; readonly visit: number; readonly retry: number };

const user = { arn: 'arn:aws:iam::123456789012:user/developer', kind: 'user' } as const;

/** A Task that is entered again and again, each time with another limit, until it is answered with success. */
const machine = (more: object = {}) => ({
  StartAt: 'Begin',
  States: {
    Begin: { Type: 'Pass', Assign: { visit: 1, seconds: 60 }, Next: 'Ask' },
    Ask: invoke({
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: {
        FunctionName: 'ask',
        Payload: {
          token: '{% $states.context.Task.Token %}',
          visit: '{% $visit %}',
          retry: '{% $states.context.State.RetryCount %}',
        },
      },
      TimeoutSeconds: '{% $seconds %}',
      Assign: { visit: '{% $visit + 1 %}' },
      Output: '{% $states.result %}',
      Catch: [
        {
          ErrorEquals: ['Woken', 'States.Timeout'],
          Assign: { visit: '{% $visit + 1 %}', seconds: '{% $states.errorOutput.Error = "Woken" ? 5 : $seconds * 2 %}' },
          Next: 'Ask',
        },
        { ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'Failed' },
      ],
      Next: 'Done',
      ...more,
    }),
    Done: { Type: 'Succeed' },
    Failed: { Type: 'Pass', End: true },
  },
});

const given = async (options: Parameters<typeof givenStates>[0] = {}, more: object = {}) => {
  const states = givenStates(options);
  states.createMachine(machine(more));
  const start = states.account.clock.now;
  const arn = await states.start();
  await states.account.clock.advance(0);
  const asked = () => states.invocations.map(({ payload, time }) => ({ ...(payload as Asked), at: time - start }));
  const send = (name: string, input: object, index = asked().length - 1) =>
    states.request(name, { taskToken: asked()[index]?.token, ...input });
  const secondsPassed = () => (states.account.clock.now - start) / 1000;
  return { ...states, arn, asked, send, secondsPassed };
};

const caught = [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'Failed' }];

const send = (account: EmulatedAccount, { token }: Asked, name: string, input: object) =>
  account.request(user, 'states', name, { taskToken: token, ...input });

test('each visit of a Task that catches its own wake-ups and time-outs is six events and one transition', async () => {
  const { account, states, arn, asked, send, types, execution } = await given();

  await account.clock.advance(61_000);
  await send('SendTaskFailure', { error: 'Woken' });
  await account.clock.advance(1_000);
  await send('SendTaskSuccess', { output: '{"action":"close"}' });
  await account.clock.advance(1_000);

  expect(asked().map(({ visit, at }) => [visit, at])).toEqual([
    [1, 0],
    [2, 60_000],
    [3, 61_000],
  ]);
  expect(execution(arn)).toMatchObject({ status: 'SUCCEEDED', output: { action: 'close' } });
  expect(states.transitions(arn)).toBe(5);
  const visitOf = (end: string) => ['TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSubmitted', end, 'TaskStateExited'];
  expect(types(arn).slice(3, -3)).toEqual(['TaskTimedOut', 'TaskFailed', 'TaskSucceeded'].flatMap(visitOf));
});

test('the history says what a visit waited for, what the function returned, and what it was answered', async () => {
  const { account, states, arn, send } = await given({ work: () => 'lost' });

  await send('SendTaskFailure', { error: 'Woken', cause: 'an event' });
  await account.clock.advance(5_000);

  const details = states
    .history(arn)
    .map(({ type, timestamp: _timestamp, id: _id, previousEventId: _previous, ...more }) => [type, Object.values(more)[0]]);
  const resource = { resource: 'invoke.waitForTaskToken', resourceType: 'lambda' };
  expect(details.slice(4, 9)).toEqual([
    ['TaskScheduled', { ...resource, region: 'eu-west-1', timeoutInSeconds: 60, parameters: expect.stringContaining('"visit":1') }],
    ['TaskStarted', resource],
    [
      'TaskSubmitted',
      {
        ...resource,
        output: '{"ExecutedVersion":"$LATEST","Payload":"lost","StatusCode":200}',
        outputDetails: { truncated: false },
      },
    ],
    ['TaskFailed', { ...resource, error: 'Woken', cause: 'an event' }],
    [
      'TaskStateExited',
      {
        name: 'Ask',
        output: '{"Error":"Woken","Cause":"an event"}',
        outputDetails: { truncated: false },
        assignedVariables: { visit: '2', seconds: '5' },
        assignedVariablesDetails: { truncated: false },
      },
    ],
  ]);
  expect(details.slice(13, 14)).toEqual([['TaskTimedOut', { ...resource, error: 'States.Timeout' }]]);
});

test.each(['0', '-5', '1.5', '100000000', '"60"'])('TimeoutSeconds of %s can be caught, and no function is invoked', async (seconds) => {
  const { account, arn, asked, execution, types } = await given({}, { TimeoutSeconds: `{% ${seconds} %}` });

  await account.clock.run();

  expect(execution(arn)).toMatchObject({ status: 'SUCCEEDED', output: 'States.QueryEvaluationError' });
  expect(asked()).toEqual([]);
  expect(types(arn)).not.toContain('TaskScheduled');
});

test('TimeoutSeconds may be the time until a deadline', async () => {
  const until = '{% $ceil(($toMillis($states.context.Execution.StartTime) + 90500 - $millis()) / 1000) %}';
  const { account, secondsPassed, arn, execution } = await given({}, { TimeoutSeconds: until, Catch: caught });

  await account.clock.run();

  expect(execution(arn).output).toBe('States.Timeout');
  expect(secondsPassed()).toBe(91);
});

test('the number of retries is known to Arguments, TimeoutSeconds, Assign and Catch', async () => {
  const count = '{% $states.context.State.RetryCount %}';
  const retry = [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 2 }];
  const limits = { TimeoutSeconds: '{% 10 * ($states.context.State.RetryCount + 1) %}', Retry: retry };
  const failed = await given({}, { ...limits, Catch: [{ ErrorEquals: ['States.ALL'], Output: count, Next: 'Failed' }] });
  const answered = await given({}, { ...limits, Output: count });

  await failed.account.clock.run();
  await answered.account.clock.advance(12_000);
  await answered.send('SendTaskSuccess', { output: '{}' });
  await answered.account.clock.run();

  expect(failed.asked().map(({ visit, retry, at }) => [visit, retry, at])).toEqual([
    [1, 0, 0],
    [1, 1, 11_000],
    [1, 2, 32_000],
  ]);
  expect(failed.execution(failed.arn).output).toBe(2);
  expect(answered.execution(answered.arn).output).toBe(1);
});

describe('a function that has not returned yet', () => {
  /** Does its work with the token ten seconds after its start, and returns ten seconds later. */
  const slow =
    (work: (asked: Asked, account: EmulatedAccount) => unknown): Work =>
    async (payload, account) => {
      await account.clock.sleep(10_000);
      await work(payload as Asked, account);
      await account.clock.sleep(10_000);
      account.log.add('test', 'returned');
      return 'lost';
    };
  const answering = slow((asked, account) => send(account, asked, 'SendTaskSuccess', { output: '"early"' }));
  const waking = slow((asked, account) => asked.visit === 1 && send(account, asked, 'SendTaskFailure', { error: 'Woken' }));

  test('answers its token: the state is left at once', async () => {
    const { account, arn, execution, types, secondsPassed } = await given({ work: answering });

    await account.clock.run({ until: () => execution(arn).status !== 'RUNNING' });

    expect(execution(arn)).toMatchObject({ status: 'SUCCEEDED', output: 'early' });
    expect(secondsPassed()).toBe(10);
    expect(types(arn)).not.toContain('TaskSubmitted');
    await account.clock.run();
    expect(account.log.of('test', 'returned')).toHaveLength(1);
    expect(types(arn)).not.toContain('TaskSubmitted');
  });

  test('answers its token: the answer takes effect when the function has returned, under afterReturn', async () => {
    const { account, arn, execution, types, secondsPassed, asked } = await given({
      work: answering,
      assumptions: { callbackBeforeReturn: 'afterReturn' },
    });

    await account.clock.advance(15_000);
    const again = account.clock.during(() => send(account, asked()[0] as Asked, 'SendTaskSuccess', { output: '"twice"' }));
    await expect(again).rejects.toMatchObject({ code: 'TaskTimedOut' });
    await account.clock.run();

    expect(execution(arn)).toMatchObject({ status: 'SUCCEEDED', output: 'early' });
    expect(secondsPassed()).toBe(20);
    expect(types(arn).slice(6, 8)).toEqual(['TaskSubmitted', 'TaskSucceeded']);
  });

  test.each([
    ['accepted', [10, 'early']],
    ['afterReturn', [20, 'Late']],
  ] as const)('answers its token and then throws, under %s', async (callbackBeforeReturn, expected) => {
    const work: Work = async (payload, account) => {
      await answering(payload, account);
      throw new FunctionError({ errorType: 'Late' });
    };
    const { account, arn, execution } = await given({ work, assumptions: { callbackBeforeReturn } });

    await account.clock.run();

    const { status, output, startTime, stopTime } = execution(arn);
    expect([status, (Number(stopTime) - startTime) / 1000, output]).toEqual(['SUCCEEDED', ...expected]);
  });

  test('an answer that was accepted is lost if the task times out before the function returns, under afterReturn', async () => {
    const options = { work: answering, assumptions: { callbackBeforeReturn: 'afterReturn' } } as const;
    const { account, arn, execution } = await given(options, {
      TimeoutSeconds: 15,
      Catch: [{ ErrorEquals: ['States.Timeout'], Output: 'too late', Next: 'Failed' }],
    });

    await account.clock.run();

    expect(execution(arn).output).toBe('too late');
  });

  test.each([
    ['was answered', waking, 60],
    ['timed out', slow(() => {}), 5],
  ])('runs to its end when its task %s, and its end changes nothing of the next visit', async (_, work, seconds) => {
    const { account, arn, asked, execution, request, types } = await given(
      { work },
      { TimeoutSeconds: `{% $visit = 1 ? ${seconds} : 600 %}` },
    );

    await account.clock.advance(60_000);

    expect(account.log.of('test', 'returned')).toHaveLength(2);
    expect(types(arn).filter((type) => type === 'TaskSubmitted')).toHaveLength(1);
    expect(execution(arn).status).toBe('RUNNING');
    await expect(request('SendTaskSuccess', { taskToken: asked()[0]?.token, output: '1' })).rejects.toMatchObject({ code: 'TaskTimedOut' });
    await request('SendTaskSuccess', { taskToken: asked()[1]?.token, output: '"second"' });
    await account.clock.advance(0);
    expect(execution(arn)).toMatchObject({ status: 'SUCCEEDED', output: 'second' });
  });

  test('throws while its token is out: the task fails, and the token is closed', async () => {
    const work: Work = () => {
      throw new FunctionError({ errorType: 'Broken' });
    };
    const { account, arn, send, execution, types } = await given({ work });

    await account.clock.run();

    expect(execution(arn)).toMatchObject({ status: 'SUCCEEDED', output: 'Broken' });
    expect(types(arn)).not.toContain('TaskSubmitted');
    await expect(send('SendTaskSuccess', { output: '1' })).rejects.toMatchObject({ code: 'TaskTimedOut' });
  });

  test('throws after its task is over: nothing changes', async () => {
    const work = slow(() => {
      throw new FunctionError({ errorType: 'Broken' });
    });
    const { account, arn, execution, types } = await given({ work }, { TimeoutSeconds: '{% $visit = 1 ? 5 : 600 %}' });

    await account.clock.advance(12_000);

    expect(types(arn)).not.toContain('TaskFailed');
    expect(execution(arn).status).toBe('RUNNING');
  });

  test('heartbeats count from its return', async () => {
    const beating = slow((asked, account) => send(account, asked, 'SendTaskHeartbeat', {}));
    const { account, arn, execution, secondsPassed } = await given({ work: beating }, { HeartbeatSeconds: 8, Catch: caught });

    await account.clock.run();

    expect(execution(arn).output).toBe('States.Timeout');
    expect(secondsPassed()).toBe(28);
  });

  test('goes on when its execution is aborted', async () => {
    const { account, arn, request, execution } = await given({ work: slow(() => {}) });

    await account.clock.advance(5_000);
    await request('StopExecution', { executionArn: arn });
    await account.clock.run();

    expect(execution(arn).status).toBe('ABORTED');
    expect(account.log.of('test', 'returned')).toHaveLength(1);
  });
});

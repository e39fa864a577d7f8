import { givenStates, invoke } from './support.js';

const polling = {
  StartAt: 'Begin',
  States: {
    Begin: { Type: 'Pass', Assign: { polls: 0 }, Next: 'WaitForRollout' },
    WaitForRollout: { Type: 'Wait', Seconds: 60, Next: 'WatchRollout' },
    WatchRollout: invoke({
      Arguments: {
        FunctionName: 'arn:aws:lambda:eu-west-1:123456789012:function:work',
        Payload: { now: '{% $states.context.State.EnteredTime %}' },
      },
      Assign: { polls: '{% $polls + 1 %}' },
      Output: '{% $states.result.Payload.next %}',
      TimeoutSeconds: 30,
      Next: 'IsRolloutComplete',
    }),
    IsRolloutComplete: {
      Type: 'Choice',
      Choices: [{ Condition: "{% $states.input = 'wait' %}", Next: 'WaitForRollout' }],
      Default: 'Done',
    },
    Done: { Type: 'Succeed', Output: { polls: '{% $polls %}' } },
  },
};

test('an hour of polling passes in virtual time, and every state entry is billed', async () => {
  const { account, run, states, invocations } = givenStates({
    work: (payload) => ({ next: (payload as { now: string }).now < '2026-11-23T10:00:00.000Z' ? 'wait' : 'succeeded' }),
  });

  const { arn, output, status, startTime, stopTime } = await run(polling);

  expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: { polls: 60 } });
  expect(stopTime).toBe(startTime + 3_600_000);
  expect(account.clock.date().toISOString()).toBe('2026-11-23T10:00:00.000Z');
  expect(invocations).toHaveLength(60);
  expect(states.transitions(arn)).toBe(182);
  expect(states.history(arn)).toHaveLength(546);
});

test('slow functions are awaited while virtual time passes', async () => {
  const { run } = givenStates({
    work: async (payload, account) => {
      await account.clock.sleep(1500);
      return { next: (payload as { now: string }).now < '2026-11-23T09:05:00.000Z' ? 'wait' : 'succeeded' };
    },
  });

  const { startTime, stopTime, output } = await run(polling);

  expect(output).toEqual({ polls: 5 });
  expect(stopTime).toBe(startTime + 5 * 61_500);
});

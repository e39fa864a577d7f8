import { FunctionError, givenStates, invoke, roleArn } from './support.js';

type Page = { events: { id: number; previousEventId: number; type: string }[]; nextToken?: string };

test('an execution’s history has the events of GetExecutionHistory', async () => {
  const { request, runStates } = givenStates({ work: () => ({ n: 2 }) });
  const { arn: executionArn } = await runStates({
    Work: invoke({ Assign: { n: '{% $states.result.Payload.n %}' }, Output: 'done', TimeoutSeconds: 30, End: true }),
  });

  const { events } = await request<Page>('GetExecutionHistory', { executionArn });

  const timestamp = new Date('2026-11-23T09:00:00Z');
  const untruncated = { truncated: false };
  const result = '{"ExecutedVersion":"$LATEST","Payload":{"n":2},"StatusCode":200}';
  expect(events).toEqual([
    {
      id: 1,
      previousEventId: 0,
      timestamp,
      type: 'ExecutionStarted',
      executionStartedEventDetails: { input: '{}', inputDetails: untruncated, roleArn },
    },
    {
      id: 2,
      previousEventId: 0,
      timestamp,
      type: 'TaskStateEntered',
      stateEnteredEventDetails: { name: 'Work', input: '{}', inputDetails: untruncated },
    },
    {
      id: 3,
      previousEventId: 2,
      timestamp,
      type: 'TaskScheduled',
      taskScheduledEventDetails: {
        parameters: '{"FunctionName":"arn:aws:lambda:eu-west-1:123456789012:function:work","Payload":{}}',
        region: 'eu-west-1',
        resource: 'invoke',
        resourceType: 'lambda',
        timeoutInSeconds: 30,
      },
    },
    { id: 4, previousEventId: 3, timestamp, type: 'TaskStarted', taskStartedEventDetails: { resource: 'invoke', resourceType: 'lambda' } },
    {
      id: 5,
      previousEventId: 4,
      timestamp,
      type: 'TaskSucceeded',
      taskSucceededEventDetails: { output: result, outputDetails: untruncated, resource: 'invoke', resourceType: 'lambda' },
    },
    {
      id: 6,
      previousEventId: 5,
      timestamp,
      type: 'TaskStateExited',
      stateExitedEventDetails: {
        name: 'Work',
        output: '"done"',
        outputDetails: untruncated,
        assignedVariables: { n: '2' },
        assignedVariablesDetails: untruncated,
      },
    },
    {
      id: 7,
      previousEventId: 6,
      timestamp,
      type: 'ExecutionSucceeded',
      executionSucceededEventDetails: { output: '"done"', outputDetails: untruncated },
    },
  ]);
});

test('a retry appears as a task that is scheduled again, a catch as the state’s exit', async () => {
  const { runStates, states } = givenStates({
    work: () => {
      throw new FunctionError({ errorType: 'E' });
    },
  });

  const { arn } = await runStates({
    Work: invoke({
      Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['E'], Next: 'Caught' }],
      End: true,
    }),
    Caught: { Type: 'Succeed' },
  });

  expect(states.history(arn).map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
    [1, 0, 'ExecutionStarted'],
    [2, 0, 'TaskStateEntered'],
    [3, 2, 'TaskScheduled'],
    [4, 3, 'TaskStarted'],
    [5, 4, 'TaskFailed'],
    [6, 5, 'TaskScheduled'],
    [7, 6, 'TaskStarted'],
    [8, 7, 'TaskFailed'],
    [9, 8, 'TaskStateExited'],
    [10, 9, 'SucceedStateEntered'],
    [11, 10, 'SucceedStateExited'],
    [12, 11, 'ExecutionSucceeded'],
  ]);
});

test('iterations are linked as AWS links them', async () => {
  const { runStates, states } = givenStates();

  const { arn } = await runStates(
    {
      Each: {
        Type: 'Map',
        MaxConcurrency: 1,
        ItemProcessor: { StartAt: 'Inner', States: { Inner: { Type: 'Pass', End: true } } },
        End: true,
      },
    },
    [1, 2],
  );

  expect(states.history(arn).map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
    [1, 0, 'ExecutionStarted'],
    [2, 0, 'MapStateEntered'],
    [3, 2, 'MapStateStarted'],
    [4, 3, 'MapIterationStarted'],
    [5, 4, 'PassStateEntered'],
    [6, 5, 'PassStateExited'],
    [7, 6, 'MapIterationSucceeded'],
    [8, 6, 'MapIterationStarted'],
    [9, 8, 'PassStateEntered'],
    [10, 9, 'PassStateExited'],
    [11, 10, 'MapIterationSucceeded'],
    [12, 11, 'MapStateSucceeded'],
    [13, 11, 'MapStateExited'],
    [14, 13, 'ExecutionSucceeded'],
  ]);
  expect(states.history(arn)[6]).toMatchObject({ mapIterationSucceededEventDetails: { index: 0, name: 'Each' } });
});

test('an expression that fails has an event of its own', async () => {
  const { runStates, states } = givenStates();

  const { arn, cause } = await runStates({
    First: { Type: 'Pass', Next: 'Second' },
    Second: { Type: 'Pass', Output: '{% $nowhere %}', End: true },
  });

  expect(states.history(arn).slice(4)).toMatchObject([
    {
      id: 5,
      previousEventId: 3,
      type: 'EvaluationFailed',
      evaluationFailedEventDetails: { error: 'States.QueryEvaluationError', cause, location: 'Output', state: 'Second' },
    },
    { id: 6, previousEventId: 5, type: 'ExecutionFailed' },
  ]);
});

test('the history comes in pages, from either end, and without data on request', async () => {
  const { request, runStates } = givenStates();
  const { arn: executionArn } = await runStates({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', End: true } });
  const ids = ({ events }: Page): number[] => events.map(({ id }) => id);

  const first = await request<Page>('GetExecutionHistory', { executionArn, maxResults: 4 });
  const second = await request<Page>('GetExecutionHistory', { executionArn, maxResults: 4, nextToken: first.nextToken });
  const reversed = await request<Page>('GetExecutionHistory', { executionArn, maxResults: 2, reverseOrder: true });
  const bare = await request<Page>('GetExecutionHistory', { executionArn, includeExecutionData: false });

  expect([ids(first), ids(second), ids(reversed)]).toEqual([
    [1, 2, 3, 4],
    [5, 6],
    [6, 5],
  ]);
  expect(second.nextToken).toBeUndefined();
  expect(bare.events[1]).toMatchObject({ type: 'PassStateEntered', stateEnteredEventDetails: { name: 'A' } });
  expect(JSON.stringify(bare.events)).not.toContain('input');
});

test('two runs with one seed have one history', async () => {
  const definition = {
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        Items: [1, 2, 3],
        ItemProcessor: {
          StartAt: 'Work',
          States: {
            Work: invoke({
              Arguments: { FunctionName: 'f', Payload: '{% $random() %}' },
              Retry: [{ ErrorEquals: ['States.ALL'], JitterStrategy: 'FULL' }],
              Output: '{% $states.result.Payload %}',
              End: true,
            }),
          },
        },
        End: true,
      },
    },
  };
  const once = async () => {
    const given = givenStates({
      work: async (payload, account) => {
        await account.clock.sleep(Number(payload) * 10_000);
        if (Number(payload) > 0.5) throw new FunctionError({ errorType: 'Unlucky' });
        return payload;
      },
    });
    const { arn } = await given.run(definition);
    return { arn, history: given.states.history(arn) };
  };

  expect(await once()).toEqual(await once());
});

import { AwsError } from '../../../emulator/errors.js';
import { operation } from '../../../emulator/operation.js';
import { FunctionError, functionArn, givenStates, invoke, roleArn } from './support.js';

test('lambda:invoke gives status, version and payload', async () => {
  const { runStates, invocations } = givenStates({ work: () => ({ next: 'go' }) });

  const { output } = await runStates({ Work: invoke({ End: true }) }, { a: 1 });

  expect(output).toEqual({ ExecutedVersion: '$LATEST', Payload: { next: 'go' }, StatusCode: 200 });
  expect(invocations).toEqual([{ functionName: functionArn, payload: { a: 1 }, time: 1_795_424_400_000 }]);
});

test("a function's own ARN gives its payload alone", async () => {
  const { runStates, types } = givenStates({ work: () => 'answer' });

  const { output, arn } = await runStates({ Work: { Type: 'Task', Resource: functionArn, End: true } }, { a: 1 });

  expect(output).toBe('answer');
  expect(types(arn)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'LambdaFunctionScheduled',
    'LambdaFunctionStarted',
    'LambdaFunctionSucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ]);
});

test("a function's error is the state's error, and the cause is Lambda's answer", async () => {
  const { runStates } = givenStates({
    work: () => {
      throw new FunctionError({ errorType: 'ImageNotFound', errorMessage: 'there is no shop:42', trace: ['at plan'] });
    },
  });

  const { error, cause } = await runStates({ Work: invoke({ End: true }) });

  expect(error).toBe('ImageNotFound');
  expect(cause).toBe('{"errorType":"ImageNotFound","errorMessage":"there is no shop:42","trace":["at plan"]}');
});

test.each([
  ['throttled', 'Lambda.TooManyRequestsException'],
  ['serverError', 'Lambda.ServiceException'],
  ['accessDenied', 'Lambda.AccessDeniedException'],
] as const)('an Invoke that is %s fails with %s', async (kind, expected) => {
  const { account, runStates } = givenStates();
  account.faults.inject({ on: 'lambda.Invoke', kind });

  const { error } = await runStates({ Work: invoke({ End: true }) });

  expect(error).toBe(expected);
});

test("tasks run as the machine's role", async () => {
  const { runStates } = givenStates({ denied: ['lambda:InvokeFunction'] });

  const { error, cause } = await runStates({ Work: invoke({ End: true }) });

  expect(error).toBe('Lambda.AccessDeniedException');
  expect(cause).toContain(`User: ${roleArn} is not authorized to perform: lambda:InvokeFunction on resource: ${functionArn}`);
});

test('an answer that is lost leaves the task waiting until its time-out', async () => {
  const { account, runStates, invocations } = givenStates();
  account.faults.inject({ on: 'lambda.Invoke', kind: 'timeoutAfter' });

  const { error, startTime, stopTime } = await runStates({ Work: invoke({ TimeoutSeconds: 30, End: true }) });

  expect(error).toBe('States.Timeout');
  expect(Number(stopTime) - startTime).toBe(30_000);
  expect(invocations).toHaveLength(1);
});

test('sns:publish and sqs:sendMessage send objects as JSON', async () => {
  const { account, runStates } = givenStates();
  const sent: unknown[] = [];
  const accept = (service: string, name: string, input: Record<string, 'string'>) =>
    operation<object, object>({ service, name, input, run: (given) => ({ MessageId: `m${sent.push(given)}` }) });
  account.add([
    accept('sns', 'Publish', { TopicArn: 'string', Message: 'string', Subject: 'string' }),
    accept('sqs', 'SendMessage', { QueueUrl: 'string', MessageBody: 'string' }),
  ]);

  const { output } = await runStates({
    Publish: { Type: 'Task', Resource: 'arn:aws:states:::sns:publish', Arguments: { TopicArn: 't', Message: { a: 1 } }, Next: 'Send' },
    Send: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Arguments: { QueueUrl: 'q', MessageBody: 'b' }, End: true },
  });

  expect(output).toEqual({ MessageId: 'm2' });
  expect(sent).toEqual([
    { TopicArn: 't', Message: '{"a":1}' },
    { QueueUrl: 'q', MessageBody: 'b' },
  ]);
});

test("aws-sdk tasks reach every operation of the account, with Step Functions' spelling of names", async () => {
  const { account, runStates } = givenStates();
  const received: unknown[] = [];
  account.add([
    operation<object, object>({
      service: 'ecs',
      name: 'UpdateService',
      input: { cluster: 'string', tags: { list: { members: { key: 'string' } } }, labels: { map: 'string' } },
      run: (input) => {
        received.push(input);
        return { service: { serviceName: 'web', createdAt: account.clock.date(), gone: undefined } };
      },
    }),
  ]);

  const { output } = await runStates({
    Update: {
      Type: 'Task',
      Resource: 'arn:aws-cn:states:::aws-sdk:ecs:updateService',
      Arguments: { Cluster: 'c', Tags: [{ Key: 'k' }], Labels: { Kept: 'l' } },
      End: true,
    },
  });

  expect(received).toEqual([{ cluster: 'c', tags: [{ key: 'k' }], labels: { Kept: 'l' } }]);
  expect(output).toEqual({ Service: { ServiceName: 'web', CreatedAt: '2026-11-23T09:00:00.000Z' } });
});

test('an error of an aws-sdk task has the SDK’s name of the service', async () => {
  const { account, runStates } = givenStates();
  account.add([
    operation<object, object>({
      service: 'dynamodb',
      name: 'PutItem',
      input: {},
      run: () => {
        throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed');
      },
    }),
  ]);

  const { error } = await runStates({
    Put: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:dynamodb:putItem', Arguments: {}, End: true },
  });

  expect(error).toBe('DynamoDb.ConditionalCheckFailedException');
});

test('an operation that is not emulated fails the execution, and no Catch hides it', async () => {
  const { runStates } = givenStates();

  const { error, cause } = await runStates({
    Scale: {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:ecs:createTaskSet',
      Arguments: {},
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
      End: true,
    },
    Caught: { Type: 'Succeed' },
  });

  expect(error).toBe('States.Runtime');
  expect(cause).toBe('emulator: the task resource arn:aws:states:::aws-sdk:ecs:createTaskSet is not emulated (see emulator/COVERAGE.md)');
});

test('a result is read by Assign and Output', async () => {
  const { runStates } = givenStates({ work: () => ({ next: 'wait', seconds: 20 }) });

  const { output } = await runStates({
    Work: invoke({
      Assign: { seconds: '{% $states.result.Payload.seconds %}' },
      Output: '{% $states.result.Payload.next %}',
      Next: 'Show',
    }),
    Show: { Type: 'Pass', Output: ['{% $states.input %}', '{% $seconds %}'], End: true },
  });

  expect(output).toEqual(['wait', 20]);
});

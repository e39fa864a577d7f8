import type { Caller } from '../../../emulator/caller.js';
import type { PolicyStatement } from '../../../emulator/iam/api.js';
import { user } from '../given-account.js';
import { type Code, functionArn, givenFunction, roleArn } from './given-functions.js';

const role: Caller = { arn: roleArn, kind: 'role', sourceArn: 'arn:aws:states:eu-west-1:123456789012:execution:release:one' };

const given = (code: Code = (payload) => payload, statements?: readonly PolicyStatement[]) => {
  const given = givenFunction({ code }, statements);
  const ask = async (input: object, caller: Caller = user) => {
    const answer = given.ask('lambda', 'Invoke', input, caller);
    const settled = answer.catch(() => {});
    await given.account.clock.run();
    await settled;
    return answer;
  };
  const receive = (QueueUrl: string) => given.ask<{ Messages: { Body: string }[] }>('sqs', 'ReceiveMessage', { QueueUrl });
  return { ...given, ask, receive };
};

test.each([['greet'], [functionArn], ['123456789012:function:greet'], [`${functionArn}:$LATEST`]])(
  'a function is called by %s',
  async (FunctionName) => {
    const { ask } = given();

    expect(await ask({ FunctionName, Payload: '{"a":1}' })).toEqual({ StatusCode: 200, ExecutedVersion: '$LATEST', Payload: '{"a":1}' });
  },
);

test('a payload may be bytes, or absent', async () => {
  const { ask } = given();

  expect(await ask({ FunctionName: 'greet', Payload: Buffer.from('[1]') })).toMatchObject({ Payload: '[1]' });
  expect(await ask({ FunctionName: 'greet' })).toMatchObject({ Payload: '{}' });
});

test('an error of the function is an answer of Invoke', async () => {
  const { ask } = given(() => {
    throw new RangeError('too far');
  });

  const answer = await ask({ FunctionName: 'greet' });

  expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
  expect(JSON.parse(String(answer.Payload))).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
});

test.each([
  [{ FunctionName: 'missing' }, 'ResourceNotFoundException', /function:missing/],
  [{ FunctionName: `${functionArn}:7` }, 'ResourceNotFoundException', /function:greet:7/],
  [{ FunctionName: 'greet', Qualifier: '7' }, 'ResourceNotFoundException', /function:greet:7/],
  [{ FunctionName: functionArn.replace('eu-west-1', 'us-east-1') }, 'ResourceNotFoundException', /us-east-1/],
  [{ FunctionName: 'greet', Payload: '{' }, 'InvalidRequestContentException', /Could not parse request body into json/],
  [{ FunctionName: 'greet', LogType: 'Tail' }, 'NotEmulated', /LogType Tail/],
  [{ FunctionName: 'greet', ClientContext: 'x' }, 'NotEmulated', /ClientContext/],
])('Invoke of %j is refused', async (input, name, message) => {
  await expect(given().ask(input)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
});

describe('permission', () => {
  const allowing = (Resource: string) => given(undefined, [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource }]);

  test('is needed for the ARN as it is called: a version needs its own', async () => {
    const { ask, lambda } = allowing(functionArn);
    const version = lambda.publishVersion(functionArn);

    await expect(ask({ FunctionName: version }, role)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(ask({ FunctionName: 'greet' }, role)).resolves.toMatchObject({ StatusCode: 200 });
    await expect(allowing(`${functionArn}:*`).ask({ FunctionName: 'greet' }, role)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: ${roleArn} is not authorized to perform: lambda:InvokeFunction on resource: ${functionArn}`,
    });
  });

  test('of a service comes from the function, for the ARN on whose behalf it calls', async () => {
    const { ask, lambda } = given();
    const rule: Caller = { arn: 'events.amazonaws.com', kind: 'service', sourceArn: 'arn:aws:events:eu-west-1:123456789012:rule/push' };
    lambda.addPermission(functionArn, { principal: 'events.amazonaws.com', sourceArn: 'arn:aws:events:eu-west-1:123456789012:rule/push' });

    expect(lambda.mayInvoke(rule, functionArn)).toBe(true);
    expect(lambda.mayInvoke({ ...rule, sourceArn: 'arn:aws:events:eu-west-1:123456789012:rule/other' }, functionArn)).toBe(false);
    await expect(ask({ FunctionName: 'greet' }, rule)).resolves.toMatchObject({ StatusCode: 200 });
    await expect(ask({ FunctionName: 'greet' }, { ...rule, arn: 'sns.amazonaws.com' })).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

test('DryRun checks the permission and runs nothing', async () => {
  const { ask, account } = given();

  expect(await ask({ FunctionName: 'greet', InvocationType: 'DryRun' })).toEqual({ StatusCode: 204 });
  expect(account.log.of('lambda', 'invoked')).toEqual([]);
});

test('the log has the execution on whose behalf a function ran', async () => {
  const { ask, account } = given();

  await ask({ FunctionName: 'greet' }, role);

  expect(account.log.of('lambda', 'invoked')).toMatchObject([
    { detail: { function: 'greet', execution: 'arn:aws:states:eu-west-1:123456789012:execution:release:one' } },
  ]);
});

describe('an Event', () => {
  const failing: Code = () => {
    throw new Error('not now');
  };

  test('is accepted at once, and run three times if it fails, one and two minutes later', async () => {
    const { ask, account } = given(failing);

    expect(await ask({ FunctionName: 'greet', InvocationType: 'Event' })).toEqual({ StatusCode: 202 });

    const [first, second, third] = account.log.of('lambda', 'invoked').map(({ time }) => time);
    expect(account.log.of('lambda', 'invoked')).toHaveLength(3);
    expect(Math.round(((second ?? 0) - (first ?? 0)) / 1000)).toBeCloseTo(60, -1);
    expect(Math.round(((third ?? 0) - (second ?? 0)) / 1000)).toBeCloseTo(120, -1);
    expect(account.log.of('lambda', 'event-dropped')).toHaveLength(1);
  });

  test('is sent to the failure destination after the configured attempts', async () => {
    const { ask, receive, account, lambda, sqs } = given(failing);
    const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:failed';
    sqs.createQueue({ name: 'failed', arn: queueArn, visibilityTimeoutSeconds: 30, messageRetentionSeconds: 345_600 });
    lambda.putEventInvokeConfig?.(functionArn, { maximumRetryAttempts: 0, onFailureArn: queueArn });

    await ask({ FunctionName: 'greet', InvocationType: 'Event', Payload: '{"order":7}' });
    const received = await receive(sqs.urlOf(queueArn));

    expect(account.log.of('lambda', 'invoked')).toHaveLength(1);
    expect(JSON.parse(received.Messages[0]?.Body ?? '')).toMatchObject({
      requestContext: { functionArn: `${functionArn}:$LATEST`, condition: 'RetriesExhausted', approximateInvokeCount: 1 },
      requestPayload: { order: 7 },
      responsePayload: { errorType: 'Error', errorMessage: 'not now' },
    });
  });
});

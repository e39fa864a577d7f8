import { type Code, functionArn, givenFunction } from './given-functions.js';

const greeting: Code = ({ name }: { name: string }) => ({ greeting: `hello ${name}` });

test('a function answers with what its code returns, some hundred virtual milliseconds later', async () => {
  const { invoke, account } = givenFunction({ code: greeting });
  const start = account.clock.now;

  const cold = await invoke({ name: 'Ann' });
  const afterCold = account.clock.now;
  await invoke({ name: 'Ben' });

  expect(cold).toEqual({ status: 'ok', payload: { greeting: 'hello Ann' } });
  expect(afterCold - start).toBeGreaterThanOrEqual(340);
  expect(afterCold - start).toBeLessThanOrEqual(570);
  expect(account.clock.now - afterCold).toBeGreaterThanOrEqual(40);
  expect(account.clock.now - afterCold).toBeLessThanOrEqual(120);
});

test('payload and answer are passed as JSON: undefined is null, a date is a string, and no object is shared', async () => {
  const given = { list: [1] };
  const { invoke } = givenFunction({
    code: (payload: { list: number[] }) => {
      payload.list.push(2);
      return { at: new Date(0), nothing: undefined };
    },
  });

  expect(await invoke(given)).toEqual({ status: 'ok', payload: { at: '1970-01-01T00:00:00.000Z' } });
  expect(given).toEqual({ list: [1] });
  expect(await givenFunction({ code: () => undefined }).invoke()).toEqual({ status: 'ok', payload: null });
});

const circular = () => {
  const answer: Record<string, unknown> = {};
  answer.self = answer;
  return answer;
};

test.each([
  ['refers to itself', circular],
  ['has a BigInt', () => ({ count: 1n })],
])('an answer that %s is a failed invocation, as JSON cannot represent it', async (_, code) => {
  expect(await givenFunction({ code }).invoke()).toMatchObject({
    status: 'error',
    errorType: 'Error',
    errorMessage: 'Unable to stringify response body',
  });
});

test.each([
  [
    'an error by its name',
    () => {
      throw Object.assign(new Error('no such order'), { name: 'OrderNotFound' });
    },
    { status: 'error', errorType: 'OrderNotFound', errorMessage: 'no such order', trace: expect.any(Array) },
  ],
  [
    'a string as what it is',
    () => {
      throw 'oops';
    },
    { status: 'error', errorType: 'string', errorMessage: 'oops', trace: [] },
  ],
  [
    'an object by its text',
    () => Promise.reject({ a: 1n }),
    { status: 'error', errorType: 'object', errorMessage: '[object Object]', trace: [] },
  ],
  ['nothing as handled', () => Promise.reject(), { status: 'error', errorType: 'string', errorMessage: 'handled', trace: [] }],
  [
    'what has no text as a problem',
    () => Promise.reject(Object.create(null)),
    { status: 'error', errorType: 'handled', errorMessage: expect.stringContaining('callback called with Error argument'), trace: [] },
  ],
])('a function that throws is reported: %s', async (_, code, expected) => {
  expect(await givenFunction({ code }).invoke()).toEqual(expected);
});

test("a function's environment is its own variables and Lambda's, and nothing else", async () => {
  const { invoke } = givenFunction({ code: (_payload, _request, environment) => environment, environment: { TABLE: 'orders' } });

  expect(await invoke()).toEqual({
    status: 'ok',
    payload: {
      TABLE: 'orders',
      _HANDLER: 'functions/greet.handler',
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_NAME: 'greet',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/greet',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^2026\/11\/23\/\[\$LATEST\][0-9a-f]{32}$/),
      AWS_REGION: 'eu-west-1',
      AWS_SECRET_ACCESS_KEY: expect.any(String),
      AWS_SESSION_TOKEN: expect.any(String),
      LAMBDA_TASK_ROOT: '/var/task',
    },
  });
});

test.each([
  [{ environment: { AWS_REGION: 'us-east-1' } }, /AWS_REGION is reserved/],
  [{ environment: { BIG: 'x'.repeat(4096) } }, /expected at most 4096/],
  [{ timeoutSeconds: 901 }, /Timeout is 901; expected 1 to 900 seconds/],
])('an invalid configuration is refused: %#', (spec, message) => {
  expect(() => givenFunction({ code: greeting, ...spec })).toThrow(message);
});

describe('sandboxes', () => {
  const keyOf: Code = (_payload, _request, environment) => environment.AWS_ACCESS_KEY_ID;

  test('a warm sandbox is reused until it was idle for ten minutes', async () => {
    const { invoke, account } = givenFunction({ code: keyOf });

    const first = await invoke();
    const second = await invoke();
    await account.clock.advance(600_001);
    const third = await invoke();

    expect(second).toEqual(first);
    expect(third).not.toEqual(first);
    expect(account.log.of('lambda', 'invoked').map(({ detail }) => detail.isCold)).toEqual([true, false, true]);
  });

  test('two invocations at once have two sandboxes', async () => {
    const { lambda, account } = givenFunction({ code: keyOf });

    const both = Promise.all([lambda.invoke(functionArn, {}), lambda.invoke(functionArn, {})]);
    await account.clock.run();
    const [first, second] = await both;

    expect(first).not.toEqual(second);
  });

  test('a version keeps the code and configuration that it was published with', async () => {
    const { put, invoke, lambda } = givenFunction({ code: (_payload, _request, { STAGE }) => STAGE ?? '', environment: { STAGE: 'one' } });

    const first = lambda.publishVersion(functionArn);
    const again = lambda.publishVersion(functionArn);
    put({ environment: { STAGE: 'two' } });
    const second = lambda.publishVersion(functionArn);

    expect([first, again, second]).toEqual([`${functionArn}:1`, `${functionArn}:1`, `${functionArn}:2`]);
    expect(await invoke({}, first)).toEqual({ status: 'ok', payload: 'one' });
    expect(await invoke({}, second)).toEqual({ status: 'ok', payload: 'two' });
    expect(await invoke({}, `${functionArn}:$LATEST`)).toEqual({ status: 'ok', payload: 'two' });
  });
});

describe('requests of a function', () => {
  const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders';
  const send: Code = async ({ body }: { body: string }, request) => {
    await request('sqs', 'SendMessage', { QueueUrl: queueUrl, MessageBody: body });
    return 'sent';
  };
  const queue = {
    name: 'orders',
    arn: 'arn:aws:sqs:eu-west-1:123456789012:orders',
    visibilityTimeoutSeconds: 30,
    messageRetentionSeconds: 345_600,
  };

  test("are made as its role, so that a missing permission is the function's error", async () => {
    const { invoke, sqs } = givenFunction({ code: send }, [{ Effect: 'Allow', Action: 'logs:*', Resource: '*' }]);
    sqs.createQueue(queue);

    expect(await invoke({ body: 'x' })).toMatchObject({
      status: 'error',
      errorType: 'AccessDeniedException',
      errorMessage:
        'User: arn:aws:iam::123456789012:role/functions is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:123456789012:orders',
    });
  });

  test('one that is never answered lets the function time out, and its sandbox is discarded', async () => {
    const { invoke, sqs, account } = givenFunction({ code: send });
    sqs.createQueue(queue);
    account.faults.inject({ on: 'sqs.SendMessage', kind: 'timeoutBefore' });
    const start = account.clock.now;

    const result = await invoke({ body: 'x' });
    const duration = account.clock.now - start;
    await invoke({ body: 'y' });

    expect(result).toEqual({
      status: 'error',
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 20\.00 seconds$/),
      trace: [],
    });
    expect(duration).toBeGreaterThan(20_300);
    expect(duration).toBeLessThan(20_600);
    expect(account.log.of('lambda', 'invoked').map(({ detail }) => detail.isCold)).toEqual([true, true]);
    expect(sqs.depth(queue.arn).visible).toBe(1);
  });

  test('a function that timed out is frozen: its next request has no effect', async () => {
    const { invoke, sqs, account } = givenFunction({
      code: async (_payload, request) => {
        await request('slow', 'Answer', {});
        await request('sqs', 'SendMessage', { QueueUrl: queueUrl, MessageBody: 'too late' });
      },
    });
    sqs.createQueue(queue);
    account.add([{ service: 'slow', name: 'Answer', input: {}, run: () => account.clock.sleep(30_000) }]);

    const result = await invoke();
    await account.clock.advance(3_600_000);

    expect(result).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(sqs.depth(queue.arn).visible).toBe(0);
  });

  test('virtual time passes while a function waits for an answer', async () => {
    const { invoke, account } = givenFunction({ code: (_payload, request) => request('slow', 'Answer', {}) });
    account.add([{ service: 'slow', name: 'Answer', input: {}, run: () => account.clock.sleep(15_000) }]);
    const start = account.clock.now;

    expect(await invoke()).toMatchObject({ status: 'ok' });
    expect(account.clock.now - start).toBeGreaterThan(15_000);
    expect(account.clock.now - start).toBeLessThan(15_600);
  });
});

test('a function that hangs without waiting for anything times out after as many real seconds', async () => {
  const { invoke } = givenFunction({ code: () => new Promise(() => {}), timeoutSeconds: 1 });

  expect(await invoke()).toMatchObject({ errorType: 'Sandbox.Timedout' });
});

test('one seed gives one history', async () => {
  const history = async () => {
    const { invoke, account } = givenFunction({ code: greeting });
    await invoke({ name: 'Ann' });
    await invoke({ name: 'Ben' });
    return account.log.entries;
  };

  expect(await history()).toEqual(await history());
});

test('START, END and REPORT are in the logs, if the role may write them', async () => {
  const { invoke, lines } = givenFunction({ code: greeting });
  const silent = givenFunction({ code: greeting }, [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }]);

  await invoke({ name: 'Ann' });
  await silent.invoke({ name: 'Ann' });

  expect(lines.map(({ group, message }) => [group, message.split(' ')[0]])).toEqual([
    ['/aws/lambda/greet', 'START'],
    ['/aws/lambda/greet', 'END'],
    ['/aws/lambda/greet', 'REPORT'],
  ]);
  expect(silent.lines).toEqual([]);
  expect(silent.account.log.of('lambda', 'logs-refused')).toHaveLength(1);
});

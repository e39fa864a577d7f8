import { LambdaClient, ListFunctionsCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { createEmulator } from '../../../emulator/emulator.js';
import { functionArn, givenFunction } from './given-functions.js';

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `function-${String(index).padStart(2, '0')}`);

test('functions are listed in pages of 50, in the order of their names, without their state', async () => {
  const { lambda, ask } = givenFunction({ code: () => 'done' });
  for (const name of names(60)) lambda.putUserFunction(name, () => 'done');

  const first = await ask<{ Functions: { FunctionName: string }[]; NextMarker: string }>('lambda', 'ListFunctions', { MaxItems: 500 });
  const second = await ask<{ Functions: { FunctionName: string }[] }>('lambda', 'ListFunctions', { Marker: first.NextMarker });

  expect([...first.Functions, ...second.Functions].map(({ FunctionName }) => FunctionName)).toEqual([...names(60), 'greet']);
  expect(first.Functions).toHaveLength(50);
  expect(second).not.toHaveProperty('NextMarker');
  expect(second.Functions.at(-1)).toMatchObject({ FunctionArn: functionArn, Runtime: 'nodejs24.x', Timeout: 20, MemorySize: 256 });
  expect(second.Functions.at(-1)).not.toHaveProperty('State');
});

test('the configuration of a function, and of a version, says how it is', async () => {
  const { lambda, ask } = givenFunction({ code: () => 'done' });
  lambda.publishVersion(functionArn);

  expect(await ask('lambda', 'GetFunctionConfiguration', { FunctionName: 'greet' })).toMatchObject({
    FunctionArn: functionArn,
    Version: '$LATEST',
    State: 'Active',
    LastUpdateStatus: 'Successful',
  });
  expect(await ask('lambda', 'GetFunctionConfiguration', { FunctionName: 'greet', Qualifier: '1' })).toMatchObject({
    FunctionArn: `${functionArn}:1`,
    Version: '1',
  });
  await expect(ask('lambda', 'GetFunctionConfiguration', { FunctionName: 'missing' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('a function whose reserved concurrency is 0 is throttled until that is deleted', async () => {
  const { account, ask } = givenFunction({ code: () => 'done' });
  const invoke = async () => {
    const answer = ask('lambda', 'Invoke', { FunctionName: 'greet' });
    await Promise.all([answer.catch(() => undefined), account.clock.run()]);
    return answer;
  };

  await ask('lambda', 'PutFunctionConcurrency', { FunctionName: 'greet', ReservedConcurrentExecutions: 0 });
  await expect(invoke()).rejects.toMatchObject({ name: 'TooManyRequestsException', status: 429 });
  expect(await ask('lambda', 'GetFunctionConcurrency', { FunctionName: 'greet' })).toEqual({ ReservedConcurrentExecutions: 0 });

  await ask('lambda', 'DeleteFunctionConcurrency', { FunctionName: 'greet' });
  expect(await ask('lambda', 'GetFunctionConcurrency', { FunctionName: 'greet' })).toEqual({});
  expect(await invoke()).toMatchObject({ StatusCode: 200 });
});

test('an event for a throttled function is kept until the function may run again', async () => {
  const received: unknown[] = [];
  const { account, ask } = givenFunction({ code: (payload) => received.push(payload) });
  await ask('lambda', 'PutFunctionConcurrency', { FunctionName: 'greet', ReservedConcurrentExecutions: 0 });
  await ask('lambda', 'Invoke', { FunctionName: 'greet', InvocationType: 'Event', Payload: '{"a":1}' });
  await account.clock.advance(60 * 60_000);
  expect(received).toEqual([]);

  await ask('lambda', 'DeleteFunctionConcurrency', { FunctionName: 'greet' });
  await account.clock.run();
  expect(received).toEqual([{ a: 1 }]);
});

test('the JavaScript SDK lists functions over the wire, and gets the error of a function that is missing', async () => {
  const emulator = createEmulator();
  emulator.account.services.lambda.putUserFunction('greet', () => 'done');
  const client = new LambdaClient({ ...emulator.clientConfig(), maxAttempts: 1 });

  expect((await client.send(new ListFunctionsCommand({ MaxItems: 1 }))).Functions).toMatchObject([{ FunctionName: 'greet' }]);
  await expect(
    client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'missing', ReservedConcurrentExecutions: 0 })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await emulator.close();
});

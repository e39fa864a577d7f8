import type { UserFunction } from '../../../emulator/lambda/api.js';
import { user } from '../given-account.js';
import { givenFunction, roleArn } from './given-functions.js';

const given = (code: UserFunction, options: { timeoutSeconds?: number } = {}) => {
  const { lambda, account, ask } = givenFunction({}, [
    { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: 'arn:aws:lambda:eu-west-1:123456789012:function:verify-*' },
  ]);
  const put = (name: string, changed = code) => lambda.putUserFunction(name, changed, options);
  put('verify-web');
  const invoke = async (FunctionName = 'verify-web', caller = user) => {
    const answer = ask<{ FunctionError?: string; Payload: string }>('lambda', 'Invoke', { FunctionName, Payload: '{"version":1}' }, caller);
    await Promise.allSettled([answer, account.clock.run()]);
    const { FunctionError, Payload } = await answer;
    return { FunctionError, payload: JSON.parse(Payload) };
  };
  return { invoke, put, account };
};

test("a test's function answers what it returns, by name and by ARN; put again, it runs the new code", async () => {
  const { invoke, put } = given((event) => ({ event, verified: true }));
  expect(await invoke()).toEqual({ FunctionError: undefined, payload: { event: { version: 1 }, verified: true } });

  const arn = put('verify-web', () => 'nonsense');
  expect(arn).toBe('arn:aws:lambda:eu-west-1:123456789012:function:verify-web');
  expect(await invoke(arn)).toEqual({ FunctionError: undefined, payload: 'nonsense' });
});

test('it may take virtual time; what takes longer than its time-out is ended there', async () => {
  const { invoke, account } = given((_, { sleep }) => sleep(2000).then(() => 'rested'));
  expect((await invoke()).payload).toBe('rested');

  const start = account.clock.now;
  const slow = given((_, { sleep }) => sleep(3_600_000), { timeoutSeconds: 60 });
  expect(await slow.invoke()).toMatchObject({
    FunctionError: 'Unhandled',
    payload: { errorType: 'Sandbox.Timedout', errorMessage: expect.stringContaining('Task timed out after 60.00 seconds') },
  });
  expect(slow.account.clock.now - start).toBeLessThan(65_000);
});

test.each<[string, UserFunction, object]>([
  [
    'throws',
    () => {
      throw new TypeError('x is not a function');
    },
    { errorType: 'TypeError', errorMessage: 'x is not a function' },
  ],
  ['rejects', () => Promise.reject(new Error('no')), { errorType: 'Error', errorMessage: 'no' }],
  ['answers 7 MB', () => 'x'.repeat(7_000_000), { errorType: 'Function.ResponseSizeTooLarge' }],
])('one that %s has failed', async (_, code, payload) => {
  expect(await given(code).invoke()).toMatchObject({ FunctionError: 'Unhandled', payload });
});

test('the caller needs the permission to invoke it', async () => {
  const { invoke, put } = given(() => true);
  put('other');
  const role = { arn: roleArn, kind: 'role' } as const;

  expect((await invoke('verify-web', role)).payload).toBe(true);
  await expect(invoke('other', role)).rejects.toMatchObject({ code: 'AccessDeniedException' });
});

import { TaskTokens } from '../../aws/task-tokens.js';
import { fakeAws } from './fake-aws.js';

const given = (statusCode = 200, answer: object = {}) => {
  const { settings, calls } = fakeAws(() => [statusCode, answer]);
  return { calls, tokens: new TaskTokens(settings) };
};

test('a state that waits is woken with the error that its Catch names', async () => {
  const { calls, tokens } = given();

  expect(await tokens.wake('a token')).toBe(true);
  expect(calls).toEqual([{ operation: 'SendTaskFailure', input: { taskToken: 'a token', error: 'Woken' } }]);
});

test('a state that waits gets its result as JSON', async () => {
  const { calls, tokens } = given();

  expect(await tokens.succeed('a token', { action: 'rollBack' })).toBe(true);
  expect(calls).toEqual([{ operation: 'SendTaskSuccess', input: { taskToken: 'a token', output: '{"action":"rollBack"}' } }]);
});

test.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])('%s says that nothing waits, and is no failure', async (__type) => {
  const { tokens } = given(400, { __type, message: 'no' });

  expect(await tokens.wake('a token')).toBe(false);
  expect(await tokens.succeed('a token', {})).toBe(false);
});

test.each(['ThrottlingException', 'AccessDeniedException', 'KmsAccessDeniedException'])('%s keeps its name', async (__type) => {
  const { tokens } = given(400, { __type, message: 'no' });

  await expect(tokens.wake('a token')).rejects.toMatchObject({ name: __type });
  await expect(tokens.succeed('a token', {})).rejects.toMatchObject({ name: __type });
});

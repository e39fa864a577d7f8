import { givenStates, machineArn } from './support.js';

const waiting = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 60, End: true } } };
const arnOf = (name: string): string => `arn:aws:states:eu-west-1:123456789012:execution:machine:${name}`;

const given = () => {
  const account = givenStates();
  account.createMachine(waiting);
  return account;
};

test('an execution without a name gets a uuid from the seed', async () => {
  const [one, other] = [given(), given()];

  const arn = await one.start();

  expect(arn).toMatch(/:execution:machine:[0-9a-f-]{36}$/);
  expect(await other.start()).toBe(arn);
});

test('the same name and input of a running execution give that execution again', async () => {
  const { start, states, account } = given();

  const first = await start({ a: 1 }, { name: 'n' });
  await account.clock.advance(10_000);
  const second = await start({ a: 1 }, { name: 'n' });

  expect(second).toBe(first);
  expect(states.executions()).toHaveLength(1);
});

test('another input under the name of a running execution is ExecutionAlreadyExists', async () => {
  const { start } = given();
  await start({ a: 1 }, { name: 'n' });

  await expect(start({ a: 2 }, { name: 'n' })).rejects.toMatchObject({
    code: 'ExecutionAlreadyExists',
    message: `Execution Already Exists: '${arnOf('n')}'`,
  });
});

test('the name of an execution that has ended is ExecutionAlreadyExists, also with the same input', async () => {
  const { start, account } = given();
  await start({ a: 1 }, { name: 'n' });
  await account.clock.run();

  await expect(start({ a: 1 }, { name: 'n' })).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
});

test.each([['sha256:abc'], ['my/repo'], ['a b'], ['a"b'], ['a\u0007b'], ['x'.repeat(81)], ['']])('the name %j is refused', async (name) => {
  const { start } = given();

  await expect(start({}, { name })).rejects.toMatchObject({ code: 'InvalidName' });
});

test('a name may have 80 characters', async () => {
  const { start } = given();

  expect(await start({}, { name: 'x'.repeat(80) })).toBe(arnOf('x'.repeat(80)));
});

test('an input that is not JSON is InvalidExecutionInput', async () => {
  const { request } = given();

  await expect(request('StartExecution', { stateMachineArn: machineArn, input: "{'a'" })).rejects.toMatchObject({
    code: 'InvalidExecutionInput',
  });
});

test('without an input the input is {}', async () => {
  const { request, execution } = given();

  const { executionArn } = await request<{ executionArn: string }>('StartExecution', { stateMachineArn: machineArn });

  expect(execution(executionArn).input).toEqual({});
});

test('machines and executions that do not exist are reported as such', async () => {
  const { request, start } = given();
  const executionArn = arnOf('missing');

  await expect(start({}, { machine: `${machineArn}2` })).rejects.toMatchObject({ code: 'StateMachineDoesNotExist' });
  await expect(start({}, { machine: 'machine' })).rejects.toMatchObject({ code: 'InvalidArn' });
  for (const operation of ['DescribeExecution', 'StopExecution', 'GetExecutionHistory']) {
    await expect(request(operation, { executionArn })).rejects.toMatchObject({
      code: 'ExecutionDoesNotExist',
      message: `Execution Does Not Exist: '${executionArn}'`,
    });
  }
});

test('DescribeExecution describes a running and an ended execution', async () => {
  const { request, start, account } = given();
  const executionArn = await start({ a: 1 }, { name: 'n' });

  const running = await request('DescribeExecution', { executionArn });
  await account.clock.run();
  const ended = await request('DescribeExecution', { executionArn });

  expect(running).toEqual({
    executionArn,
    stateMachineArn: machineArn,
    name: 'n',
    status: 'RUNNING',
    startDate: new Date('2026-11-23T09:00:00Z'),
    input: '{"a":1}',
    inputDetails: { included: true },
    redriveCount: 0,
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason: 'Execution is RUNNING and cannot be redriven',
  });
  expect(ended).toMatchObject({
    status: 'SUCCEEDED',
    stopDate: new Date('2026-11-23T09:01:00Z'),
    output: '{"a":1}',
    outputDetails: { included: true },
  });
});

test('StopExecution aborts the execution, and nothing under way continues', async () => {
  const { request, start, account, execution, states } = given();
  const executionArn = await start({}, { name: 'n' });
  await account.clock.advance(10_000);

  const { stopDate } = await request('StopExecution', { executionArn, error: 'E', cause: 'C' });
  await account.clock.run();

  expect(stopDate).toEqual(new Date('2026-11-23T09:00:10Z'));
  expect(execution(executionArn)).toMatchObject({ status: 'ABORTED', error: 'E', cause: 'C', output: undefined });
  expect(states.history(executionArn).at(-1)).toMatchObject({
    type: 'ExecutionAborted',
    previousEventId: 0,
    executionAbortedEventDetails: { error: 'E', cause: 'C' },
  });
  expect(account.clock.date()).toEqual(stopDate);
});

test('StopExecution of an ended execution changes nothing', async () => {
  const { request, start, account, execution } = given();
  const executionArn = await start();
  await account.clock.run();

  const { stopDate } = await request('StopExecution', { executionArn });

  expect(stopDate).toEqual(new Date('2026-11-23T09:01:00Z'));
  expect(execution(executionArn).status).toBe('SUCCEEDED');
});

test('ListExecutions gives the newest first, by status and in pages', async () => {
  const { request, start, account } = given();
  for (const name of ['a', 'b', 'c']) {
    await start({}, { name });
    await account.clock.advance(25_000);
  }
  type Page = { executions: { name: string; status: string }[]; nextToken?: string };

  const all = await request<Page>('ListExecutions', { stateMachineArn: machineArn });
  const running = await request<Page>('ListExecutions', { stateMachineArn: machineArn, statusFilter: 'RUNNING' });
  const first = await request<Page>('ListExecutions', { stateMachineArn: machineArn, maxResults: 2 });
  const second = await request<Page>('ListExecutions', { stateMachineArn: machineArn, maxResults: 2, nextToken: first.nextToken });

  expect(all.executions.map(({ name, status }) => [name, status])).toEqual([
    ['c', 'RUNNING'],
    ['b', 'RUNNING'],
    ['a', 'SUCCEEDED'],
  ]);
  expect(all.nextToken).toBeUndefined();
  expect(running.executions.map(({ name }) => name)).toEqual(['c', 'b']);
  expect(first.executions.map(({ name }) => name)).toEqual(['c', 'b']);
  expect(second.executions.map(({ name }) => name)).toEqual(['a']);
});

test('the log has an execution’s start and end', async () => {
  const { start, account } = given();

  const execution = await start({ a: 1 }, { name: 'n' });
  await account.clock.run();

  expect(account.log.entries.map(({ time, type, detail }) => [time - 1_795_424_400_000, type, detail])).toEqual([
    [0, 'execution-started', { execution, machine: 'machine', name: 'n', input: { a: 1 } }],
    [0, 'state-entered', { execution, machine: 'machine', state: 'W', type: 'Wait' }],
    [
      60_000,
      'execution-ended',
      { execution, machine: 'machine', name: 'n', status: 'SUCCEEDED', error: undefined, cause: undefined, output: { a: 1 } },
    ],
  ]);
});

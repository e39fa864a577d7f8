import { givenStates, machineArn, roleArn } from './support.js';

const returning = (value: string): string =>
  JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'W',
    States: { W: { Type: 'Wait', Seconds: 60, Next: 'P' }, P: { Type: 'Pass', Output: value, End: true } },
  });

const machine = { name: 'machine', roleArn, definition: returning('old') };

test('CreateStateMachine is idempotent for the same definition, and refuses another one', async () => {
  const { request } = givenStates();

  const created = await request('CreateStateMachine', machine);

  expect(created).toEqual({ stateMachineArn: machineArn, creationDate: new Date('2026-11-23T09:00:00Z') });
  expect(await request('CreateStateMachine', machine)).toEqual(created);
  await expect(request('CreateStateMachine', { ...machine, definition: returning('new') })).rejects.toMatchObject({
    code: 'StateMachineAlreadyExists',
  });
});

test('an execution keeps the definition that it started with', async () => {
  const { request, start, account, execution } = givenStates();
  await request('CreateStateMachine', machine);
  const before = await start();

  await request('UpdateStateMachine', { stateMachineArn: machineArn, definition: returning('new') });
  const after = await start();
  await account.clock.run();

  expect(execution(before).output).toBe('old');
  expect(execution(after).output).toBe('new');
});

test('deploying a stack again updates its machine', async () => {
  const { states, start, account, execution } = givenStates();
  const spec = { name: 'machine', arn: machineArn, roleArn };
  states.createStateMachine({ ...spec, definition: JSON.parse(returning('old')) });
  const before = await start();
  states.createStateMachine({ ...spec, definition: JSON.parse(returning('new')) });
  const after = await start();
  await account.clock.run();

  expect([execution(before).output, execution(after).output]).toEqual(['old', 'new']);
});

test('an update without a change keeps the revision', async () => {
  const { request } = givenStates();
  await request('CreateStateMachine', machine);

  const first = await request('UpdateStateMachine', { stateMachineArn: machineArn, definition: returning('new') });
  const second = await request('UpdateStateMachine', { stateMachineArn: machineArn, definition: returning('new') });
  const third = await request('UpdateStateMachine', { stateMachineArn: machineArn, definition: returning('newer') });

  expect(second.revisionId).toBe(first.revisionId);
  expect(third.revisionId).not.toBe(first.revisionId);
  await expect(request('UpdateStateMachine', { stateMachineArn: machineArn })).rejects.toMatchObject({ code: 'MissingRequiredParameter' });
});

test('DescribeStateMachine and ListStateMachines show what was created', async () => {
  const { request } = givenStates();
  await request('CreateStateMachine', machine);
  await request('CreateStateMachine', { ...machine, name: 'another' });

  expect(await request('DescribeStateMachine', { stateMachineArn: machineArn })).toEqual({
    stateMachineArn: machineArn,
    name: 'machine',
    status: 'ACTIVE',
    definition: returning('old'),
    roleArn,
    type: 'STANDARD',
    creationDate: new Date('2026-11-23T09:00:00Z'),
    loggingConfiguration: { includeExecutionData: false, level: 'OFF' },
    tracingConfiguration: { enabled: false },
  });
  expect(await request('ListStateMachines', { maxResults: 1 })).toMatchObject({
    stateMachines: [{ name: 'another', type: 'STANDARD' }],
    nextToken: expect.any(String),
  });
});

test('a deleted machine lets its executions end, and starts none', async () => {
  const { request, start, account, execution } = givenStates();
  await request('CreateStateMachine', machine);
  const running = await start();

  await request('DeleteStateMachine', { stateMachineArn: machineArn });

  await expect(start()).rejects.toMatchObject({ code: 'StateMachineDeleting' });
  await account.clock.run();
  expect(execution(running).status).toBe('SUCCEEDED');
  await expect(start()).rejects.toMatchObject({ code: 'StateMachineDoesNotExist' });
  expect(await request('DeleteStateMachine', { stateMachineArn: machineArn })).toEqual({});
});

test('unsupported features are refused, not ignored', async () => {
  const { request } = givenStates();

  await expect(request('CreateStateMachine', { ...machine, type: 'EXPRESS' })).rejects.toMatchObject({ code: 'NotEmulated' });
  await expect(request('CreateStateMachine', { ...machine, publish: true })).rejects.toMatchObject({ code: 'NotEmulated' });
});

test('a role that Step Functions may not assume is refused', async () => {
  const given = givenStates();
  given.account.services = { ...given.account.services, iam: { ...given.account.services.iam, canAssume: () => false } };

  await expect(given.request('CreateStateMachine', machine)).rejects.toMatchObject({ code: 'AccessDeniedException' });
});

test('permissions are checked on the machine and on the execution', () => {
  const { account } = givenStates();
  const executionArn = 'arn:aws:states:eu-west-1:123456789012:execution:machine:n';
  const asked = (name: string): unknown =>
    account
      .operation('states', name)
      ?.permissions?.({ stateMachineArn: machineArn, executionArn, name: 'machine', roleArn } as never, account);

  expect(asked('StartExecution')).toEqual([{ action: 'states:StartExecution', resource: machineArn }]);
  expect(asked('ListExecutions')).toEqual([{ action: 'states:ListExecutions', resource: machineArn }]);
  for (const name of ['DescribeExecution', 'StopExecution', 'GetExecutionHistory']) {
    expect(asked(name)).toEqual([{ action: `states:${name}`, resource: executionArn }]);
  }
  expect(asked('CreateStateMachine')).toEqual([
    { action: 'states:CreateStateMachine', resource: machineArn },
    { action: 'iam:PassRole', resource: roleArn, context: { 'iam:PassedToService': 'states.amazonaws.com' } },
  ]);
});

test('DescribeStateMachineForExecution shows what the execution started with, after an update as before', async () => {
  const { request, start, account } = givenStates();
  await request('CreateStateMachine', machine);
  const executionArn = await start();
  await account.clock.advance(60_000);
  const started = await request('DescribeStateMachineForExecution', { executionArn });
  await request('UpdateStateMachine', { stateMachineArn: machineArn, definition: returning('new') });

  expect(started).toEqual({
    stateMachineArn: machineArn,
    name: 'machine',
    definition: returning('old'),
    roleArn,
    updateDate: new Date('2026-11-23T09:00:00Z'),
    loggingConfiguration: { includeExecutionData: false, level: 'OFF' },
    tracingConfiguration: { enabled: false },
  });
  expect(await request('DescribeStateMachineForExecution', { executionArn })).toEqual(started);
  expect(await request('DescribeStateMachineForExecution', { executionArn: await start() })).toMatchObject({
    definition: returning('new'),
    updateDate: new Date('2026-11-23T09:01:00Z'),
    revisionId: expect.any(String),
  });
  await expect(request('DescribeStateMachineForExecution', { executionArn: `${executionArn}0` })).rejects.toMatchObject({
    code: 'ExecutionDoesNotExist',
  });
});

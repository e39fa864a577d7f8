import { givenEcs, registry } from './given-service.js';

const role = 'arn:aws:iam::123456789012:role/web';
const fargate = { requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc', cpu: '256', memory: '512', executionRoleArn: role };
const onFargate = {
  launchType: 'FARGATE',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
};
const logs = { logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'web', 'awslogs-stream-prefix': 'app' } } };
const command = ['npm', 'run', 'migrate'];

/** A Fargate cluster; `run` runs `npm run migrate` with the image of that tag, as its own family. */
const givenCluster = async () => {
  const given = givenEcs();
  const { call, register, events } = given;
  await call('CreateCluster', { clusterName: 'production', capacityProviders: ['FARGATE', 'FARGATE_SPOT'] });
  const runTask = (input: object = {}) =>
    call('RunTask', {
      cluster: 'production',
      taskDefinition: 'migrates',
      startedBy: 'slipway-dev-before/web',
      ...onFargate,
      overrides: { containerOverrides: [{ name: 'app', command }] },
      ...input,
    });
  const run = async (
    tag: string,
    { container = {}, rest = {}, ...input }: { container?: object; rest?: object; [member: string]: unknown } = {},
  ) => {
    await register(tag, { ...logs, ...container }, { family: tag, ...fargate, ...rest });
    const { tasks } = await runTask({ taskDefinition: tag, ...input });
    return tasks[0].taskArn as string;
  };
  const describe = async (task: string) => (await call('DescribeTasks', { cluster: 'production', tasks: [task] })).tasks[0];
  const stop = (task: string, reason?: string) => call('StopTask', { cluster: 'production', task, reason });
  const eventsOf = (task: string) => events.filter(({ resources }) => resources?.[0] === task).map(({ detail }) => detail);
  return { ...given, runTask, run, describe, stop, eventsOf };
};

test.each([
  ['migrates', { stopCode: 'EssentialContainerExited', containers: [{ exitCode: 0 }] }, /applied 20261124_fill_email$/],
  ['fails', { stopCode: 'EssentialContainerExited', containers: [{ exitCode: 1 }] }, /exit 1$/],
  ['crash', { stopCode: 'EssentialContainerExited', containers: [{ exitCode: 1 }] }, /exit 1$/],
  ['1', { stopCode: 'EssentialContainerExited', containers: [{ exitCode: 0 }] }, /exit 0$/],
  ['hangs', { desiredStatus: 'RUNNING', lastStatus: 'RUNNING' }, /waiting for a lock on table users$/],
  ['nowhere', { stopCode: 'TaskFailedToStart', stoppedReason: expect.stringContaining('CannotPullContainerError') }, undefined],
])('the command of a standalone task with the image %s', async (tag, expected, line) => {
  const { run, describe, minutes, logs: lines } = await givenCluster();
  const task = await run(tag);
  await minutes(4);

  expect(await describe(task)).toMatchObject(expected);
  if (line) expect(lines.at(-1)).toMatch(line);
  else expect(lines).toEqual([]);
});

test('sh -c says how long a command runs, and how it ends', async () => {
  const { run, describe, minutes } = await givenCluster();
  const overrides = { containerOverrides: [{ name: 'app', command: ['sh', '-c', 'sleep 600; exit 3'] }] };
  const task = await run('1', { overrides });

  await minutes(10);
  expect(await describe(task)).toMatchObject({ lastStatus: 'RUNNING' });
  await minutes(2);
  expect(await describe(task)).toMatchObject({ lastStatus: 'STOPPED', containers: [{ exitCode: 3 }] });
});

test('its events have startedBy, and the family as their group; the exit code comes with DEPROVISIONING, before STOPPED', async () => {
  const { run, minutes, eventsOf } = await givenCluster();
  const task = await run('fails');
  await minutes(4);

  const events = eventsOf(task);
  for (const event of events) expect(event).toMatchObject({ startedBy: 'slipway-dev-before/web', group: 'family:fails' });
  expect(events.map(({ lastStatus }) => lastStatus)).toEqual([
    'PROVISIONING',
    'PENDING',
    'RUNNING',
    'STOPPING',
    'DEPROVISIONING',
    'STOPPED',
  ]);
  expect(events[4]).toMatchObject({
    desiredStatus: 'STOPPED',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    overrides: { containerOverrides: [{ name: 'app', command }] },
    containers: [{ name: 'app', lastStatus: 'STOPPED', exitCode: 1 }],
  });
});

test.each([
  ['one that handles SIGTERM', '1', {}, ['sh', '-c', 'sleep 3600'], 0],
  ['one that SIGTERM ends', 'migrates', {}, command, 143],
  ['one that does not end before SIGKILL', 'hangs', {}, command, 137],
  ['one that does not, with a stop time-out of its own', 'hangs', { stopTimeout: 120 }, command, 137],
])('StopTask of %s', async (_, tag, container, ownCommand, exitCode) => {
  const { run, stop, describe, minutes } = await givenCluster();
  const task = await run(tag, { container, overrides: { containerOverrides: [{ name: 'app', command: ownCommand }] } });
  await minutes(0.6);
  expect(await describe(task)).toMatchObject({ lastStatus: 'RUNNING' });

  await stop(task, 'took too long');
  await minutes(3);

  const stopped = await describe(task);
  expect(stopped).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'took too long', containers: [{ exitCode }] });
  const seconds = (stopped.executionStoppedAt - stopped.stoppingAt) / 1000;
  if (exitCode === 143) expect(seconds).toBeLessThan(5);
  if (exitCode === 137) expect(Math.floor(seconds / 10) * 10).toBe('stopTimeout' in container ? 120 : 30);
});

test('a Spot interruption is no end of its own: SIGTERM ends the migration', async () => {
  const { run, ecs, describe, minutes } = await givenCluster();
  const task = await run('migrates', { launchType: undefined, capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] });
  await minutes(0.6);

  ecs.stopTask(task, 'SpotInterruption', 'Your Spot Task was interrupted.');
  await minutes(2);

  expect(await describe(task)).toMatchObject({ stopCode: 'SpotInterruption', containers: [{ exitCode: 143 }] });
});

test('a sidecar that ends first takes the migration with it; one that is not essential does not', async () => {
  const { call, runTask, describe, minutes } = await givenCluster();
  const app = { name: 'app', image: `${registry}/web:hangs`, memory: 128 };
  const endsIn = async (essential: boolean) => {
    const family = `sidecar-${essential}`;
    const sidecar = { name: 'proxy', image: `${registry}/web:crash`, memory: 128, essential };
    await call('RegisterTaskDefinition', { family, ...fargate, containerDefinitions: [app, sidecar] });
    const { tasks } = await runTask({ taskDefinition: family });
    await minutes(3);
    return describe(tasks[0].taskArn);
  };

  expect(await endsIn(true)).toMatchObject({
    stopCode: 'EssentialContainerExited',
    overrides: { containerOverrides: [{ name: 'app', command }, { name: 'proxy' }] },
    containers: [
      { name: 'app', exitCode: 137 },
      { name: 'proxy', exitCode: 1 },
    ],
  });
  const kept = await endsIn(false);
  expect(kept).toMatchObject({ lastStatus: 'RUNNING', containers: [{ lastStatus: 'RUNNING' }, { exitCode: 1 }] });
  expect(kept.containers[0]).not.toHaveProperty('exitCode');
});

test('a sidecar that serves is stopped with the migration, and its exit code is its own', async () => {
  const { call, runTask, describe, minutes } = await givenCluster();
  const containerDefinitions = ['fails', '1'].map((tag) => ({ name: tag === '1' ? 'proxy' : 'app', image: `${registry}/web:${tag}` }));
  await call('RegisterTaskDefinition', { family: 'both', ...fargate, containerDefinitions });
  const { tasks } = await runTask({ taskDefinition: 'both' });
  await minutes(3);

  expect(await describe(tasks[0].taskArn)).toMatchObject({ containers: [{ exitCode: 1 }, { exitCode: 0 }] });
});

test.each([
  ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:token-AbCdEf', undefined],
  ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:token-AbCdEf:key::', undefined],
  ['arn:aws:ssm:eu-west-1:123456789012:parameter/token', undefined],
  [
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:gone-AbCdEf:key::',
    /^ResourceInitializationError: .*:secret:gone-AbCdEf from .*Not/,
  ],
])('a task with the secret %s', async (valueFrom, reason) => {
  const { run, describe, minutes } = await givenCluster();
  const task = await run('migrates', { container: { secrets: [{ name: 'TOKEN', valueFrom }] } });
  await minutes(4);

  const { stopCode, stoppedReason } = await describe(task);
  expect(stopCode).toBe(reason ? 'TaskFailedToStart' : 'EssentialContainerExited');
  if (reason) expect(stoppedReason).toMatch(reason);
});

test('overrides of the size are those of the task and of the container', async () => {
  const { run, describe } = await givenCluster();
  const overrides = { cpu: '1 vCPU', memory: '2GB', containerOverrides: [{ name: 'app', command, cpu: 128, memory: 1024 }] };

  expect(await describe(await run('migrates', { overrides }))).toMatchObject({
    cpu: '1024',
    memory: '2048',
    containers: [{ cpu: '128' }],
    overrides,
  });
});

test('ListTasks by startedBy takes no other filter, and lists what should run; DescribeTasks forgets a task an hour after its end', async () => {
  const { run, call, minutes, stop } = await givenCluster();
  const list = async (input: object) => (await call('ListTasks', { cluster: 'production', ...input })).taskArns;
  const startedBy = 'slipway-dev-before/web';
  const task = await run('hangs');
  expect(await list({ startedBy })).toEqual([task]);
  expect(await list({ startedBy: 'slipway-dev-before' })).toEqual([]);
  await expect(list({ startedBy, desiredStatus: 'STOPPED' })).rejects.toMatchObject({ name: 'InvalidParameterException' });

  await minutes(1);
  await stop(task);
  expect(await list({ startedBy })).toEqual([]);
  expect(await list({ family: 'hangs', desiredStatus: 'STOPPED' })).toEqual([task]);
  await minutes(50);
  expect((await call('DescribeTasks', { cluster: 'production', tasks: [task] })).tasks).toHaveLength(1);
  await minutes(15);
  expect(await call('DescribeTasks', { cluster: 'production', tasks: [task] })).toEqual({
    tasks: [],
    failures: [{ arn: task, reason: 'MISSING' }],
  });
});

describe('failures', () => {
  test('without capacity RunTask starts nothing, and says why, for as long as the test says', async () => {
    const { run, runTask, ecs, call } = await givenCluster();
    await run('migrates');
    ecs.failRuns('production', 'RESOURCE:FARGATE', { times: 2 });

    const failed = { tasks: [], failures: [{ reason: 'RESOURCE:FARGATE' }] };
    expect(await runTask()).toEqual(failed);
    expect(await runTask()).toEqual(failed);
    expect((await runTask()).tasks).toHaveLength(1);
    ecs.failRuns('production', 'RESOURCE:MEMORY');
    expect((await runTask()).failures).toEqual([{ reason: 'RESOURCE:MEMORY' }]);
    ecs.failRuns('production', undefined);
    expect((await runTask()).tasks).toHaveLength(1);
    expect((await call('ListTasks', { cluster: 'production' })).taskArns).toHaveLength(3);
  });

  test('a replay of their client token repeats them for a day; another token tries again', async () => {
    const { run, runTask, ecs, minutes } = await givenCluster();
    await run('migrates');
    ecs.failRuns('production', 'RESOURCE:CPU', { times: 1 });
    const failed = { tasks: [], failures: [{ reason: 'RESOURCE:CPU' }] };

    expect(await runTask({ clientToken: 'attempt-1' })).toEqual(failed);
    await minutes(23 * 60);
    expect(await runTask({ clientToken: 'attempt-1' })).toEqual(failed);
    expect((await runTask({ clientToken: 'attempt-2' })).tasks).toHaveLength(1);
    await minutes(61);
    expect((await runTask({ clientToken: 'attempt-1' })).tasks).toHaveLength(1);
  });
});

describe("RunTask's client token", () => {
  const givenRun = async () => {
    const { run, runTask, ...given } = await givenCluster();
    const first = await run('1', { clientToken: 'token-1' });
    return { ...given, first, again: (input: object = {}) => runTask({ taskDefinition: '1', clientToken: 'token-1', ...input }) };
  };

  test('the same request again starts nothing, and is answered with the task as it is', async () => {
    const { again, first, minutes, call } = await givenRun();

    await minutes(0.25);
    expect((await again()).tasks).toMatchObject([{ taskArn: first, group: 'family:1', lastStatus: 'PENDING' }]);
    await minutes(3);
    expect((await again()).tasks).toEqual([{ taskArn: first, lastStatus: 'STOPPED', desiredStatus: 'STOPPED' }]);
    expect((await call('ListTasks', { cluster: 'production', desiredStatus: 'STOPPED' })).taskArns).toHaveLength(1);
  });

  test('another request is refused with the tasks of the first, and starts nothing', async () => {
    const { again, first, call } = await givenRun();

    await expect(again({ count: 2 })).rejects.toMatchObject({ name: 'ConflictException', members: { resourceIds: [first] } });
    expect((await call('ListTasks', { cluster: 'production' })).taskArns).toHaveLength(1);
  });

  test('it belongs to its cluster', async () => {
    const { again, first, call } = await givenRun();
    await call('CreateCluster', { clusterName: 'staging' });

    expect((await again({ cluster: 'staging' })).tasks[0].taskArn).not.toBe(first);
  });

  test('an hour after the task has stopped it is free again', async () => {
    const { again, first, minutes } = await givenRun();
    await minutes(65);

    expect((await again({ count: 2 })).tasks.map(({ taskArn }: { taskArn: string }) => taskArn)).not.toContain(first);
  });
});

test.each([
  ['timeoutBefore', 1],
  ['timeoutAfter', 1],
  ['delayedEffect', 1],
] as const)('RunTask whose answer is lost (%s), asked again with its token, runs one task', async (kind, count) => {
  const { account, run, runTask, call, minutes } = await givenCluster();
  await run('migrates', { clientToken: 'other' });
  const before = (await call('ListTasks', { cluster: 'production' })).taskArns.length;
  account.faults.inject({ on: 'ecs.RunTask', kind });

  void runTask({ clientToken: 'attempt-1' });
  await minutes(0.1);
  await runTask({ clientToken: 'attempt-1' });
  await minutes(0.5);

  expect((await call('ListTasks', { cluster: 'production' })).taskArns).toHaveLength(before + count);
});

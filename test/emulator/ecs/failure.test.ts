import { breakerThreshold } from '../../../emulator/ecs/service-deployment-view.js';
import { circuitBreaker, digest, type Given, givenService, registry } from './given-service.js';

const withBreaker = (rollback = true) => ({ deploymentConfiguration: circuitBreaker(rollback) });

test('three crashed tasks trip the circuit breaker, and the service is rolled back to the last completed deployment', async () => {
  const { account, ecs, first, register, update, minutes, serviceDeployment, describe } = await givenService({}, withBreaker());
  const bad = await register('crash');
  await update({ taskDefinition: bad });
  const failedId = (await describe()).deployments[0].id;

  await account.clock.run({ until: () => account.log.of('ecs', 'rollback-started').length > 0 });
  expect(await serviceDeployment()).toMatchObject({
    status: 'ROLLBACK_IN_PROGRESS',
    statusReason: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
    deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
  });

  await minutes(5);
  const ended = await serviceDeployment();
  expect(ended.status).toBe('ROLLBACK_SUCCESSFUL');
  expect(ended.rollback.serviceRevisionArn).toBe(ended.sourceServiceRevisions[0].arn);
  expect(ecs.service('production', 'web')?.serviceDeployments).toHaveLength(2);
  expect(ecs.service('production', 'web')?.runningTasks.map(({ taskDefinition }) => taskDefinition)).toEqual([first, first]);
  const service = await describe();
  expect(service).toMatchObject({ taskDefinition: first, deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }] });
  expect(service.deployments[0].id).not.toBe(failedId);
  expect(service.events.map(({ message }: { message: string }) => message)).toContain(
    `(service web) (deployment ${failedId}) deployment failed: tasks failed to start.`,
  );
});

test('with exitAfterRunning notCounted, tasks that ran before they exited do not trip the circuit breaker', async () => {
  const { account, register, update, minutes, serviceDeployment, describe } = await givenService(
    { assumptions: { exitAfterRunning: 'notCounted' } },
    withBreaker(),
  );
  await update({ taskDefinition: await register('crash') });

  await minutes(60);

  expect(await serviceDeployment()).toMatchObject({
    status: 'IN_PROGRESS',
    deploymentCircuitBreaker: { status: 'MONITORING', failureCount: 0, threshold: 3 },
  });
  expect((await describe()).deployments[0]).toMatchObject({ rolloutState: 'IN_PROGRESS', failedTasks: 0 });
  expect(account.log.of('ecs', 'task-stopped').length).toBeGreaterThan(8);

  await update({ taskDefinition: await register('missing') });
  await minutes(10);

  expect((await serviceDeployment(0)).status).toBe('ROLLBACK_SUCCESSFUL');
});

test.each([
  ['forgets the failures before it', true, 0],
  ['leaves the failures before it counted, where the service says so', false, 3],
])('a healthy task %s', async (_, resetOnHealthyTask, failureCount) => {
  const thresholdConfiguration = { type: 'COUNT', value: 10 };
  const { account, images, register, update, minutes, serviceDeployment } = await givenService(
    {},
    { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true, resetOnHealthyTask, thresholdConfiguration } } },
  );
  await update({ taskDefinition: await register('crash') });
  await account.clock.run({ until: () => account.log.of('ecs', 'task-stopped').length === 2 });
  images[`${registry}/web:crash`] = { digest: images[`${registry}/web:crash`]?.digest ?? '', behaviour: 'healthy' };

  await minutes(10);

  expect(account.log.of('ecs', 'task-stopped').filter(({ detail }) => detail.exitCode === 1)).toHaveLength(3);
  expect(await serviceDeployment()).toMatchObject({ status: 'SUCCESSFUL', deploymentCircuitBreaker: { failureCount } });
});

test('failed tasks show the reason, and can be described for an hour', async () => {
  const { call, logs, register, update, minutes } = await givenService({}, withBreaker());
  const logConfiguration = { logDriver: 'awslogs', options: { 'awslogs-group': '/web', 'awslogs-stream-prefix': 'run' } };
  await update({ taskDefinition: await register('crash', { logConfiguration }) });
  await minutes(10);

  const stopped = { cluster: 'production', serviceName: 'web', desiredStatus: 'STOPPED' };
  const { taskArns } = await call('ListTasks', stopped);
  const { tasks } = await call('DescribeTasks', { cluster: 'production', tasks: taskArns });
  const crashed = tasks.filter(({ stopCode }: { stopCode: string }) => stopCode === 'EssentialContainerExited');
  expect(crashed).toHaveLength(3);
  expect(crashed[0]).toMatchObject({
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    stoppedReason: 'Essential container in task exited',
    containers: [{ exitCode: 1, lastStatus: 'STOPPED' }],
  });
  expect(crashed[0].startedBy).toMatch(/^ecs-svc\/\d{19}$/);
  const id = crashed[0].taskArn.split('/').at(-1);
  expect(logs.filter((line) => line.includes(id))).toEqual([
    `/web run/app/${id} starting`,
    `/web run/app/${id} Error: connect ECONNREFUSED database:5432`,
    `/web run/app/${id}     at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)`,
    `/web run/app/${id}     at main (/app/server.js:42:11)`,
    `/web run/app/${id} exit 1`,
  ]);

  await minutes(60);
  expect(await call('ListTasks', stopped)).toEqual({ taskArns: [] });
  expect((await call('DescribeTasks', { cluster: 'production', tasks: [crashed[0].taskArn] })).failures).toEqual([
    { arn: crashed[0].taskArn, reason: 'MISSING' },
  ]);
});

test('with a circuit breaker that does not roll back, the service deployment is STOPPED and the old tasks stay', async () => {
  const { ecs, first, register, update, minutes, serviceDeployment, describe } = await givenService({}, withBreaker(false));
  await update({ taskDefinition: await register('crash') });

  await minutes(10);

  expect(await serviceDeployment()).toMatchObject({
    status: 'STOPPED',
    statusReason: 'Service deployment stopped because the circuit breaker threshold was exceeded.',
  });
  expect((await describe()).deployments).toMatchObject([
    { status: 'PRIMARY', rolloutState: 'FAILED' },
    { status: 'ACTIVE', rolloutState: 'COMPLETED' },
  ]);
  expect(ecs.service('production', 'web')?.runningTasks.map(({ taskDefinition }) => taskDefinition)).toEqual([first, first]);
});

const launches = ({ account }: Pick<Given, 'account'>): number[] =>
  account.log.of('ecs', 'task-stopped').map(({ time }, index, all) => time - (all[index - 1]?.time ?? time));

test('without a circuit breaker a crash loop is restarted without end, and never throttled: its tasks were RUNNING', async () => {
  const given = await givenService({}, { desiredCount: 1 });
  await given.update({ taskDefinition: await given.register('crash') });

  await given.minutes(120);

  expect(await given.serviceDeployment()).toMatchObject({ status: 'IN_PROGRESS' });
  expect((await given.describe()).deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS' }, { runningCount: 1 }]);
  expect(Math.max(...launches(given))).toBeLessThan(60_000);
  expect((await given.describe()).events.map(({ message }: { message: string }) => message).join('\n')).not.toContain('consistently');
});

test('launches of tasks that never run are throttled, to 27 minutes at most, and one event says so after the fourth', async () => {
  const given = await givenService({}, { desiredCount: 1 });
  await given.update({ taskDefinition: await given.register('missing') });

  await given.minutes(12 * 60);

  const [, first = 0, second = 0, third = 0, ...others] = launches(given);
  // Between the stops, i.e. with the attempt itself.
  for (const time of [first, second]) expect(time).toBeLessThan(140_000);
  expect(third).toBeGreaterThan(340_000);
  expect(Math.max(...others)).toBeGreaterThan(27 * 60_000);
  expect(Math.max(...others)).toBeLessThan(29 * 60_000);
  const impaired = given.events.filter(({ detail }) => detail.eventName === 'SERVICE_TASK_START_IMPAIRED');
  expect(impaired).toHaveLength(1);
  expect(
    given.account.log.of('ecs', 'task-stopped').filter(({ time }) => time < Date.parse(String(impaired[0]?.detail.createdAt))),
  ).toHaveLength(3);
});

test('a task that runs ends the throttle', async () => {
  const given = await givenService({}, { desiredCount: 1 });
  const { account, images, register, update, minutes } = given;
  await update({ taskDefinition: await register('missing') });
  await minutes(30);
  images[`${registry}/web:missing`] = { digest: digest('0'), behaviour: 'crashes-on-start' };
  await account.clock.run({ until: () => account.log.of('ecs', 'task-started').length > 1, deadline: account.clock.now + 60 * 60_000 });
  images[`${registry}/web:missing`] = { digest: digest('0'), behaviour: 'cannot-pull' };
  const before = account.log.of('ecs', 'task-stopped').length;

  await minutes(5);

  expect(account.log.of('ecs', 'task-stopped').length - before).toBeGreaterThanOrEqual(2);
});

describe('while a task of the rollout is RUNNING', () => {
  /** One task of two runs, and the other can no longer be pulled. */
  const oneOfTwo = async (resetOnHealthyTask: boolean) => {
    const given = await givenService(
      {},
      { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true, resetOnHealthyTask } } },
    );
    const { account, ecs, images, register, update, minutes } = given;
    const taskDefinition = await register('2', { healthCheck: { command: ['CMD', 'true'], interval: 300 } });
    await update({ taskDefinition });
    const ours = () => ecs.service('production', 'web')?.runningTasks.filter((task) => task.taskDefinition === taskDefinition) ?? [];
    await account.clock.run({ until: () => ours().length === 2 });
    images[`${registry}/web:2`] = { digest: digest('b'), behaviour: 'cannot-pull' };
    ecs.stopTask(ours()[0]?.arn ?? '', 'SpotInterruption', 'Your Spot Task was interrupted.');
    await minutes(30);
    return given.serviceDeployment();
  };

  test('tasks that cannot be started do not count for the circuit breaker', async () => {
    expect(await oneOfTwo(true)).toMatchObject({
      status: 'IN_PROGRESS',
      deploymentCircuitBreaker: { status: 'MONITORING', failureCount: 0 },
    });
  });

  test('they count where a healthy task does not reset the count', async () => {
    expect(await oneOfTwo(false)).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL', deploymentCircuitBreaker: { failureCount: 3 } });
  });
});

test.each([
  ['cannot be pulled', 'missing', {}, 'TaskFailedToStart', /^CannotPullContainerError: /],
  [
    'never gets healthy',
    'sick',
    { healthCheck: { command: ['CMD', 'true'], interval: 10, retries: 2, startPeriod: 5 } },
    'ServiceSchedulerInitiated',
    /^Task failed container health checks$/,
  ],
])('an image that %s fails its tasks, and the circuit breaker rolls back', async (_, tag, container, stopCode, reason) => {
  const { account, register, update, minutes, serviceDeployment } = await givenService({}, withBreaker());
  await update({ taskDefinition: await register(tag, container) });

  await minutes(15);

  expect((await serviceDeployment()).status).toBe('ROLLBACK_SUCCESSFUL');
  const [failed] = account.log.of('ecs', 'task-stopped');
  expect(failed?.detail).toMatchObject({ stopCode, stoppedReason: expect.stringMatching(reason) });
});

test('an image that never becomes healthy counts as healthy without a health check', async () => {
  const { register, update, minutes, serviceDeployment } = await givenService();
  await update({ taskDefinition: await register('sick') });

  await minutes(5);

  expect((await serviceDeployment()).status).toBe('SUCCESSFUL');
});

test('an image that crashes later has its rollout succeed first, and is then replaced again and again', async () => {
  const { account, register, update, minutes, serviceDeployment } = await givenService({}, withBreaker());
  await update({ taskDefinition: await register('later') });

  await minutes(30);

  expect((await serviceDeployment()).status).toBe('SUCCESSFUL');
  expect(account.log.of('ecs', 'task-stopped').filter(({ detail }) => detail.exitCode === 1).length).toBeGreaterThan(5);
});

test('a slow image takes minutes, and succeeds', async () => {
  const { register, update, minutes, serviceDeployment } = await givenService();
  await update({ taskDefinition: await register('slow') });

  await minutes(10);

  const { status, createdAt, finishedAt } = await serviceDeployment();
  expect(status).toBe('SUCCESSFUL');
  expect(finishedAt.getTime() - createdAt.getTime()).toBeGreaterThan(110_000);
});

test('the first deployment of a service has no rollback target, and stalls', async () => {
  const { call, ecs, register, minutes } = await givenService();
  const taskDefinition = await register('crash');
  await call('CreateService', { cluster: 'production', serviceName: 'new', taskDefinition, desiredCount: 1, ...withBreaker() });

  await minutes(10);

  expect(ecs.service('production', 'new')?.serviceDeployments).toMatchObject([
    {
      status: 'STOPPED',
      statusReason:
        'Service deployment stopped because the circuit breaker threshold was exceeded. No rollback candidate was found to run the rollback.',
    },
  ]);
});

test('a rollback whose tasks fail too ends ROLLBACK_FAILED, and no further task is started', async () => {
  const { images, register, update, minutes, serviceDeployment, describe, account } = await givenService(
    {},
    { deploymentConfiguration: { ...circuitBreaker(true), minimumHealthyPercent: 0, maximumPercent: 100 } },
  );
  await update({ taskDefinition: await register('crash') });
  images[`${registry}/web:1`] = { digest: images[`${registry}/web:1`]?.digest ?? '', behaviour: 'cannot-pull' };

  await minutes(20);

  expect((await serviceDeployment()).status).toBe('ROLLBACK_FAILED');
  expect((await describe()).deployments).toMatchObject([{ rolloutState: 'FAILED' }]);
  const before = account.log.entries.length;
  await minutes(60);
  expect(account.log.entries).toHaveLength(before);
});

test('while a rollback runs, a further deployment has no rollback target', async () => {
  const { account, register, update, minutes, serviceDeployment } = await givenService({}, withBreaker());
  await update({ taskDefinition: await register('crash') });
  await account.clock.run({ until: () => account.log.of('ecs', 'rollback-started').length > 0 });

  await update({ taskDefinition: await register('missing') });
  await minutes(20);

  expect((await serviceDeployment(1)).status).toBe('ROLLBACK_FAILED');
  expect(await serviceDeployment(0)).toMatchObject({ status: 'STOPPED', statusReason: expect.stringContaining('No rollback candidate') });
});

test.each([
  [1, undefined, 3],
  [25, undefined, 13],
  [10, { type: 'COUNT', value: 1 }, 1],
  [10, { type: 'UNBOUNDED_PERCENT', value: 10 }, 1],
  [10, { type: 'BOUNDED_PERCENT', value: 100 }, 10],
])(
  'with %d tasks wanted and threshold %j, %d failures trip the circuit breaker',
  async (desiredCount, thresholdConfiguration, threshold) => {
    const deploymentCircuitBreaker = { enable: true, rollback: true, ...(thresholdConfiguration && { thresholdConfiguration }) };
    const { update, register, serviceDeployment } = await givenService(
      {},
      { desiredCount, deploymentConfiguration: { deploymentCircuitBreaker } },
    );
    await update({ taskDefinition: await register('2') });

    expect((await serviceDeployment()).deploymentCircuitBreaker).toEqual({ status: 'MONITORING', failureCount: 0, threshold });
  },
);

test.each([
  [400, 200],
  [800, 200],
])('with %d tasks wanted, the default threshold is %d', (desiredCount, threshold) => {
  expect(breakerThreshold({ desiredCount, configuration: { minimumHealthyPercent: 100, maximumPercent: 200 } })).toBe(threshold);
});

import { digest, givenService, registry } from './given-service.js';

const healthCheck = { command: ['CMD', 'true'], interval: 10, retries: 2, startPeriod: 5 };

/** A service whose tasks become unhealthy; every task that starts after them behaves as `next`. */
const givenSick = async (desiredCount: number, deploymentConfiguration: object, next: 'healthy' | 'never-healthy' = 'healthy') => {
  const given = await givenService({}, { deploymentConfiguration });
  const { account, ecs, images, register, update, call, describe, minutes } = given;
  await update({ taskDefinition: await register('sick', { healthCheck }), desiredCount: 0 });
  await minutes(5);
  await update({ desiredCount });
  const running = () => ecs.service('production', 'web')?.runningTasks ?? [];
  await account.clock.run({ until: () => running().length === desiredCount });
  const tasks = running().map(({ arn }) => arn);
  images[`${registry}/web:sick`] = { digest: digest('d'), behaviour: next };
  /** Once a second, where it changes: the statuses of the sick tasks, and the counts of the service. */
  const watch = async (seconds: number): Promise<string[]> => {
    const log: string[] = [];
    for (let second = 0; second < seconds; second++) {
      await account.clock.advance(1000);
      const answer = await call('DescribeTasks', { cluster: 'production', tasks });
      const statuses = answer.tasks.map(({ lastStatus, healthStatus }: Record<string, string>) => `${lastStatus} ${healthStatus}`);
      const { runningCount, pendingCount } = await describe();
      const line = `${statuses.join(', ')}; running ${runningCount}, pending ${pendingCount}`;
      if (log.at(-1) !== line) log.push(line);
    }
    return log;
  };
  const events = async (): Promise<string[]> =>
    (await describe()).events.map(({ message }: { message: string }) => message.replace(/\b[0-9a-f]{32}\b/g, 'ID')).reverse();
  return { ...given, watch, events };
};

test('the replacement of an unhealthy task starts first, and the task is stopped once that is healthy', async () => {
  const { watch, events } = await givenSick(1, { minimumHealthyPercent: 100, maximumPercent: 200 });

  const log = await watch(120);

  expect(log.slice(0, 4)).toEqual([
    'RUNNING UNKNOWN; running 1, pending 0',
    'RUNNING UNHEALTHY; running 1, pending 1',
    'RUNNING UNHEALTHY; running 2, pending 0',
    'STOPPING UNHEALTHY; running 1, pending 0',
  ]);
  expect((await events()).slice(-4)).toEqual([
    '(service web) has started 1 tasks: (task ID). Amazon ECS replaced 1 tasks due to an unhealthy status.',
    '(service web) (task ID) failed container health checks.',
    '(service web) has stopped 1 running tasks: (task ID).',
    '(service web) has reached a steady state.',
  ]);
});

test('it is stopped at once where enough others are healthy', async () => {
  const { watch } = await givenSick(1, { minimumHealthyPercent: 0, maximumPercent: 200 });

  expect((await watch(120))[1]).toBe('STOPPING UNHEALTHY; running 0, pending 1');
});

test('where the maximum percent allows no further task, one unhealthy task at a time is stopped first', async () => {
  const { watch, events } = await givenSick(2, { minimumHealthyPercent: 50, maximumPercent: 100 });

  const log = await watch(180);

  for (const line of log) {
    expect(line).not.toMatch(/(DEACTIVATING|STOPPING|DEPROVISIONING).*(DEACTIVATING|STOPPING|DEPROVISIONING)/);
    expect(line).not.toMatch(/running 3|running 2, pending [1-9]/);
  }
  expect(log.at(-1)).toBe('STOPPED UNHEALTHY, STOPPED UNHEALTHY; running 2, pending 0');
  expect((await events()).slice(-7)).toEqual([
    '(service web) (task ID) failed container health checks.',
    '(service web) has stopped 1 running tasks: (task ID).',
    '(service web) has started 1 tasks: (task ID).',
    '(service web) (task ID) failed container health checks.',
    '(service web) has stopped 1 running tasks: (task ID).',
    '(service web) has started 1 tasks: (task ID).',
    '(service web) has reached a steady state.',
  ]);
});

test('a service whose replacements become unhealthy, too, stays within its maximum', async () => {
  const { watch } = await givenSick(2, { minimumHealthyPercent: 100, maximumPercent: 150 }, 'never-healthy');

  const log = await watch(300);

  for (const line of log) expect(line).not.toMatch(/running [4-9]|running 3, pending [1-9]/);
  expect(log.at(-1)).toMatch(/^STOPPED UNHEALTHY, STOPPED UNHEALTHY/);
});

test('endless replacements do not make time pass', async () => {
  const { account, call, register } = await givenService();
  const taskDefinition = await register('sick', { healthCheck });
  await call('CreateService', { cluster: 'production', serviceName: 'sick', taskDefinition, desiredCount: 1 });
  const start = account.clock.now;

  await account.clock.run();

  expect(account.clock.now - start).toBeLessThan(10 * 60_000);
});

test('during a rollout that fails, a task of the source revision that ends is replaced by one of the same revision', async () => {
  const { account, ecs, first, register, update, minutes } = await givenService();
  await update({ taskDefinition: await register('missing') });
  await account.clock.advance(20_000);
  const [task] = ecs.service('production', 'web')?.runningTasks ?? [];

  ecs.stopTask(task?.arn ?? '', 'SpotInterruption', 'Your Spot Task was interrupted.');
  await minutes(3);

  expect(ecs.service('production', 'web')?.runningTasks.map(({ taskDefinition }) => taskDefinition)).toEqual([first, first]);
});

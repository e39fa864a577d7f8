import { circuitBreaker, givenService } from './given-service.js';

const targetGroupArn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
const port80 = { portMappings: [{ containerPort: 80 }] };
const loadBalancers = [{ targetGroupArn, containerName: 'app', containerPort: 80 }];

/** A service with one task behind a load balancer. */
const givenBalanced = (input: object = {}, container: object = {}) =>
  givenService({}, { desiredCount: 1, loadBalancers, ...input }, { ...port80, ...container });

const messagesOf = async ({ describe }: Pick<Awaited<ReturnType<typeof givenBalanced>>, 'describe'>): Promise<string[]> =>
  (await describe()).events.map(({ message }: { message: string }) => message.replace('(service web) ', '')).reverse();

test('a task behind a load balancer is healthy once its target group says so, and leaves the group before it stops', async () => {
  const given = await givenBalanced();
  await given.update({ taskDefinition: await given.register('2', port80) });
  await given.minutes(10);

  expect((await given.serviceDeployment()).status).toBe('SUCCESSFUL');
  const messages = await messagesOf(given);
  const at = (text: string): number => messages.findLastIndex((message) => message.startsWith(text));
  expect(messages).toContain(`registered 1 targets in (target-group ${targetGroupArn})`);
  expect(at('has started 1 tasks')).toBeLessThan(at('registered 1 targets'));
  expect(at('registered 1 targets')).toBeLessThan(at('deregistered 1 targets'));
  expect(at('deregistered 1 targets')).toBeLessThan(at('has begun draining connections on 1 tasks.'));
  expect(at('has begun draining')).toBeLessThan(at('has stopped 1 running tasks'));
});

test("an image that is never healthy fails its target group's checks, without a check of its own, and is rolled back", async () => {
  const given = await givenBalanced({ deploymentConfiguration: circuitBreaker(true) });
  const { account, call, register, update, minutes, serviceDeployment } = given;
  await update({ taskDefinition: await register('sick', port80) });
  await account.clock.run({ until: () => account.log.of('ecs', 'task-stopped').length > 0 });

  const { taskArns } = await call('ListTasks', { cluster: 'production', desiredStatus: 'STOPPED' });
  const [task] = (await call('DescribeTasks', { cluster: 'production', tasks: taskArns })).tasks;
  const id = task.taskArn.split('/').at(-1);
  expect(task).toMatchObject({
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: `Task failed ELB health checks in (target-group ${targetGroupArn})`,
  });
  expect(await messagesOf(given)).toEqual(
    expect.arrayContaining([
      `(task ${id}) (port 80) is unhealthy in (target-group ${targetGroupArn}) due to (reason Health checks failed)`,
      `(task ${id}) failed ELB health checks in (target-group ${targetGroupArn}).`,
    ]),
  );

  await minutes(60);
  expect(await serviceDeployment()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL', deploymentCircuitBreaker: { status: 'TRIGGERED' } });
});

test('the grace period holds for checks of a target group', async () => {
  const { account, register, update } = await givenBalanced({ healthCheckGracePeriodSeconds: 300 });
  await update({ taskDefinition: await register('sick', port80) });
  await account.clock.run({ until: () => account.log.of('ecs', 'task-stopped').length > 0 });
  const [, sick] = account.log.of('ecs', 'task-started');
  const [stopped] = account.log.of('ecs', 'task-stopped');

  expect(stopped?.detail.task).toBe(sick?.detail.task);
  expect((stopped?.time ?? 0) - (sick?.time ?? 0)).toBeGreaterThanOrEqual(300_000);
});

test('a task with both kinds of checks is healthy when it passes both', async () => {
  const healthCheck = { command: ['CMD', 'true'], interval: 120 };
  const { ecs, minutes, update, register } = await givenBalanced({}, { healthCheck });
  await update({ taskDefinition: await register('2', { ...port80, healthCheck }) });
  const newest = () => ecs.service('production', 'web')?.runningTasks.find(({ taskDefinition }) => taskDefinition.endsWith(':2'));

  await minutes(1.5);
  expect(newest()).toMatchObject({ isHealthy: false });
  await minutes(2);
  expect(newest()).toMatchObject({ isHealthy: true });
});

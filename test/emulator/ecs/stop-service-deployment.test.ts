import { circuitBreaker, type Given, givenService } from './given-service.js';

const stop = async ({ call, ecs }: Pick<Given, 'call' | 'ecs'>): Promise<unknown> =>
  call('StopServiceDeployment', { serviceDeploymentArn: ecs.service('production', 'web')?.serviceDeployments[0]?.arn });

test("a stopped service deployment is rolled back, even if the service's configuration has no rollback", async () => {
  const given = await givenService();
  const { account, first, ecs, register, update, minutes, serviceDeployment } = given;
  await update({ taskDefinition: await register('2') });
  await account.clock.advance(10_000);

  await stop(given);

  expect((await serviceDeployment()).status).toBe('ROLLBACK_REQUESTED');
  await stop(given);
  await account.clock.advance(6000);
  expect((await serviceDeployment()).status).toBe('ROLLBACK_IN_PROGRESS');
  await stop(given);
  await minutes(5);
  expect((await serviceDeployment()).status).toBe('ROLLBACK_SUCCESSFUL');
  expect(ecs.service('production', 'web')?.runningTasks.map(({ taskDefinition }) => taskDefinition)).toEqual([first, first]);
});

test('one that is still PENDING is rolled back before it starts a task', async () => {
  const given = await givenService();
  const { account, register, update, minutes, serviceDeployment } = given;
  await update({ taskDefinition: await register('2') });

  await stop(given);
  await minutes(5);

  expect(await serviceDeployment()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL', targetServiceRevision: { runningTaskCount: 0 } });
  expect(account.log.of('ecs', 'task-started')).toHaveLength(2);
});

test('one that completes before the rollback begins ends SUCCESSFUL', async () => {
  // The same seed twice: the first run shows when the rollout completes.
  const rehearsal = await givenService();
  await rehearsal.update({ taskDefinition: await rehearsal.register('2') });
  await rehearsal.minutes(5);
  const { finishedAt } = await rehearsal.serviceDeployment();

  const given = await givenService();
  await given.update({ taskDefinition: await given.register('2') });
  await given.account.clock.run({ deadline: finishedAt.getTime() - 500 });
  await stop(given);
  expect((await given.serviceDeployment()).status).toBe('ROLLBACK_REQUESTED');
  await given.minutes(5);

  const ended = await given.serviceDeployment();
  expect(ended).toMatchObject({ status: 'SUCCESSFUL', finishedAt });
  expect(ended).not.toHaveProperty('statusReason');
});

test('stopping a STOP_REQUESTED one has no effect', async () => {
  const given = await givenService({}, { deploymentConfiguration: circuitBreaker(false) });
  const { account, register, update, minutes, serviceDeployment } = given;
  await update({ taskDefinition: await register('crash') });
  await account.clock.run({ until: () => account.log.of('ecs', 'rollout-failed').length > 0 });
  expect((await serviceDeployment()).status).toBe('STOP_REQUESTED');

  await stop(given);

  await minutes(1);
  expect((await serviceDeployment()).status).toBe('STOPPED');
});

test('stopping a finished one is a conflict', async () => {
  const given = await givenService({}, { deploymentConfiguration: circuitBreaker(true) });
  const conflict = (status: string) => ({
    name: 'ConflictException',
    message: `The service deployment is ${status} and cannot be stopped.`,
  });
  await expect(stop(given)).rejects.toMatchObject(conflict('SUCCESSFUL'));

  await given.update({ taskDefinition: await given.register('crash') });
  await given.minutes(10);
  await expect(stop(given)).rejects.toMatchObject(conflict('ROLLBACK_SUCCESSFUL'));
});

test('an unknown one is not found, and ABORT is refused', async () => {
  const { call } = await givenService();
  const serviceDeploymentArn = 'arn:aws:ecs:eu-west-1:123456789012:service-deployment/production/web/none';

  await expect(call('StopServiceDeployment', { serviceDeploymentArn })).rejects.toMatchObject({
    name: 'ServiceDeploymentNotFoundException',
  });
  await expect(call('StopServiceDeployment', { serviceDeploymentArn, stopType: 'ABORT' })).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  await expect(call('ContinueServiceDeployment', { serviceDeploymentArn, hookId: 'h' })).rejects.toMatchObject({
    name: 'ServiceDeploymentNotFoundException',
  });
});

test('the first deployment of a service is STOPPED, as it has no rollback target', async () => {
  const { call, ecs, register, minutes } = await givenService();
  await call('CreateService', { cluster: 'production', serviceName: 'new', taskDefinition: await register('slow'), desiredCount: 1 });
  const [created] = ecs.service('production', 'new')?.serviceDeployments ?? [];
  await minutes(1);

  await call('StopServiceDeployment', { serviceDeploymentArn: created?.arn });
  await minutes(1);

  expect(ecs.service('production', 'new')?.serviceDeployments[0]?.status).toBe('STOPPED');
});

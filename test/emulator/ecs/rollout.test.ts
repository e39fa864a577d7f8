import { circuitBreaker, digest, givenService, registry } from './given-service.js';

test('a healthy rollout goes through PENDING and IN_PROGRESS to SUCCESSFUL, and starts new tasks before it stops old ones', async () => {
  const { account, ecs, call, register, update, minutes, serviceDeployment, describe } = await givenService();
  const second = await register('2');

  const { service } = await update({ taskDefinition: second });

  expect(service.deployments.map(({ status, rolloutState }: Record<string, string>) => [status, rolloutState])).toEqual([
    ['PRIMARY', 'IN_PROGRESS'],
    ['ACTIVE', 'COMPLETED'],
  ]);
  expect(await serviceDeployment()).toMatchObject({ status: 'PENDING', deploymentCircuitBreaker: { status: 'DISABLED' } });

  await account.clock.advance(2000);
  expect(await serviceDeployment()).toMatchObject({
    status: 'IN_PROGRESS',
    targetServiceRevision: { requestedTaskCount: 2, pendingTaskCount: 2 },
  });
  expect(await describe()).toMatchObject({ desiredCount: 2, runningCount: 2, pendingCount: 2 });

  await minutes(5);
  const ended = await serviceDeployment();
  expect(ended).toMatchObject({ status: 'SUCCESSFUL', targetServiceRevision: { runningTaskCount: 2, pendingTaskCount: 0 } });
  expect(ended.finishedAt.getTime() - ended.createdAt.getTime()).toBeGreaterThan(60_000);
  expect(ended.finishedAt.getTime() - ended.createdAt.getTime()).toBeLessThan(150_000);
  const { serviceRevisions } = await call('DescribeServiceRevisions', { serviceRevisionArns: [ended.targetServiceRevision.arn] });
  expect(serviceRevisions).toMatchObject([
    { taskDefinition: second, containerImages: [{ containerName: 'app', image: `${registry}/web:2`, imageDigest: digest('b') }] },
  ]);
  expect(ecs.service('production', 'web')?.runningTasks).toMatchObject([
    { taskDefinition: second, digests: { app: digest('b') } },
    { taskDefinition: second, digests: { app: digest('b') } },
  ]);
  expect((await describe()).deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 2, failedTasks: 0 }]);
  expect((await describe()).events.slice(0, 2).map(({ message }: { message: string }) => message.replace(/\d{19}/, 'ID'))).toEqual([
    '(service web) has reached a steady state.',
    '(service web) (deployment ecs-svc/ID) deployment completed.',
  ]);
});

test('at no moment are fewer tasks running than the minimum healthy percent, nor more than the maximum percent', async () => {
  const { account, register, update, describe } = await givenService({}, { desiredCount: 4 });
  await update({
    taskDefinition: await register('2'),
    deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 125 },
  });

  const seen: number[][] = [];
  for (let second = 0; second < 600; second += 5) {
    await account.clock.advance(5000);
    const { runningCount, pendingCount } = await describe();
    seen.push([runningCount, runningCount + pendingCount]);
  }

  expect(Math.min(...seen.map(([running]) => running as number))).toBeGreaterThanOrEqual(2);
  expect(Math.max(...seen.map(([, all]) => all as number))).toBeLessThanOrEqual(5);
  expect((await describe()).deployments).toMatchObject([{ rolloutState: 'COMPLETED', runningCount: 4 }]);
});

test('with desired 0 a rollout succeeds at once, and resolves no digest', async () => {
  const { call, register, update, minutes, serviceDeployment } = await givenService({}, { desiredCount: 0 });
  await update({ taskDefinition: await register('crash') });

  await minutes(1);

  const { status, targetServiceRevision } = await serviceDeployment();
  expect(status).toBe('SUCCESSFUL');
  const { serviceRevisions } = await call('DescribeServiceRevisions', { serviceRevisionArns: [targetServiceRevision.arn] });
  expect(serviceRevisions[0].containerImages).toEqual([{ containerName: 'app', image: `${registry}/web:crash` }]);
});

test('a newer UpdateService supersedes the one under way, which is STOPPED after its successor was created', async () => {
  const { account, register, update, minutes, serviceDeployment, call, ecs } = await givenService(
    {},
    { deploymentConfiguration: circuitBreaker(true) },
  );
  await update({ taskDefinition: await register('slow') });
  await account.clock.advance(20_000);

  const third = await register('2');
  await update({ taskDefinition: third });

  const listed = (await call('ListServiceDeployments', { cluster: 'production', service: 'web' })).serviceDeployments;
  expect(listed.map(({ status }: { status: string }) => status)).toEqual(['PENDING', 'STOP_REQUESTED', 'SUCCESSFUL']);
  await minutes(5);
  expect((await serviceDeployment(0)).status).toBe('SUCCESSFUL');
  const superseded = await serviceDeployment(1);
  expect(superseded).toMatchObject({
    status: 'STOPPED',
    statusReason: 'Service deployment stopped because a newer service deployment was started.',
  });
  const after = superseded.finishedAt.getTime() - (await serviceDeployment(0)).createdAt.getTime();
  expect(after).toBeGreaterThan(0);
  expect(after).toBeLessThan(1000);
  expect(ecs.service('production', 'web')?.runningTasks.map(({ taskDefinition }) => taskDefinition)).toEqual([third, third]);
});

test('an UpdateService with desiredCount alone starts no service deployment', async () => {
  const { ecs, update, minutes } = await givenService();

  await update({ desiredCount: 3 });
  await minutes(2);

  expect(ecs.service('production', 'web')?.serviceDeployments).toHaveLength(1);
  expect(ecs.service('production', 'web')?.runningTasks).toHaveLength(3);
});

test('naming the task definition that runs starts nothing or a service deployment, by assumption; forceNewDeployment always starts one', async () => {
  for (const [sameTaskDefinition, number] of [
    ['startsNothing', 1],
    ['startsServiceDeployment', 2],
  ] as const) {
    const { ecs, first, update } = await givenService({ assumptions: { sameTaskDefinition } });
    await update({ taskDefinition: first });
    expect(ecs.service('production', 'web')?.serviceDeployments).toHaveLength(number);
    await update({ forceNewDeployment: true });
    expect(ecs.service('production', 'web')?.serviceDeployments).toHaveLength(number + 1);
  }
});

test('replacement tasks run the digest that the deployment resolved first, even when the tag has moved', async () => {
  const { ecs, images, minutes, update } = await givenService();
  images[`${registry}/web:moved`] = { digest: digest('a'), behaviour: 'healthy' };
  images[`${registry}/web:1`] = { digest: digest('b'), behaviour: 'healthy' };
  const [task] = ecs.service('production', 'web')?.runningTasks ?? [];

  ecs.stopTask(task?.arn ?? '', 'SpotInterruption', 'Your Spot Task was interrupted.');
  await minutes(5);
  expect(ecs.service('production', 'web')?.runningTasks.map(({ digests }) => digests.app)).toEqual([digest('a'), digest('a')]);

  await update({ forceNewDeployment: true });
  await minutes(5);
  expect(ecs.service('production', 'web')?.runningTasks.map(({ digests }) => digests.app)).toEqual([digest('b'), digest('b')]);
});

test('one seed gives one history', async () => {
  const history = async (seed: number): Promise<string> => {
    const { account, register, update, minutes } = await givenService({ seed }, { deploymentConfiguration: circuitBreaker(true) });
    await update({ taskDefinition: await register('crash') });
    await minutes(10);
    return JSON.stringify(account.log.entries);
  };

  expect(await history(7)).toBe(await history(7));
  expect(await history(7)).not.toBe(await history(8));
});

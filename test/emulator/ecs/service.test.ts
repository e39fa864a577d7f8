import { givenEcs, givenService } from './given-service.js';

test('a service that CodeDeploy deploys can be created and described, and its task definition not updated', async () => {
  const { call, register, minutes } = await givenService();
  const deploymentController = { type: 'CODE_DEPLOY' };
  await call('CreateService', { cluster: 'production', serviceName: 'blue', taskDefinition: 'web', desiredCount: 2, deploymentController });
  await minutes(5);

  expect((await call('DescribeServices', { cluster: 'production', services: ['blue'] })).services).toMatchObject([
    { status: 'ACTIVE', deploymentController, deployments: [], taskSets: [] },
  ]);
  await expect(
    call('UpdateService', { cluster: 'production', service: 'blue', taskDefinition: await register('2') }),
  ).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message:
      'Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.',
  });
  await call('UpdateService', { cluster: 'production', service: 'blue', desiredCount: 3 });
});

test('a deleted service drains and becomes INACTIVE, and its service deployments are deleted', async () => {
  const { call, ecs, minutes, describe } = await givenService();
  const [created] = ecs.service('production', 'web')?.serviceDeployments ?? [];
  const service = { cluster: 'production', service: 'web' };
  await expect(call('DeleteService', service)).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'The service cannot be stopped while it is scaled above 0.',
  });

  await call('DeleteService', { ...service, force: true });
  expect((await describe()).status).toBe('DRAINING');
  await minutes(2);

  expect(await describe()).toMatchObject({ status: 'INACTIVE', runningCount: 0 });
  expect((await call('ListServices', { cluster: 'production' })).serviceArns).toEqual([]);
  expect((await call('DescribeServiceDeployments', { serviceDeploymentArns: [created?.arn] })).failures).toHaveLength(1);
  await expect(call('UpdateService', { ...service, desiredCount: 1 })).rejects.toMatchObject({ name: 'ServiceNotActiveException' });
  await expect(call('ListServiceDeployments', service)).rejects.toMatchObject({ name: 'ServiceNotFoundException' });

  await call('CreateService', { cluster: 'production', serviceName: 'web', taskDefinition: 'web', desiredCount: 1 });
  await minutes(5);
  expect(await describe()).toMatchObject({ status: 'ACTIVE', runningCount: 1 });
});

test('what is not emulated is answered NotEmulated, never ignored', async () => {
  const { call, register, update, describe } = await givenService({}, { deploymentConfiguration: { strategy: 'CANARY' } });
  const notEmulated = { name: 'NotEmulated' };

  await expect(update({ taskDefinition: await register('2') })).rejects.toMatchObject(notEmulated);
  await expect(update({ forceNewDeployment: true })).rejects.toMatchObject(notEmulated);
  await expect(update({ deploymentController: { type: 'CODE_DEPLOY' } })).rejects.toMatchObject(notEmulated);
  await expect(call('CreateTaskSet', {})).rejects.toMatchObject(notEmulated);
  expect(await describe()).toMatchObject({ taskDefinition: expect.stringMatching(/:1$/), deploymentConfiguration: { strategy: 'CANARY' } });
});

test('early success completes the service deployment while other tasks still start; it can no longer be stopped', async () => {
  const { call, update, register, minutes, serviceDeployment, describe, account } = await givenService({}, { desiredCount: 4 });
  const earlySuccessCriteria = { enable: true, healthyPercent: 50, sourceServiceRevisionCleanup: 'DEFERRED' };
  await update({
    taskDefinition: await register('2'),
    deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 100, earlySuccessCriteria },
    availabilityZoneRebalancing: 'DISABLED',
  });

  await account.clock.run({ until: () => account.log.of('ecs', 'rollout-completed').length === 2 });

  const ended = await serviceDeployment();
  expect(ended).toMatchObject({ status: 'SUCCESSFUL', targetServiceRevision: { requestedTaskCount: 4 } });
  expect((await describe()).deployments).toHaveLength(2);
  await expect(call('StopServiceDeployment', { serviceDeploymentArn: ended.serviceDeploymentArn })).rejects.toMatchObject({
    name: 'ConflictException',
  });
  await minutes(5);
  expect((await describe()).deployments).toMatchObject([{ runningCount: 4, status: 'PRIMARY' }]);
  expect(await serviceDeployment()).toEqual(ended);
});

test('a task stopped by another cause than the scheduler is replaced, and does not count as failed', async () => {
  const { ecs, call, minutes, describe } = await givenService();
  const [task] = ecs.service('production', 'web')?.runningTasks ?? [];

  await call('StopTask', { cluster: 'production', task: task?.arn, reason: 'maintenance' });
  await minutes(5);

  expect(await describe()).toMatchObject({ runningCount: 2, deployments: [{ failedTasks: 0 }] });
  expect((await call('DescribeTasks', { cluster: 'production', tasks: [task?.arn] })).tasks).toMatchObject([
    { lastStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'maintenance', containers: [{ exitCode: 0 }] },
  ]);
});

const inProduction = 'with ecs:cluster=arn:aws:ecs:eu-west-1:123456789012:cluster/production';
const serviceDeploymentArn = 'arn:aws:ecs:eu-west-1:123456789012:service-deployment/production/web/one';

test.each([
  ['UpdateService', { cluster: 'production', service: 'web' }, ['ecs:UpdateService on service/production/web']],
  ['DescribeServices', { cluster: 'production', services: ['web'] }, ['ecs:DescribeServices on service/production/web']],
  ['DescribeTasks', { cluster: 'production', tasks: ['abc'] }, [`ecs:DescribeTasks on task/production/abc ${inProduction}`]],
  ['ListTasks', { cluster: 'production' }, [`ecs:ListTasks on * ${inProduction}`]],
  ['StopTask', { cluster: 'production', task: 'abc' }, [`ecs:StopTask on task/production/abc ${inProduction}`]],
  [
    'RunTask',
    { cluster: 'production', taskDefinition: 'web:1', overrides: { executionRoleArn: 'arn:aws:iam::123456789012:role/other' } },
    [
      `ecs:RunTask on task-definition/web:1 ${inProduction}`,
      'iam:PassRole on arn:aws:iam::123456789012:role/other with iam:PassedToService=ecs-tasks.amazonaws.com',
    ],
  ],
  ['DescribeTaskDefinition', { taskDefinition: 'web' }, ['ecs:DescribeTaskDefinition on *']],
  [
    'DescribeServiceDeployments',
    { serviceDeploymentArns: [serviceDeploymentArn, serviceDeploymentArn.replace('/one', '/other')] },
    [
      'ecs:DescribeServiceDeployments on service/production/web',
      'ecs:DescribeServiceDeployments on service-deployment/production/web/one',
      'ecs:DescribeServiceDeployments on service-deployment/production/web/other',
    ],
  ],
  [
    'DescribeServiceRevisions',
    { serviceRevisionArns: ['arn:aws:ecs:eu-west-1:123456789012:service-revision/production/web/1'] },
    ['ecs:DescribeServiceRevisions on service/production/web', 'ecs:DescribeServiceRevisions on service-revision/production/web/1'],
  ],
  [
    'StopServiceDeployment',
    { serviceDeploymentArn },
    ['ecs:StopServiceDeployment on service/production/web', 'ecs:StopServiceDeployment on service-deployment/production/web/one'],
  ],
  [
    'ContinueServiceDeployment',
    { serviceDeploymentArn, hookId: 'a' },
    ['ecs:ContinueServiceDeployment on service/production/web', 'ecs:ContinueServiceDeployment on service-deployment/production/web/one'],
  ],
  [
    'RegisterTaskDefinition',
    {
      family: 'web',
      containerDefinitions: [{ name: 'a', image: 'a', memory: 128 }],
      taskRoleArn: 'arn:aws:iam::123456789012:role/task',
      tags: [{ key: 'a', value: 'b' }],
    },
    [
      'ecs:RegisterTaskDefinition on task-definition/web:*',
      'iam:PassRole on arn:aws:iam::123456789012:role/task with iam:PassedToService=ecs-tasks.amazonaws.com',
      'ecs:TagResource on task-definition/web:* with ecs:CreateAction=RegisterTaskDefinition',
    ],
  ],
])('%s needs the permission on each of its resources', async (name, input, needed) => {
  const { account, call } = await givenService();
  const asked: string[] = [];
  const isAllowed = (_: unknown, action: string, resource: string, context: Record<string, string> = {}): boolean => {
    const conditions = Object.entries(context).map(([key, value]) => `${key}=${value}`);
    const short = resource.replace('arn:aws:ecs:eu-west-1:123456789012:', '');
    asked.push(`${action} on ${short}${conditions.length > 0 ? ` with ${conditions.join(', ')}` : ''}`);
    return true;
  };
  account.services = { ...account.services, iam: { ...account.services.iam, isAllowed } };

  // That a service deployment does not exist is said after the permission.
  await call(name, input).catch(() => undefined);

  expect(asked).toEqual(needed);
});

test('a service is created once', async () => {
  const { call } = await givenService();

  await expect(
    call('CreateService', { cluster: 'production', serviceName: 'web', taskDefinition: 'web', desiredCount: 1 }),
  ).rejects.toMatchObject({ name: 'InvalidParameterException', message: 'Creation of service was not idempotent.' });
  await expect(givenEcs().call('CreateService', { serviceName: 'web' })).rejects.toMatchObject({ name: 'ClusterNotFoundException' });
});

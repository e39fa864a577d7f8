import { givenService } from './given-service.js';

const withAlarms = {
  deploymentConfiguration: { bakeTimeInMinutes: 5, alarms: { alarmNames: ['web-5xx', 'web-slow'], enable: true, rollback: true } },
};

test('with alarms, a deployment stays IN_PROGRESS for the bake time after its tasks are steady', async () => {
  const { account, register, update, minutes, serviceDeployment, describe } = await givenService({}, withAlarms);
  await minutes(10);
  await update({ taskDefinition: await register('2') });

  await minutes(4);
  expect((await describe()).events[0].message).toBe('(service web) has reached a steady state.');
  expect(await serviceDeployment()).toMatchObject({
    status: 'IN_PROGRESS',
    alarms: { status: 'MONITORING', alarmNames: ['web-5xx', 'web-slow'] },
  });

  await minutes(4);
  expect(await serviceDeployment()).toMatchObject({ status: 'SUCCESSFUL', alarms: { status: 'MONITORING_COMPLETE' } });
  expect(account.log.of('ecs', 'rollout-completed')).toHaveLength(2);
});

test('an alarm during the bake time rolls the deployment back, and is named', async () => {
  const { alarms, ecs, first, register, update, minutes, serviceDeployment } = await givenService({}, withAlarms);
  await minutes(10);
  await update({ taskDefinition: await register('2') });
  await minutes(4);

  alarms['web-slow'] = 'ALARM';
  await minutes(5);

  expect(await serviceDeployment()).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    statusReason: 'Service deployment rolled back because of the CloudWatch alarms: web-slow.',
    alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['web-slow'] },
  });
  expect(ecs.service('production', 'web')?.runningTasks.map(({ taskDefinition }) => taskDefinition)).toEqual([first, first]);
});

test('an alarm in state ALARM before the start makes ECS ignore alarms for the whole deployment', async () => {
  const { alarms, register, update, minutes, serviceDeployment } = await givenService({}, withAlarms);
  await minutes(10);
  alarms['web-5xx'] = 'ALARM';
  await update({ taskDefinition: await register('2') });

  await minutes(4);

  expect(await serviceDeployment()).toMatchObject({ status: 'SUCCESSFUL', alarms: { status: 'DISABLED' } });
});

import { givenService } from './given-service.js';

type Hook = { readonly targetType: 'PAUSE'; readonly lifecycleStages: readonly string[]; readonly timeoutConfiguration?: object };

const pause = (stage: string, timeoutConfiguration?: object): Hook => ({
  targetType: 'PAUSE',
  lifecycleStages: [stage],
  ...(timeoutConfiguration && { timeoutConfiguration }),
});

/** A service whose update is paused. */
const givenPause = async (...lifecycleHooks: Hook[]) => {
  const given = await givenService();
  await given.update({ taskDefinition: await given.register('2'), deploymentConfiguration: { lifecycleHooks } });
  await given.minutes(3);
  const record = await given.serviceDeployment();
  const [hook] = record.lifecycleHookDetails;
  const answer = (input: object = {}) =>
    given.call('ContinueServiceDeployment', { serviceDeploymentArn: record.serviceDeploymentArn, hookId: hook.hookId, ...input });
  const hookEvents = () => given.events.filter((event) => event['detail-type'] === 'ECS Hook State Change').map(({ detail }) => detail);
  const running = async () =>
    (await given.describe()).deployments.map(({ taskDefinition = '', runningCount = 0 }) => [
      taskDefinition.split(':').at(-1),
      runningCount,
    ]);
  return { ...given, record, hook, answer, hookEvents, running };
};

test('a pause hook stops the rollout before its first task, for a day unless it is answered', async () => {
  const { record, hook, running, hookEvents, describe, account } = await givenPause(pause('PRE_SCALE_UP'));
  const started = Number(record.startedAt);

  expect(record).toMatchObject({ status: 'IN_PROGRESS', lifecycleStage: 'PRE_SCALE_UP' });
  expect(record.lifecycleHookDetails).toEqual([
    {
      hookId: expect.stringMatching(/^ecs-pause-[\w-]{43}$/),
      targetType: 'PAUSE',
      status: 'AWAITING_ACTION',
      expiresAt: new Date(started + 24 * 3_600_000),
      timeoutAction: 'ROLLBACK',
    },
  ]);
  expect(await running()).toEqual([
    ['2', 0],
    ['1', 2],
  ]);
  expect(hookEvents()).toEqual([
    {
      eventType: 'INFO',
      eventName: 'HOOK_AWAITING_ACTION',
      hookId: hook.hookId,
      lifecycleStage: 'PRE_SCALE_UP',
      expiresAt: hook.expiresAt.toISOString(),
      clusterArn: record.clusterArn,
      serviceArn: record.serviceArn,
      serviceDeploymentArn: record.serviceDeploymentArn,
    },
  ]);

  await account.clock.advance(24 * 3_600_000);
  expect(await describe()).toMatchObject({ deployments: [{ taskDefinition: expect.stringMatching(/:1$/), runningCount: 2 }] });
  expect(hookEvents().map(({ eventName }) => eventName)).toEqual(['HOOK_AWAITING_ACTION', 'HOOK_TIMED_OUT']);
});

test('CONTINUE, the default action, lets the rollout go on to its end', async () => {
  const { answer, minutes, serviceDeployment, hookEvents, running, record } = await givenPause(pause('PRE_SCALE_UP'));

  expect(await answer()).toEqual({ serviceDeploymentArn: record.serviceDeploymentArn });
  await minutes(5);

  expect(await running()).toEqual([['2', 2]]);
  const ended = await serviceDeployment();
  expect(ended).toMatchObject({ status: 'SUCCESSFUL', lifecycleHookDetails: [{ status: 'SUCCEEDED' }] });
  expect(ended).not.toHaveProperty('lifecycleStage');
  expect(hookEvents().at(-1)).toMatchObject({ eventType: 'INFO', eventName: 'HOOK_SUCCEEDED' });
  await expect(answer()).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test.each([
  ['ROLLBACK', { action: 'ROLLBACK' }],
  ['a hook that times out', undefined],
])('%s rolls back to the revision that runs', async (_, input) => {
  const { answer, minutes, serviceDeployment, running } = await givenPause(pause('PRE_SCALE_UP', { timeoutInMinutes: 10 }));

  if (input) await answer(input);
  await minutes(15);

  expect(await running()).toEqual([['1', 2]]);
  expect(await serviceDeployment()).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    lifecycleHookDetails: [{ status: input ? 'FAILED' : 'TIMED_OUT' }],
  });
});

test('a hook whose time-out continues needs no answer', async () => {
  const { minutes, running, hook } = await givenPause(pause('PRE_SCALE_UP', { timeoutInMinutes: 10, action: 'CONTINUE' }));
  expect(hook.timeoutAction).toBe('CONTINUE');

  await minutes(15);

  expect(await running()).toEqual([['2', 2]]);
});

test('two hooks at one stage are both to be continued', async () => {
  const { answer, minutes, running, record } = await givenPause(pause('PRE_SCALE_UP'), pause('PRE_SCALE_UP'));
  await answer();
  await minutes(5);
  expect((await running())[0]).toEqual(['2', 0]);

  await answer({ hookId: record.lifecycleHookDetails[1].hookId });
  await minutes(5);

  expect(await running()).toEqual([['2', 2]]);
});

test('a hook after the scale-up holds a rollout whose tasks are all there', async () => {
  const { record, answer, minutes, running, serviceDeployment, ecs } = await givenPause(pause('POST_SCALE_UP'));
  expect(record).toMatchObject({ status: 'IN_PROGRESS', lifecycleStage: 'POST_SCALE_UP' });
  expect(await running()).toEqual([['2', 2]]);

  // The scheduler keeps the service meanwhile.
  ecs.stopTask(ecs.service('production', 'web')?.runningTasks[0]?.arn ?? '', 'UserInitiated', 'maintenance');
  await minutes(3);
  expect(await running()).toEqual([['2', 2]]);
  expect(await serviceDeployment()).toMatchObject({ status: 'IN_PROGRESS' });

  await answer();
  await minutes(3);
  expect(await serviceDeployment()).toMatchObject({ status: 'SUCCESSFUL' });
});

test('ROLLBACK after the scale-up starts tasks of the former revision again', async () => {
  const { answer, minutes, running, serviceDeployment } = await givenPause(pause('POST_SCALE_UP'));

  await answer({ action: 'ROLLBACK' });
  await minutes(5);

  expect(await running()).toEqual([['1', 2]]);
  expect(await serviceDeployment()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
});

test('a task of the former revision that ends during a pause is replaced', async () => {
  const { minutes, running, ecs } = await givenPause(pause('PRE_SCALE_UP'));

  ecs.stopTask(ecs.service('production', 'web')?.runningTasks[0]?.arn ?? '', 'UserInitiated', 'maintenance');
  await minutes(3);

  expect(await running()).toEqual([
    ['2', 0],
    ['1', 2],
  ]);
});

test('StopServiceDeployment rolls a paused rollout back, and its hook awaits nothing any more', async () => {
  const { call, record, minutes, running, serviceDeployment, answer } = await givenPause(pause('PRE_SCALE_UP'));

  await call('StopServiceDeployment', { serviceDeploymentArn: record.serviceDeploymentArn });
  await minutes(5);

  expect(await running()).toEqual([['1', 2]]);
  expect(await serviceDeployment()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL', lifecycleHookDetails: [{ status: 'FAILED' }] });
  await expect(answer()).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('hooks that call functions are not emulated, and a hook that does not exist cannot be answered', async () => {
  const { update, answer, call } = await givenPause(pause('PRE_SCALE_UP'));
  const lambda = { hookTargetArn: 'arn:aws:lambda:eu-west-1:123456789012:function:check', lifecycleStages: ['PRE_SCALE_UP'] };

  await expect(update({ deploymentConfiguration: { lifecycleHooks: [lambda] } })).rejects.toMatchObject({ name: 'NotEmulated' });
  await expect(answer({ hookId: 'other' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(answer({ action: 'STOP' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(call('ContinueServiceDeployment', { serviceDeploymentArn: 'missing', hookId: 'a' })).rejects.toMatchObject({
    name: 'ServiceDeploymentNotFoundException',
  });
});

test('whether the event of a hook arrives is an assumption', async () => {
  const given = await givenService({ assumptions: { hookEvents: 'lost' } });
  given.events.length = 0;
  await given.update({ taskDefinition: await given.register('2'), deploymentConfiguration: { lifecycleHooks: [pause('PRE_SCALE_UP')] } });
  await given.minutes(3);

  expect((await given.serviceDeployment()).lifecycleHookDetails).toMatchObject([{ status: 'AWAITING_ACTION' }]);
  expect(given.events.map((event) => event['detail-type'])).toEqual(['ECS Deployment State Change']);
});

import { type Given, givenService } from './given-service.js';

const actionsOf = ({ events }: Pick<Given, 'events'>): Record<string, unknown>[] =>
  events.filter((event) => event['detail-type'] === 'ECS Service Action').map(({ detail }) => detail as Record<string, unknown>);

const clusterArn = 'arn:aws:ecs:eu-west-1:123456789012:cluster/production';

test.each([
  ['placement', 'RESOURCE:FARGATE', 'SERVICE_TASK_PLACEMENT_FAILURE', 'was unable to place a task. Reason: RESOURCE:FARGATE.'],
  [
    'configuration',
    'ECS was unable to assume the role',
    'SERVICE_TASK_CONFIGURATION_FAILURE',
    'failed to launch a task with (error ECS was unable to assume the role).',
  ],
] as const)(
  'tasks that cannot be placed (%s) are not started, an event gives the reason once, and they start when it is over',
  async (kind, reason, eventName, message) => {
    const given = await givenService();
    given.ecs.failPlacement('production', 'web', reason, kind);
    given.events.length = 0;
    await given.update({ desiredCount: 4 });
    await given.minutes(5);

    const service = await given.describe();
    expect([service.runningCount, service.events[0].message]).toEqual([2, `(service web) ${message}`]);
    expect(actionsOf(given)).toEqual([{ eventType: 'ERROR', eventName, clusterArn, createdAt: expect.any(String), reason }]);
    expect(given.events.every(({ resources }) => resources[0] === service.serviceArn)).toBe(true);

    given.ecs.failPlacement('production', 'web', undefined);
    await given.minutes(2);
    expect((await given.describe()).runningCount).toBe(4);
  },
);

test('a rollout that replaces tasks says that it has stopped them, and that the service is steady', async () => {
  const given = await givenService({}, { desiredCount: 1 });
  given.events.length = 0;
  await given.update({ taskDefinition: await given.register('2') });
  await given.minutes(5);

  expect(actionsOf(given)).toEqual(
    ['TASKS_STOPPED', 'SERVICE_STEADY_STATE'].map((eventName) => ({
      eventType: 'INFO',
      eventName,
      clusterArn,
      createdAt: expect.any(String),
    })),
  );
});

test.each([
  ['none', []],
  ['placementFailure', ['SERVICE_TASK_PLACEMENT_FAILURE']],
] as const)('whether an image that cannot be pulled is a placement failure is an assumption: %s', async (failedPullEvent, expected) => {
  const given = await givenService({ assumptions: { failedPullEvent } }, { desiredCount: 1 });
  given.events.length = 0;
  await given.update({ taskDefinition: await given.register('missing') });
  await given.minutes(2);

  const messages = (await given.describe()).events.map(({ message }: { message: string }) => message);
  expect(messages).toContainEqual(expect.stringContaining('was unable to place a task. Reason: CannotPullContainerError'));
  expect(actionsOf(given).map(({ eventName }) => eventName)).toEqual(expected);
});

test.each([
  ['scalingActivity', (id: string) => `Scaling activity initiated by (deployment ${id})`],
  ['serviceDeleted', () => 'Service was deleted'],
] as const)("why a deleted service's tasks have stopped is an assumption: %s", async (deletedServiceTasks, reasonOf) => {
  const given = await givenService({ assumptions: { deletedServiceTasks } }, { desiredCount: 1 });
  const [{ id }] = (await given.describe()).deployments;
  await given.call('DeleteService', { cluster: 'production', service: 'web', force: true });
  await given.minutes(5);

  const { detail } = given.events.find((event) => event.detail.lastStatus === 'STOPPED') ?? {};
  expect(detail).toMatchObject({ stopCode: 'ServiceSchedulerInitiated', stoppedReason: reasonOf(id) });
});

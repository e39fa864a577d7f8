import { type Given, givenService } from './given-service.js';

const onFargate = {
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  requiresCompatibilities: ['FARGATE'],
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
};
const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
const targetGroupArn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/1234567890123456';
const loadBalancers = [{ targetGroupArn, containerName: 'app', containerPort: 8080 }];
const container = { portMappings: [{ containerPort: 8080 }], healthCheck: { command: ['CMD', 'true'] } };

type Detail = Readonly<Record<string, unknown>> & { readonly containers: readonly Record<string, unknown>[] };

/** A service `production/other` with one task, in an account whose `production/web` has none. */
const givenTask = async (tag: string, taskDefinition: object, service: object) => {
  const given = await givenService({}, { desiredCount: 0 });
  given.events.length = 0;
  await given.call('CreateService', {
    cluster: 'production',
    serviceName: 'other',
    taskDefinition: await given.register(tag, container, taskDefinition),
    desiredCount: 1,
    ...service,
  });
  return given;
};

const detailsOf = ({ events }: Pick<Given, 'events'>): Detail[] =>
  events.filter((event) => event['detail-type'] === 'ECS Task State Change').map(({ detail }) => detail as Detail);

const statesOf = (given: Pick<Given, 'events'>): string[] =>
  detailsOf(given).map(({ version, lastStatus, desiredStatus }) => `${version} ${lastStatus}, to be ${desiredStatus}`);

const stop = async ({ ecs, minutes }: Given): Promise<void> => {
  ecs.stopTask(ecs.service('production', 'other')?.runningTasks[0]?.arn ?? '', 'UserInitiated', 'maintenance');
  await minutes(2);
};

test.each([
  ['on EC2', {}, {}, ['PENDING', 'RUNNING'], ['STOPPING', 'STOPPING', 'STOPPED']],
  [
    'on EC2 with a network interface of its own',
    { networkMode: 'awsvpc' },
    { networkConfiguration },
    ['PROVISIONING', 'PENDING', 'RUNNING'],
    ['STOPPING', 'DEPROVISIONING', 'STOPPED'],
  ],
  [
    'on Fargate',
    onFargate,
    { launchType: 'FARGATE', networkConfiguration },
    ['PROVISIONING', 'PENDING', 'RUNNING'],
    ['STOPPING', 'DEPROVISIONING', 'STOPPED'],
  ],
  [
    'on Fargate in a target group',
    onFargate,
    { launchType: 'FARGATE', networkConfiguration, loadBalancers },
    ['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING'],
    ['DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED'],
  ],
])(
  'a task %s has events for its states and for the end of its containers, and none for its health',
  async (_, taskDefinition, service, start, end) => {
    const given = await givenTask('2', taskDefinition, service);
    await given.minutes(5);
    const started = start.map((status, index) => `${index + 1} ${status}, to be RUNNING`);
    expect(statesOf(given)).toEqual(started);
    const { tasks } = await given.call('DescribeTasks', {
      cluster: 'production',
      tasks: given.ecs.service('production', 'other')?.runningTasks.map(({ arn }) => arn),
    });
    expect(tasks).toMatchObject([{ healthStatus: 'HEALTHY', version: start.length, containers: [{ healthStatus: 'HEALTHY' }] }]);

    given.events.length = 0;
    await given.call('UpdateService', { cluster: 'production', service: 'other', desiredCount: 0 });
    await given.minutes(2);
    const stopped = end.map((status, index) => `${start.length + index + 1} ${status}, to be STOPPED`);
    expect(statesOf(given)).toEqual(stopped);
  },
);

test('an event has the fields of the task that AWS sends: ISO times, no tags, no health status', async () => {
  const given = await givenTask('2', onFargate, { launchType: 'FARGATE', networkConfiguration, tags: [{ key: 'team', value: 'shop' }] });
  await given.minutes(5);
  const deploymentId = given.ecs.service('production', 'other')?.runningTasks[0]?.startedBy;
  await stop(given);

  const details = detailsOf(given);
  for (const detail of details) {
    expect(detail).toMatchObject({
      clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/production',
      group: 'service:other',
      startedBy: expect.stringMatching(/^ecs-svc\/\d+$/),
      taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:2',
      launchType: 'FARGATE',
      attachments: [{ type: 'eni' }],
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(JSON.stringify(detail)).not.toContain('healthStatus');
    expect(detail).not.toHaveProperty('tags');
  }
  expect(details.at(-1)).toMatchObject({
    startedBy: deploymentId,
    stopCode: 'UserInitiated',
    stoppedReason: 'maintenance',
    stoppedAt: expect.any(String),
    containers: [{ lastStatus: 'STOPPED', exitCode: 0 }],
  });
});

test.each([
  ['on Fargate', onFargate, { launchType: 'FARGATE', networkConfiguration }, 20, 33],
  ['on EC2', { networkMode: 'awsvpc' }, { networkConfiguration }, 2, 6],
])(
  'a task %s that is DEPROVISIONING has its reasons and exit codes already, in the event and in DescribeTasks',
  async (_, taskDefinition, service, least, most) => {
    const given = await givenTask('crash', taskDefinition, service);
    const { account, call } = given;
    const withStatus = (status: string) => detailsOf(given).find(({ lastStatus }) => lastStatus === status);
    await account.clock.run({ until: () => withStatus('DEPROVISIONING') !== undefined });

    const reasons = {
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ lastStatus: 'STOPPED', exitCode: 1 }],
    };
    const leaving = withStatus('DEPROVISIONING');
    expect(leaving).toMatchObject(reasons);
    expect(leaving).not.toHaveProperty('stoppedAt');
    const { tasks } = await call('DescribeTasks', { cluster: 'production', tasks: [leaving?.taskArn] });
    expect(tasks).toMatchObject([{ lastStatus: 'DEPROVISIONING', desiredStatus: 'STOPPED', version: leaving?.version, ...reasons }]);

    await account.clock.run({ until: () => withStatus('STOPPED') !== undefined });
    const seconds = (Date.parse(String(withStatus('STOPPED')?.updatedAt)) - Date.parse(String(leaving?.updatedAt))) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(least);
    expect(seconds).toBeLessThanOrEqual(most);
  },
);

test('a task on Fargate whose image cannot be pulled is DEPROVISIONING with the reason, and without exit code', async () => {
  const given = await givenTask('missing', onFargate, { launchType: 'FARGATE', networkConfiguration });
  await given.minutes(2);

  const reason = { stopCode: 'TaskFailedToStart', stoppedReason: expect.stringContaining('CannotPullContainerError') };
  const ended = detailsOf(given).filter(({ desiredStatus }) => desiredStatus === 'STOPPED');
  expect(ended).toMatchObject([
    { lastStatus: 'DEPROVISIONING', ...reason },
    { lastStatus: 'STOPPED', ...reason },
  ]);
  for (const { containers } of ended) expect(containers[0]).not.toHaveProperty('exitCode');
});

test('a task that a rollout replaces names the deployment that replaces it', async () => {
  const given = await givenService({}, { desiredCount: 1 });
  await given.update({ taskDefinition: await given.register('2') });
  const [{ id }] = (await given.describe()).deployments;
  await given.minutes(5);

  const replaced = detailsOf(given).filter(({ desiredStatus }) => desiredStatus === 'STOPPED');
  expect(replaced.map(({ lastStatus, stopCode, stoppedReason }) => [lastStatus, stopCode, stoppedReason])).toEqual(
    ['STOPPING', 'STOPPING', 'STOPPED'].map((status) => [
      status,
      'ServiceSchedulerInitiated',
      `Scaling activity initiated by (deployment ${id})`,
    ]),
  );
});

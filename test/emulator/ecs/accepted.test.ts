import { givenEcs, givenService } from './given-service.js';

const targetGroupArn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
const role = 'arn:aws:iam::123456789012:role/web';
const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'], assignPublicIp: 'DISABLED' } };
const fargate = { requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc', cpu: '256', memory: '512', executionRoleArn: role };
const onFargate = { launchType: 'FARGATE', networkConfiguration };
const port80 = { portMappings: [{ containerPort: 80 }] };

/** A cluster with Fargate's providers, and task definitions `web`, `web-vpc` and `web-fargate`. */
const givenCluster = async () => {
  const given = givenEcs();
  await given.call('CreateCluster', { clusterName: 'production', capacityProviders: ['FARGATE', 'FARGATE_SPOT'] });
  await given.register('1', port80, { volumes: [{ name: 'data', configuredAtLaunch: true }] });
  await given.register('1', port80, { family: 'web-vpc', networkMode: 'awsvpc' });
  await given.register('1', port80, { family: 'web-fargate', ...fargate });
  const create = async (input: object) =>
    (await given.call('CreateService', { cluster: 'production', serviceName: 'web', taskDefinition: 'web', desiredCount: 1, ...input }))
      .service;
  return { ...given, create };
};

const strategy = (...names: string[]) => names.map((capacityProvider) => ({ capacityProvider, weight: 1 }));
const loadBalancers = [{ targetGroupArn, containerName: 'app', containerPort: 80 }];

/** An input, and ECS's words. */
type Refused = [input: object, message: string | RegExp];

/** What ECS refuses of services and of tasks alike. */
const launches: Refused[] = [
  [{ launchType: 'FARGATE_SPOT' }, /'FARGATE_SPOT' at 'launchType'.*\[EC2, FARGATE, EXTERNAL, MANAGED_INSTANCES\]/],
  [{ propagateTags: 'ALL' }, /'ALL' at 'propagateTags'/],
  [
    { launchType: 'EC2', capacityProviderStrategy: strategy('FARGATE') },
    'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
  ],
  [{ capacityProviderStrategy: strategy('mine') }, /cannot contain a capacity provider that is not associated with the cluster/],
  [{ taskDefinition: 'web-vpc' }, "Network Configuration must be provided when networkMode 'awsvpc' is specified."],
  [{ networkConfiguration }, 'Network Configuration is not valid for the given networkMode of this task definition.'],
  [{ taskDefinition: 'web-vpc', networkConfiguration: { awsvpcConfiguration: { subnets: [] } } }, 'subnets can not be empty.'],
  [{ launchType: 'FARGATE' }, 'Task definition does not support launch_type FARGATE.'],
  [{ platformVersion: '1.4.0' }, 'The platform version must be null when specifying an EC2 launch type.'],
  [
    { ...onFargate, taskDefinition: 'web-fargate', placementConstraints: [{ type: 'distinctInstance' }] },
    'Placement constraints are not supported with FARGATE launch type.',
  ],
  [{ placementStrategy: [{ type: 'pack' }] }, /'pack' at 'placementStrategy\[0\].type'/],
];

const services: Refused[] = [
  [{ desiredCount: -1 }, /Desired count is -1/],
  [{ desiredCount: 1.5 }, /Desired count is 1.5/],
  [{ healthCheckGracePeriodSeconds: -1 }, /Health check grace period is -1/],
  [{ enableExecuteCommand: true }, /because a valid taskRoleArn is not being used/],
  [{ loadBalancers: [{ ...loadBalancers[0], containerName: 'proxy' }] }, 'The container proxy does not exist in the task definition.'],
  [{ loadBalancers: [{ ...loadBalancers[0], containerPort: 81 }] }, 'The container app did not have a container port 81 defined.'],
  [{ volumeConfigurations: [{ name: 'cache' }] }, 'The volume cache does not exist in the task definition.'],
  [{ availabilityZoneRebalancing: 'ON' }, /'ON' at 'availabilityZoneRebalancing'/],
  [
    { availabilityZoneRebalancing: 'ENABLED', deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 } },
    'AvailabilityZoneRebalancing does not support maximumPercent <= 100. Set it to >100 and try again.',
  ],
  [
    { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } },
    'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
  ],
  [{ deploymentConfiguration: { minimumHealthyPercent: -1 } }, /minimumHealthyPercent is -1/],
  [{ deploymentConfiguration: { minimumHealthyPercent: 101 } }, /minimumHealthyPercent is 101/],
  [{ deploymentConfiguration: { maximumPercent: 99 } }, /maximumPercent is 99/],
  [{ deploymentConfiguration: { strategy: 'RED_BLACK' } }, /'RED_BLACK' at 'deploymentConfiguration.strategy'/],
  [{ deploymentConfiguration: { strategy: 'BLUE_GREEN' } }, /bakeTimeInMinutes is required/],
  [{ deploymentConfiguration: { bakeTimeInMinutes: 1441 } }, /bakeTimeInMinutes is 1441/],
  [{ deploymentConfiguration: { canaryConfiguration: { canaryPercent: 5 } } }, /only valid for the strategy CANARY/],
  [{ deploymentConfiguration: { strategy: 'LINEAR', linearConfiguration: { stepPercent: 2.9 } } }, /stepPercent is 2.9/],
  [{ deploymentConfiguration: { lifecycleHooks: [{ targetType: 'PAUSE' }] } }, /lifecycleStages/],
  [{ deploymentConfiguration: { lifecycleHooks: [{ lifecycleStages: ['PRE_SCALE_UP'] }] } }, /hookTargetArn is required/],
  [
    { deploymentConfiguration: { lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['PRODUCTION_TRAFFIC_SHIFT'] }] } },
    /can not be used at the stage PRODUCTION_TRAFFIC_SHIFT/,
  ],
];

const refused = (message: string | RegExp) => ({ name: 'InvalidParameterException', message: expect.stringMatching(message) });
const literally = (message: string | RegExp): string | RegExp =>
  typeof message === 'string' ? new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\<>]/g, '\\$&')}$`) : message;

test.each<Refused>([
  ...launches,
  ...services,
  [{ schedulingStrategy: 'CRON' }, /'CRON' at 'schedulingStrategy'/],
  [{ deploymentController: { type: 'MINE' } }, /'MINE' at 'deploymentController.type'/],
  [{ desiredCount: undefined }, 'Desired count can not be null.'],
  [{ clientToken: 'x'.repeat(37) }, /clientToken/],
  [
    { schedulingStrategy: 'DAEMON' },
    'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again',
  ],
  [
    { schedulingStrategy: 'DAEMON', desiredCount: undefined, placementStrategy: [{ type: 'random' }] },
    'The daemon scheduling strategy does not support placement strategies. Remove the placement strategy and try again',
  ],
  [
    { schedulingStrategy: 'DAEMON', desiredCount: undefined, taskDefinition: 'web-fargate', ...onFargate },
    /do not support the DAEMON scheduling strategy/,
  ],
  [{ schedulingStrategy: 'DAEMON', desiredCount: undefined, deploymentController: { type: 'EXTERNAL' } }, /DAEMON scheduling strategy/],
])('CreateService with %j is refused, and creates nothing', async (input, message) => {
  const { create, call } = await givenCluster();

  await expect(create(input)).rejects.toMatchObject(refused(literally(message)));
  expect((await call('ListServices', { cluster: 'production' })).serviceArns).toEqual([]);
});

// The launch type is no member of UpdateService.
test.each<Refused>([...launches.filter(([input]) => !('launchType' in input)), ...services])(
  'UpdateService with %j is refused, and changes nothing',
  async (input, message) => {
    const { create, update, describe, minutes } = await givenCluster();
    await create({});
    await minutes(3);
    const before = await describe();

    await expect(update(input)).rejects.toMatchObject(refused(literally(message)));
    await minutes(3);
    expect(await describe()).toEqual(before);
  },
);

const configuredVolume = { volumeConfigurations: [{ name: 'data', managedEBSVolume: { roleArn: role, sizeInGiB: 20 } }] };
const override = (container: object) => ({ ...configuredVolume, overrides: { containerOverrides: [{ name: 'app', ...container }] } });
const largeEnvironment = override({ environment: [{ name: 'NOTES', value: 'x'.repeat(8192) }] });

test.each<Refused>([
  ...launches,
  [{ count: 0 }, /count is 0/],
  [{ count: 11 }, /count is 11/],
  [{ propagateTags: 'SERVICE' }, /SERVICE/],
  [{ startedBy: 'x'.repeat(129) }, /startedBy/],
  [{ startedBy: 'slipway dev' }, /startedBy/],
  [{ clientToken: 'with space' }, /clientToken/],
  [override({ name: 'other' }), 'Override for container named other is not a container in the TaskDefinition.'],
  [largeEnvironment, 'Container Overrides length must be at most 8192'],
  [
    { ...onFargate, taskDefinition: 'web-fargate', overrides: { containerOverrides: [{ name: 'app', memory: 513 }] } },
    "The 'memory' setting for container is greater than for the task.",
  ],
  [
    { ...onFargate, taskDefinition: 'web-fargate', overrides: { memory: '700' } },
    /^No Fargate configuration exists for given values: 256 CPU, 700 memory/,
  ],
  [{}, /The volume data is configured at launch/],
  [{ volumeConfigurations: [{ name: 'data' }] }, /roleArn/],
])('RunTask with %j is refused, and starts nothing', async (input, message) => {
  const { call } = await givenCluster();

  await expect(call('RunTask', { cluster: 'production', taskDefinition: 'web', ...input })).rejects.toMatchObject(
    refused(literally(message)),
  );
  expect((await call('ListTasks', { cluster: 'production' })).taskArns).toEqual([]);
});

test('RunTask has no override of the entry point', async () => {
  const { call } = await givenCluster();
  const overrides = { containerOverrides: [{ name: 'app', entryPoint: ['sh'] }] };

  await expect(call('RunTask', { cluster: 'production', taskDefinition: 'web-vpc', overrides })).rejects.toMatchObject({
    message: expect.stringContaining('entryPoint'),
  });
});

test.each([
  ['ListTasks', { desiredStatus: 'running' }],
  ['ListTasks', { launchType: 'SPOT' }],
  ['ListTasks', { maxResults: 101 }],
  ['ListServices', { launchType: 'SPOT' }],
  ['ListServices', { schedulingStrategy: 'CRON' }],
  ['ListServiceDeployments', { service: 'web', status: ['DONE'] }],
  ['ListTaskDefinitions', { status: 'GONE' }],
  ['ListTaskDefinitions', { sort: 'UP' }],
  ['DescribeServices', { services: ['web'], include: ['EVENTS'] }],
  ['DescribeTasks', { tasks: ['a'], include: ['EVENTS'] }],
  ['DescribeTaskDefinition', { taskDefinition: 'web', include: ['EVENTS'] }],
  ['DescribeClusters', { include: ['EVENTS'], cluster: undefined }],
])('%s with the filter %j is refused', async (name, input) => {
  const { call } = await givenService();

  await expect(call(name, { ...(!name.includes('TaskDefinition') && { cluster: 'production' }), ...input })).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});

test('a service keeps its load balancers, registries, mesh, volumes and settings, and they are described where ECS describes them', async () => {
  const { create, describe, call, serviceDeployment } = await givenCluster();
  const serviceRegistries = [
    { registryArn: 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1', containerName: 'app', containerPort: 80 },
  ];
  const serviceConnectConfiguration = { enabled: true, namespace: 'internal', services: [{ portName: 'http' }] };
  const volumeConfigurations = [{ name: 'data', managedEBSVolume: { roleArn: role, sizeInGiB: 20 } }];
  const vpcLatticeConfigurations = [{ roleArn: role, targetGroupArn, portName: 'http' }];
  const attached = { serviceConnectConfiguration, volumeConfigurations, vpcLatticeConfigurations };

  const service = await create({
    loadBalancers,
    serviceRegistries,
    ...attached,
    role,
    healthCheckGracePeriodSeconds: 30,
    placementConstraints: [{ type: 'distinctInstance' }],
    placementStrategy: [{ type: 'spread', field: 'instanceId' }],
    enableECSManagedTags: true,
    propagateTags: 'SERVICE',
  });

  const kept = {
    loadBalancers,
    serviceRegistries,
    roleArn: role,
    launchType: 'EC2',
    healthCheckGracePeriodSeconds: 30,
    placementConstraints: [{ type: 'distinctInstance' }],
    placementStrategy: [{ type: 'spread', field: 'instanceId' }],
    enableECSManagedTags: true,
    propagateTags: 'SERVICE',
    availabilityZoneRebalancing: 'ENABLED',
    deploymentController: { type: 'ECS' },
    schedulingStrategy: 'REPLICA',
    deploymentConfiguration: {
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      strategy: 'ROLLING',
      deploymentCircuitBreaker: { enable: false, rollback: false },
    },
  };
  expect(service).toMatchObject(kept);
  expect(await describe()).toMatchObject({ ...kept, deployments: [{ launchType: 'EC2', ...attached }] });
  expect(await describe()).not.toHaveProperty('serviceConnectConfiguration');
  const { targetServiceRevision } = await serviceDeployment();
  const { serviceRevisions } = await call('DescribeServiceRevisions', { serviceRevisionArns: [targetServiceRevision.arn] });
  expect(serviceRevisions).toMatchObject([{ launchType: 'EC2', loadBalancers, serviceRegistries, ...attached }]);
});

test('on Fargate the service shows LATEST, its deployments and tasks the version, and tasks their network interface', async () => {
  const { create, describe, call, minutes, events } = await givenCluster();
  await create({ taskDefinition: 'web-fargate', ...onFargate });
  await minutes(3);

  const platform = { launchType: 'FARGATE', platformFamily: 'Linux' };
  expect(await describe()).toMatchObject({
    ...platform,
    platformVersion: 'LATEST',
    networkConfiguration,
    deployments: [{ ...platform, platformVersion: '1.4.0', networkConfiguration }],
  });
  const { taskArns } = await call('ListTasks', { cluster: 'production' });
  const [task] = (await call('DescribeTasks', { cluster: 'production', tasks: taskArns })).tasks;
  expect(task).toMatchObject({
    ...platform,
    platformVersion: '1.4.0',
    availabilityZone: 'eu-west-1a',
    attachments: [
      {
        type: 'ElasticNetworkInterface',
        status: 'ATTACHED',
        details: [
          { name: 'subnetId', value: 'subnet-1' },
          { name: 'networkInterfaceId', value: expect.stringMatching(/^eni-0[0-9a-f]{16}$/) },
          { name: 'macAddress', value: expect.stringMatching(/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/) },
          { name: 'privateDnsName', value: expect.stringMatching(/^ip-10-.*\.eu-west-1\.compute\.internal$/) },
          { name: 'privateIPv4Address', value: expect.stringMatching(/^10\.\d+\.\d+\.\d+$/) },
        ],
      },
    ],
    containers: [{ networkInterfaces: [{ attachmentId: task.attachments[0].id }] }],
  });

  await call('StopTask', { cluster: 'production', task: task.taskArn });
  await minutes(3);
  const of = events.filter(({ resources }) => resources?.[0] === task.taskArn);
  expect([...new Set(of.map(({ detail }) => (detail.attachments as { status: string }[])[0]?.status))]).toEqual([
    'PRECREATED',
    'ATTACHED',
    'DETACHING',
    'DELETED',
  ]);
});

test("a capacity provider strategy takes the launch type's place; the cluster's default applies where neither is given", async () => {
  const { call, register, describe, minutes } = givenEcs();
  const spot = strategy('FARGATE_SPOT');
  const capacity = { capacityProviders: ['FARGATE_SPOT', 'FARGATE'], defaultCapacityProviderStrategy: spot };
  await call('CreateCluster', { clusterName: 'production', ...capacity });
  await register('1', {}, fargate);
  await call('CreateService', { cluster: 'production', serviceName: 'web', taskDefinition: 'web', desiredCount: 1, networkConfiguration });
  await minutes(3);

  const service = await describe();
  expect(service).toMatchObject({ capacityProviderStrategy: spot, deployments: [{ capacityProviderStrategy: spot }] });
  expect(service).not.toHaveProperty('launchType');
  const { taskArns } = await call('ListTasks', { cluster: 'production' });
  expect((await call('DescribeTasks', { cluster: 'production', tasks: taskArns })).tasks).toMatchObject([
    { launchType: 'FARGATE', capacityProviderName: 'FARGATE_SPOT' },
  ]);
});

test('a daemon has no desired count: it runs on every container instance, and a rollout stops tasks before it starts others', async () => {
  const { create, describe, update, register, minutes, call } = await givenCluster();
  await create({ schedulingStrategy: 'DAEMON', desiredCount: undefined });
  await minutes(3);

  expect(await describe()).toMatchObject({
    schedulingStrategy: 'DAEMON',
    runningCount: 2,
    deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
    availabilityZoneRebalancing: 'DISABLED',
  });
  await expect(update({ desiredCount: 3 })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await update({ taskDefinition: await register('2') });
  await minutes(5);
  expect(await describe()).toMatchObject({ runningCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] });
  expect((await call('ListServices', { cluster: 'production', schedulingStrategy: 'DAEMON' })).serviceArns).toHaveLength(1);
});

const other = { awsvpcConfiguration: { subnets: ['subnet-2'] } };

test.each([
  [{ forceNewDeployment: true }, 'web', true],
  [{ networkConfiguration: other }, 'web-vpc', true],
  [{ networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } } }, 'web-vpc', false],
  [{ loadBalancers }, 'web', true],
  [{ loadBalancers: [] }, 'web', false],
  [{ serviceRegistries: [{ registryArn: 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1' }] }, 'web', true],
  [{ serviceConnectConfiguration: { enabled: true } }, 'web', true],
  [{ volumeConfigurations: [{ name: 'data' }] }, 'web', true],
  [{ volumeConfigurations: [] }, 'web', false],
  [{ vpcLatticeConfigurations: [{ roleArn: role, targetGroupArn, portName: 'http' }] }, 'web', true],
  [{ vpcLatticeConfigurations: [] }, 'web', false],
  [{ desiredCount: 2 }, 'web', false],
  [{ deploymentConfiguration: { maximumPercent: 150 } }, 'web', false],
  [{ capacityProviderStrategy: [] }, 'web', false],
  [{ availabilityZoneRebalancing: 'DISABLED' }, 'web', false],
  [{ placementStrategy: [{ type: 'random' }] }, 'web', false],
  [{ placementConstraints: [] }, 'web', false],
  [{ enableECSManagedTags: true, propagateTags: 'SERVICE' }, 'web', false],
  [{ healthCheckGracePeriodSeconds: 10 }, 'web', false],
])('UpdateService with %j of %s: a new service deployment? %s', async (input, taskDefinition, isNew) => {
  const { create, update, minutes, call } = await givenCluster();
  await create({ taskDefinition, ...(taskDefinition === 'web-vpc' && { networkConfiguration }) });
  await minutes(3);

  await update(input);

  const { serviceDeployments } = await call('ListServiceDeployments', { cluster: 'production', service: 'web' });
  expect(serviceDeployments).toHaveLength(isNew ? 2 : 1);
});

test('the request that created a service, with its client token, is answered with the service again; any other is refused', async () => {
  const { create, call } = await givenCluster();
  const service = await create({ clientToken: 'token-1' });

  expect((await create({ clientToken: 'token-1' })).serviceArn).toBe(service.serviceArn);
  for (const input of [{ clientToken: 'token-2' }, { clientToken: 'token-1', desiredCount: 2 }, {}])
    await expect(create(input)).rejects.toMatchObject({ message: 'Creation of service was not idempotent.' });
  expect((await call('ListServiceDeployments', { cluster: 'production', service: 'web' })).serviceDeployments).toHaveLength(1);
});

test('a service of an account without the long format has an ARN without its cluster, and is found by it', async () => {
  const { create, ecs, describe, update, call, minutes } = await givenCluster();
  ecs.setServiceArnFormat('short');
  const { serviceArn } = await create({});
  await minutes(3);

  expect(serviceArn).toBe('arn:aws:ecs:eu-west-1:123456789012:service/web');
  expect(await describe()).toMatchObject({ serviceArn, runningCount: 1 });
  await update({ service: serviceArn, desiredCount: 2 });
  await minutes(3);
  expect((await call('DescribeServices', { cluster: 'production', services: [serviceArn] })).services).toMatchObject([{ runningCount: 2 }]);
  expect((await call('ListServices', { cluster: 'production' })).serviceArns).toEqual([serviceArn]);
});

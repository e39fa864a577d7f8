import * as sdk from '@aws-sdk/client-ecs';
import { Activity } from '../../../emulator/clock.js';
import { givenEcs, givenService, registry } from './given-service.js';

type Schema = number | readonly unknown[] | (() => Schema);

/** A value with every member of an SDK schema: 0, 1 and 2 are string, number and boolean, 64 adds a list, 128 a map. */
const sampleOf = (schema: Schema): unknown => {
  if (typeof schema === 'function') return sampleOf(schema());
  if (typeof schema === 'number') {
    if (schema >= 128) return { key: sampleOf(schema - 128) };
    if (schema >= 64) return [sampleOf(schema - 64)];
    return schema === 1 ? 7 : schema === 2 ? true : 'text';
  }
  const [kind, ...rest] = schema;
  if (typeof kind !== 'number') return sampleOf(kind as Schema);
  if (kind === 0) return 'text';
  if (kind === 1) return [sampleOf(rest[3] as Schema)];
  if (kind === 2) return { key: sampleOf(rest[4] as Schema) };
  const [, , , names, shapes] = rest as [string, string, unknown, string[], Schema[]];
  return Object.fromEntries(names.map((name, index) => [name, sampleOf(shapes[index] as Schema)]));
};

/** With values that ECS accepts where it has a list of them. */
const everyField = (): Record<string, unknown> => ({
  ...(sampleOf((sdk as unknown as Record<string, Schema>).RegisterTaskDefinitionRequest$ as Schema) as Record<string, unknown>),
  networkMode: 'bridge',
  pidMode: 'task',
  ipcMode: 'host',
  requiresCompatibilities: ['EC2'],
  runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
  cpu: '256',
  memory: '512',
});

const added = ['taskDefinitionArn', 'revision', 'status', 'requiresAttributes', 'compatibilities', 'registeredAt', 'registeredBy'];

test('a revision with every field of the SDK comes back as it was registered', async () => {
  const { call } = givenEcs();
  const { tags, ...input } = everyField();
  expect(Object.keys((input.containerDefinitions as object[])[0] as object).length).toBeGreaterThanOrEqual(42);

  await call('RegisterTaskDefinition', { ...input, tags });

  const answer = await call('DescribeTaskDefinition', { taskDefinition: 'text:1', include: ['TAGS'] });
  const copy = Object.fromEntries(Object.entries(answer.taskDefinition).filter(([name]) => !added.includes(name)));
  expect(copy).toEqual(input);
  expect(answer.tags).toEqual(tags);
  expect(answer.taskDefinition).toMatchObject({
    taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/text:1',
    revision: 1,
    status: 'ACTIVE',
    registeredBy: 'arn:aws:iam::123456789012:user/test',
  });
  expect(await call('DescribeTaskDefinition', { taskDefinition: 'text' })).not.toHaveProperty('tags');
});

test('a family means its latest ACTIVE revision, and an INACTIVE one can be described but not deployed', async () => {
  const { call, register, update, ecs } = await givenService();
  const second = await register('2');
  const third = await register('2');

  const { taskDefinition } = await call('DeregisterTaskDefinition', { taskDefinition: third });

  expect(taskDefinition).toMatchObject({ status: 'INACTIVE', deregisteredAt: expect.any(Date) });
  expect((await call('DescribeTaskDefinition', { taskDefinition: 'web' })).taskDefinition.taskDefinitionArn).toBe(second);
  expect((await call('DescribeTaskDefinition', { taskDefinition: 'web:3' })).taskDefinition.status).toBe('INACTIVE');
  await expect(update({ taskDefinition: third })).rejects.toMatchObject({ name: 'ClientException', message: 'TaskDefinition is inactive' });
  expect(ecs.service('production', 'web')?.serviceDeployments).toHaveLength(1);
  expect((await call('ListTaskDefinitions', { familyPrefix: 'web', sort: 'DESC' })).taskDefinitionArns).toEqual([
    second,
    'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1',
  ]);
  expect((await call('ListTaskDefinitions', { status: 'INACTIVE' })).taskDefinitionArns).toEqual([third]);
});

test('revisions are listed in pages, by family and revision', async () => {
  const { call, register } = givenEcs();
  for (const version of ['1', '2', '3']) await register(version);

  const first = await call('ListTaskDefinitions', { familyPrefix: 'web', sort: 'DESC', maxResults: 2 });
  const second = await call('ListTaskDefinitions', { familyPrefix: 'web', sort: 'DESC', maxResults: 2, nextToken: first.nextToken });

  const revisions = [first, second].map(({ taskDefinitionArns }) => taskDefinitionArns.map((arn: string) => arn.split(':').at(-1)));
  expect(revisions).toEqual([['3', '2'], ['1']]);
  expect(second.nextToken).toBeUndefined();
  // Despite its name, familyPrefix is the whole name.
  expect(await call('ListTaskDefinitions', { familyPrefix: 'we' })).toMatchObject({ taskDefinitionArns: [] });
});

const app = { name: 'a', image: `${registry}/web:1`, memory: 128 };
const fargate = {
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
};
const without = (name: keyof typeof fargate): object => Object.fromEntries(Object.entries(fargate).filter(([other]) => other !== name));

test.each([
  [{ family: 'no spaces' }, 'Family contains invalid characters.'],
  [{ containerDefinitions: [] }, 'Container list cannot be empty.'],
  [{ containerDefinitions: Array.from({ length: 11 }, (_, index) => ({ ...app, name: `c${index}` })) }, /has 11 containers; at most 10/],
  [{ containerDefinitions: [app, { ...app, image: 'b' }] }, 'Container names must be unique.'],
  [{ containerDefinitions: [{ name: 'a', memory: 128 }] }, 'Container.name and Container.image should not be null or empty.'],
  [{ containerDefinitions: [{ ...app, essential: false }] }, 'At least one container must be essential.'],
  [{ containerDefinitions: [{ ...app, mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }] }] }, "Unknown volume 'data'."],
  [{ containerDefinitions: [{ ...app, command: ['x'.repeat(65_536)] }] }, /Max allowed length is '65536' bytes/],
  [
    { containerDefinitions: [{ name: 'a', image: 'a' }] },
    "Invalid setting for container 'a'. At least one of 'memory' or 'memoryReservation' must be specified.",
  ],
  [{ containerDefinitions: [{ ...app, memory: -1 }] }, /must not be negative/],
  [{ containerDefinitions: [{ ...app, cpu: -1 }] }, /must not be negative/],
  [{ containerDefinitions: [{ ...app, memoryReservation: 129 }] }, /'memory' must be greater than or equal to 'memoryReservation'/],
  [{ memory: '64' }, "The 'memory' setting for container is greater than for the task."],
  [{ containerDefinitions: [{ ...app, dependsOn: [{ containerName: 'b', condition: 'START' }] }] }, /'b' because it does not exist/],
  [
    { networkMode: 'awsvpc', containerDefinitions: [{ ...app, portMappings: [{ containerPort: 80, hostPort: 8080 }] }] },
    'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
  ],
  [
    { containerDefinitions: [{ ...app, secrets: [{ name: 'KEY', valueFrom: 'key' }] }] },
    "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
  ],
  [{ networkMode: 'nat' }, /'nat' at 'networkMode'/],
  [{ requiresCompatibilities: ['LAMBDA'] }, /'LAMBDA' at 'requiresCompatibilities\[0\]'/],
  [{ runtimePlatform: { cpuArchitecture: 'amd64' } }, /'amd64' at 'runtimePlatform.cpuArchitecture'.*\[X86_64, ARM64\]/],
  [{ cpu: 'two' }, /Invalid 'cpu' setting for task/],
  [{ memory: '0' }, /Invalid 'memory' setting for task/],
  [{ ...fargate, networkMode: 'bridge' }, 'Fargate only supports network mode ‘awsvpc’.'],
  [without('networkMode'), 'Fargate only supports network mode ‘awsvpc’.'],
  [{ ...without('networkMode'), networkMode: 'awsvpc', cpu: undefined }, "Fargate requires that 'cpu' be defined at the task level."],
  [without('memory'), "Fargate requires that 'memory' be defined at the task level."],
  [{ ...fargate, memory: '4096' }, /No Fargate configuration exists for given values: 256 CPU, 4096 memory/],
  [{ ...fargate, cpu: '8192', memory: '17408' }, /No Fargate configuration exists/],
  [{ ...fargate, cpu: '32768', memory: '65536' }, /No Fargate configuration exists/],
  [{ ...fargate, ephemeralStorage: { sizeInGiB: 20 } }, 'EphemeralStorage size should be at least 21'],
  [{ ...fargate, placementConstraints: [{ type: 'memberOf' }] }, 'Fargate does not support task placement constraints.'],
  [without('executionRoleArn'), 'Fargate requires task definition to have execution role ARN to support ECR images.'],
  [
    { ...without('executionRoleArn'), containerDefinitions: [{ name: 'a', image: 'nginx', logConfiguration: { logDriver: 'awslogs' } }] },
    'Fargate requires task definition to have execution role ARN to support log driver awslogs.',
  ],
])('a task definition with %j is refused, and nothing is registered', async (wrong, message) => {
  const { call } = givenEcs();

  await expect(call('RegisterTaskDefinition', { family: 'web', containerDefinitions: [app], ...wrong })).rejects.toMatchObject({
    name: 'ClientException',
    message: expect.stringMatching(message),
  });
  expect(await call('ListTaskDefinitions')).toMatchObject({ taskDefinitionArns: [] });
});

test.each([
  ['aws:team', 'payments'],
  ['AWS:team', 'payments'],
  ['team', 'Aws:payments'],
  ['team', 'pay*ments'],
  ['', 'payments'],
  ['team', 'x'.repeat(257)],
])('a tag %j with the value %j is refused', async (key, value) => {
  const { call } = givenEcs();

  const tags = [{ key, value }];
  await expect(call('RegisterTaskDefinition', { family: 'web', containerDefinitions: [app], tags })).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});

test('Fargate accepts every pair of its table, in units, vCPU and GB; ECS keeps the units', async () => {
  const { call, account } = givenEcs();
  const pairs = [
    ['256', '2048'],
    ['0.5 vCPU', '1 GB'],
    ['1vcpu', '8GB'],
    ['4096', '30720'],
    ['8 vCPU', '20GB'],
    ['16384', '122880'],
  ];
  const kept: unknown[] = [];
  for (const [cpu, memory] of pairs) {
    const { taskDefinition } = await call('RegisterTaskDefinition', {
      ...fargate,
      family: 'web',
      containerDefinitions: [app],
      cpu,
      memory,
    });
    kept.push([taskDefinition.cpu, taskDefinition.memory, taskDefinition.compatibilities]);
    await account.clock.advance(1000);
  }

  const both = ['EC2', 'FARGATE'];
  expect(kept).toEqual([
    ['256', '2048', both],
    ['512', '1024', both],
    ['1024', '8192', both],
    ['4096', '30720', both],
    ['8192', '20480', both],
    ['16384', '122880', both],
  ]);
});

test('ports and health checks are described with the values that ECS fills in', async () => {
  const { call } = givenEcs();
  const container = { ...app, portMappings: [{ containerPort: 80 }], healthCheck: { command: ['CMD', 'true'] } };

  const describe = async (networkMode: string) =>
    (await call('RegisterTaskDefinition', { family: 'web', networkMode, containerDefinitions: [container] })).taskDefinition;

  const healthCheck = { command: ['CMD', 'true'], interval: 30, timeout: 5, retries: 3 };
  expect((await describe('awsvpc')).containerDefinitions[0]).toMatchObject({
    portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
    healthCheck,
  });
  expect((await describe('bridge')).containerDefinitions[0]).toMatchObject({ portMappings: [{ hostPort: 0 }] });
});

test('two clients that register a revision of one family at the same moment: the second is refused', async () => {
  const { account, call } = givenEcs();
  const from = (activity: Activity, family: string) =>
    account.request({ arn: 'arn:aws:sts::123456789012:assumed-role/deployer', kind: 'user', activity }, 'ecs', 'RegisterTaskDefinition', {
      family,
      containerDefinitions: [app],
    });
  const [one, other] = [new Activity(account.clock), new Activity(account.clock)];
  await from(one, 'web');

  await expect(from(other, 'web')).rejects.toMatchObject({
    name: 'ClientException',
    status: 400,
    message: 'Too many concurrent attempts to create a new revision of the specified family.',
  });
  await from(other, 'worker');
  one.close();
  other.close();
  await account.clock.advance(500);
  await from(other, 'web');
  expect((await call('ListTaskDefinitions', { familyPrefix: 'web' })).taskDefinitionArns).toHaveLength(2);
});

test('more than 20 registrations at once are throttled, and one a second passes', async () => {
  const { account, register } = givenEcs();
  for (let count = 0; count < 20; count++) await register('1');

  await expect(register('1')).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' });

  await account.clock.advance(1000);
  await register('1');
  await expect(register('1')).rejects.toMatchObject({ name: 'ThrottlingException' });
});

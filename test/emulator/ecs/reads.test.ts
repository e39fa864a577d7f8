import { digest, givenEcs, givenService } from './given-service.js';

const arns = (kind: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `arn:aws:ecs:eu-west-1:123456789012:${kind}/production/web/${index}`);

test('a call with too many names is refused, and one with the maximum is answered', async () => {
  const { call } = await givenService();
  const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `service-${index}`);
  const refused = { name: 'InvalidParameterException' };

  await expect(call('DescribeServices', { cluster: 'production', services: names(11) })).rejects.toMatchObject(refused);
  await expect(call('DescribeTasks', { cluster: 'production', tasks: arns('task', 101) })).rejects.toMatchObject(refused);
  await expect(call('DescribeServiceDeployments', { serviceDeploymentArns: arns('service-deployment', 21) })).rejects.toMatchObject(
    refused,
  );
  await expect(call('DescribeServiceRevisions', { serviceRevisionArns: arns('service-revision', 21) })).rejects.toMatchObject(refused);
  await expect(call('ListTasks', { cluster: 'production', maxResults: 101 })).rejects.toMatchObject(refused);

  expect((await call('DescribeServices', { cluster: 'production', services: names(10) })).failures).toHaveLength(10);
  expect((await call('DescribeTasks', { cluster: 'production', tasks: arns('task', 100) })).failures).toHaveLength(100);
  expect((await call('DescribeServiceDeployments', { serviceDeploymentArns: arns('service-deployment', 20) })).failures).toHaveLength(20);
  expect((await call('DescribeServiceRevisions', { serviceRevisionArns: arns('service-revision', 20) })).failures).toHaveLength(20);
});

test('an unknown name is a failure MISSING, and an unknown cluster an exception', async () => {
  const { call } = await givenService();

  expect(await call('DescribeServices', { cluster: 'production', services: ['web', 'none'] })).toMatchObject({
    services: [{ serviceName: 'web' }],
    failures: [{ arn: 'arn:aws:ecs:eu-west-1:123456789012:service/production/none', reason: 'MISSING' }],
  });
  await expect(call('DescribeServices', { cluster: 'none', services: ['web'] })).rejects.toMatchObject({
    name: 'ClusterNotFoundException',
  });
  await expect(call('UpdateService', { cluster: 'production', service: 'none' })).rejects.toMatchObject({
    name: 'ServiceNotFoundException',
  });
  await expect(call('ListServiceDeployments', { cluster: 'production', service: 'none' })).rejects.toMatchObject({
    name: 'ServiceNotFoundException',
  });
  await expect(call('DescribeTaskDefinition', { taskDefinition: 'none' })).rejects.toMatchObject({
    name: 'ClientException',
    message: 'Unable to describe task definition.',
  });
});

test('tags are returned only on request', async () => {
  const { call } = await givenService({}, { tags: [{ key: 'team', value: 'shop' }], propagateTags: 'SERVICE' });
  const { taskArns } = await call('ListTasks', { cluster: 'production', serviceName: 'web' });

  const [service] = (await call('DescribeServices', { cluster: 'production', services: ['web'] })).services;
  expect(service).not.toHaveProperty('tags');
  expect(await call('DescribeServices', { cluster: 'production', services: ['web'], include: ['TAGS'] })).toMatchObject({
    services: [{ tags: [{ key: 'team', value: 'shop' }] }],
  });
  expect(await call('DescribeTasks', { cluster: 'production', tasks: taskArns, include: ['TAGS'] })).toMatchObject({
    tasks: [{ tags: [{ key: 'team', value: 'shop' }] }, { tags: [{ key: 'team', value: 'shop' }] }],
  });
  await call('TagResource', { resourceArn: service.serviceArn, tags: [{ key: 'team', value: 'core' }] });
  expect(await call('ListTagsForResource', { resourceArn: service.serviceArn })).toEqual({ tags: [{ key: 'team', value: 'core' }] });
});

test('tasks are listed by service, family, status, or by what started them', async () => {
  const { call, describe } = await givenService();
  const [{ id }] = (await describe()).deployments;

  expect((await call('ListTasks', { cluster: 'production', startedBy: id })).taskArns).toHaveLength(2);
  expect((await call('ListTasks', { cluster: 'production', family: 'web' })).taskArns).toHaveLength(2);
  expect((await call('ListTasks', { cluster: 'production', family: 'we' })).taskArns).toEqual([]);
  expect((await call('ListTasks', { cluster: 'production', desiredStatus: 'STOPPED' })).taskArns).toEqual([]);
  await expect(call('ListTasks', { cluster: 'production', startedBy: id, serviceName: 'web' })).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  const first = await call('ListTasks', { cluster: 'production', maxResults: 1 });
  const second = await call('ListTasks', { cluster: 'production', maxResults: 1, nextToken: first.nextToken });
  expect(new Set([...first.taskArns, ...second.taskArns]).size).toBe(2);
  expect(second).not.toHaveProperty('nextToken');
});

test('service deployments are listed newest first, by status and by time', async () => {
  const { account, call, register, update } = await givenService();
  const before = account.clock.date();
  await account.clock.advance(1000);
  await update({ taskDefinition: await register('2') });
  const list = async (input: object): Promise<string[]> =>
    (await call('ListServiceDeployments', { cluster: 'production', service: 'web', ...input })).serviceDeployments.map(
      ({ status }: { status: string }) => status,
    );

  expect(await list({})).toEqual(['PENDING', 'SUCCESSFUL']);
  expect(await list({ status: ['SUCCESSFUL'] })).toEqual(['SUCCESSFUL']);
  expect(await list({ createdAt: { after: before } })).toEqual(['PENDING']);
  expect(await list({ createdAt: { after: before.getTime() / 1000 } })).toEqual(['PENDING']);
  expect(await list({ createdAt: { before } })).toEqual(['SUCCESSFUL']);
});

test("reads are stale by at most the account's staleReadMs", async () => {
  const { account, call, register, update } = await givenService({ staleReadMs: 2000 });
  const second = await register('2');
  const isKnown = () => call('DescribeTaskDefinition', { taskDefinition: second }).then(Boolean, () => false);
  const early = await Promise.all(Array.from({ length: 20 }, isKnown));
  await account.clock.advance(1000);
  const later = await Promise.all(Array.from({ length: 20 }, isKnown));
  await account.clock.advance(1000);
  const late = await Promise.all(Array.from({ length: 20 }, isKnown));

  expect(early.filter(Boolean).length).toBeLessThan(3);
  expect(new Set(later)).toEqual(new Set([true, false]));
  expect(new Set(late)).toEqual(new Set([true]));

  const { service } = await update({ taskDefinition: second });
  expect(service.taskDefinition).toBe(second);
  const read = await call('DescribeServices', { cluster: 'production', services: ['web'] });
  expect(read.services[0].taskDefinition).not.toBe(second);
});

test('whether UpdateService returns its service deployment is an assumption', async () => {
  for (const updateServiceAnswer of ['withoutServiceDeployment', 'withServiceDeployment'] as const) {
    const { ecs, register, update } = await givenService({ assumptions: { updateServiceAnswer } });
    const { service } = await update({ taskDefinition: await register('2') });
    const isNamed = updateServiceAnswer === 'withServiceDeployment';
    const arn = ecs.service('production', 'web')?.serviceDeployments[0]?.arn;
    expect(service.currentServiceDeployment).toBe(isNamed ? arn : undefined);
  }
});

test('the resolved digest of an image given by digest is an assumption', async () => {
  const image = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/web@${digest('6')}`;
  const digestUnder = async (resolvedDigest: 'filled' | 'absent' | 'platform'): Promise<string | undefined> => {
    const { call, serviceDeployment } = await givenService({ assumptions: { resolvedDigest } }, {}, { image });
    const serviceRevisionArns = [(await serviceDeployment()).targetServiceRevision.arn];
    return (await call('DescribeServiceRevisions', { serviceRevisionArns })).serviceRevisions[0].containerImages[0].imageDigest;
  };

  expect(await digestUnder('filled')).toBe(digest('6'));
  expect(await digestUnder('absent')).toBeUndefined();
  expect(await digestUnder('platform')).toBe(digest('5'));
});

test('the deployment and its service deployment may share an ID', async () => {
  const { describe } = await givenService({ assumptions: { deploymentId: 'same' } });
  const { deployments, currentServiceDeployment } = await describe();

  expect(deployments[0].id).toBe(`ecs-svc/${currentServiceDeployment.split('/').at(-1)}`);
});

test('clusters are listed and described', async () => {
  const { call } = givenEcs();
  await call('CreateCluster', { clusterName: 'production', tags: [{ key: 'a', value: 'b' }] });

  const arn = 'arn:aws:ecs:eu-west-1:123456789012:cluster/production';
  expect(await call('ListClusters')).toEqual({ clusterArns: [arn] });
  expect(await call('DescribeClusters', { clusters: ['production', 'none'], include: ['TAGS'] })).toMatchObject({
    clusters: [{ clusterArn: arn, status: 'ACTIVE', tags: [{ key: 'a', value: 'b' }] }],
    failures: [{ reason: 'MISSING' }],
  });
});

import { givenService } from './given-service.js';

const days = (count: number): number => count * 24 * 60;
const of = { cluster: 'production', service: 'web' };

test('service deployments are listed and described for 90 days', async () => {
  const { call, ecs, minutes, update, register } = await givenService();
  const [first] = ecs.service('production', 'web')?.serviceDeployments ?? [];
  const describe = () => call('DescribeServiceDeployments', { serviceDeploymentArns: [first?.arn] });
  await minutes(days(89));
  expect((await call('ListServiceDeployments', of)).serviceDeployments).toHaveLength(1);
  expect((await describe()).serviceDeployments).toHaveLength(1);

  await minutes(days(2));
  expect((await call('ListServiceDeployments', of)).serviceDeployments).toEqual([]);
  expect(await describe()).toMatchObject({ serviceDeployments: [], failures: [{ arn: first?.arn, reason: 'MISSING' }] });

  await update({ taskDefinition: await register('2') });
  await minutes(5);
  expect((await call('ListServiceDeployments', of)).serviceDeployments).toHaveLength(1);
});

test.each(['after', 'before'])('a filter on createdAt does not reach back further than three months: %s', async (edge) => {
  const { call, account } = await givenService();
  const now = account.clock.date();
  const ago = (months: number, ms = 0): Date => {
    const time = new Date(now.getTime() + ms);
    time.setUTCMonth(time.getUTCMonth() - months);
    return time;
  };

  for (const time of [ago(3, -1000), new Date(0), 0, 'not a time'])
    await expect(call('ListServiceDeployments', { ...of, createdAt: { [edge]: time } })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Before and After time filter must be within the last 3 months.',
    });
  const { serviceDeployments } = await call('ListServiceDeployments', { ...of, createdAt: { [edge]: ago(3) } });
  expect(serviceDeployments).toHaveLength(edge === 'after' ? 1 : 0);
});

test('a service revision from before 25 October 2024 cannot be described, a younger one of the same service can', async () => {
  const { call, minutes, describe, update, register } = await givenService({ start: new Date('2024-10-24T09:00:00Z') });
  const [old] = (await describe()).currentServiceRevisions;
  await minutes(days(1));
  await update({ taskDefinition: await register('2') });
  await minutes(5);
  const [young] = (await describe()).currentServiceRevisions;

  expect(await call('DescribeServiceRevisions', { serviceRevisionArns: [old.arn, young.arn] })).toMatchObject({
    serviceRevisions: [{ serviceRevisionArn: young.arn }],
    failures: [{ arn: old.arn, reason: 'MISSING' }],
  });
});

import type { Assumptions } from '../../../emulator/assumptions.js';
import { circuitBreaker, type Given, givenService } from './given-service.js';

const serviceArn = 'arn:aws:ecs:eu-west-1:123456789012:service/production/web';

/** A service that starts a rollout of an image; its deployments are `old` and `own`, and events count from the rollout on. */
const givenRollout = async (tag: string, input: object = {}, assumptions: Partial<Assumptions> = {}) => {
  const given = await givenService({ assumptions }, { desiredCount: 1, ...input });
  // Its first deployment, with its bake time, is over.
  await given.minutes(30);
  const [old] = (await given.describe()).deployments;
  given.events.length = 0;
  await given.update({ taskDefinition: await given.register(tag) });
  const [own] = (await given.describe()).deployments;
  const named = (id: unknown): unknown =>
    new Map([
      [old.id, 'old'],
      [own.id, 'own'],
    ]).get(id as string) ?? id;
  /** What ECS says of the deployments, in the order of the events. */
  const changes = (): string[] =>
    given.events
      .filter((event) => event['detail-type'] === 'ECS Deployment State Change')
      .map(({ detail }) => `${String(detail.eventName).replace('SERVICE_DEPLOYMENT_', '')} ${named(detail.deploymentId)}`);
  return { ...given, old, own, changes };
};

const stop = async ({ call, serviceDeployment }: Pick<Given, 'call' | 'serviceDeployment'>): Promise<void> => {
  await call('StopServiceDeployment', { serviceDeploymentArn: (await serviceDeployment()).serviceDeploymentArn });
};

test.each([
  ['absent', {}],
  ['present', { clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/production' }],
] as const)('deployment events name the deployment and its service; that the cluster is %s is an assumption', async (name, cluster) => {
  const { events, own, minutes } = await givenRollout('2', {}, { deploymentEventCluster: name });
  await minutes(5);

  expect(events.filter((event) => event['detail-type'] === 'ECS Deployment State Change')).toEqual(
    [
      ['SERVICE_DEPLOYMENT_IN_PROGRESS', `ECS deployment ${own.id} in progress.`],
      ['SERVICE_DEPLOYMENT_COMPLETED', `ECS deployment ${own.id} completed.`],
    ].map(([eventName, reason]) => ({
      source: 'aws.ecs',
      'detail-type': 'ECS Deployment State Change',
      resources: [serviceArn],
      detail: { eventType: 'INFO', eventName, ...cluster, deploymentId: own.id, updatedAt: expect.any(String), reason },
    })),
  );
});

test('a rollback by the circuit breaker is a FAILED, and then IN_PROGRESS and COMPLETED of the deployment it goes back to', async () => {
  const { events, old, minutes, changes } = await givenRollout('crash', { deploymentConfiguration: circuitBreaker(true) });
  await minutes(10);

  expect(changes()).toEqual(['IN_PROGRESS own', 'FAILED own', 'IN_PROGRESS old', 'COMPLETED old']);
  const said = events.filter((event) => event['detail-type'] === 'ECS Deployment State Change').map(({ detail }) => detail);
  expect(said.slice(1, 3)).toMatchObject([
    { eventType: 'ERROR', reason: 'ECS deployment circuit breaker: tasks failed to start.' },
    { eventType: 'INFO', reason: `ECS deployment circuit breaker: rolling back to deploymentId ${old.id}.` },
  ]);
});

test('without rollback, the circuit breaker leaves a FAILED, and no event that the service deployment is STOPPED', async () => {
  const { minutes, changes, serviceDeployment } = await givenRollout('crash', { deploymentConfiguration: circuitBreaker(false) });
  await minutes(30);

  expect((await serviceDeployment()).status).toBe('STOPPED');
  expect(changes()).toEqual(['IN_PROGRESS own', 'FAILED own']);
});

test('a rollout that never succeeds has no further event without a circuit breaker', async () => {
  const { minutes, changes, serviceDeployment } = await givenRollout('crash');
  await minutes(120);

  expect((await serviceDeployment()).status).toBe('IN_PROGRESS');
  expect(changes()).toEqual(['IN_PROGRESS own']);
});

test('a rollout that another one replaces has no event of its own: the other one begins', async () => {
  const { account, register, update, minutes, changes, serviceDeployment } = await givenRollout('crash');
  await account.clock.advance(20_000);
  const { service } = await update({ taskDefinition: await register('2') });
  await minutes(5);

  expect((await serviceDeployment(1)).status).toBe('STOPPED');
  const other = service.deployments[0].id;
  expect(changes()).toEqual(['IN_PROGRESS own', `IN_PROGRESS ${other}`, `COMPLETED ${other}`]);
});

test('the deletion of a service ends its rollout without an event', async () => {
  const { call, minutes, changes } = await givenRollout('2');
  await call('DeleteService', { cluster: 'production', service: 'web', force: true });
  await minutes(5);

  expect(changes()).toEqual(['IN_PROGRESS own']);
});

test.each([
  ['none', ['IN_PROGRESS own']],
  ['inProgress', ['IN_PROGRESS own', 'IN_PROGRESS old', 'COMPLETED old']],
] as const)('what events a requested rollback has is an assumption: %s', async (userRollbackEvent, expected) => {
  const given = await givenRollout('2', {}, { userRollbackEvent });
  await given.account.clock.advance(10_000);
  await stop(given);
  await given.minutes(10);

  expect((await given.serviceDeployment()).status).toBe('ROLLBACK_SUCCESSFUL');
  expect(given.changes()).toEqual(expected);
});

test('a requested rollback that has nothing to go back to is STOPPED without an event', async () => {
  const given = await givenService({ assumptions: { userRollbackEvent: 'inProgress' } }, { desiredCount: 0 });
  given.events.length = 0;
  await given.call('CreateService', {
    cluster: 'production',
    serviceName: 'first',
    taskDefinition: await given.register('crash'),
    desiredCount: 1,
  });
  const arn = given.ecs.service('production', 'first')?.serviceDeployments[0]?.arn;
  await given.call('StopServiceDeployment', { serviceDeploymentArn: arn });
  await given.minutes(5);

  expect(given.ecs.service('production', 'first')?.serviceDeployments[0]?.status).toBe('STOPPED');
  const names = given.events
    .filter((event) => event['detail-type'] === 'ECS Deployment State Change')
    .map(({ detail }) => detail.eventName);
  expect(names).toEqual(['SERVICE_DEPLOYMENT_IN_PROGRESS']);
});

const withAlarms = {
  deploymentConfiguration: { bakeTimeInMinutes: 20, alarms: { alarmNames: ['web-5xx'], enable: true, rollback: true } },
};

describe('with a bake time', () => {
  const givenBake = async (completedEvent: Assumptions['completedEvent']) => {
    const given = await givenRollout('2', withAlarms, { completedEvent });
    await given.minutes(10);
    return given;
  };

  test.each([
    ['withTheEnd', ['IN_PROGRESS own']],
    ['beforeBake', ['IN_PROGRESS own', 'COMPLETED own']],
  ] as const)('whether COMPLETED comes with the end or before the bake time is an assumption: %s', async (completedEvent, duringBake) => {
    const { changes, describe, minutes, serviceDeployment } = await givenBake(completedEvent);

    expect(changes()).toEqual(duringBake);
    expect((await serviceDeployment()).status).toBe('IN_PROGRESS');
    expect((await describe()).deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS' }]);

    await minutes(20);
    expect((await serviceDeployment()).status).toBe('SUCCESSFUL');
    expect(changes()).toEqual(['IN_PROGRESS own', 'COMPLETED own']);
  });

  test('an alarm after that COMPLETED is a FAILED of the same deployment', async () => {
    const { alarms, changes, minutes } = await givenBake('beforeBake');
    alarms['web-5xx'] = 'ALARM';
    await minutes(10);

    expect(changes().slice(0, 3)).toEqual(['IN_PROGRESS own', 'COMPLETED own', 'FAILED own']);
  });
});

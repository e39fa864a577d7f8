import { Services } from '../../aws/service.js';
import { fakeAws } from './fake-aws.js';

const services = (statusCode: number, answer: object): Services => new Services(fakeAws(() => [statusCode, answer]).settings);

test.each([
  ['a service that is not there', 200, { services: [], failures: [{ reason: 'MISSING' }] }],
  ['one whose cluster is not there', 400, { __type: 'ClusterNotFoundException', message: 'Cluster not found.' }],
])('%s has no description', async (_, statusCode, answer) => {
  expect(await services(statusCode, answer).describe('production/web')).toBeUndefined();
});

test('another error keeps its name', async () => {
  const denied = services(400, { __type: 'AccessDeniedException', message: 'no' });

  await expect(denied.describe('production/web')).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test.each([
  [{}, 'ROLLING'],
  [{ deploymentConfiguration: { strategy: 'CANARY' } }, 'CANARY'],
])('a service of %j has the strategy %s', async (changes, strategy) => {
  const serviceArn = 'arn:aws:ecs:eu-west-1:123456789012:service/production/web';
  const described = await services(200, { services: [{ serviceArn, status: 'ACTIVE', ...changes }] }).describe('production/web');

  expect(described).toMatchObject({ arn: serviceArn, controller: 'ECS', strategy });
});

test.each([
  [
    'the ID of the new deployment',
    {
      service: {
        deployments: [
          { id: 'ecs-svc/2', status: 'PRIMARY' },
          { id: 'ecs-svc/1', status: 'ACTIVE' },
        ],
      },
    },
    'ecs-svc/2',
  ],
  ['none if ECS names no deployment', { service: {} }, undefined],
  ['none if ECS answers no service', {}, undefined],
])('an update of the task definition alone answers %s', async (_, answer, id) => {
  const { settings, calls } = fakeAws(() => [200, answer]);

  expect(await new Services(settings).update('production/web', 'web:8')).toBe(id);
  expect(calls).toEqual([{ operation: 'UpdateService', input: { cluster: 'production', service: 'web', taskDefinition: 'web:8' } }]);
});

test('tasks are launched by capacity providers, else by the launch type: RunTask takes one of them', async () => {
  const network = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
  const launchOf = async (service: object) => (await services(200, { services: [service] }).describe('production/web'))?.launch;

  expect(await launchOf({ launchType: 'FARGATE', capacityProviderStrategy: [], networkConfiguration: network })).toEqual({
    launchType: 'FARGATE',
    networkConfiguration: network,
  });
  const capacityProviderStrategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 }];
  const placementConstraints = [{ type: 'memberOf', expression: 'attribute:ecs.os-type == linux' }];
  expect(await launchOf({ launchType: 'EC2', capacityProviderStrategy, platformVersion: '1.4.0', placementConstraints })).toEqual({
    capacityProviderStrategy,
    platformVersion: '1.4.0',
    placementConstraints,
  });
});

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

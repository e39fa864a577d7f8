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

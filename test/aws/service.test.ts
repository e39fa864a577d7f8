import { HttpResponse } from '@smithy/core/protocols';
import { Services } from '../../aws/service.js';

/** Of an ECS that answers so to everything. */
const services = (statusCode: number, answer: object): Services => {
  const requestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async () => ({ response: new HttpResponse({ statusCode, headers: {}, body: Buffer.from(JSON.stringify(answer)) }) }),
  };
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
  return new Services({ region: 'eu-west-1', maxAttempts: 1, credentials, requestHandler });
};

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

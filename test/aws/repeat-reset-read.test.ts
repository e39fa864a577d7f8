import { ContainerLogs } from '../../aws/container-logs.js';
import { Services } from '../../aws/service.js';
import { ServiceDeployments } from '../../aws/service-deployment.js';
import { TaskDefinitions } from '../../aws/task-definition.js';
import { type Answer, fakeAws } from './fake-aws.js';

const reset = (code = 'ECONNRESET'): Error => Object.assign(new Error(`read ${code}`), { code });
/** An AWS that closes the first connections, and answers after that. */
const closing = (count: number, body: object, error = reset()) => fakeAws((_, number): Answer => (number <= count ? error : [200, body]));

const place = { container: 'app', group: '/ecs/web', prefix: 'ecs' };

test.each([
  [
    'ECONNRESET',
    'DescribeServices',
    closing(1, { services: [] }),
    (aws: ReturnType<typeof fakeAws>) => new Services(aws.settings).describe('a/b'),
  ],
  [
    'EPIPE',
    'DescribeTaskDefinition',
    closing(1, {}, reset('EPIPE')),
    (aws: ReturnType<typeof fakeAws>) => new TaskDefinitions(aws.settings).describe('web:1'),
  ],
  [
    'ECONNRESET',
    'GetLogEvents',
    closing(1, { events: [] }),
    (aws: ReturnType<typeof fakeAws>) => new ContainerLogs(aws.settings).tail(place, 'id', 1),
  ],
])('after %s the read %s is sent once more', async (_, operation, aws, call) => {
  await call(aws);

  expect(aws.calls.map((one) => one.operation)).toEqual([operation, operation]);
});

test('a read whose second connection is reset, too, fails', async () => {
  const aws = closing(2, { services: [] });

  await expect(new Services(aws.settings).describe('a/b')).rejects.toThrow('ECONNRESET');
  expect(aws.calls).toHaveLength(2);
});

test.each([
  ['UpdateService', (aws: ReturnType<typeof fakeAws>) => new Services(aws.settings).update('a/b', 'web:2')],
  ['StopServiceDeployment', (aws: ReturnType<typeof fakeAws>) => new ServiceDeployments(aws.settings).stop('one')],
  [
    'RegisterTaskDefinition',
    (aws: ReturnType<typeof fakeAws>) => new TaskDefinitions(aws.settings).register({ family: 'web', containerDefinitions: [] }),
  ],
])('%s is not sent again: it may have arrived', async (_, call) => {
  const aws = closing(1, {});

  await expect(call(aws)).rejects.toThrow('ECONNRESET');
  expect(aws.calls).toHaveLength(1);
});

test.each([
  ['is refused', [400, { __type: 'AccessDeniedException', message: 'no' }] as const],
  ['times out', Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })],
])('a read that %s is not sent again', async (_, answer) => {
  const aws = fakeAws(() => answer);

  await expect(new Services(aws.settings).describe('a/b')).rejects.toThrow();
  expect(aws.calls).toHaveLength(1);
});

import { ServiceBatches } from '../../aws/service-batch.js';
import { fakeAws } from './fake-aws.js';

test('services are described ten at a time, by cluster; those that are not there are absent', async () => {
  const { settings, calls } = fakeAws(({ input }) => {
    if (input.cluster === 'gone') return [400, { __type: 'ClusterNotFoundException', message: 'Cluster not found.' }];
    const services = (input.services as string[]).filter((name) => name !== 's3').map((serviceName) => ({ serviceName, status: 'ACTIVE' }));
    return [200, { services, failures: [] }];
  });
  const names = [...Array.from({ length: 12 }, (_, index) => `production/s${index}`), 'staging/web', 'gone/web'];
  const found = await new ServiceBatches(settings).describe(names);

  expect([...found.keys()].toSorted()).toEqual(names.filter((name) => name !== 'production/s3' && name !== 'gone/web').toSorted());
  expect(calls.map(({ input }) => [input.cluster, (input.services as string[]).length])).toEqual([
    ['production', 10],
    ['production', 2],
    ['staging', 1],
    ['gone', 1],
  ]);
});

test.each<[string, object, object]>([
  ['launch type Fargate', { launchType: 'FARGATE' }, { isFargate: true }],
  ['a capacity provider of Fargate', { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] }, { isFargate: true }],
  ['another capacity provider', { capacityProviderStrategy: [{ capacityProvider: 'arm-instances' }] }, { isFargate: false }],
  ['alarms', { deploymentConfiguration: { alarms: { enable: true, rollback: true, alarmNames: ['a'] } } }, { alarms: ['a'] }],
  [
    'alarms that are disabled',
    { deploymentConfiguration: { alarms: { enable: false, rollback: true, alarmNames: ['a'] } } },
    { alarms: [] },
  ],
  [
    'Service Connect',
    { deployments: [{ status: 'PRIMARY', serviceConnectConfiguration: { enabled: true } }] },
    { hasServiceConnect: true },
  ],
  [
    'Service Connect until its last deployment',
    {
      deployments: [
        { status: 'PRIMARY', serviceConnectConfiguration: { enabled: false } },
        { status: 'ACTIVE', serviceConnectConfiguration: { enabled: true } },
      ],
    },
    { hasServiceConnect: false },
  ],
])('a service with %s', async (_, members, expected) => {
  const { settings } = fakeAws(() => [200, { services: [{ serviceName: 'web', ...members }] }]);

  expect((await new ServiceBatches(settings).describe(['production/web'])).get('production/web')).toMatchObject(expected);
});

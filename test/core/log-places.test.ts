import { logPlaces } from '../../core/log-places.js';

const awslogs = { 'awslogs-group': '/ecs/web', 'awslogs-stream-prefix': 'ecs' };
const container = (name: string, logDriver: string, options?: Record<string, string>) => ({
  name,
  logConfiguration: { logDriver, ...(options && { options }) },
});

test('lines of the named containers are read where the awslogs driver writes them', () => {
  const containerDefinitions = [
    container('app', 'awslogs', { ...awslogs, 'awslogs-region': 'us-east-1' }),
    container('worker', 'awslogs', awslogs),
    container('proxy', 'awslogs', awslogs),
  ];

  expect(logPlaces({ containerDefinitions }, ['app', 'worker'])).toEqual([
    { container: 'app', group: '/ecs/web', prefix: 'ecs', region: 'us-east-1' },
    { container: 'worker', group: '/ecs/web', prefix: 'ecs' },
  ]);
});

test.each([
  ['another driver', container('app', 'awsfirelens', awslogs)],
  ['no stream prefix, so that the stream’s name is not known', container('app', 'awslogs', { 'awslogs-group': '/ecs/web' })],
  ['no group', container('app', 'awslogs', { 'awslogs-stream-prefix': 'ecs' })],
  ['no options', container('app', 'awslogs')],
  ['no log configuration', { name: 'app' }],
])('with %s they are not read', (_, definition) => {
  expect(logPlaces({ containerDefinitions: [definition] }, ['app'])).toEqual([]);
});

test('a definition without containers has no place', () => {
  expect(logPlaces({}, ['app'])).toEqual([]);
});

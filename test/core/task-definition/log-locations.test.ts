import { logLocations } from '../../../core/task-definition/log-locations.js';

const awslogs = { 'awslogs-group': '/ecs/web', 'awslogs-stream-prefix': 'ecs' };
const container = (name: string, logDriver: string, options?: Record<string, string>) => ({
  name,
  logConfiguration: { logDriver, ...(options && { options }) },
});

test('containers with the awslogs driver have a location, the named containers first', () => {
  const containerDefinitions = [
    container('proxy', 'awslogs', awslogs),
    container('app', 'awslogs', { ...awslogs, 'awslogs-region': 'us-east-1' }),
    container('worker', 'awslogs', awslogs),
  ];

  expect(logLocations({ containerDefinitions }, ['app', 'worker'])).toEqual([
    { container: 'app', group: '/ecs/web', prefix: 'ecs', region: 'us-east-1' },
    { container: 'worker', group: '/ecs/web', prefix: 'ecs' },
    { container: 'proxy', group: '/ecs/web', prefix: 'ecs' },
  ]);
});

test.each([
  ['its log driver is awsfirelens', container('app', 'awsfirelens', awslogs)],
  // The name of its stream is not known.
  ['its awslogs driver has no stream prefix', container('app', 'awslogs', { 'awslogs-group': '/ecs/web' })],
  ['its awslogs driver has no log group', container('app', 'awslogs', { 'awslogs-stream-prefix': 'ecs' })],
  ['its awslogs driver has no log group', container('app', 'awslogs')],
  ['it has no log driver', { name: 'app' }],
])('log lines are not read because %s', (unread, definition) => {
  expect(logLocations({ containerDefinitions: [definition] }, ['app'])).toEqual([{ container: 'app', group: '', prefix: '', unread }]);
});

test('a definition without containers has no location', () => {
  expect(logLocations({}, ['app'])).toEqual([]);
});

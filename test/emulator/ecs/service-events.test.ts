import { circuitBreaker, type Given, givenService } from './given-service.js';

const healthCheck = { command: ['CMD', 'true'], interval: 10, retries: 2, startPeriod: 5 };
const oneTask = { desiredCount: 1, deploymentConfiguration: circuitBreaker(true) };

type Reported = { readonly at: number; readonly message: string };

/** The events since the newest deployment was created, oldest first; tasks and deployments are named A, B, C in order. */
const eventsSince = async ({ describe }: Pick<Given, 'describe'>, since: number): Promise<Reported[]> => {
  const names = new Map<string, string>();
  const name = (id: string): string => names.get(id) ?? (names.set(id, String.fromCharCode(65 + names.size)).get(id) as string);
  const { events } = (await describe()) as { events: { createdAt: Date; message: string }[] };
  return events
    .map(({ createdAt, message }) => ({ at: (createdAt.getTime() - since) / 1000, message: message.replace('(service web) ', '') }))
    .filter(({ at }) => at > 0)
    .reverse()
    .map(({ at, message }) => ({ at, message: message.replace(/\b[0-9a-f]{32}\b|\d{19}/g, name) }));
};

const messagesOf = (events: readonly Reported[]): string[] => events.map(({ message }) => message);

// The order is that of services whose events were published, at a desired count of 1.
test('a crash loop: four starts, then the breaker trips some seconds later and the pending task is stopped', async () => {
  const given = await givenService({}, oneTask);
  await given.update({ taskDefinition: await given.register('crash') });
  const start = given.account.clock.now;
  await given.minutes(10);

  const events = await eventsSince(given, start);
  expect(messagesOf(events)).toEqual([
    'has started 1 tasks: (task A).',
    'has started 1 tasks: (task B).',
    'has started 1 tasks: (task C).',
    'has started 1 tasks: (task D).',
    '(deployment ecs-svc/E) deployment failed: tasks failed to start.',
    'rolling back to deployment ecs-svc/F.',
    'stopped 1 pending tasks.',
    '(deployment ecs-svc/F) deployment completed.',
    'has reached a steady state.',
  ]);
  const [fourth, failed] = [events[3]?.at ?? 0, events[4]?.at ?? 0];
  expect(failed - fourth).toBeGreaterThanOrEqual(3);
  expect(failed - fourth).toBeLessThanOrEqual(5);
});

test('an image that cannot be pulled: each failure has an event, and the third counts after 8 to 12 minutes', async () => {
  const given = await givenService({}, oneTask);
  await given.update({ taskDefinition: await given.register('missing') });
  const start = given.account.clock.now;
  await given.minutes(20);

  const events = await eventsSince(given, start);
  const unplaced =
    'was unable to place a task. Reason: CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref ' +
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:missing: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:missing: not found.';
  expect(messagesOf(events)).toEqual([
    'has started 1 tasks: (task A).',
    unplaced,
    'has started 1 tasks: (task B).',
    unplaced,
    'has started 1 tasks: (task C).',
    unplaced,
    'has started 1 tasks: (task D).',
    '(deployment ecs-svc/E) deployment failed: tasks failed to start.',
    'rolling back to deployment ecs-svc/F.',
    'stopped 1 pending tasks.',
    '(deployment ecs-svc/F) deployment completed.',
    'has reached a steady state.',
  ]);
  const failedAt = events[7]?.at ?? 0;
  expect(failedAt).toBeGreaterThan(8 * 60);
  expect(failedAt).toBeLessThan(12 * 60);
});

test('the event of failed health checks comes before that of the stop; with no free slot the unhealthy task is stopped first', async () => {
  const given = await givenService({}, { desiredCount: 1 });
  await given.update({ taskDefinition: await given.register('sick', { healthCheck }) });
  const start = given.account.clock.now;
  await given.minutes(2);

  expect(messagesOf(await eventsSince(given, start)).slice(0, 4)).toEqual([
    'has started 1 tasks: (task A).',
    '(task A) failed container health checks.',
    'has stopped 1 running tasks: (task A).',
    'has started 1 tasks: (task B).',
  ]);
});

test.each([
  [2, 100, 149],
  [1, 100, 150],
  [2, 75, 125],
])(
  'with %d tasks, %d %% and %d %%, neither a stop nor a start is possible, and one event says so',
  async (desiredCount, minimumHealthyPercent, maximumPercent) => {
    const given = await givenService({}, { desiredCount });
    await given.update({ taskDefinition: await given.register('2'), deploymentConfiguration: { minimumHealthyPercent, maximumPercent } });
    const start = given.account.clock.now;
    await given.minutes(60);

    expect(messagesOf(await eventsSince(given, start))).toEqual([
      'was unable to stop or start tasks during a deployment because of the service deployment configuration. ' +
        'Update the minimumHealthyPercent or maximumPercent value and try again.',
    ]);
    expect((await given.serviceDeployment()).status).toBe('IN_PROGRESS');
  },
);

test.each([
  ['a crash loop', 'crash', 100, 200],
  ['a crash loop in half of the slots', 'crash', 50, 100],
  ['an image that cannot be pulled', 'missing', 100, 200],
  ['a healthy image in half of the slots', '2', 50, 100],
])('%s is not reported as a fault of the deployment configuration', async (_, tag, minimumHealthyPercent, maximumPercent) => {
  const given = await givenService({}, { availabilityZoneRebalancing: 'DISABLED' });
  await given.update({ taskDefinition: await given.register(tag), deploymentConfiguration: { minimumHealthyPercent, maximumPercent } });
  await given.minutes(60);

  expect(messagesOf(await eventsSince(given, 0)).filter((message) => message.includes('unable to stop or start tasks'))).toEqual([]);
});

import { createEvents } from '../../../emulator/events/index.js';
import type { Services } from '../../../emulator/services.js';
import { givenService } from './given-service.js';

/** What DescribeTasks and DescribeServices show when the events of a crash loop arrive at the target of a rule. */
const readsOnArrival = async (staleReadMs: number) => {
  const given = await givenService({ staleReadMs }, { desiredCount: 4 });
  const { account, call, register, update, minutes } = given;
  const tasks: string[] = [];
  const deployments: boolean[] = [];
  const onArrival = async (text: string): Promise<void> => {
    const { 'detail-type': type, detail } = JSON.parse(text);
    if (type === 'ECS Task State Change') {
      const found = (await call('DescribeTasks', { cluster: 'production', tasks: [detail.taskArn] })).tasks;
      tasks.push(found[0]?.lastStatus ?? 'MISSING');
    } else {
      const [service] = (await call('DescribeServices', { cluster: 'production', services: ['web'] })).services;
      deployments.push(service.deployments.some(({ id }: { id: string }) => id === detail.deploymentId));
    }
  };
  const sqs = { send: (_: unknown, __: string, text: string) => account.clock.after(0, () => onArrival(text)) };
  account.services = { ...account.services, events: createEvents(account), sqs } as unknown as Services;
  account.services.events.putRule({
    name: 'ecs',
    arn: 'arn:aws:events:eu-west-1:123456789012:rule/ecs',
    isEnabled: true,
    eventPattern: {
      source: ['aws.ecs'],
      $or: [{ detail: { lastStatus: ['STOPPED'] } }, { detail: { eventName: ['SERVICE_DEPLOYMENT_IN_PROGRESS'] } }],
    },
    targets: [{ id: 'queue', arn: 'arn:aws:sqs:eu-west-1:123456789012:events', maximumRetryAttempts: 0, maximumEventAgeSeconds: 60 }],
  });
  for (const _ of Array(6)) {
    await update({ taskDefinition: await register('crash') });
    await minutes(2);
  }
  return { tasks, deployments };
};

test('an event arrives before some reads show its cause', async () => {
  const { tasks, deployments } = await readsOnArrival(2000);

  expect([...new Set(tasks)].sort()).toEqual(['PENDING', 'STOPPED', 'STOPPING']);
  expect(new Set(deployments)).toEqual(new Set([true, false]));
});

test('where reads are fresh, each event arrives after its cause', async () => {
  const { tasks, deployments } = await readsOnArrival(0);

  expect(new Set(tasks)).toEqual(new Set(['STOPPED']));
  expect(new Set(deployments)).toEqual(new Set([true]));
});

import { HttpResponse } from '@smithy/core/protocols';
import { StoppedTasks } from '../../aws/stopped-tasks.js';

const revision = (number: number): string => `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:${number}`;
const arn = (number: number): string => `arn:aws:ecs:eu-west-1:123456789012:task/production/${String(number).padStart(32, '0')}`;

type Asked = { readonly maxResults: number; readonly nextToken?: string; readonly tasks?: readonly string[] };

/** An ECS with so many stopped tasks, of which every tenth is of our revision; lists them in an order of its own. */
const ecsWith = (count: number, emptyPages = 0, task: object = {}) => {
  const calls: string[] = [];
  const answer = (operation: string, { maxResults, nextToken = '0', tasks = [] }: Asked): object => {
    if (operation === 'DescribeTasks') {
      return {
        tasks: tasks.map((taskArn) => ({
          taskArn,
          taskDefinitionArn: revision(Number(taskArn.slice(-4)) % 10 === 0 ? 8 : 7),
          lastStatus: 'STOPPED',
          stopCode: 'EssentialContainerExited',
          stoppedReason: 'Essential container in task exited',
          stoppedAt: 1_795_434_000,
          containers: [{ name: 'app', exitCode: 1, reason: 'boom', healthStatus: 'UNKNOWN' }],
          ...task,
        })),
      };
    }
    if (Number(nextToken) < emptyPages) return { taskArns: [], nextToken: String(Number(nextToken) + 1) };
    const start = Number(nextToken) - emptyPages;
    const end = Math.min(count, start + maxResults);
    return {
      taskArns: Array.from({ length: end - start }, (_, index) => arn(start + index)),
      ...(end < count && { nextToken: String(end + emptyPages) }),
    };
  };
  const requestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async ({ headers, body }: { headers: Record<string, string>; body: Uint8Array }) => {
      const operation = headers['x-amz-target']?.split('.')[1] ?? '';
      calls.push(operation);
      const text = JSON.stringify(answer(operation, JSON.parse(new TextDecoder().decode(body))));
      return { response: new HttpResponse({ statusCode: 200, headers: {}, body: Buffer.from(text) }) };
    },
  };
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
  const stopped = new StoppedTasks({ region: 'eu-west-1', maxAttempts: 1, credentials, requestHandler });
  return { calls, stopped };
};

test('stopped tasks of one revision are found among those of others', async () => {
  const { calls, stopped } = ecsWith(30);

  const seen = await stopped.of('production/web', revision(8));

  expect(seen).toMatchObject({ readCount: 30, isComplete: true, tasks: { length: 3 } });
  expect(seen.tasks[1]).toEqual({
    id: '00000000000000000000000000000010',
    taskDefinition: revision(8),
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    stoppedAt: '2026-11-23T11:40:00.000Z',
    containers: [{ name: 'app', exitCode: 1, reason: 'boom', health: 'UNKNOWN' }],
  });
  expect(calls).toEqual(['ListTasks', 'DescribeTasks']);
});

test('2,000 stopped tasks take ten calls, and the answer is incomplete', async () => {
  const { calls, stopped } = ecsWith(2000);

  expect(await stopped.of('production/web', revision(8))).toMatchObject({ readCount: 500, isComplete: false, tasks: { length: 50 } });
  expect(calls).toHaveLength(10);
});

test('500 stopped tasks are all read', async () => {
  expect(await ecsWith(500).stopped.of('production/web', revision(8))).toMatchObject({ readCount: 500, isComplete: true });
});

test('an empty page is not the last one', async () => {
  expect(await ecsWith(30, 2).stopped.of('production/web', revision(8))).toMatchObject({ readCount: 30, tasks: { length: 3 } });
});

test('without stopped tasks none is described', async () => {
  const { calls, stopped } = ecsWith(0);

  expect(await stopped.of('production/web', revision(8))).toEqual({ tasks: [], readCount: 0, isComplete: true });
  expect(calls).toEqual(['ListTasks']);
});

test.each([
  ['STOPPED', 1],
  // On Fargate for some 20 s after the containers have ended: the codes and reasons are there.
  ['DEPROVISIONING', 1],
  ['STOPPING', 0],
  ['DEACTIVATING', 0],
  ['RUNNING', 0],
])('a task that ECS wants stopped and that is %s has %i reasons', async (lastStatus, length) => {
  const { stopped } = ecsWith(1, 0, { lastStatus });

  expect(await stopped.of('production/web', revision(8))).toMatchObject({ readCount: 1, tasks: { length } });
});

test.each([
  ['the end of its containers, before it has stopped', { stoppedAt: undefined, executionStoppedAt: 1_795_434_000, stoppingAt: 1 }],
  ['the beginning of its end, if none of them ran', { stoppedAt: undefined, stoppingAt: 1_795_434_000 }],
])('a task that is deprovisioned has stopped at %s', async (_, times) => {
  const { stopped } = ecsWith(1, 0, { lastStatus: 'DEPROVISIONING', ...times });

  expect(await stopped.of('production/web', revision(8))).toMatchObject({ tasks: [{ stoppedAt: '2026-11-23T11:40:00.000Z' }] });
});

test('tasks are described by their IDs, with the health of their containers, of any revision', async () => {
  const { calls, stopped } = ecsWith(0, 0, { containers: [{ name: 'app', healthStatus: 'UNHEALTHY' }] });

  expect(await stopped.describe('production/web', [arn(11), arn(12)])).toMatchObject([
    { id: '00000000000000000000000000000011', containers: [{ name: 'app', health: 'UNHEALTHY' }] },
    { id: '00000000000000000000000000000012' },
  ]);
  expect(calls).toEqual(['DescribeTasks']);
});

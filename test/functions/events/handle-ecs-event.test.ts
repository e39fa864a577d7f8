import { startedAtOf } from '../../../core/records/record-name.js';
import { schema } from '../../../core/records/records.js';
import type { WatchItem } from '../../../core/rollout/watch-item.js';
import { handleEcsEvent } from '../../../functions/events/handle-ecs-event.js';
import { execution, revisionArn } from '../../core/given.js';
import { actionEvent, deploymentEvent, hookEvent, taskEvent, taskId } from '../../core/input/given-ecs-events.js';
import { givenTable } from '../../support/given-table.js';
import { sdkError } from '../given-failure.js';
import { givenTokens } from '../given-waiting.js';

const service = 'production/web';
const record = 'service#production/web deployment#2026-11-23T12:00:00.000Z#production-web-1';
const visit = { number: 4, retry: 0 };
const own = 'ecs-svc/1637086347952626779';
const began = (deploymentId = own) => deploymentEvent('SERVICE_DEPLOYMENT_IN_PROGRESS', { detail: { deploymentId } });

const watched: Omit<WatchItem, 'groups'> & { fencingToken: number } = {
  record,
  execution,
  fencingToken: 3,
  news: 0,
  seen: 0,
  visit: 4000,
  token: 'one',
  revision: revisionArn(8),
  containers: ['app'],
  nonEssential: [],
  limit: 3,
};

/** A deployment that waits with the token `one`. */
const given = (changes: { readonly [Name in keyof typeof watched | 'schema' | 'stoppedRun']?: unknown } = {}) => {
  const table = givenTable({ watched: { [service]: { ...watched, ...changes } as typeof watched } });
  const { tokens, taken: answers } = givenTokens();
  const deps = { watch: table.watch, tokens };
  const enter = (token: string, number: number) => table.watch.storeToken(service, { record, execution }, { ...visit, number }, token);
  return { table, deps, answers, enter, item: () => table.watchItem(service), handle: handleEcsEvent(deps) };
};

const did = (what: string) => ({ did: what, service, time: '2026-11-23T12:02:58.000Z' });
const rollBack = expect.objectContaining({ action: 'rollBack', result: expect.objectContaining({ reason: 'CRASHED' }) });

describe('a before task', () => {
  const detail = { group: 'family:web', startedBy: 'slipway-dev-before/web' };

  test('that stopped is kept, and wakes the deployment once: it has a second event when it is STOPPED', async () => {
    const { answers, enter, handle, item } = given();

    expect(await handle(taskEvent(1, { detail }))).toEqual(did('woken'));
    await enter('two', 5);
    expect(await handle(taskEvent(1, { detail: { ...detail, lastStatus: 'STOPPED' } }))).toEqual(did('none'));
    expect(answers).toEqual([['one', 'Woken']]);
    expect(await item()).toMatchObject({ news: 1, stoppedRun: { id: taskId(), containers: [{ name: 'app', exitCode: 1 }] } });
    expect((await item())?.failed).toBeUndefined();
  });

  test('whose second event comes before the next visit wakes that visit, whose token is another', async () => {
    const { answers, handle } = given({
      token: 'two',
      news: 1,
      stoppedRun: { arn: `arn:aws:ecs:eu-west-1:123456789012:task/production/${taskId()}`, taskDefinition: revisionArn(8) },
    });

    expect(await handle(taskEvent(1, { detail }))).toEqual(did('woken'));
    expect(answers).toEqual([['two', 'Woken']]);
  });

  test('that ended before the deployment that watches began is that of another one', async () => {
    const { answers, handle, item } = given();
    const began = startedAtOf(record);
    const ended = (milliseconds: number) => ({ executionStoppedAt: new Date(Date.parse(began) + milliseconds).toISOString() });

    expect(await handle(taskEvent(1, { detail: { ...detail, ...ended(-1) } }))).toEqual(did('unwatched'));
    expect(await item()).not.toHaveProperty('stoppedRun');
    expect(await handle(taskEvent(2, { detail: { ...detail, ...ended(0) } }))).toEqual(did('woken'));
    expect(answers).toHaveLength(1);
  });

  test('of a service that no deployment watches changes nothing', async () => {
    const { table, handle } = given();
    await table.watch.close(service, record);

    expect(await handle(taskEvent(1, { detail }))).toEqual(did('unwatched'));
  });
});

describe('a failed task', () => {
  test('is counted, and the first one wakes the deployment', async () => {
    const { answers, handle, item } = given();

    expect(await handle(taskEvent())).toEqual(did('woken'));
    expect(answers).toEqual([['one', 'Woken']]);
    expect(await item()).toMatchObject({
      failed: new Set([taskId()]),
      news: 1,
      reason: 'CRASHED',
      failedAt: '2026-11-23T12:02:55.226Z',
      newest: { task: taskId(), container: 'app' },
      hasImageFailed: true,
    });
  });

  test('wakes nothing if it is not the first one, nor the one that reaches the limit', async () => {
    const { answers, enter, handle, item } = given();
    await handle(taskEvent(1));
    await enter('two', 5);

    expect(await handle(taskEvent(2))).toEqual(did('none'));
    expect(await item()).toMatchObject({ failed: new Set([taskId(1), taskId(2)]), news: 1, seen: 1 });
    expect(answers).toHaveLength(1);
  });

  test('that reaches the limit rolls the deployment back, once', async () => {
    const { answers, enter, handle } = given();
    await handle(taskEvent(1));
    await enter('two', 5);
    await handle(taskEvent(2));

    expect(await handle(taskEvent(3))).toEqual(did('rollBack'));
    expect(await handle(taskEvent(4))).toEqual(did('none'));
    expect(answers).toEqual([
      ['one', 'Woken'],
      ['two', rollBack],
    ]);
  });

  test('counts twice towards the limit of two if every further one will fail as well', async () => {
    const cannotPull = {
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'CannotPullContainerError: manifest for app not found: manifest unknown',
    };
    const { answers, enter, handle } = given({ limit: 10 });
    await handle(taskEvent(1, { detail: cannotPull }));
    await enter('two', 5);

    expect(await handle(taskEvent(2, { detail: cannotPull }))).toEqual(did('rollBack'));
    expect(answers.at(-1)).toEqual(['two', expect.objectContaining({ action: 'rollBack' })]);
  });

  test('is counted once, though ECS reports it at DEPROVISIONING and at STOPPED, each twice', async () => {
    const { table, answers, enter, handle, item } = given();
    const stopped = taskEvent(1, { detail: { lastStatus: 'STOPPED', stoppedAt: '2026-11-23T12:03:18Z' } });
    await handle(taskEvent());
    await enter('two', 5);
    for (const event of [taskEvent(), stopped, stopped]) expect(await handle(event)).toEqual(did('none'));

    expect(table.writes).toHaveLength(2);
    expect(await item()).toMatchObject({
      failed: new Set([taskId()]),
      news: 1,
      'group#exit 1 in app: Essential container in task exited (EssentialContainerExited)': 1,
    });
    expect(answers).toHaveLength(1);
  });

  test.each([
    ['of another revision', {}, { taskDefinitionArn: revisionArn(7) }],
    ['while the deployment is rolled back', { isRollingBack: true }, {}],
    ['before the deployment has sent its update', { revision: undefined, limit: undefined }, {}],
    ['that a user stopped', {}, { stopCode: 'UserInitiated' }],
    ['of a spot instance', {}, { stopCode: 'SpotInterruption' }],
    [
      'that was replaced',
      {},
      { stopCode: 'ServiceSchedulerInitiated', stoppedReason: `Scaling activity initiated by (deployment ${own})` },
    ],
  ])('%s has no effect', async (_, changes, detail) => {
    const { answers, handle, item } = given(changes);
    const before = await item();

    expect(await handle(taskEvent(1, { detail }))).toEqual(did('unwatched'));
    expect(await item()).toEqual(before);
    expect(answers).toEqual([]);
  });

  test('that a health check found unhealthy counts', async () => {
    const { handle, item } = given();
    await handle(
      taskEvent(1, {
        detail: { stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Task failed ELB health checks in (target-group web)' },
      }),
    );

    expect(await item()).toMatchObject({ failed: new Set([taskId()]), reason: 'UNHEALTHY' });
  });
});

test.each([3, 1000])('200 tasks that fail at once are counted up to a limit of %i, and the deployment looks once', async (limit) => {
  const { answers, handle, item } = given({ limit });
  await Promise.all(Array.from({ length: 200 }, (_, index) => handle(taskEvent(index + 1))));

  const counted = Math.min(limit, 200);
  const { failed, ...counts } = (await item()) ?? {};
  expect(failed?.size).toBe(counted);
  expect(Object.entries(counts).filter(([name]) => name.startsWith('group#'))).toEqual([[expect.any(String), counted]]);
  expect(answers).toHaveLength(1);
});

describe('a deployment event', () => {
  test.each(['SERVICE_DEPLOYMENT_COMPLETED', 'SERVICE_DEPLOYMENT_FAILED'])('%s wakes the deployment', async (name) => {
    const { answers, handle, item } = given({ deploymentId: own });

    expect(await handle(deploymentEvent(name))).toEqual(did('woken'));
    expect(answers).toEqual([['one', 'Woken']]);
    expect(await item()).toMatchObject({ news: 1 });
  });

  test('that our own deployment has begun is no news', async () => {
    const { answers, handle, item } = given({ deploymentId: own });

    expect(await handle(began())).toEqual(did('unwatched'));
    expect(await item()).toMatchObject({ news: 0 });
    expect(answers).toEqual([]);
  });

  test('that another deployment has begun wakes ours', async () => {
    const { handle, item } = given({ deploymentId: own });

    expect(await handle(began('ecs-svc/9'))).toEqual(did('woken'));
    expect(await item()).toMatchObject({ news: 1, began: 'ecs-svc/9' });
  });

  test('that our own deployment has begun is no news either if it comes before the answer of UpdateService', async () => {
    const { table, handle, item } = given({ token: undefined });
    await handle(began());
    await table.watch.acknowledge(service, record, own);

    expect(await item()).toMatchObject({ news: 1, seen: 1, deploymentId: own });
  });
});

test.each([actionEvent(), actionEvent('SERVICE_TASK_START_IMPAIRED'), hookEvent(), hookEvent('HOOK_TIMED_OUT')])(
  'tasks that cannot be placed or started, and hooks, wake the deployment: $detail.eventName',
  async (event) => {
    const { answers, handle } = given();

    expect(await handle(event)).toEqual(did('woken'));
    expect(answers).toEqual([['one', 'Woken']]);
  },
);

describe('without effect is', () => {
  test.each([
    ['of another service', taskEvent(1, { detail: { group: 'service:other' } })],
    [
      'of the same service in another cluster',
      taskEvent(1, { detail: { clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/other' } }),
    ],
    [
      'of another service that completed',
      deploymentEvent(undefined, { resources: ['arn:aws:ecs:eu-west-1:123456789012:service/other/web'] }),
    ],
    ['that is malformed', { ...taskEvent(), detail: {} }],
    ['of another source', taskEvent(1, { source: 'acme.ecs' })],
  ])('an event %s', async (_, event) => {
    const { table, answers, handle, item } = given();
    const before = await item();

    expect((await handle(event)).did).toMatch(/^un(watched|known)$/);
    expect(await item()).toEqual(before);
    expect(await table.watchItem('production/other')).toBeUndefined();
    expect(answers).toEqual([]);
  });

  test.each([taskEvent(), deploymentEvent(), began('ecs-svc/9'), hookEvent()])(
    'every event, if the item was written by another version: $detail-type',
    async (event) => {
      const { answers, handle, item } = given({ schema: schema - 1 });
      const before = await item();

      expect(await handle(event)).toEqual(did('unwatched'));
      expect(await item()).toEqual(before);
      expect(answers).toEqual([]);
    },
  );
});

describe('the token', () => {
  test('that is closed is not followed by one whose visit has seen the event', async () => {
    const { deps, answers, enter } = given();
    const wake = async () => {
      await enter('two', 5);
      return false;
    };

    expect(await handleEcsEvent({ ...deps, tokens: { ...deps.tokens, wake } })(deploymentEvent())).toEqual(did('none'));
    expect(answers).toEqual([]);
  });

  test('that is closed while no visit waits: the next one knows of the event when it stores its token', async () => {
    const { deps, enter } = given();
    const closed = { wake: async () => false, succeed: async () => false };

    expect(await handleEcsEvent({ ...deps, tokens: closed })(taskEvent())).toEqual(did('none'));
    expect(await enter('two', 5)).toMatchObject({ news: 1, seen: 1, seenBefore: 0, failed: new Set([taskId()]) });
  });

  test('is not there yet: the first visit knows of the event', async () => {
    const { handle, enter } = given({ token: undefined, visit: undefined });

    expect(await handle(deploymentEvent())).toEqual(did('none'));
    expect(await enter('two', 5)).toMatchObject({ news: 1, seen: 1, seenBefore: 0 });
  });
});

describe('a run that is repeated', () => {
  test.each([
    ['a failed task', taskEvent()],
    ['a deployment', deploymentEvent()],
  ])('answers, if the one before was killed after it had written: %s', async (_, event) => {
    const { deps, answers, handle, item } = given();
    const killed = { wake: () => Promise.reject(new Error('killed')), succeed: () => Promise.reject(new Error('killed')) };
    await expect(handleEcsEvent({ ...deps, tokens: killed })(event)).rejects.toThrow('killed');

    expect(await handle(event)).toEqual(did('woken'));
    expect(answers).toEqual([['one', 'Woken']]);
    expect((await item())?.failed?.size ?? 1).toBe(1);
  });

  test('rolls back, if the one before was killed after it had counted up to the limit', async () => {
    const { deps, answers, handle } = given({ limit: 1 });
    const killed = { wake: () => Promise.reject(new Error('killed')), succeed: () => Promise.reject(new Error('killed')) };
    await expect(handleEcsEvent({ ...deps, tokens: killed })(taskEvent())).rejects.toThrow('killed');

    expect(await handle(taskEvent())).toEqual(did('rollBack'));
    expect(answers).toEqual([['one', rollBack]]);
  });

  const failing = (failures: number, error: Error) => {
    let calls = 0;
    return { calls: () => calls, attempt: <Value>(call: () => Promise<Value>) => (++calls <= failures ? Promise.reject(error) : call()) };
  };

  test('is repeated at once while DynamoDB or Step Functions fail for a moment', async () => {
    const { table, deps, answers } = given();
    const { attempt } = failing(1, sdkError('InternalServerError', 'for a moment', 500));
    const { attempt: answer } = failing(1, sdkError('ThrottlingException'));
    const watch = {
      of: (of: string) => table.watch.of(of),
      addNews: (...of: Parameters<typeof table.watch.addNews>) => attempt(() => table.watch.addNews(...of)),
      countFailure: (...of: Parameters<typeof table.watch.countFailure>) => table.watch.countFailure(...of),
    };
    const tokens = { ...deps.tokens, wake: (token: string) => answer(() => deps.tokens.wake(token)) };

    expect(await handleEcsEvent({ watch, tokens })(deploymentEvent())).toEqual(did('woken'));
    expect(answers).toEqual([['one', 'Woken']]);
  });

  test.each([
    ['three times, while AWS fails longer', sdkError('ThrottlingException'), 3],
    ['once, if AWS refuses it', sdkError('AccessDeniedException'), 1],
  ])('is tried %s, and Lambda keeps the event', async (_, error, times) => {
    const { deps } = given();
    const { attempt, calls } = failing(9, error);
    const tokens = { ...deps.tokens, wake: (token: string) => attempt(() => deps.tokens.wake(token)) };

    await expect(handleEcsEvent({ ...deps, tokens })(deploymentEvent())).rejects.toBe(error);
    expect(calls()).toBe(times);
  });
});

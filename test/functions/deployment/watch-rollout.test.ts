import type { DeploymentRecord } from '../../../core/records/records.js';
import { unfinished } from '../../../core/result/result.js';
import { execution, good, image, later, revisionArn, startedAt, stoppedTask } from '../../core/given.js';
import { hook, ours, previous as previousRevision, rollout } from '../../core/rollout/observations.js';

import { deadline, type Given, given, item, name } from './given-rollout.js';

test('waits for an event while the rollout is in progress, and changes nothing of its deployment', async () => {
  const { table, run } = given();
  const before = await table.record(name);

  expect(await run()).toBeUndefined();
  expect(await table.record(name)).toEqual({ ...before, visit: 1000 });
  expect(await table.watchItem('production/web')).toEqual({ ...item, visit: 1000, token: 'token of the visit' });
});

test('stores its token before it looks, so that what happens after the look wakes it', async () => {
  const { table, state, run } = given();
  state.list = async () => {
    expect(await table.watchItem('production/web')).toMatchObject({ token: 'token of the visit' });
    return { tasks: [], readCount: 0, isComplete: true };
  };

  await run();
  expect.hasAssertions();
});

test.each(['entered', 'timedOut'] as const)(
  'looks again after 5 s if events came before a visit that was %s: reads may lag',
  async (because) => {
    const { table, run } = given();
    await table.watch.addNews('production/web');

    expect(await run(later, { because })).toMatchObject({ action: 'wait', seconds: 5, nextSeconds: 120, deadline });
    expect(await run(later, { visit: { number: 2, retry: 0 } })).toBeUndefined();
  },
);

test('a visit that was woken has a safety net of 5 s already', async () => {
  const { table, run } = given();
  await table.watch.addNews('production/web');

  expect(await run(later, { because: 'woken' })).toBeUndefined();
  expect(await table.watchItem('production/web')).toMatchObject({ news: 2, seen: 2 });
});

test.each<[string, Partial<DeploymentRecord>]>([
  ['of which a later visit has begun', { visit: 2000 }],
  ['of which a retry has begun', { visit: 1001 }],
  ['whose deployment has ended', { endedAt: later }],
])('a late invocation, %s, answers and changes nothing', async (_, changes) => {
  const before = given({ record: changes, seen: rollout({ status: 'SUCCESSFUL' }) });
  const during = given({ seen: rollout({ arn: 'two', status: 'SUCCESSFUL' }) });
  during.state.list = async () => {
    await during.table.records.update(name, changes);
    return { tasks: [], readCount: 0, isComplete: true };
  };

  expect((await before.run())?.action).toBe(changes.endedAt && 'finish');
  expect(before.table.writes).toEqual([]);
  expect(await during.run()).toBeUndefined();
  expect(await during.table.record(name)).toMatchObject({ serviceDeployment: rollout().arn, ...changes });
});

test.each<[string, Partial<DeploymentRecord>]>([
  ['has ended', { endedAt: later }],
  ['another execution has resumed', { execution: `${execution}-2` }],
])('ends for a deployment that %s, and does not wait without end', async (_, changes) => {
  const { table, run } = given({ record: changes, seen: rollout({ status: 'SUCCESSFUL' }) });

  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' } });
  expect(table.writes).toEqual([]);
});

test('saves what events need in an item that a resumption has opened again', async () => {
  const { table, run } = given();
  await table.watch.close('production/web', name);
  await table.watch.open('production/web', { record: name, execution }, 1);

  await run();
  const { revision, containers, nonEssential, limit } = item;
  expect(await table.watchItem('production/web')).toMatchObject({ revision, containers, nonEssential, limit });
});

test('looks again once a rollout has baked that ECS reported as completed: no event is documented for that', async () => {
  const { table, run } = given({ service: { bakeSeconds: 600 } });
  const deploymentId = 'ecs-svc/8';
  await table.watch.acknowledge('production/web', name, deploymentId);
  await table.watch.addNews('production/web', { completed: { deploymentId, at: startedAt } });

  expect(await run()).toMatchObject({ action: 'wait', deadline: '2026-11-23T12:10:15.000Z' });
});

test('does not replace the token of a later visit', async () => {
  const { table, run } = given();
  await table.watch.storeToken('production/web', { record: name, execution }, { number: 2, retry: 0 }, 'later');

  await run();
  expect(await table.watchItem('production/web')).toMatchObject({ visit: 2000, token: 'later' });
});

test('without a watch item of its own waits for its safety net, and its looks count the failed tasks', async () => {
  const some = given({ stopped: [stoppedTask({ id: '1' })] });
  const enough = given({ stopped: ['1', '2', '3'].map((id) => stoppedTask({ id })) });
  for (const { table } of [some, enough]) await table.watch.close('production/web', name);

  expect(await some.run()).toBeUndefined();
  expect(await enough.run()).toMatchObject({ action: 'rollBack', result: { reason: 'CRASHED' } });
  expect((await some.table.record(name))?.evidence).toMatchObject({ failedTasks: 1, reason: 'CRASHED' });
  expect(await some.table.watchItem('production/web')).toBeUndefined();
});

test('ends when the rollout succeeds', async () => {
  expect(await given({ seen: rollout({ status: 'SUCCESSFUL' }) }).run()).toMatchObject({
    action: 'finish',
    result: { outcome: 'SUCCEEDED', reason: 'DEPLOYED' },
  });
});

test('rolls back at the timeout of the service, which starts with the update', async () => {
  const { run } = given();

  expect(await run('2026-11-23T12:29:59.999Z')).toBeUndefined();
  expect(await run('2026-11-23T12:30:00.000Z')).toMatchObject({ action: 'rollBack', result: { reason: 'TIMED_OUT' } });
});

test('gives the rollback a timeout of its own', async () => {
  const rollback = { since: later, sentAt: later, method: 'stop', reason: 'CRASHED', message: 'x' } as const;
  const { run } = given({ record: { rollback }, seen: rollout({ status: 'ROLLBACK_IN_PROGRESS' }) });

  expect(await run('2026-11-23T12:34:59.999Z')).toMatchObject({ action: 'wait', deadline: '2026-11-23T12:35:00.000Z' });
  expect(await run('2026-11-23T12:35:00.000Z')).toMatchObject({ action: 'finish', result: { outcome: 'ROLLBACK_FAILED' } });
});

test('waits for a lifecycle hook as long as that takes, and names it', async () => {
  const { table, state, run } = given({ seen: rollout({ hook }) });

  expect(await run('2026-11-23T12:20:00.000Z')).toMatchObject({
    action: 'wait',
    deadline: '',
    result: { outcome: 'UNKNOWN', message: expect.stringMatching(/waits for.*ecs-pause-1/) },
  });
  expect(await run('2026-11-25T12:20:00.000Z', { deadline: '' })).toBeUndefined();
  state.seen = rollout();
  expect(await run('2026-11-25T12:20:00.000Z', { deadline: '' })).toMatchObject({
    action: 'wait',
    deadline: '2026-11-25T12:30:00.000Z',
    result: unfinished,
  });
  expect((await table.record(name))?.pause).toEqual({ seconds: 172_800, until: '2026-11-25T12:20:00.000Z' });
  expect(await run('2026-11-25T12:29:59.999Z', { deadline: '2026-11-25T12:30:00.000Z' })).toBeUndefined();
  expect(await run('2026-11-25T12:30:00.000Z')).toMatchObject({ action: 'rollBack', result: { reason: 'TIMED_OUT' } });
});

test.each([
  ['three tasks fail', { stopped: ['1', '2', '3'].map((id) => stoppedTask({ id })) }, 'CRASHED'],
  ['an operator cancels it', { decided: { cancel: { record: name } } }, 'CANCELLED'],
])('rolls a rollout back that waits for a lifecycle hook if %s', async (_, changes, reason) => {
  expect(await given({ seen: rollout({ hook }), ...changes }).run()).toMatchObject({ action: 'rollBack', result: { reason } });
});

test('watches a healthy rollout to its end although slipway.yml no longer names the service', async () => {
  const { state, run } = given({ settings: { service: 'production/renamed' } });

  expect(await run()).toBeUndefined();
  state.seen = rollout({ status: 'SUCCESSFUL' });
  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SUCCEEDED' } });
});

test('adds the bake times of the service to its timeout', async () => {
  const { run } = given({ service: { bakeSeconds: 2700 } });

  expect(await run('2026-11-23T13:14:59.999Z')).toMatchObject({ action: 'wait', deadline: '2026-11-23T13:15:00.000Z' });
  expect(await run('2026-11-23T13:15:00.000Z')).toMatchObject({ action: 'rollBack', result: { reason: 'TIMED_OUT' } });
});

test('records a placement failure while it waits, and rolls back at the limit for it', async () => {
  const event = { at: '2026-11-23T12:01:00.000Z', message: '(service web) was unable to place a task. Reason: CPU.' };
  const { table, run } = given({ service: { events: [event] } });
  const { run: soon } = given({ service: { events: [event] }, settings: { placementTimeoutSeconds: 60 } });

  expect(await run('2026-11-23T12:10:59.999Z')).toMatchObject({ action: 'wait', deadline: '2026-11-23T12:11:00.000Z' });
  expect((await table.record(name))?.evidence).toMatchObject({
    placementFailure: { since: event.at, reason: event.message },
    events: [event.message],
  });
  expect(await run('2026-11-23T12:11:00.000Z')).toMatchObject({ action: 'rollBack', result: { reason: 'PLACEMENT' } });
  expect(await soon('2026-11-23T12:02:00.000Z')).toMatchObject({ action: 'rollBack', result: { reason: 'PLACEMENT' } });
});

test('removes the placement failure once tasks are placed', async () => {
  const placementFailure = { since: startedAt, reason: 'no place' };
  const { table, run } = given({
    record: { evidence: { failedTasks: 0, reason: '', groups: [], placementFailure } },
    service: { events: [{ at: later, message: '(service web) has started 1 tasks: (task 1).' }] },
  });

  expect(await run()).toBeUndefined();
  expect((await table.record(name))?.evidence).toEqual({ failedTasks: 0, reason: '', groups: [] });
});

describe('a cancel request', () => {
  const cancelled = (record: string) => given({ decided: { cancel: { record, by: 'ann', reason: 'wrong image' } } });

  test('leads to a rollback at the next visit', async () => {
    expect(await cancelled(name).run()).toMatchObject({
      action: 'rollBack',
      result: { reason: 'CANCELLED', message: expect.stringMatching(/ann.*wrong image/) },
    });
  });

  test('for another deployment is ignored', async () => {
    expect(await cancelled('service#production/web deployment#2').run()).toBeUndefined();
  });
});

test('records a success without running tasks as NOTHING_RUNNING', async () => {
  const seen = rollout({ status: 'SUCCESSFUL' });
  const nothing = given({ seen, service: { desiredCount: 0 } });
  const some = given({ seen });

  expect(await nothing.run()).toMatchObject({ result: { outcome: 'SUCCEEDED', reason: 'NOTHING_RUNNING' } });
  await some.run();

  expect((await nothing.table.record(name))?.hadRunningTasks).toBe(false);
  expect((await some.table.record(name))?.hadRunningTasks).toBeUndefined();
});

test.each([undefined, { status: 'DRAINING' }])('ends if the service was deleted (%j), and reads nothing else', async (service) => {
  const { table, run } = given({ service, stopped: [stoppedTask()] });

  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SUPERSEDED', reason: 'SERVICE_DELETED' } });
  expect((await table.record(name))?.evidence).toBeUndefined();
});

test('compares the revision that ECS rolled back to with the last good one', async () => {
  const rollback = { taskDefinition: revisionArn(5), revision: 'revision of the fifth' };
  const known = good({ revision: revisionArn(5), digest: 'x' });
  const seen = rollout({ status: 'ROLLBACK_SUCCESSFUL', rollback, isBreakerTriggered: true, statusReason: 'the breaker' });
  const { run } = given({
    seen,
    taskDefinition: revisionArn(5),
    decided: { knownGood: [known] },
    newestServiceRevision: 'revision of the fifth',
  });

  expect(await run()).toMatchObject({
    action: 'finish',
    result: {
      outcome: 'ROLLED_BACK',
      reason: 'CIRCUIT_BREAKER',
      message: expect.stringMatching(/web:5.*web:7/),
    },
  });
});

describe('the revision at the failure', () => {
  const rollback = { taskDefinition: revisionArn(5), revision: 'revision of the fifth' };
  const seen = rollout({ status: 'ROLLBACK_SUCCESSFUL', rollback, isBreakerTriggered: true });
  const revisionAtFailure = async (more: Given) => {
    const { table, run } = given({ seen, taskDefinition: revisionArn(5), newestServiceRevision: 'revision of the fifth', ...more });
    expect(await run()).toMatchObject({ action: 'finish' });
    return (await table.record(name))?.revisionAtFailure;
  };

  test('is recorded, because ECS may roll back to another revision than the previous one', async () => {
    expect(await revisionAtFailure({})).toBe(revisionArn(5));
    expect(await revisionAtFailure({ seen: { ...seen, status: 'ROLLBACK_FAILED' } })).toBe(revisionArn(5));
  });

  test('is not recorded if the service was changed since, or the rollout succeeded', async () => {
    expect(await revisionAtFailure({ newestServiceRevision: 'revision of an operator' })).toBeUndefined();
    expect(await revisionAtFailure({ seen: rollout({ status: 'SUCCESSFUL' }), taskDefinition: ours })).toBeUndefined();
    expect(await revisionAtFailure({ service: undefined })).toBeUndefined();
  });
});

test('decides about a deployment without an image, or with an unknown digest', async () => {
  for (const record of [{ image: undefined } as object, { image: { ...image, digest: '' } }]) {
    const { run } = given({ record, seen: rollout({ status: 'SUCCESSFUL' }) });

    expect(await run()).toMatchObject({ result: { outcome: 'SUCCEEDED' } });
  }
});

describe('a rollout that ECS does not list', () => {
  const looks = async (times: readonly string[], more: Given = {}) => {
    const { table, run } = given({ seen: undefined, taskDefinition: revisionArn(9), ...more });
    let answer: Awaited<ReturnType<typeof run>>;
    for (const [index, time] of times.entries()) answer = await run(`2026-11-23T12:${time}.000Z`, { visit: { number: index, retry: 0 } });
    return { answer, notFound: (await table.record(name))?.notFound };
  };

  test.each([
    ['two looks, however long they take', ['05:00', '10:00']],
    ['three looks within half a minute', ['05:00', '05:05', '05:29']],
  ])('is waited for after %s', async (_, times) => {
    const { answer, notFound } = await looks(times);

    expect(answer).toBeUndefined();
    expect(notFound).toEqual({ count: times.length, since: later });
  });

  test.each([
    ['three looks that span half a minute', ['05:00', '05:25', '05:30']],
    ['four', ['05:00', '05:05', '05:10', '05:30']],
  ])('does not exist after %s', async (_, times) => {
    expect((await looks(times)).answer).toMatchObject({ action: 'finish', result: { outcome: 'SUPERSEDED' } });
  });

  test.each([undefined, 1])('is looked for after 25 s, though the machine does not know the deadline yet (retry %s)', async (retry = 0) => {
    const { run } = given({ seen: undefined, taskDefinition: previousRevision });
    const [seconds, nextSeconds] = retry === 0 ? [25, 25] : [5, 25];

    expect(await run(later, { deadline: '', visit: { number: 1, retry } })).toMatchObject({
      action: 'wait',
      seconds,
      nextSeconds,
      deadline,
    });
  });

  test('although the service never ran it, is requested again', async () => {
    expect((await looks(['05:00', '05:25', '05:50'], { taskDefinition: previousRevision })).answer).toMatchObject({ action: 'update' });
  });

  test('and then does, is counted anew', async () => {
    const { table, run } = given({ record: { notFound: { count: 2, since: startedAt } } });

    await run();

    expect((await table.record(name))?.notFound).toEqual({ count: 0, since: '' });
  });
});

test('a rollback is not called again within 25 s of its last call, which may not have had its effect yet', async () => {
  const called = (sentAt: string) =>
    given({ record: { rollback: { since: startedAt, sentAt, method: 'stop', reason: 'CRASHED', message: 'x' } } }).run();

  expect(await called('2026-11-23T12:04:35.001Z')).toBeUndefined();
  expect(await called('2026-11-23T12:04:35.000Z')).toMatchObject({ action: 'rollBack', result: { reason: 'CRASHED' } });
});

test('records a rollout at the first read, apart for the deployment and its rollback', async () => {
  const forward = given({ seen: rollout({ arn: 'two' }) });
  const rollback = { since: startedAt, sentAt: startedAt, method: 'update', reason: 'CRASHED', message: 'x' } as const;
  const backward = given({ record: { rollback }, seen: rollout({ arn: 'three', target: previousRevision }) });

  await forward.run();
  await backward.run();

  expect((await forward.table.record(name))?.serviceDeployment).toBe('two');
  expect(await backward.table.record(name)).toMatchObject({
    serviceDeployment: rollout().arn,
    rollback: { ...rollback, serviceDeployment: 'three' },
  });
});

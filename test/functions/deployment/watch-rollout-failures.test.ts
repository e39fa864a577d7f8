import { type StoppedTask, withRoles } from '../../../core/rollout/stopped-task.js';
import { countedFailure, isLimitReached } from '../../../core/rollout/watch-item.js';
import { crashes, later, startedAt, stoppedTask } from '../../core/given.js';
import { previous as previousRevision, rollout } from '../../core/rollout/observations.js';
import { sdkError } from '../given-failure.js';
import { given, logs, name, steady } from './given-rollout.js';

describe('failed tasks and their events', () => {
  const tasks = (...ids: string[]) => ids.map((id) => stoppedTask({ id, stoppedAt: `2026-11-23T12:0${id}:00.000Z` }));
  const event = ({ table }: ReturnType<typeof given>, task: StoppedTask) =>
    table.watch.countFailure('production/web', name, countedFailure(withRoles(task, ['app'], [])), false);
  const failed = async ({ table }: ReturnType<typeof given>) => (await table.watchItem('production/web'))?.failed;

  test('are counted once, whether a look or an event finds them first', async () => {
    const watch = given({ stopped: tasks('1', '2') });

    await event(watch, stoppedTask({ id: '1' }));
    expect(await watch.run()).toBeUndefined();
    expect(await event(watch, stoppedTask({ id: '2' }))).toBeUndefined();
    expect(await watch.table.record(name)).toMatchObject({ evidence: { failedTasks: 2, groups: [{ count: 2 }] } });
    expect(await failed(watch)).toEqual(new Set(['1', '2']));
  });

  test('are counted once if an event comes between the read of the item and the count', async () => {
    const watch = given({ stopped: tasks('1', '2') });
    const { list } = watch.state;
    watch.state.list = async () => {
      await event(watch, stoppedTask({ id: '1' }));
      return list();
    };

    expect(await watch.run()).toBeUndefined();
    expect(await watch.table.record(name)).toMatchObject({ evidence: { failedTasks: 2, groups: [{ count: 2 }] } });
  });

  test('that no event has reported have the safety net look again soon: more events may be lost', async () => {
    const watch = given({ stopped: tasks('1') });

    expect(await watch.run(later, { because: 'timedOut' })).toMatchObject({ action: 'wait', seconds: 25, longestSeconds: 60 });
    // Once it is counted, it says nothing new.
    expect((await watch.run(later, { because: 'timedOut' }))?.longestSeconds).not.toBe(60);
  });

  test('that an event has reported leave the safety net as it is', async () => {
    const watch = given({ stopped: tasks('1') });
    await event(watch, stoppedTask({ id: '1' }));

    expect((await watch.run(later, { because: 'timedOut' }))?.longestSeconds).not.toBe(60);
  });

  test('are counted up to the limit, the earliest first', async () => {
    const watch = given({ stopped: tasks('4', '2', '3', '1') });

    expect(await watch.run()).toMatchObject({ action: 'rollBack' });
    expect(await failed(watch)).toEqual(new Set(['1', '2', '3']));
    expect(await watch.table.record(name)).toMatchObject({ evidence: { failedTasks: 3, failedAt: '2026-11-23T12:03:00.000Z' } });
  });

  test('are counted up to the limit also if events reach it meanwhile', async () => {
    const watch = given({ stopped: tasks('4', '5') });
    const { list } = watch.state;
    watch.state.list = async () => {
      for (const id of ['1', '2', '3']) await event(watch, stoppedTask({ id }));
      return list();
    };

    expect(await watch.run()).toMatchObject({ action: 'rollBack' });
    expect(await failed(watch)).toEqual(new Set(['1', '2', '3']));
  });

  test('count although ECS has forgotten the tasks, or does not show them yet', async () => {
    const watch = given();
    for (const id of ['1', '2', '3']) await event(watch, stoppedTask({ id }));

    expect(await watch.run()).toMatchObject({ action: 'rollBack', result: { reason: 'CRASHED' } });
    expect(watch.tails).toEqual([[logs[0], '3', 20]]);
  });

  test('have the limit of slipway.yml, and of the tasks that the service has by now', async () => {
    const configured = given({ settings: { maxFailedTasks: 5 } });
    const scaled = given({ service: { desiredCount: 200 } });

    for (const { run } of [configured, scaled]) expect(await run()).toBeUndefined();
    expect(await configured.table.watchItem('production/web')).toMatchObject({ limit: 5 });
    expect(await scaled.table.watchItem('production/web')).toMatchObject({ limit: 20 });
  });

  test('whose log says that every further one will fail roll back at the next event', async () => {
    const watch = given({ lines: async () => ['exec /app: exec format error'] });
    await event(watch, stoppedTask({ id: '1' }));

    expect(await watch.run()).toBeUndefined();
    const after = await event(watch, stoppedTask({ id: '2' }));
    expect(after && isLimitReached(after)).toBe(true);
  });

  test('that the scheduler replaced have not failed', async () => {
    const replaced = stoppedTask({ stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Scaling activity initiated by (deployment 1)' });
    const watch = given({ stopped: [replaced] });

    expect(await watch.run()).toBeUndefined();
    expect(await failed(watch)).toBeUndefined();
  });
});

describe('tasks that failed', () => {
  test('are recorded with the last log lines of the newest task and the service events, because ECS forgets them after an hour', async () => {
    const { table, tails, run } = given({
      stopped: [stoppedTask()],
      lines: async () => ['password=hunter2', 'x'.repeat(900)],
      service: { events: [steady, { at: later, message: '(service web) is unhappy' }, { at: '2026', message: 'long ago' }] },
    });

    await run();

    expect(tails).toEqual([[logs[0], '0123456789abcdef0123456789abcdef', 20]]);
    expect((await table.record(name))?.evidence).toEqual({
      failedTasks: 1,
      failedAt: '2026-11-23T12:01:00.000Z',
      reason: 'CRASHED',
      groups: [{ count: 1, description: 'exit 1 in app: Essential container in task exited (EssentialContainerExited)' }],
      hasImageFailed: true,
      logs: { container: 'app', lines: ['password=***', 'x'.repeat(300)], task: '0123456789abcdef0123456789abcdef' },
      events: ['(service web) is unhappy'],
    });
  });

  test('show the log of the essential container, and whether our image failed', async () => {
    const agent = { container: 'agent', group: '/ecs/agent', prefix: 'ecs' };
    const record = { nonEssential: ['agent'], logs: [...logs, agent] };
    const exited = (...names: string[]) => [stoppedTask({ containers: names.map((name) => ({ name, exitCode: 1 })) })];
    const both = given({ record, stopped: exited('agent', 'app') });
    const other = given({ record, stopped: exited('envoy') });

    await both.run();
    await other.run();

    expect(both.tails).toEqual([[logs[0], '0123456789abcdef0123456789abcdef', 20]]);
    expect((await both.table.record(name))?.evidence).toMatchObject({ hasImageFailed: true, logs: { container: 'app' } });
    expect((await other.table.record(name))?.evidence).not.toHaveProperty('hasImageFailed');
  });

  test('that ECS cannot even launch roll back at the second event, with the reason', async () => {
    const noRole = { at: later, message: '(service web) failed to launch a task with (error ECS was unable to assume the role).' };
    const events = [noRole, { ...noRole, at: '2026-11-23T12:04:00.000Z' }];

    expect(await given({ service: { events: events.slice(0, 1) } }).run()).toBeUndefined();
    expect(await given({ service: { events } }).run()).toMatchObject({ action: 'rollBack', result: { reason: 'CANNOT_START' } });
  });

  test('before the desired count became 0 roll a rollout back that ECS calls successful', async () => {
    const { run } = given({ seen: rollout({ status: 'SUCCESSFUL' }), stopped: [stoppedTask()], service: { desiredCount: 0 } });

    expect(await run()).toMatchObject({ action: 'rollBack', result: { reason: 'CRASHED' } });
  });

  test('are recorded once, and stay after ECS has forgotten them', async () => {
    const { table, state, tails, run } = given({ stopped: [stoppedTask()] });

    await run();
    const recorded = (await table.record(name))?.evidence;
    await run();
    state.stopped = [];
    await run();

    expect(recorded).toMatchObject({ failedTasks: 1 });
    expect((await table.record(name))?.evidence).toEqual(recorded);
    expect(tails).toHaveLength(1);
  });

  test('stay next to an alarm that fires after ECS has forgotten them', async () => {
    const { table, run } = given({
      record: { evidence: { ...crashes, failedTasks: 2 } },
      seen: rollout({ triggeredAlarms: ['web-5xx'] }),
    });

    await run();

    expect((await table.record(name))?.evidence).toMatchObject({ ...crashes, failedTasks: 2, alarms: ['web-5xx'] });
  });

  test('three of them lead to a rollback with the reason', async () => {
    const stopped = ['1', '2', '3'].map((id) => stoppedTask({ id }));

    expect(await given({ stopped }).run()).toMatchObject({
      action: 'rollBack',
      result: {
        reason: 'CRASHED',
        message: expect.stringContaining('exit 1 in app: Essential container in task exited (EssentialContainerExited)'),
      },
    });
  });

  test('are tolerated up to the limit in slipway.yml', async () => {
    const stopped = ['1', '2', '3'].map((id) => stoppedTask({ id }));

    expect(await given({ stopped, settings: { maxFailedTasks: 4 } }).run()).toBeUndefined();
    expect(await given({ stopped: stopped.slice(0, 1), settings: { maxFailedTasks: 1 } }).run()).toMatchObject({ action: 'rollBack' });
  });

  test('are counted by ECS if it lists more than are read and the newest deployment is ours', async () => {
    const some = given({ service: { consecutiveFailures: 30 }, stopped: [stoppedTask()] });
    const others = given({ service: { consecutiveFailures: 30 }, stopped: [stoppedTask()], taskDefinition: previousRevision });
    some.state.isComplete = false;
    others.state.isComplete = false;

    expect(await some.run()).toMatchObject({
      action: 'rollBack',
      result: { message: expect.stringMatching(/30.*exit 1/) },
    });
    expect(await others.run()).toBeUndefined();
    expect((await some.table.record(name))?.evidence?.warnings).toHaveLength(1);
  });

  test('that cannot be listed are counted by ECS, and do not roll back a rollout that succeeds', async () => {
    const denied = () => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    const well = given({ seen: rollout({ status: 'SUCCESSFUL' }) });
    const badly = given({ service: { consecutiveFailures: 3 } });
    well.state.list = denied;
    badly.state.list = denied;

    expect(await well.run()).toMatchObject({ action: 'finish', result: { outcome: 'SUCCEEDED' } });
    expect(await badly.run()).toMatchObject({
      action: 'rollBack',
      result: { reason: 'CRASHED' },
    });
    expect((await badly.table.record(name))?.evidence?.warnings).toEqual([expect.stringContaining('AccessDeniedException')]);
  });

  test('whose log shows another processor architecture lead to a rollback at the second', async () => {
    const lines = async () => ['exec /app: exec format error'];

    expect(await given({ stopped: [stoppedTask()], lines }).run()).toBeUndefined();
    expect(await given({ stopped: [stoppedTask(), stoppedTask({ id: '2' })], lines }).run()).toMatchObject({
      action: 'rollBack',
      result: { reason: 'CRASHED' },
    });
  });

  test.each([
    [
      'cannot be read',
      { lines: async () => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDeniedException' })) },
      'AccessDeniedException',
    ],
    ['have no known location', { record: { logs: [] } }, '(not read: its log driver is not known)'],
    [
      'go to another log driver',
      { record: { logs: [{ container: 'app', group: '', prefix: '', unread: 'its log driver is awsfirelens' }] } },
      'awsfirelens',
    ],
    ['are empty', { lines: async () => [] }, '(it wrote nothing)'],
    [
      'do not exist because the task never ran',
      { lines: async () => Promise.reject(sdkError('ResourceNotFoundException')) },
      '(it wrote nothing)',
    ],
  ])('whose log lines %s are recorded all the same', async (_, changes, fact) => {
    const { table, run } = given({ stopped: [stoppedTask()], ...changes });

    expect(await run()).toBeUndefined();
    expect((await table.record(name))?.evidence?.logs).toMatchObject({ container: 'app', lines: [expect.stringContaining(fact)] });
  });

  test('have log lines of the container that failed only', async () => {
    const places = [
      { container: 'proxy', group: '/ecs/proxy', prefix: 'ecs' },
      { container: 'app', group: '/ecs/web', prefix: 'ecs' },
    ];
    const containers = [{ name: 'proxy', exitCode: 0 }, { name: 'sidecar' }, { name: 'app', exitCode: 1 }];
    const known = given({ record: { logs: places }, stopped: [stoppedTask({ containers })] });
    const elsewhere = given({ record: { logs: places.slice(0, 1) }, stopped: [stoppedTask({ containers })] });

    await known.run();
    await elsewhere.run();

    expect(known.tails).toEqual([[places[1], '0123456789abcdef0123456789abcdef', 20]]);
    expect((await elsewhere.table.record(name))?.evidence?.logs).toMatchObject({
      container: 'app',
      lines: ['(not read: its log driver is not known)'],
    });
  });

  test('during a rollback are no evidence against the image', async () => {
    const rollback = { since: startedAt, sentAt: startedAt, method: 'stop', reason: 'CRASHED', message: 'x' } as const;
    const { table, run } = given({ record: { rollback }, stopped: [stoppedTask()] });

    await run();

    expect(await table.record(name)).not.toHaveProperty('evidence');
    expect(await table.watchItem('production/web')).not.toHaveProperty('failed');
  });
});

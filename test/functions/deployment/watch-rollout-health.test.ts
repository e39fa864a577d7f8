import { withRoles } from '../../../core/rollout/stopped-task.js';
import { countedFailure } from '../../../core/rollout/watch-item.js';
import { stoppedTask } from '../../core/given.js';
import { sdkError } from '../given-failure.js';
import { type Given, given, name } from './given-rollout.js';

describe('tasks that failed their health checks', () => {
  const unhealthy = (id: string, health: Readonly<Record<string, string>> = {}) =>
    stoppedTask({
      id,
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed container health checks',
      containers: ['app', 'proxy'].map((one) => ({ name: one, exitCode: 137, ...(health[one] && { health: health[one] }) })),
    });
  const ids = ['1', '2', '3', '4', '5', '6'];
  const byEvents = async (more: Given) => {
    const watch = given(more);
    await watch.table.watch.expect('production/web', name, { limit: 9 });
    for (const id of ids)
      await watch.table.watch.countFailure('production/web', name, countedFailure(withRoles(unhealthy(id), ['app'], [])), false);
    return watch;
  };
  const settings = { maxFailedTasks: 9 };

  test('are described to name the container, which events do not: five of them, once', async () => {
    const watch = await byEvents({ settings, details: ids.map((id) => unhealthy(id, { app: 'UNHEALTHY', proxy: 'HEALTHY' })) });

    await watch.run();
    await watch.run();
    expect(watch.described).toEqual([ids.slice(1)]);
    expect(await watch.table.record(name)).toMatchObject({
      evidence: {
        failedTasks: 6,
        reason: 'UNHEALTHY',
        hasImageFailed: true,
        groups: [{ count: 6, description: expect.stringContaining('app is unhealthy') }],
      },
    });
  });

  test('do not speak of the image if another container was unhealthy, and are described once', async () => {
    const watch = await byEvents({ settings, details: ids.map((id) => unhealthy(id, { app: 'HEALTHY', proxy: 'UNHEALTHY' })) });

    await watch.run();
    await watch.run();
    expect(watch.described).toEqual([ids.slice(1)]);
    const { evidence } = (await watch.table.record(name)) ?? {};
    expect(evidence?.groups).toEqual([{ count: 6, description: expect.stringContaining('proxy is unhealthy') }]);
    expect(evidence).not.toHaveProperty('hasImageFailed');
  });

  test('stay unnamed if ECS has forgotten them, or does not answer', async () => {
    const forgotten = await byEvents({ settings });
    const denied = await byEvents({ settings });
    denied.failDescribe(sdkError('AccessDeniedException'));

    for (const { table, run } of [forgotten, denied]) {
      expect(await run()).toBeUndefined();
      expect((await table.record(name))?.evidence).toMatchObject({ failedTasks: 6, groups: [{ count: 6 }] });
    }
  });

  test('are one group, whether events or looks have counted them, and described once', async () => {
    const details = ['1', '2'].map((id) => unhealthy(id, { app: 'UNHEALTHY' }));
    const watch = given({ settings, stopped: details.slice(1), details });
    const byEvent = countedFailure(withRoles(unhealthy('1'), ['app'], []));
    await watch.table.watch.countFailure('production/web', name, byEvent, false);

    await watch.run();
    await watch.run();
    expect(watch.described).toEqual([['1', '2']]);
    expect((await watch.table.record(name))?.evidence).toMatchObject({
      hasImageFailed: true,
      groups: [{ count: 2, description: expect.stringContaining('app is unhealthy') }],
    });
  });

  test('are described again when more of them replace what the last look has named', async () => {
    const details = ['1', '2'].map((id) => unhealthy(id, { app: 'UNHEALTHY' }));
    const watch = given({ settings, stopped: details.slice(0, 1), details });

    await watch.run();
    watch.state.stopped = details;
    await watch.run();
    expect(watch.described).toEqual([['1'], ['1', '2']]);
    expect((await watch.table.record(name))?.evidence?.groups).toEqual([
      { count: 2, description: expect.stringContaining('app is unhealthy') },
    ]);
  });
});

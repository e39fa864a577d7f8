import type { Rollout } from '../../../core/rollout/observation.js';
import { countedFailure } from '../../../core/rollout/watch-item.js';
import { noEvidence, otherDigest, stoppedTask } from '../../core/given.js';
import { ours, previous as previousRevision, rollout } from '../../core/rollout/observations.js';
import { cancelled, crashed, finished, given, name } from './given-rollback.js';

describe('the failed tasks that events have counted', () => {
  const counting = async (options: Parameters<typeof given>[0]) => {
    const one = given(options);
    for (const id of ['1', '2'])
      await one.table.watch.countFailure('production/web', name, countedFailure(stoppedTask({ id, containers: [ourContainer] })), true);
    return one;
  };
  const ourContainer = { name: 'app', exitCode: 1, isOurs: true };

  test('are saved with the rollback, and no later one counts', async () => {
    const { table, run } = await counting({});

    await run();
    expect(await table.record(name)).toMatchObject({
      evidence: {
        failedTasks: 2,
        reason: 'CRASHED',
        failedAt: stoppedTask().stoppedAt,
        hasImageFailed: true,
        groups: [{ count: 2, description: expect.stringContaining('exit 1 in app') }],
      },
    });
    const third = countedFailure(stoppedTask({ id: '3' }));
    expect(await table.watch.countFailure('production/web', name, third, true)).toBeUndefined();
    expect(await table.watchItem('production/web')).toMatchObject({ isRollingBack: true, failed: new Set(['1', '2']) });
  });

  test('are saved also with an update, and beside what WatchRollout has found before', async () => {
    const { table, run } = await counting({ seen: finished, record: { evidence: { ...noEvidence, events: ['unhappy'] } } });

    await run({ result: cancelled });
    expect(await table.record(name)).toMatchObject({ rollback: { method: 'update' }, evidence: { failedTasks: 2, events: ['unhappy'] } });
  });

  test('do not count against a rollout that ECS has completed before: it succeeds, with a warning', async () => {
    const { table, calls, run } = await counting({ seen: finished });

    expect(await run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: expect.stringContaining('3 tasks failed') },
    });
    expect(calls).toEqual([]);
    expect(await table.record(name)).toMatchObject({ evidence: { failedTasks: 2 } });
    expect(await table.record(name)).not.toHaveProperty('rollback');
  });

  test.each<[string, Parameters<typeof given>[0], object]>([
    ['with another image', { seen: rollout({ status: 'SUCCESSFUL', digests: [otherDigest] }) }, {}],
    ['that an operator cancelled', { seen: finished }, { result: cancelled }],
    ['that timed out', { seen: finished }, { result: { ...crashed, reason: 'TIMED_OUT' } }],
    ['and that runs no task any more', { seen: finished, desiredCount: 0 }, {}],
  ])('lead to a rollback of a completed rollout %s', async (_, options, input) => {
    const { calls, run } = await counting(options);

    expect(await run(input)).toMatchObject({ action: 'watch' });
    expect(calls).toEqual([`update ${previousRevision} by method update`]);
  });
});

test('rolls back without a watch item of its own', async () => {
  const { table, calls, run } = given({});
  await table.watch.close('production/web', name);

  expect(await run()).toMatchObject({ action: 'watch' });
  expect(calls).toHaveLength(1);
  expect(await table.record(name)).toMatchObject({ evidence: noEvidence });
});

describe('after a failed step, not a failed rollout,', () => {
  const failed = {
    result: { outcome: 'UNKNOWN', reason: 'AWS_ERROR', message: '' },
    caught: { state: 'WatchRollout', error: 'x', cause: '' },
  };

  test('a rollout that ECS reports as successful is a success, and is not rolled back', async () => {
    const { calls, run } = given({ seen: finished, on: ours });

    expect(await run(failed)).toMatchObject({ action: 'finish', result: { outcome: 'SUCCEEDED' } });
    expect(calls).toEqual([]);
  });

  test.each<[string, Rollout]>([
    ['is in progress', rollout()],
    ['runs another digest', rollout({ status: 'SUCCESSFUL', digests: [otherDigest] })],
  ])('a rollout that %s is rolled back', async (_, seen) => {
    const { calls, run } = given({ seen, on: ours });

    expect(await run(failed)).toMatchObject({ action: 'watch' });
    expect(calls).toHaveLength(1);
  });
});

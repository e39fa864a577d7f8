import { later } from '../../core/given.js';
import { other, ours, previous as previousRevision, rollout } from '../../core/rollout/observations.js';
import { sdkError } from '../given-failure.js';
import { cancelled, finished, given, name, nextVisit, retry } from './given-rollback.js';

describe('an update that fails', () => {
  const failing = (updateError: Error) => given({ seen: finished, updateError });
  const runTwice = async ({ run }: ReturnType<typeof given>) => {
    await expect(run({ result: cancelled })).rejects.toThrow();
    return run({ result: cancelled, visit: retry });
  };

  test('with an error of AWS may have reached ECS: a retry sends no second one, and the next visit does', async () => {
    const update = failing(sdkError('ServerException', 'x', 500));

    expect(await runTwice(update)).toMatchObject({ action: 'watch' });
    expect(update.calls).toHaveLength(1);
    await expect(update.run({ visit: nextVisit })).rejects.toMatchObject({ name: 'ServerException' });
    expect(update.calls).toHaveLength(2);
  });

  test('with a client error did not reach ECS: a retry sends it again', async () => {
    const update = failing(sdkError('ThrottlingException'));

    await expect(runTwice(update)).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(update.calls).toHaveLength(2);
  });
});

describe('a stop that ECS refuses', () => {
  const update = `update ${previousRevision} by method update`;
  const stop = `stop ${rollout().arn} by method stop`;
  const conflict = { stopError: sdkError('ConflictException') };

  test('with a conflict is tried again, and becomes an update if it is refused again while the rollout continues', async () => {
    const { table, calls, run } = given(conflict);

    expect(await run()).toMatchObject({ action: 'watch' });
    expect((await table.record(name))?.rollback).toMatchObject({ method: 'stop', stopRefusals: 1 });
    expect(await run({ visit: nextVisit, now: '2026-11-23T12:06:00.000Z' })).toMatchObject({ action: 'watch' });

    expect(calls).toEqual([stop, stop, update]);
    expect((await table.record(name))?.rollback).toEqual({
      since: later,
      sentAt: '2026-11-23T12:06:00.000Z',
      method: 'update',
      reason: 'CRASHED',
      message: '3 tasks failed',
      from: ours,
    });
  });

  test.each(['AccessDeniedException', 'InvalidParameterException', 'ServiceDeploymentNotFoundException', 'ClientException'])(
    'with %s becomes an update at once, and one only if the step runs twice',
    async (error) => {
      const { calls, run } = given({ stopError: sdkError(error) });

      expect(await run()).toEqual(await run({ visit: retry }));
      expect(calls).toEqual([stop, update]);
    },
  );

  test.each(['STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_FAILED'])(
    'changes nothing if the rollout is %s',
    async (status) => {
      const { calls, run } = given({ seen: rollout({ status }), stopError: sdkError('AccessDeniedException') });

      expect(await run()).toMatchObject({ action: 'watch' });
      expect(calls).toEqual([stop]);
    },
  );

  test('changes nothing if a newer deployment has changed the service', async () => {
    const { calls, run } = given({ on: other, stopError: sdkError('AccessDeniedException') });

    expect(await run()).toMatchObject({ action: 'watch' });
    expect(calls).toEqual([stop]);
  });
});

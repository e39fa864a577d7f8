import type { DeploymentRecord } from '../../../core/records/records.js';
import { unfinished } from '../../../core/result/result.js';
import type { Rollout } from '../../../core/rollout/observation.js';
import { countedFailure } from '../../../core/rollout/watch-item.js';
import { rollBack } from '../../../functions/deployment/roll-back.js';
import { configuration, deploymentRecord, execution, later, noEvidence, otherDigest, startedAt, stoppedTask } from '../../core/given.js';
import { other, ours, previous as previousRevision, rollout } from '../../core/rollout/observations.js';
import { givenTable } from '../../support/given-table.js';
import { nothingCaught, sdkError } from '../given-failure.js';
import { serviceOn } from '../given-service.js';

const name = 'service#production/web deployment#1';
const crashed = { outcome: 'ROLLBACK_FAILED', reason: 'CRASHED', message: '3 tasks failed' } as const;

const visit = { number: 6, retry: 0 };
const retry = { number: 6, retry: 1 };
const nextVisit = { number: 8, retry: 0 };
const watched = {
  'production/web': { record: name, execution, fencingToken: 1, news: 1, seen: 1, token: 'of WatchRollout', revision: ours, limit: 3 },
};

/** An ECS in which the service is on a revision, our rollout has a status, and an update has a rollout of its own. */
const given = ({
  on = ours,
  seen = rollout(),
  record = {},
  stopError,
  updateError,
  desiredCount = 3,
}: {
  on?: string | undefined;
  seen?: Rollout | undefined;
  record?: Partial<DeploymentRecord>;
  stopError?: Error;
  updateError?: Error;
  desiredCount?: number;
}) => {
  const table = givenTable({
    records: {
      [name]: deploymentRecord({
        previousRevision,
        revision: ours,
        updateRequestedAt: startedAt,
        serviceDeployment: seen?.arn ?? '',
        ...record,
      }),
    },
    watched,
  });
  const calls: string[] = [];
  let current = on;
  const run = rollBack({
    configuration,
    services: {
      describe: async () => (current === '' ? undefined : serviceOn(current, { desiredCount })),
      update: async (_, taskDefinition) => {
        calls.push(`update ${taskDefinition} by method ${(await table.record(name))?.rollback?.method}`);
        if (updateError) throw updateError;
        current = taskDefinition;
        return undefined;
      },
    },
    rollouts: {
      describe: async () => seen,
      find: async (_, target) => {
        if (target !== previousRevision) return seen;
        if (updateError) return undefined;
        return calls.length > 0 ? rollout({ arn: 'back', target: previousRevision }) : seen;
      },
      newestServiceRevision: async () => seen?.targetServiceRevision,
      stop: async (arn) => {
        calls.push(`stop ${arn} by method ${(await table.record(name))?.rollback?.method}`);
        if (stopError) throw stopError;
      },
    },
    ...table,
  });
  const input = { service: 'production/web', record: name, result: crashed, caught: nothingCaught, execution, visit, now: later };
  return { table, calls, run: (changes: object = {}) => run({ ...input, ...changes }) };
};
const finished = rollout({ status: 'SUCCESSFUL' });

test('stops a rollout in progress after it recorded the rollback', async () => {
  const { table, calls, run } = given({});

  expect(await run()).toMatchObject({ action: 'watch', seconds: 25, longestSeconds: 60, deadline: '2026-11-23T12:35:00.000Z' });
  expect(calls).toEqual([`stop ${rollout().arn} by method stop`]);
  expect(await table.record(name)).toMatchObject({
    notFound: { count: 0, since: '' },
    rollback: { since: later, sentAt: later, method: 'stop', reason: 'CRASHED', message: '3 tasks failed' },
  });
});

const cancelled = { outcome: 'ROLLBACK_FAILED', reason: 'CANCELLED', message: 'ann cancelled it' } as const;

test('updates a service whose rollout has just finished to the previous revision', async () => {
  const { table, calls, run } = given({ seen: finished });

  expect(await run({ result: cancelled })).toMatchObject({ action: 'watch' });
  expect(calls).toEqual([`update ${previousRevision} by method update`]);
  expect((await table.record(name))?.rollback?.method).toBe('update');
});

test('updates once if it runs twice', async () => {
  const { calls, run } = given({ seen: finished });

  expect(await run({ result: cancelled })).toEqual(await run({ result: cancelled, visit: retry, now: '2026-11-23T12:05:02.000Z' }));
  expect(calls).toHaveLength(1);
});

describe('run again after its update', () => {
  const rollback = { since: startedAt, sentAt: startedAt, method: 'update', reason: 'CRASHED', message: '3 tasks failed' } as const;
  const again = (on: string, seen: Rollout | undefined) => {
    const calls: string[] = [];
    const run = rollBack({
      configuration,
      services: {
        describe: async () => serviceOn(on),
        update: async (_, taskDefinition) => {
          calls.push(`update ${taskDefinition}`);
          return undefined;
        },
      },
      rollouts: {
        describe: async () => seen,
        find: async () => seen,
        newestServiceRevision: async () => undefined,
        stop: async () => undefined,
      },
      ...givenTable({
        records: { [name]: deploymentRecord({ previousRevision, revision: ours, updateRequestedAt: startedAt, rollback }) },
      }),
    });
    return {
      calls,
      run: () => run({ service: 'production/web', record: name, result: unfinished, caught: nothingCaught, execution, visit, now: later }),
    };
  };

  test.each([
    ['that ECS lists', ours, rollout({ arn: 'back', target: previousRevision })],
    ['that the service already runs', previousRevision, undefined],
  ])('%s, it sends no second one', async (_, on, seen) => {
    const { calls, run } = again(on, seen);

    expect(await run()).toMatchObject({ action: 'watch' });
    expect(calls).toEqual([]);
  });

  test('that ECS does not show, it sends the update again', async () => {
    const { calls, run } = again(ours, undefined);

    expect(await run()).toMatchObject({ action: 'watch' });
    expect(calls).toEqual([`update ${previousRevision}`]);
  });
});

test('keeps the deadline of a rollback that has begun', async () => {
  const rollback = { since: startedAt, sentAt: startedAt, method: 'stop', reason: 'CRASHED', message: '3 tasks failed' } as const;

  expect(await given({ record: { rollback } }).run()).toMatchObject({ deadline: '2026-11-23T12:30:00.000Z' });
  expect(await given({ record: { rollback: { ...rollback, since: '2026-11-23T11:00:00.000Z' } } }).run()).toMatchObject({ deadline: '' });
});

test('stops the same rollout again if it runs twice, and keeps the first reason and deadline', async () => {
  const { table, calls, run } = given({});

  await run();
  await run({ visit: nextVisit, now: '2026-11-23T12:09:00.000Z', result: { ...crashed, reason: 'TIMED_OUT', message: 'later' } });

  expect(new Set(calls).size).toBe(1);
  expect((await table.record(name))?.rollback).toMatchObject({
    since: later,
    sentAt: '2026-11-23T12:09:00.000Z',
    reason: 'CRASHED',
    message: '3 tasks failed',
  });
});

test.each([
  [other, finished],
  [other, rollout({ status: 'STOPPED' })],
  [previousRevision, rollout({ status: 'STOPPED' })],
])('leaves a service alone that was changed to %s meanwhile', async (on, seen) => {
  const { calls, run } = given({ on, seen });

  expect(await run({ result: cancelled })).toMatchObject({
    action: 'finish',
    result: {
      outcome: 'SUPERSEDED',
      reason: 'NEWER_DEPLOYMENT',
      message: expect.stringContaining('ann cancelled it'),
    },
  });
  expect(calls).toEqual([]);
});

test('reads a rollout that ECS has just stopped again before it updates the service', async () => {
  const stopped = rollout({ status: 'STOPPED', finishedAt: later });
  const { calls, run } = given({ seen: stopped, stopError: sdkError('ConflictException') });

  expect(await run()).toMatchObject({ action: 'watch' });
  expect(calls).toEqual([`stop ${stopped.arn} by method stop`]);

  expect(await run({ visit: nextVisit, now: '2026-11-23T12:05:30.000Z' })).toMatchObject({ action: 'watch' });
  expect(calls.slice(1)).toEqual([`update ${previousRevision} by method update`]);
});

test('ends with SERVICE_DELETED if the service was deleted', async () => {
  const { calls, run } = given({ on: '' });

  expect(await run()).toMatchObject({
    action: 'finish',
    result: { outcome: 'SUPERSEDED', reason: 'SERVICE_DELETED', message: expect.stringContaining('3 tasks failed') },
  });
  expect(calls).toEqual([]);
});

test('waits for a late update if none has reached ECS, with nothing to roll back', async () => {
  const table = givenTable({ records: { [name]: deploymentRecord({ previousRevision, revision: ours, updateRequestedAt: startedAt }) } });
  const never = async () => {
    throw new Error('unexpected call');
  };
  const run = rollBack({
    configuration,
    services: { describe: async () => serviceOn(previousRevision), update: never },
    rollouts: { describe: async () => undefined, find: async () => undefined, newestServiceRevision: never, stop: never },
    ...table,
  });
  const caught = {
    state: 'UpdateService',
    error: 'TransientAwsError',
    cause: '{"errorMessage":"ThrottlingException: Rate exceeded","trace":[]}',
  };

  expect(await run({ service: 'production/web', record: name, result: unfinished, caught, execution, visit, now: later })).toMatchObject({
    action: 'watch',
  });
  expect((await table.record(name))?.rollback).toEqual({
    since: later,
    sentAt: later,
    method: 'none',
    reason: 'AWS_ERROR',
    message: expect.stringContaining('ThrottlingException: Rate exceeded'),
  });
});

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

test.each([
  ['ThrottlingException', sdkError('ThrottlingException')],
  ['ServerException', sdkError('ServerException', 'no', 500)],
])('fails, and is tried again, if the stop fails with %s', async (name, stopError) => {
  await expect(given({ stopError }).run()).rejects.toMatchObject({ name });
});

test.each<[string, Partial<DeploymentRecord>]>([
  ['of which a later visit has begun', { visit: 7000 }],
  ['of which a retry has begun', { visit: 6001 }],
  ['whose deployment has ended', { endedAt: later }],
])('a late invocation, %s, sends nothing', async (_, changes) => {
  for (const seen of [rollout(), finished]) {
    const before = given({ seen, record: changes });
    const during = given({ seen });
    const { beginRollback } = during.table.watch;
    jest.spyOn(during.table.watch, 'beginRollback').mockImplementationOnce(async (...begin) => {
      await during.table.records.update(name, changes);
      return beginRollback.apply(during.table.watch, begin);
    });

    const action = changes.endedAt === undefined ? 'watch' : 'finish';
    expect(await before.run({ result: cancelled })).toMatchObject({ action });
    expect(before.table.writes).toEqual([]);
    expect(await during.run({ result: cancelled })).toMatchObject({ action: 'watch' });
    expect([before.calls, during.calls]).toEqual([[], []]);
    expect(await during.table.record(name)).not.toHaveProperty('rollback');
  }
});

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

import type { DeploymentRecord } from '../../../core/records/records.js';
import { unfinished } from '../../../core/result/result.js';
import type { Rollout } from '../../../core/rollout/observation.js';
import { rollBack } from '../../../functions/deployment/roll-back.js';
import { configuration, deploymentRecord, execution, later, startedAt } from '../../core/given.js';
import { other, ours, previous as previousRevision, rollout } from '../../core/rollout/observations.js';
import { givenTable } from '../../support/given-table.js';
import { nothingCaught, sdkError } from '../given-failure.js';
import { serviceOn } from '../given-service.js';
import { cancelled, crashed, finished, given, name, nextVisit, retry, visit } from './given-rollback.js';

test('stops a rollout in progress after it recorded the rollback', async () => {
  const { table, calls, run } = given({});

  expect(await run()).toMatchObject({ action: 'watch', seconds: 25, longestSeconds: 60, deadline: '2026-11-23T12:35:00.000Z' });
  expect(calls).toEqual([`stop ${rollout().arn} by method stop`]);
  expect(await table.record(name)).toMatchObject({
    notFound: { count: 0, since: '' },
    rollback: { since: later, sentAt: later, method: 'stop', reason: 'CRASHED', message: '3 tasks failed' },
  });
});

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

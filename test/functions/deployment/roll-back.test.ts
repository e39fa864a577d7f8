import type { DeploymentRecord } from '../../../core/records/records.js';
import { unfinished } from '../../../core/result/result.js';
import type { Rollout } from '../../../core/rollout/observation.js';
import { rollBack } from '../../../functions/deployment/roll-back.js';
import { deploymentRecord, later, otherDigest, startedAt } from '../../core/given.js';
import { other, ours, previous as previousRevision, rollout } from '../../core/rollout/observations.js';
import { givenTable } from '../../support/given-table.js';
import { nothingCaught, sdkError } from '../given-failure.js';
import { serviceOn } from '../given-service.js';

const name = 'service#production/web deployment#1';
const crashed = { outcome: 'ROLLBACK_FAILED', reason: 'CRASHED', message: '3 tasks failed' } as const;

/** An ECS in which the service is on a revision, our rollout has a status, and an update has a rollout of its own. */
const given = ({
  on = ours,
  seen = rollout(),
  record = {},
  stopError,
}: {
  on?: string | undefined;
  seen?: Rollout | undefined;
  record?: Partial<DeploymentRecord>;
  stopError?: Error;
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
  });
  const calls: string[] = [];
  let current = on;
  const run = rollBack({
    services: {
      describe: async () => (current === '' ? undefined : serviceOn(current)),
      update: async (_, taskDefinition) => {
        calls.push(`update ${taskDefinition} by method ${(await table.record(name))?.rollback?.method}`);
        current = taskDefinition;
        return undefined;
      },
    },
    rollouts: {
      describe: async () => seen,
      find: async (_, target) =>
        target === previousRevision && calls.length > 0 ? rollout({ arn: 'back', target: previousRevision }) : seen,
      newestServiceRevision: async () => seen?.targetServiceRevision,
      stop: async (arn) => {
        calls.push(`stop ${arn} by method ${(await table.record(name))?.rollback?.method}`);
        if (stopError) throw stopError;
      },
    },
    ...table,
  });
  const input = { service: 'production/web', record: name, result: crashed, caught: nothingCaught, visit: 'the first visit', now: later };
  return { table, calls, run: (changes: object = {}) => run({ ...input, ...changes }) };
};
const finished = rollout({ status: 'SUCCESSFUL' });

test('stops a rollout in progress after it recorded the rollback', async () => {
  const { table, calls, run } = given({});

  expect(await run()).toMatchObject({ action: 'wait', waitSeconds: 25 });
  expect(calls).toEqual([`stop ${rollout().arn} by method stop`]);
  expect(await table.record(name)).toMatchObject({
    notFoundCount: 0,
    rollback: { since: later, method: 'stop', reason: 'CRASHED', message: '3 tasks failed' },
  });
});

test('updates a service whose rollout has just finished to the previous revision', async () => {
  const { table, calls, run } = given({ seen: finished });

  expect(await run()).toMatchObject({ action: 'wait' });
  expect(calls).toEqual([`update ${previousRevision} by method update`]);
  expect((await table.record(name))?.rollback?.method).toBe('update');
});

test('updates once if it runs twice', async () => {
  const { calls, run } = given({ seen: finished });

  expect(await run()).toEqual(await run({ now: '2026-11-23T12:05:02.000Z' }));
  expect(calls).toHaveLength(1);
});

describe('run again after its update', () => {
  const rollback = { since: startedAt, method: 'update', reason: 'CRASHED', message: '3 tasks failed' } as const;
  const again = (on: string, seen: Rollout | undefined) => {
    const calls: string[] = [];
    const run = rollBack({
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
      run: () => run({ service: 'production/web', record: name, result: unfinished, caught: nothingCaught, visit: 'a visit', now: later }),
    };
  };

  test.each([
    ['that ECS lists', ours, rollout({ arn: 'back', target: previousRevision })],
    ['that the service already runs', previousRevision, undefined],
  ])('%s, it sends no second one', async (_, on, seen) => {
    const { calls, run } = again(on, seen);

    expect(await run()).toMatchObject({ action: 'wait' });
    expect(calls).toEqual([]);
  });

  test('that ECS does not show, it sends the update again', async () => {
    const { calls, run } = again(ours, undefined);

    expect(await run()).toMatchObject({ action: 'wait' });
    expect(calls).toEqual([`update ${previousRevision}`]);
  });
});

test('waits longer between two reads the longer the rollback takes', async () => {
  const rollback = { since: startedAt, method: 'stop', reason: 'CRASHED', message: '3 tasks failed' } as const;

  expect(await given({ record: { rollback } }).run()).toMatchObject({ waitSeconds: 25 });
  expect(await given({ record: { rollback: { ...rollback, since: '2026-11-23T11:00:00.000Z' } } }).run()).toMatchObject({
    waitSeconds: 60,
  });
});

test('stops the same rollout again if it runs twice, and keeps the first reason and deadline', async () => {
  const { table, calls, run } = given({});

  await run();
  await run({ now: '2026-11-23T12:09:00.000Z', result: { ...crashed, reason: 'TIMED_OUT', message: 'later' } });

  expect(new Set(calls).size).toBe(1);
  expect((await table.record(name))?.rollback).toMatchObject({ since: later, reason: 'CRASHED', message: '3 tasks failed' });
});

test.each([
  [other, finished],
  [other, rollout({ status: 'STOPPED' })],
  [previousRevision, rollout({ status: 'STOPPED' })],
])('leaves a service alone that was changed to %s meanwhile', async (on, seen) => {
  const { calls, run } = given({ on, seen });

  expect(await run()).toMatchObject({
    action: 'finish',
    result: {
      outcome: 'SUPERSEDED',
      reason: 'NEWER_DEPLOYMENT',
      message: expect.stringContaining('3 tasks failed'),
    },
  });
  expect(calls).toEqual([]);
});

test('reads a rollout that ECS has just stopped again before it updates the service', async () => {
  const stopped = rollout({ status: 'STOPPED', finishedAt: later });
  const { calls, run } = given({ seen: stopped, stopError: sdkError('ConflictException') });

  expect(await run()).toMatchObject({ action: 'wait' });
  expect(calls).toEqual([`stop ${stopped.arn} by method stop`]);

  expect(await run({ visit: 'the next visit', now: '2026-11-23T12:05:30.000Z' })).toMatchObject({ action: 'wait' });
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
    services: { describe: async () => serviceOn(previousRevision), update: never },
    rollouts: { describe: async () => undefined, find: async () => undefined, newestServiceRevision: never, stop: never },
    ...table,
  });
  const caught = {
    state: 'UpdateService',
    error: 'TransientAwsError',
    cause: '{"errorMessage":"ThrottlingException: Rate exceeded","trace":[]}',
  };

  expect(await run({ service: 'production/web', record: name, result: unfinished, caught, visit: 'a visit', now: later })).toMatchObject({
    action: 'wait',
  });
  expect((await table.record(name))?.rollback).toEqual({
    since: later,
    method: 'none',
    reason: 'AWS_ERROR',
    message: expect.stringContaining('ThrottlingException: Rate exceeded'),
  });
});

describe('a stop that ECS refuses', () => {
  const update = `update ${previousRevision} by method update`;
  const stop = `stop ${rollout().arn} by method stop`;
  const conflict = { stopError: sdkError('ConflictException') };

  test('with a conflict is tried again, and becomes an update if it is refused again while the rollout continues', async () => {
    const { table, calls, run } = given(conflict);

    expect(await run()).toMatchObject({ action: 'wait' });
    expect((await table.record(name))?.rollback).toMatchObject({ method: 'stop', stopRefusals: 1 });
    expect(await run({ visit: 'the next visit', now: '2026-11-23T12:06:00.000Z' })).toMatchObject({ action: 'wait' });

    expect(calls).toEqual([stop, stop, update]);
    expect((await table.record(name))?.rollback).toEqual({
      since: later,
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

      expect(await run()).toEqual(await run());
      expect(calls).toEqual([stop, update]);
    },
  );

  test.each(['STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_FAILED'])(
    'changes nothing if the rollout is %s',
    async (status) => {
      const { calls, run } = given({ seen: rollout({ status }), stopError: sdkError('AccessDeniedException') });

      expect(await run()).toMatchObject({ action: 'wait' });
      expect(calls).toEqual([stop]);
    },
  );

  test('changes nothing if a newer deployment has changed the service', async () => {
    const { calls, run } = given({ on: other, stopError: sdkError('AccessDeniedException') });

    expect(await run()).toMatchObject({ action: 'wait' });
    expect(calls).toEqual([stop]);
  });
});

test.each([
  ['ThrottlingException', sdkError('ThrottlingException')],
  ['ServerException', sdkError('ServerException', 'no', 500)],
])('fails, and is tried again, if the stop fails with %s', async (name, stopError) => {
  await expect(given({ stopError }).run()).rejects.toMatchObject({ name });
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

    expect(await run(failed)).toMatchObject({ action: 'wait' });
    expect(calls).toHaveLength(1);
  });
});

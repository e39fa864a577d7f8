import type { ServiceDescription } from '../../../aws/service.js';
import type { DeploymentRecord } from '../../../core/records/records.js';
import type { Rollout } from '../../../core/rollout/observation.js';
import { rollBack } from '../../../functions/deployment/roll-back.js';
import { deploymentRecord, later, otherDigest, startedAt } from '../../core/given.js';
import { other, ours, previous as previousRevision, rollout } from '../../core/rollout/observations.js';
import { literalLedger, noTrouble, sdkError, unknown } from '../given.js';

const name = 'service#production/web deployment#1';
const crashed = { outcome: 'ROLLBACK_FAILED', reason: 'CRASHED', message: '3 tasks failed' } as const;
const serviceOn = (taskDefinition: string): ServiceDescription => ({
  status: 'ACTIVE',
  taskDefinition,
  desiredCount: 3,
  controller: 'ECS',
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  deployments: [],
  events: [],
});

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
  const records = literalLedger({
    [name]: deploymentRecord({
      previousRevision,
      revision: ours,
      updateRequestedAt: startedAt,
      serviceDeployment: seen?.arn ?? '',
      ...record,
    }),
  });
  const calls: string[] = [];
  let current = on;
  const run = rollBack({
    services: {
      describe: async () => (current === '' ? undefined : serviceOn(current)),
      update: async (_, taskDefinition) => {
        calls.push(`update ${taskDefinition}, noted ${records.records[name]?.rollback?.method}`);
        current = taskDefinition;
        return undefined;
      },
    },
    rollouts: {
      describe: async () => seen,
      find: async (_, target) =>
        target === previousRevision && calls.length > 0 ? rollout({ arn: 'back', target: previousRevision }) : seen,
      newestRevision: async () => seen?.targetRevision,
      stop: async (arn) => {
        calls.push(`stop ${arn}, noted ${records.records[name]?.rollback?.method}`);
        if (stopError) throw stopError;
      },
    },
    records,
  });
  const input = { service: 'production/web', record: name, result: crashed, caught: noTrouble, now: later };
  return { records, calls, run: (changes: object = {}) => run({ ...input, ...changes }) };
};
const finished = rollout({ status: 'SUCCESSFUL' });

test('a rollout under way is stopped by its own name, after the way back was noted', async () => {
  const { records, calls, run } = given({});

  expect(await run()).toMatchObject({ action: 'wait', waitSeconds: 25 });
  expect(calls).toEqual([`stop ${rollout().arn}, noted stop`]);
  expect(records.records[name]).toMatchObject({
    notFoundCount: 0,
    rollback: { since: later, method: 'stop', reason: 'CRASHED', message: '3 tasks failed' },
  });
});

test('a service whose rollout had just finished is updated to what ran before', async () => {
  const { records, calls, run } = given({ seen: finished });

  expect(await run()).toMatchObject({ action: 'wait' });
  expect(calls).toEqual([`update ${previousRevision}, noted update`]);
  expect(records.records[name]?.rollback?.method).toBe('update');
});

test('run twice, it updates once', async () => {
  const { calls, run } = given({ seen: finished });

  expect(await run()).toEqual(await run());
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
      rollouts: { describe: async () => seen, find: async () => seen, newestRevision: async () => undefined, stop: async () => undefined },
      records: literalLedger({ [name]: deploymentRecord({ previousRevision, revision: ours, updateRequestedAt: startedAt, rollback }) }),
    });
    return { calls, run: () => run({ service: 'production/web', record: name, result: unknown, caught: noTrouble, now: later }) };
  };

  test.each([
    ['that is shown', ours, rollout({ arn: 'back', target: previousRevision })],
    ['that the service shows', previousRevision, undefined],
  ])('%s, it sends nothing', async (_, on, seen) => {
    const { calls, run } = again(on, seen);

    expect(await run()).toMatchObject({ action: 'wait' });
    expect(calls).toEqual([]);
  });

  test('of which nothing is to be seen, it sends it again', async () => {
    const { calls, run } = again(ours, undefined);

    expect(await run()).toMatchObject({ action: 'wait' });
    expect(calls).toEqual([`update ${previousRevision}`]);
  });
});

test('the longer the way back takes, the longer it waits until the next look', async () => {
  const rollback = { since: startedAt, method: 'stop', reason: 'CRASHED', message: '3 tasks failed' } as const;

  expect(await given({ record: { rollback } }).run()).toMatchObject({ waitSeconds: 25 });
  expect(await given({ record: { rollback: { ...rollback, since: '2026-11-23T11:00:00.000Z' } } }).run()).toMatchObject({
    waitSeconds: 60,
  });
});

test('run twice, it stops the same rollout twice, which ECS takes for once, and keeps the first reason and deadline', async () => {
  const { records, calls, run } = given({});

  await run();
  await run({ now: '2026-11-23T12:09:00.000Z', result: { ...crashed, reason: 'TIMED_OUT', message: 'later' } });

  expect(new Set(calls).size).toBe(1);
  expect(records.records[name]?.rollback).toMatchObject({ since: later, reason: 'CRASHED', message: '3 tasks failed' });
});

test.each([
  [other, finished],
  [other, rollout({ status: 'STOPPED' })],
  [previousRevision, rollout({ status: 'STOPPED' })],
])('a service that somebody took to %s is left alone', async (on, seen) => {
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

test('a rollout that ECS has just stopped is looked at again before anything is undone', async () => {
  const stopped = rollout({ status: 'STOPPED', finishedAt: later });
  const { calls, run } = given({ seen: stopped, stopError: sdkError('ConflictException') });

  expect(await run()).toMatchObject({ action: 'wait' });
  expect(calls).toEqual([`stop ${stopped.arn}, noted stop`]);

  expect(await run({ now: '2026-11-23T12:05:30.000Z' })).toMatchObject({ action: 'wait' });
  expect(calls.slice(1)).toEqual([`update ${previousRevision}, noted update`]);
});

test('a service that was deleted is told as deleted', async () => {
  const { calls, run } = given({ on: '' });

  expect(await run()).toMatchObject({
    action: 'finish',
    result: { outcome: 'SUPERSEDED', reason: 'SERVICE_DELETED', message: expect.stringContaining('3 tasks failed') },
  });
  expect(calls).toEqual([]);
});

test('where the update never reached ECS there is nothing to take back, and it is watched that nothing comes', async () => {
  const records = literalLedger({ [name]: deploymentRecord({ previousRevision, revision: ours, updateRequestedAt: startedAt }) });
  const never = async () => {
    throw new Error('nothing is to be done');
  };
  const run = rollBack({
    services: { describe: async () => serviceOn(previousRevision), update: never },
    rollouts: { describe: async () => undefined, find: async () => undefined, newestRevision: never, stop: never },
    records,
  });
  const caught = {
    state: 'UpdateService',
    error: 'TransientAwsError',
    cause: '{"errorMessage":"ThrottlingException: Rate exceeded","trace":[]}',
  };

  expect(await run({ service: 'production/web', record: name, result: unknown, caught, now: later })).toMatchObject({ action: 'wait' });
  expect(records.records[name]?.rollback).toEqual({
    since: later,
    method: 'none',
    reason: 'AWS_ERROR',
    message: expect.stringContaining('ThrottlingException: Rate exceeded'),
  });
});

test.each(['ConflictException', 'InvalidParameterException', 'ServiceDeploymentNotFoundException'])(
  'a stop that ECS refuses with %s came too late: the next look says how it ended',
  async (error) => {
    expect(await given({ stopError: sdkError(error) }).run()).toMatchObject({ action: 'wait' });
  },
);

test.each(['AccessDeniedException', 'ThrottlingException'])('a stop that ends in %s is an error', async (error) => {
  await expect(given({ stopError: sdkError(error) }).run()).rejects.toMatchObject({ name: error });
});

describe('where looks failed, and not the rollout,', () => {
  const failed = {
    result: { outcome: 'UNKNOWN', reason: 'AWS_ERROR', message: '' },
    caught: { state: 'WatchRollout', error: 'x', cause: '' },
  };

  test('a rollout that ECS has proved is a success, and is not taken back', async () => {
    const { calls, run } = given({ seen: finished, on: ours });

    expect(await run(failed)).toMatchObject({ action: 'finish', result: { outcome: 'SUCCEEDED' } });
    expect(calls).toEqual([]);
  });

  test.each<[string, Rollout]>([
    ['is under way', rollout()],
    ['rolled out another digest', rollout({ status: 'SUCCESSFUL', digests: [otherDigest] })],
  ])('one that %s is taken back', async (_, seen) => {
    const { calls, run } = given({ seen, on: ours });

    expect(await run(failed)).toMatchObject({ action: 'wait' });
    expect(calls).toHaveLength(1);
  });
});

import type { ServiceDescription } from '../../../aws/service.js';
import type { DeploymentRecord, ServiceState } from '../../../core/records/records.js';
import { updateService } from '../../../functions/deployment/update-service.js';
import { deploymentRecord, later, lease, revisionArn, startedAt } from '../../core/given.js';
import { rollout } from '../../core/rollout/observations.js';
import { literalLedger, sdkError } from '../given.js';

const name = 'service#production/web deployment#1';
const service = (taskDefinition: string, changes: Partial<ServiceDescription> = {}): ServiceDescription => ({
  status: 'ACTIVE',
  taskDefinition,
  desiredCount: 3,
  controller: 'ECS',
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  deployments: [],
  events: [],
  ...changes,
});

const mine: ServiceState = { lease: lease() };

/** A service that runs revision 7 until it is updated, and an ECS that may lose its answers. */
const given = ({
  record = {},
  described = service(revisionArn(7)),
  state = mine,
  isLost = false,
  isShown = true,
}: {
  record?: Partial<DeploymentRecord>;
  state?: ServiceState;
  described?: ServiceDescription | undefined;
  isLost?: boolean;
  isShown?: boolean;
} = {}) => {
  const records = literalLedger(
    { [name]: deploymentRecord({ previousRevision: revisionArn(7), revision: revisionArn(8), ...record }) },
    { 'production/web': state },
  );
  const calls: string[] = [];
  let current: ServiceDescription | undefined = described;
  const run = updateService({
    services: {
      describe: async () => current,
      update: async (_, taskDefinition) => {
        calls.push(`update ${taskDefinition}, touched ${records.records[name]?.updateRequestedAt}`);
        current = service(taskDefinition);
        if (isLost) throw sdkError('ServerException', 'the answer was lost', 500);
        return undefined;
      },
    },
    rollouts: { find: async () => (isShown && calls.length > 0 ? rollout() : undefined) },
    records,
    states: records.serviceStates,
  });
  return { records, calls, run: () => run({ service: 'production/web', record: name, now: later }) };
};

test('marks the service as touched, and then updates it', async () => {
  const { calls, run } = given();

  expect(await run()).toMatchObject({ action: 'wait', waitSeconds: 25 });
  expect(calls).toEqual([`update ${revisionArn(8)}, touched ${later}`]);
});

test.each([true, false])('run again after its answer was lost, it updates nothing (its rollout is shown already: %s)', async (isShown) => {
  const { calls, run } = given({ isLost: true, isShown });

  await expect(run()).rejects.toMatchObject({ name: 'ServerException' });
  expect(await run()).toMatchObject({ action: 'wait' });
  expect(calls).toHaveLength(1);
});

test('run again after it never reached ECS, it updates, and touched stays as it was', async () => {
  const { calls, run } = given({ record: { updateRequestedAt: startedAt } });

  expect(await run()).toMatchObject({ action: 'wait' });
  expect(calls).toEqual([`update ${revisionArn(8)}, touched ${startedAt}`]);
});

describe('an update that ends in an error', () => {
  const failing = (error: Error) => {
    const records = literalLedger(
      { [name]: deploymentRecord({ previousRevision: revisionArn(7), revision: revisionArn(8) }) },
      { 'production/web': mine },
    );
    const calls: string[] = [];
    const run = updateService({
      services: {
        describe: async () => service(revisionArn(7)),
        update: async () => {
          calls.push('update');
          throw error;
        },
      },
      rollouts: { find: async () => undefined },
      records,
      states: records.serviceStates,
    });
    return { calls, run: (now = later) => run({ service: 'production/web', record: name, now }) };
  };

  test('of AWS’s, or in silence, may have been done: run again in the same state it waits, and in the next it sends', async () => {
    for (const error of [sdkError('ServerException', 'x', 500), sdkError('TimeoutError', 'x', 0)]) {
      const { calls, run } = failing(error);

      await expect(run()).rejects.toBe(error);
      expect(await run()).toMatchObject({ action: 'wait' });
      expect(calls).toHaveLength(1);
      await expect(run('2026-11-23T12:06:00.000Z')).rejects.toBe(error);
      expect(calls).toHaveLength(2);
    }
  });

  test('of ours was not done: run again it sends', async () => {
    const { calls, run } = failing(sdkError('ThrottlingException', 'Rate exceeded', 400));

    await expect(run()).rejects.toMatchObject({ name: 'ThrottlingException' });
    await expect(run()).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(calls).toHaveLength(2);
  });
});

test('one whose rollout is shown was updated, wherever the service has gone since', async () => {
  const records = literalLedger(
    { [name]: deploymentRecord({ previousRevision: revisionArn(7), revision: revisionArn(8), updateRequestedAt: startedAt }) },
    { 'production/web': mine },
  );
  const run = updateService({
    services: {
      describe: async () => service(revisionArn(9)),
      update: async () => {
        throw new Error('nothing is to be updated');
      },
    },
    rollouts: { find: async () => rollout({ status: 'STOPPED' }) },
    records,
    states: records.serviceStates,
  });

  expect(await run({ service: 'production/web', record: name, now: later })).toMatchObject({ action: 'wait' });
  expect(records.writes).toEqual([]);
});

test('a service that somebody took elsewhere meanwhile is copied anew, not undone', async () => {
  const { records, calls, run } = given({ described: service(revisionArn(9)) });

  expect(await run()).toMatchObject({ action: 'register' });
  expect(calls).toEqual([]);
  expect(records.records[name]?.updateRequestedAt).toBeUndefined();
});

const another = lease({ execution: 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:two' });
test.each<[string, ServiceState, string]>([
  ['another has the lease', { lease: another }, 'ABORTED'],
  ['nobody has the lease', {}, 'ABORTED'],
  ['it was cancelled', { ...mine, cancel: { record: name } }, 'CANCELLED'],
  ['it was cancelled with a reason', { ...mine, cancel: { record: name, by: 'ann', reason: 'wrong tag' } }, 'CANCELLED'],
])('where %s, it ends before anything is touched', async (_, state, reason) => {
  const { records, calls, run } = given({ state });

  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'FAILED', reason } });
  expect(calls).toEqual([]);
  expect(records.records[name]?.updateRequestedAt).toBeUndefined();
});

test('a cancellation of another deployment does not concern it', async () => {
  const { calls, run } = given({ state: { ...mine, cancel: { record: 'service#production/web deployment#0' } } });

  expect(await run()).toMatchObject({ action: 'wait' });
  expect(calls).toHaveLength(1);
});

test.each<[string, Parameters<typeof given>[0]]>([
  ['cancelled', { state: { ...mine, cancel: { record: name } } }],
  ['of a service that cannot be deployed', { described: { ...service(revisionArn(7)), status: 'DRAINING' } }],
])('whoever ends %s, untouched, keeps another run of the visit from sending; where that was quicker, it watches', async (_, what) => {
  const quicker = given(what);
  const { markAttempt } = quicker.records;
  Object.assign(quicker.records, {
    markAttempt: async (...given: Parameters<typeof markAttempt>) => {
      await markAttempt(given[0], given[1], given[2], { updateRequestedAt: later });
      return markAttempt(...given);
    },
  });

  expect(await quicker.run()).toMatchObject({ action: 'wait' });
  const first = given(what);
  expect(await first.run()).toMatchObject({ action: 'finish' });
  expect(first.records.records[name]).toMatchObject({ updateAttemptId: later });
  expect(first.records.records[name]?.updateRequestedAt).toBeUndefined();
});

test('without the lease nothing is sent again, and what was sent is not judged', async () => {
  const { calls, run } = given({ record: { updateRequestedAt: startedAt, updateAttemptId: startedAt }, state: { lease: another } });

  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' } });
  expect(calls).toEqual([]);
});

test('once it is touched, a cancellation is the affair of the next look', async () => {
  const { run } = given({ record: { updateRequestedAt: startedAt, updateAttemptId: later }, state: { ...mine, cancel: { record: name } } });

  expect(await run()).toMatchObject({ action: 'wait' });
});

test.each([
  [undefined, 'there is no service production/web'],
  [service(revisionArn(7), { status: 'INACTIVE' }), 'service production/web is INACTIVE'],
  [service(revisionArn(7), { controller: 'CODE_DEPLOY' }), 'the deployment controller CODE_DEPLOY'],
])('a service that cannot be deployed any more is refused: %#', async (described, message) => {
  const { records } = given();
  const calls: string[] = [];
  const answer = await updateService({
    services: {
      describe: async () => described,
      update: async () => {
        calls.push('update');
        return undefined;
      },
    },
    rollouts: { find: async () => undefined },
    records,
    states: records.serviceStates,
  })({ service: 'production/web', record: name, now: later });

  expect(answer).toMatchObject({ action: 'finish', result: { outcome: 'FAILED' } });
  expect(answer.result.message).toContain(message);
  expect(calls).toEqual([]);
});

test('what ECS refuses keeps its name', async () => {
  const { records } = given();
  const run = updateService({
    services: {
      describe: async () => service(revisionArn(7)),
      update: async () => {
        throw sdkError('AccessDeniedException');
      },
    },
    rollouts: { find: async () => undefined },
    records,
    states: records.serviceStates,
  });

  await expect(run({ service: 'production/web', record: name, now: later })).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

import type { ServiceDescription } from '../../../aws/service.js';
import type { DeploymentRecord, ServiceState } from '../../../core/records/records.js';
import { updateService } from '../../../functions/deployment/update-service.js';
import { deploymentRecord, later, lease, revisionArn, startedAt } from '../../core/given.js';
import { rollout } from '../../core/rollout/observations.js';
import { givenTable } from '../../support/given-table.js';
import { sdkError } from '../given-failure.js';
import { serviceOn } from '../given-service.js';

const name = 'service#production/web deployment#1';

const visit = 'the first visit';

const mine: ServiceState = { lease: lease() };

/** A service that runs revision 7 until it is updated, and an ECS that may lose its answers. */
const given = ({
  record = {},
  described = serviceOn(revisionArn(7)),
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
  const table = givenTable({
    records: { [name]: deploymentRecord({ previousRevision: revisionArn(7), revision: revisionArn(8), ...record }) },
    states: { 'production/web': state },
  });
  const calls: string[] = [];
  let current: ServiceDescription | undefined = described;
  const run = updateService({
    services: {
      describe: async () => current,
      update: async (_, taskDefinition) => {
        calls.push(`update ${taskDefinition} requested at ${(await table.record(name))?.updateRequestedAt}`);
        current = serviceOn(taskDefinition);
        if (isLost) throw sdkError('ServerException', 'the answer was lost', 500);
        return undefined;
      },
    },
    rollouts: { find: async () => (isShown && calls.length > 0 ? rollout() : undefined) },
    ...table,
  });
  return { table, calls, run: (now = later) => run({ service: 'production/web', record: name, visit, now }) };
};

test('records the update, and then sends it', async () => {
  const { calls, run } = given();

  expect(await run()).toMatchObject({ action: 'wait', waitSeconds: 25 });
  expect(calls).toEqual([`update ${revisionArn(8)} requested at ${later}`]);
});

test('records the revisions that the service runs: another one that the update replaces is named later', async () => {
  const deployments = [7, 2].map((revision) => ({ status: 'ACTIVE', rolloutState: '', taskDefinition: revisionArn(revision) }));
  const { table, run } = given({ described: serviceOn(revisionArn(7), { deployments }) });

  await run();

  expect(await table.record(name)).toMatchObject({ replacedRevisions: [revisionArn(7), revisionArn(2)] });
});

test.each([true, false])('sends no second update after the answer was lost (ECS lists the rollout: %s)', async (isShown) => {
  const { calls, run } = given({ isLost: true, isShown });

  await expect(run()).rejects.toMatchObject({ name: 'ServerException' });
  expect(await run('2026-11-23T12:05:02.000Z')).toMatchObject({ action: 'wait' });
  expect(calls).toHaveLength(1);
});

test('sends the update again if it never reached ECS, and keeps the time of the first request', async () => {
  const { calls, run } = given({ record: { updateRequestedAt: startedAt } });

  expect(await run()).toMatchObject({ action: 'wait' });
  expect(calls).toEqual([`update ${revisionArn(8)} requested at ${startedAt}`]);
});

describe('an update that fails', () => {
  const failing = (error: Error) => {
    const table = givenTable({
      records: { [name]: deploymentRecord({ previousRevision: revisionArn(7), revision: revisionArn(8) }) },
      states: { 'production/web': mine },
    });
    const calls: string[] = [];
    const run = updateService({
      services: {
        describe: async () => serviceOn(revisionArn(7)),
        update: async () => {
          calls.push('update');
          throw error;
        },
      },
      rollouts: { find: async () => undefined },
      ...table,
    });
    return { calls, run: (inVisit = visit) => run({ service: 'production/web', record: name, visit: inVisit, now: later }) };
  };

  test('with an error of AWS or a timeout may have reached ECS: the same visit waits, and the next one sends it again', async () => {
    for (const error of [sdkError('ServerException', 'x', 500), sdkError('TimeoutError', 'x', 0)]) {
      const { calls, run } = failing(error);

      await expect(run()).rejects.toBe(error);
      expect(await run()).toMatchObject({ action: 'wait' });
      expect(calls).toHaveLength(1);
      await expect(run('the next visit')).rejects.toBe(error);
      expect(calls).toHaveLength(2);
    }
  });

  test('with a client error did not reach ECS: the same visit sends it again', async () => {
    const { calls, run } = failing(sdkError('ThrottlingException', 'Rate exceeded', 400));

    await expect(run()).rejects.toMatchObject({ name: 'ThrottlingException' });
    await expect(run()).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(calls).toHaveLength(2);
  });
});

test('sends nothing if ECS lists the rollout, even if another revision runs by now', async () => {
  const table = givenTable({
    records: { [name]: deploymentRecord({ previousRevision: revisionArn(7), revision: revisionArn(8), updateRequestedAt: startedAt }) },
    states: { 'production/web': mine },
  });
  const run = updateService({
    services: {
      describe: async () => serviceOn(revisionArn(9)),
      update: async () => {
        throw new Error('unexpected update');
      },
    },
    rollouts: { find: async () => rollout({ status: 'STOPPED' }) },
    ...table,
  });

  expect(await run({ service: 'production/web', record: name, visit, now: later })).toMatchObject({ action: 'wait' });
  expect(table.writes).toEqual([]);
});

test('registers a new revision if the service was changed meanwhile, instead of overwriting the change', async () => {
  const { table, calls, run } = given({ described: serviceOn(revisionArn(9)) });

  expect(await run()).toMatchObject({ action: 'register' });
  expect(calls).toEqual([]);
  expect((await table.record(name))?.updateRequestedAt).toBeUndefined();
});

const another = lease({ execution: 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:two' });
test.each<[string, ServiceState, string]>([
  ['another execution holds the lease', { lease: another }, 'ABORTED'],
  ['the lease is free', {}, 'ABORTED'],
  ['the deployment was cancelled', { ...mine, cancel: { record: name } }, 'CANCELLED'],
  ['the deployment was cancelled with a reason', { ...mine, cancel: { record: name, by: 'ann', reason: 'wrong tag' } }, 'CANCELLED'],
])('ends before the update if %s', async (_, state, reason) => {
  const { table, calls, run } = given({ state });

  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'FAILED', reason } });
  expect(calls).toEqual([]);
  expect((await table.record(name))?.updateRequestedAt).toBeUndefined();
});

test('ignores a cancel request for another deployment', async () => {
  const { calls, run } = given({ state: { ...mine, cancel: { record: 'service#production/web deployment#0' } } });

  expect(await run()).toMatchObject({ action: 'wait' });
  expect(calls).toHaveLength(1);
});

test.each<[string, Parameters<typeof given>[0]]>([
  ['that was cancelled', { state: { ...mine, cancel: { record: name } } }],
  ['of a service that cannot be deployed', { described: { ...serviceOn(revisionArn(7)), status: 'DRAINING' } }],
])(
  'a deployment %s that ends before the update blocks another run of the same visit, and watches if that run was faster',
  async (_, what) => {
    const quicker = given(what);
    const { records } = quicker.table;
    const markAttempt = records.markAttempt.bind(records);
    jest.spyOn(records, 'markAttempt').mockImplementationOnce(async (...attempt) => {
      await markAttempt(attempt[0], attempt[1], attempt[2], { updateRequestedAt: later });
      return markAttempt(...attempt);
    });

    expect(await quicker.run()).toMatchObject({ action: 'wait' });
    const first = given(what);
    expect(await first.run()).toMatchObject({ action: 'finish' });
    expect(await first.table.record(name)).toMatchObject({ updateAttemptId: visit });
    expect((await first.table.record(name))?.updateRequestedAt).toBeUndefined();
  },
);

test('ends as SUPERSEDED without the lease after the update, and sends nothing', async () => {
  const { calls, run } = given({ record: { updateRequestedAt: startedAt, updateAttemptId: startedAt }, state: { lease: another } });

  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' } });
  expect(calls).toEqual([]);
});

test('leaves a cancel request after the update to WatchRollout', async () => {
  const { run } = given({ record: { updateRequestedAt: startedAt, updateAttemptId: visit }, state: { ...mine, cancel: { record: name } } });

  expect(await run()).toMatchObject({ action: 'wait' });
});

test.each([
  [undefined, 'production/web'],
  [serviceOn(revisionArn(7), { status: 'INACTIVE' }), 'INACTIVE'],
  [serviceOn(revisionArn(7), { controller: 'CODE_DEPLOY' }), 'CODE_DEPLOY'],
])('refuses a service that cannot be deployed: %#', async (described, fact) => {
  const { table } = given();
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
    ...table,
  })({ service: 'production/web', record: name, visit, now: later });

  expect(answer).toMatchObject({ action: 'finish', result: { outcome: 'FAILED' } });
  expect(answer.result.message).toContain(fact);
  expect(calls).toEqual([]);
});

test('keeps the name of an error of ECS', async () => {
  const { table } = given();
  const run = updateService({
    services: {
      describe: async () => serviceOn(revisionArn(7)),
      update: async () => {
        throw sdkError('AccessDeniedException');
      },
    },
    rollouts: { find: async () => undefined },
    ...table,
  });

  await expect(run({ service: 'production/web', record: name, visit, now: later })).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});

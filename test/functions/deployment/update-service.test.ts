import type { ServiceDescription } from '../../../aws/service.js';
import type { Configuration } from '../../../core/configuration/configuration.js';
import type { DeploymentRecord, ServiceState } from '../../../core/records/records.js';
import { countedFailure } from '../../../core/rollout/watch-item.js';
import { updateService } from '../../../functions/deployment/update-service.js';
import {
  beforeTaskEnd,
  beforeTaskRun,
  configuration,
  deploymentRecord,
  execution,
  later,
  lease,
  revisionArn,
  startedAt,
  stoppedTask,
} from '../../core/given.js';
import { rollout } from '../../core/rollout/observations.js';
import { givenTable } from '../../support/given-table.js';
import { sdkError } from '../given-failure.js';
import { serviceOn } from '../given-service.js';

const name = 'service#production/web deployment#1';

const visit = { number: 4, retry: 0 };
const retry = { number: 4, retry: 1 };
const nextVisit = { number: 5, retry: 0 };

const mine: ServiceState = { lease: lease() };

/** The watch item of the deployment: RegisterRevision knows its news. */
const item = { record: name, execution, fencingToken: 1, news: 2, seen: 2 };
const watched = { 'production/web': item };

/** A service that runs revision 7 until it is updated, and an ECS that may lose its answers. */
const given = ({
  record = {},
  described = serviceOn(revisionArn(7)),
  state = mine,
  isLost = false,
  isShown = true,
  settings = {},
}: {
  record?: Partial<DeploymentRecord>;
  state?: ServiceState;
  described?: ServiceDescription | undefined;
  isLost?: boolean;
  isShown?: boolean;
  settings?: Partial<Configuration['repositories'][string]['stages'][number]['services'][number]>;
} = {}) => {
  const table = givenTable({
    records: { [name]: deploymentRecord({ previousRevision: revisionArn(7), revision: revisionArn(8), ...record }) },
    states: { 'production/web': state },
    watched,
  });
  const calls: string[] = [];
  let current: ServiceDescription | undefined = described;
  const ours = structuredClone(configuration);
  Object.assign(ours.repositories['my-learn-app']?.stages[1]?.services[0] ?? {}, settings);
  const during = { update: async (): Promise<void> => undefined };
  const run = updateService({
    configuration: ours,
    services: {
      describe: async () => current,
      update: async (_, taskDefinition) => {
        calls.push(`update ${taskDefinition} requested at ${(await table.record(name))?.updateRequestedAt}`);
        current = serviceOn(taskDefinition);
        if (isLost) throw sdkError('ServerException', 'the answer was lost', 500);
        await during.update();
        return 'ecs-svc/8';
      },
    },
    rollouts: { find: async () => (isShown && calls.length > 0 ? rollout() : undefined) },
    ...table,
  });
  return {
    table,
    calls,
    /** What happens while ECS answers the update. */
    during,
    run: (now = later, inVisit = visit) => run({ service: 'production/web', record: name, execution, visit: inVisit, now }),
  };
};

test('records the update, and then sends it', async () => {
  const { calls, run } = given();

  expect(await run()).toMatchObject({ action: 'watch', seconds: 120, nextSeconds: 300, deadline: '2026-11-23T12:35:00.000Z' });
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
  expect(await run('2026-11-23T12:05:02.000Z', retry)).toMatchObject({ action: 'watch', seconds: 25, nextSeconds: 25 });
  expect(calls).toHaveLength(1);
});

test('sends the update again if it never reached ECS, and keeps the time of the first request', async () => {
  const { calls, run } = given({ record: { updateRequestedAt: startedAt } });

  expect(await run()).toMatchObject({ action: 'watch' });
  expect(calls).toEqual([`update ${revisionArn(8)} requested at ${startedAt}`]);
});

test.each<[string, Partial<DeploymentRecord>]>([
  ['of which a later visit has begun', { visit: 5000 }],
  ['of which a retry has begun', { visit: 4001 }],
  ['whose deployment has ended', { endedAt: startedAt }],
])('a late invocation, %s, sends nothing', async (_, changes) => {
  const before = given({ record: changes });
  const during = given();
  const { expect: save } = during.table.watch;
  jest.spyOn(during.table.watch, 'expect').mockImplementationOnce(async (...expected) => {
    await save.apply(during.table.watch, expected);
    await during.table.records.update(name, changes);
  });

  const action = changes.endedAt === undefined ? 'watch' : 'finish';
  expect(await before.run()).toMatchObject({ action });
  expect(before.table.writes).toEqual([]);
  expect(await during.run()).toMatchObject({ action: 'watch' });
  expect([before.calls, during.calls]).toEqual([[], []]);
  expect(await during.table.record(name)).not.toHaveProperty('updateRequestedAt');
});

describe('the watch item', () => {
  const watch = ({ table }: ReturnType<typeof given>) => table.watchItem('production/web');

  test.each<[string, Parameters<typeof given>[0], number]>([
    ['three', {}, 3],
    ['a tenth of the tasks', { described: serviceOn(revisionArn(7), { desiredCount: 100 }) }, 10],
    ['as many as slipway.yml says', { settings: { maxFailedTasks: 1 } }, 1],
  ])('knows before the update which tasks count, and how many may fail: %s', async (_, more, limit) => {
    const update = given({ record: { containers: ['app'], nonEssential: ['agent'] }, ...more });
    const expected = { ...item, revision: revisionArn(8), containers: ['app'], nonEssential: ['agent'], limit };
    update.during.update = async () => expect(await watch(update)).toEqual(expected);

    await update.run();
    expect(update.calls).toHaveLength(1);
    expect(await watch(update)).toEqual({ ...expected, deploymentId: 'ecs-svc/8' });
  });

  test('has no news of our own rollout, whether its event comes before ECS has answered the update or after', async () => {
    const began = { began: 'ecs-svc/8' };
    const before = given();
    const after = given();
    before.during.update = async () => {
      await before.table.watch.addNews('production/web', began);
    };

    await before.run();
    await after.run();
    expect(await watch(before)).toMatchObject({ news: 3, seen: 3 });
    expect(await after.table.watch.addNews('production/web', began)).toBeUndefined();
    expect(await watch(after)).toMatchObject({ news: 2, seen: 2 });
  });

  test.each<[string, ...string[]]>([
    ['another rollout that begins meanwhile', 'ecs-svc/9'],
    ['two events of ours, of which one may be of another kind', 'ecs-svc/8', 'ecs-svc/8'],
  ])('keeps the news of %s', async (_, ...events) => {
    const update = given();
    update.during.update = async () => {
      for (const began of events) await update.table.watch.addNews('production/web', { began });
    };

    await update.run();
    expect(await watch(update)).toMatchObject({ news: 2 + events.length, seen: 2 });
  });

  test('keeps the failures that were counted before an update that is sent again', async () => {
    const update = given({ record: { updateRequestedAt: startedAt } });
    await update.table.watch.expect('production/web', name, { revision: revisionArn(8), limit: 3 });
    const failure = countedFailure(stoppedTask({ id: '1' }));
    await update.table.watch.countFailure('production/web', name, failure, false);

    await update.run();
    expect((await watch(update))?.failed).toEqual(new Set(['1']));
  });

  test('is not needed to deploy', async () => {
    const update = given();
    await update.table.watch.close('production/web', name);

    expect(await update.run()).toMatchObject({ action: 'watch' });
    expect(await watch(update)).toBeUndefined();
  });
});

test('the deadline is the timeout of the service and its bake time after the first request', async () => {
  const described = serviceOn(revisionArn(7), { bakeSeconds: 600 });

  expect(await given({ described }).run()).toMatchObject({ deadline: '2026-11-23T12:45:00.000Z' });
  expect(await given({ described, record: { updateRequestedAt: startedAt } }).run()).toMatchObject({
    deadline: '2026-11-23T12:40:00.000Z',
  });
});

describe('an update that fails', () => {
  const failing = (error: Error) => {
    const table = givenTable({
      records: { [name]: deploymentRecord({ previousRevision: revisionArn(7), revision: revisionArn(8) }) },
      states: { 'production/web': mine },
    });
    const calls: string[] = [];
    const run = updateService({
      configuration,
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
    return { calls, run: (inVisit = visit) => run({ service: 'production/web', record: name, execution, visit: inVisit, now: later }) };
  };

  test('with an error of AWS or a timeout may have reached ECS: the same visit watches, and the next one sends it again', async () => {
    for (const error of [sdkError('ServerException', 'x', 500), sdkError('TimeoutError', 'x', 0)]) {
      const { calls, run } = failing(error);

      await expect(run()).rejects.toBe(error);
      expect(await run(retry)).toMatchObject({ action: 'watch', seconds: 25 });
      expect(calls).toHaveLength(1);
      await expect(run(nextVisit)).rejects.toBe(error);
      expect(calls).toHaveLength(2);
    }
  });

  test('with a client error did not reach ECS: the same visit sends it again', async () => {
    const { calls, run } = failing(sdkError('ThrottlingException', 'Rate exceeded', 400));

    await expect(run()).rejects.toMatchObject({ name: 'ThrottlingException' });
    await expect(run(retry)).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(calls).toHaveLength(2);
  });
});

test('sends nothing if ECS lists the rollout, even if another revision runs by now', async () => {
  const table = givenTable({
    records: { [name]: deploymentRecord({ previousRevision: revisionArn(7), revision: revisionArn(8), updateRequestedAt: startedAt }) },
    states: { 'production/web': mine },
  });
  const run = updateService({
    configuration,
    services: {
      describe: async () => serviceOn(revisionArn(9)),
      update: async () => {
        throw new Error('unexpected update');
      },
    },
    rollouts: { find: async () => rollout({ status: 'STOPPED' }) },
    ...table,
  });

  expect(await run({ service: 'production/web', record: name, execution, visit, now: later })).toMatchObject({
    action: 'watch',
    seconds: 25,
  });
  expect(await table.record(name)).not.toHaveProperty('updateAttempt');
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

  expect(await run()).toMatchObject({ action: 'watch' });
  expect(calls).toHaveLength(1);
});

test('ends as SUPERSEDED without the lease after the update, and sends nothing', async () => {
  const { calls, run } = given({ record: { updateRequestedAt: startedAt, updateAttempt: 3 }, state: { lease: another } });

  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' } });
  expect(calls).toEqual([]);
});

test('leaves a cancel request after the update to WatchRollout', async () => {
  const { run } = given({ record: { updateRequestedAt: startedAt, updateAttempt: 4 }, state: { ...mine, cancel: { record: name } } });

  expect(await run()).toMatchObject({ action: 'watch' });
});

test.each([
  [undefined, 'production/web'],
  [serviceOn(revisionArn(7), { status: 'INACTIVE' }), 'INACTIVE'],
  [serviceOn(revisionArn(7), { controller: 'CODE_DEPLOY' }), 'CODE_DEPLOY'],
])('refuses a service that cannot be deployed: %#', async (described, fact) => {
  const { table } = given();
  const calls: string[] = [];
  const answer = await updateService({
    configuration,
    services: {
      describe: async () => described,
      update: async () => {
        calls.push('update');
        return undefined;
      },
    },
    rollouts: { find: async () => undefined },
    ...table,
  })({ service: 'production/web', record: name, execution, visit, now: later });

  expect(answer).toMatchObject({ action: 'finish', result: { outcome: 'FAILED' } });
  expect(answer.result.message).toContain(fact);
  expect(calls).toEqual([]);
});

test('keeps the name of an error of ECS', async () => {
  const { table } = given();
  const run = updateService({
    configuration,
    services: {
      describe: async () => serviceOn(revisionArn(7)),
      update: async () => {
        throw sdkError('AccessDeniedException');
      },
    },
    rollouts: { find: async () => undefined },
    ...table,
  });

  await expect(run({ service: 'production/web', record: name, execution, visit, now: later })).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});

describe('a before task', () => {
  const succeeded = beforeTaskRun({ ended: beforeTaskEnd() });
  const operation = { kind: 'beforeTask' } as const;

  test.each([
    ['has not ended', { beforeTask: beforeTaskRun() }],
    ['failed', { beforeTask: beforeTaskRun({ ended: beforeTaskEnd({ outcome: 'FAILED' }) }) }],
    ['of a stage has not run', { operation }],
  ])('that %s keeps the service from being updated', async (_, record) => {
    const { calls, run } = given({ record });

    expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'FAILED', reason: 'BEFORE_TASK' } });
    expect(calls).toEqual([]);
  });

  test('that succeeded is followed by the update', async () => {
    const { run } = given({ record: { beforeTask: succeeded } });

    expect(await run()).toMatchObject({ action: 'watch' });
  });

  test('of a stage is the whole deployment', async () => {
    const { calls, run } = given({ record: { operation, beforeTask: succeeded } });

    expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SUCCEEDED', reason: 'BEFORE_TASK_COMPLETED' } });
    expect(calls).toEqual([]);
  });
});

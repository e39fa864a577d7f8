import type { ServiceDescription } from '../../../aws/service.js';
import type { Configuration } from '../../../core/configuration/configuration.js';
import type { DeploymentRecord, ServiceState } from '../../../core/records/records.js';
import { unfinished } from '../../../core/result/result.js';
import type { ObservedStoppedTasks } from '../../../core/rollout/evidence.js';
import type { Rollout } from '../../../core/rollout/observation.js';
import type { StoppedTask } from '../../../core/rollout/stopped-task.js';
import { watchRollout } from '../../../functions/deployment/watch-rollout.js';
import { configuration, crashes, deploymentRecord, good, image, later, revisionArn, startedAt, stoppedTask } from '../../core/given.js';
import { hook, ours, previous as previousRevision, rollout } from '../../core/rollout/observations.js';
import { givenTable } from '../../support/given-table.js';
import { sdkError } from '../given-failure.js';
import { serviceOn } from '../given-service.js';

const name = 'service#production/web deployment#1';
const logs = [{ container: 'app', group: '/ecs/web', prefix: 'ecs' }];

type Given = {
  record?: Partial<DeploymentRecord>;
  seen?: Rollout | undefined;
  taskDefinition?: string;
  stopped?: readonly StoppedTask[];
  lines?: () => Promise<string[]>;
  service?: Partial<ServiceDescription> | undefined;
  decided?: ServiceState;
  settings?: Partial<Configuration['repositories'][string]['stages'][number]['services'][number]>;
  newestServiceRevision?: string;
};
/** The event of a rollout that ECS finished without problems. */
const steady = { at: later, message: '(service web) has reached a steady state.' };

const withSettings = (settings: NonNullable<Given['settings']>): Configuration => {
  const copy = structuredClone(configuration);
  Object.assign(copy.repositories['my-learn-app']?.stages[1]?.services[0] ?? {}, settings);
  return copy;
};

const given = ({
  record = {},
  taskDefinition = ours,
  stopped = [],
  lines = async () => ['boom'],
  decided = {},
  settings = {},
  newestServiceRevision = 'revision of ours',
  ...rest
}: Given = {}) => {
  const table = givenTable({
    records: {
      [name]: deploymentRecord({
        previousRevision,
        revision: ours,
        containers: ['app'],
        updateRequestedAt: startedAt,
        serviceDeployment: rollout().arn,
        logs,
        ...record,
      }),
    },
    states: { 'production/web': decided },
  });
  const service: ServiceDescription | undefined =
    'service' in rest && rest.service === undefined ? undefined : serviceOn(taskDefinition, { events: [steady], ...rest.service });
  const list = async (): Promise<ObservedStoppedTasks> => ({
    tasks: [...state.stopped],
    readCount: state.stopped.length,
    isComplete: state.isComplete,
  });
  const state = { seen: 'seen' in rest ? rest.seen : rollout(), stopped, isComplete: true, list, service };
  const tails: unknown[] = [];
  const run = watchRollout({
    configuration: withSettings(settings),
    services: { describe: async () => state.service },
    rollouts: { describe: async () => state.seen, find: async () => state.seen, newestServiceRevision: async () => newestServiceRevision },
    stoppedTasks: { of: () => state.list() },
    logs: {
      tail: async (...question) => {
        tails.push(question);
        return lines();
      },
    },
    ...table,
  });
  return { table, state, tails, run: (now = later) => run({ service: 'production/web', record: name, now }) };
};

test('reads a rollout in progress again after a fraction of its time, and writes nothing', async () => {
  const { table, run } = given();

  expect(await run()).toEqual({
    action: 'wait',
    waitSeconds: 15,
    result: unfinished,
  });
  expect(table.writes).toEqual([]);
});

test('ends when the rollout succeeds', async () => {
  expect(await given({ seen: rollout({ status: 'SUCCESSFUL' }) }).run()).toMatchObject({
    action: 'finish',
    result: { outcome: 'SUCCEEDED', reason: 'DEPLOYED' },
  });
});

test('rolls back at the timeout of the service, which starts with the update', async () => {
  const { run } = given();

  expect(await run('2026-11-23T12:29:59.999Z')).toMatchObject({ action: 'wait' });
  expect(await run('2026-11-23T12:30:00.000Z')).toMatchObject({ action: 'rollBack', result: { reason: 'TIMED_OUT' } });
});

test('gives the rollback a timeout of its own', async () => {
  const rollback = { since: later, method: 'stop', reason: 'CRASHED', message: 'x' } as const;
  const { run } = given({ record: { rollback }, seen: rollout({ status: 'ROLLBACK_IN_PROGRESS' }) });

  expect(await run('2026-11-23T12:34:59.999Z')).toMatchObject({ action: 'wait' });
  expect(await run('2026-11-23T12:35:00.000Z')).toMatchObject({ action: 'finish', result: { outcome: 'ROLLBACK_FAILED' } });
});

test('waits for a lifecycle hook as long as that takes, and names it', async () => {
  const { table, state, run } = given({ seen: rollout({ hook }) });

  expect(await run('2026-11-23T12:20:00.000Z')).toMatchObject({
    action: 'wait',
    result: { outcome: 'UNKNOWN', message: expect.stringMatching(/waits for.*ecs-pause-1/) },
  });
  expect(await run('2026-11-25T12:20:00.000Z')).toMatchObject({ action: 'wait', waitSeconds: 900 });
  state.seen = rollout();
  expect(await run('2026-11-25T12:20:00.000Z')).toMatchObject({ action: 'wait', result: unfinished });
  expect((await table.record(name))?.pause).toEqual({ seconds: 172_800, until: '2026-11-25T12:20:00.000Z' });
  expect(await run('2026-11-25T12:29:59.999Z')).toMatchObject({ action: 'wait' });
  expect(await run('2026-11-25T12:30:00.000Z')).toMatchObject({ action: 'rollBack', result: { reason: 'TIMED_OUT' } });
});

test.each([
  ['three tasks fail', { stopped: ['1', '2', '3'].map((id) => stoppedTask({ id })) }, 'CRASHED'],
  ['an operator cancels it', { decided: { cancel: { record: name } } }, 'CANCELLED'],
])('rolls a rollout back that waits for a lifecycle hook if %s', async (_, changes, reason) => {
  expect(await given({ seen: rollout({ hook }), ...changes }).run()).toMatchObject({ action: 'rollBack', result: { reason } });
});

describe('tasks that failed', () => {
  test('are recorded with the last log lines of the newest task and the service events, because ECS forgets them after an hour', async () => {
    const { table, tails, run } = given({
      stopped: [stoppedTask()],
      lines: async () => ['password=hunter2', 'x'.repeat(900)],
      service: { events: [steady, { at: later, message: '(service web) is unhappy' }, { at: '2026', message: 'long ago' }] },
    });

    await run();

    expect(tails).toEqual([[logs[0], '0123456789abcdef0123456789abcdef', 20]]);
    expect((await table.record(name))?.evidence).toEqual({
      failedTasks: 1,
      failedAt: '2026-11-23T12:01:00.000Z',
      reason: 'CRASHED',
      groups: [{ count: 1, description: 'exit 1 in app: Essential container in task exited (EssentialContainerExited)' }],
      counted: ['01234567'],
      hasImageFailed: true,
      logs: { container: 'app', lines: ['password=***', 'x'.repeat(300)] },
      events: ['(service web) is unhappy'],
    });
  });

  test('show the log of the essential container, and whether our image failed', async () => {
    const agent = { container: 'agent', group: '/ecs/agent', prefix: 'ecs' };
    const record = { nonEssential: ['agent'], logs: [...logs, agent] };
    const exited = (...names: string[]) => [stoppedTask({ containers: names.map((name) => ({ name, exitCode: 1 })) })];
    const both = given({ record, stopped: exited('agent', 'app') });
    const other = given({ record, stopped: exited('envoy') });

    await both.run();
    await other.run();

    expect(both.tails).toEqual([[logs[0], '0123456789abcdef0123456789abcdef', 20]]);
    expect((await both.table.record(name))?.evidence).toMatchObject({ hasImageFailed: true, logs: { container: 'app' } });
    expect((await other.table.record(name))?.evidence).not.toHaveProperty('hasImageFailed');
  });

  test('that ECS cannot even launch roll back at the second event, with the reason', async () => {
    const noRole = { at: later, message: '(service web) failed to launch a task with (error ECS was unable to assume the role).' };
    const events = [noRole, { ...noRole, at: '2026-11-23T12:04:00.000Z' }];

    expect(await given({ service: { events: events.slice(0, 1) } }).run()).toMatchObject({ action: 'wait' });
    expect(await given({ service: { events } }).run()).toMatchObject({ action: 'rollBack', result: { reason: 'CANNOT_START' } });
  });

  test('before the desired count became 0 roll a rollout back that ECS calls successful', async () => {
    const { run } = given({ seen: rollout({ status: 'SUCCESSFUL' }), stopped: [stoppedTask()], service: { desiredCount: 0 } });

    expect(await run()).toMatchObject({ action: 'rollBack', result: { reason: 'CRASHED' } });
  });

  test('are recorded once, and stay after ECS has forgotten them', async () => {
    const { table, state, run } = given({ stopped: [stoppedTask()] });

    await run();
    await run();
    state.stopped = [];
    await run();

    expect(table.writes).toHaveLength(1);
    expect((await table.record(name))?.evidence).toMatchObject({ failedTasks: 1 });
  });

  test('stay next to an alarm that fires after ECS has forgotten them', async () => {
    const { table, run } = given({
      record: { evidence: { ...crashes, failedTasks: 2 } },
      seen: rollout({ triggeredAlarms: ['web-5xx'] }),
    });

    await run();

    expect((await table.record(name))?.evidence).toMatchObject({ ...crashes, failedTasks: 2, alarms: ['web-5xx'] });
  });

  test('three of them lead to a rollback with the reason', async () => {
    const stopped = ['1', '2', '3'].map((id) => stoppedTask({ id }));

    expect(await given({ stopped }).run()).toMatchObject({
      action: 'rollBack',
      result: {
        reason: 'CRASHED',
        message: expect.stringContaining('exit 1 in app: Essential container in task exited (EssentialContainerExited)'),
      },
    });
  });

  test('are tolerated up to the limit in slipway.yml', async () => {
    const stopped = ['1', '2', '3'].map((id) => stoppedTask({ id }));

    expect(await given({ stopped, settings: { maxFailedTasks: 4 } }).run()).toMatchObject({ action: 'wait' });
    expect(await given({ stopped: stopped.slice(0, 1), settings: { maxFailedTasks: 1 } }).run()).toMatchObject({ action: 'rollBack' });
  });

  test('are counted by ECS if it lists more than are read and the newest deployment is ours', async () => {
    const some = given({ service: { consecutiveFailures: 30 }, stopped: [stoppedTask()] });
    const others = given({ service: { consecutiveFailures: 30 }, stopped: [stoppedTask()], taskDefinition: previousRevision });
    some.state.isComplete = false;
    others.state.isComplete = false;

    expect(await some.run()).toMatchObject({
      action: 'rollBack',
      result: { message: expect.stringMatching(/30.*exit 1/) },
    });
    expect(await others.run()).toMatchObject({ action: 'wait' });
    expect((await some.table.record(name))?.evidence?.warnings).toHaveLength(1);
  });

  test('that cannot be listed are counted by ECS, and do not roll back a rollout that succeeds', async () => {
    const denied = () => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    const well = given({ seen: rollout({ status: 'SUCCESSFUL' }) });
    const badly = given({ service: { consecutiveFailures: 3 } });
    well.state.list = denied;
    badly.state.list = denied;

    expect(await well.run()).toMatchObject({ action: 'finish', result: { outcome: 'SUCCEEDED' } });
    expect(await badly.run()).toMatchObject({
      action: 'rollBack',
      result: { reason: 'CRASHED' },
    });
    expect((await badly.table.record(name))?.evidence?.warnings).toEqual([expect.stringContaining('AccessDeniedException')]);
  });

  test('whose log shows another processor architecture lead to a rollback at the second', async () => {
    const lines = async () => ['exec /app: exec format error'];

    expect(await given({ stopped: [stoppedTask()], lines }).run()).toMatchObject({ action: 'wait' });
    expect(await given({ stopped: [stoppedTask(), stoppedTask({ id: '2' })], lines }).run()).toMatchObject({
      action: 'rollBack',
      result: { reason: 'CRASHED' },
    });
  });

  test.each([
    [
      'cannot be read',
      { lines: async () => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDeniedException' })) },
      'AccessDeniedException',
    ],
    ['have no known location', { record: { logs: [] } }, '(not read: its log driver is not known)'],
    [
      'go to another log driver',
      { record: { logs: [{ container: 'app', group: '', prefix: '', unread: 'its log driver is awsfirelens' }] } },
      'awsfirelens',
    ],
    ['are empty', { lines: async () => [] }, '(it wrote nothing)'],
    [
      'do not exist because the task never ran',
      { lines: async () => Promise.reject(sdkError('ResourceNotFoundException')) },
      '(it wrote nothing)',
    ],
  ])('whose log lines %s are recorded all the same', async (_, changes, fact) => {
    const { table, run } = given({ stopped: [stoppedTask()], ...changes });

    expect(await run()).toMatchObject({ action: 'wait' });
    expect((await table.record(name))?.evidence?.logs).toEqual({ container: 'app', lines: [expect.stringContaining(fact)] });
  });

  test('have log lines of the container that failed only', async () => {
    const places = [
      { container: 'proxy', group: '/ecs/proxy', prefix: 'ecs' },
      { container: 'app', group: '/ecs/web', prefix: 'ecs' },
    ];
    const containers = [{ name: 'proxy', exitCode: 0 }, { name: 'sidecar' }, { name: 'app', exitCode: 1 }];
    const known = given({ record: { logs: places }, stopped: [stoppedTask({ containers })] });
    const elsewhere = given({ record: { logs: places.slice(0, 1) }, stopped: [stoppedTask({ containers })] });

    await known.run();
    await elsewhere.run();

    expect(known.tails).toEqual([[places[1], '0123456789abcdef0123456789abcdef', 20]]);
    expect((await elsewhere.table.record(name))?.evidence?.logs).toEqual({
      container: 'app',
      lines: ['(not read: its log driver is not known)'],
    });
  });

  test('during a rollback are no evidence against the image', async () => {
    const rollback = { since: startedAt, method: 'stop', reason: 'CRASHED', message: 'x' } as const;
    const { table, run } = given({ record: { rollback }, stopped: [stoppedTask()] });

    await run();

    expect(table.writes).toEqual([]);
  });
});

test('watches a healthy rollout to its end although slipway.yml no longer names the service', async () => {
  const { state, run } = given({ settings: { service: 'production/renamed' } });

  expect(await run()).toMatchObject({ action: 'wait' });
  state.seen = rollout({ status: 'SUCCESSFUL' });
  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SUCCEEDED' } });
});

test('adds the bake times of the service to its timeout', async () => {
  const { run } = given({ service: { bakeSeconds: 2700 } });

  expect(await run('2026-11-23T13:14:59.999Z')).toMatchObject({ action: 'wait' });
  expect(await run('2026-11-23T13:15:00.000Z')).toMatchObject({ action: 'rollBack', result: { reason: 'TIMED_OUT' } });
});

test('records a placement failure while it waits, and rolls back at the limit for it', async () => {
  const event = { at: '2026-11-23T12:01:00.000Z', message: '(service web) was unable to place a task. Reason: CPU.' };
  const { table, run } = given({ service: { events: [event] } });
  const { run: soon } = given({ service: { events: [event] }, settings: { placementTimeoutSeconds: 60 } });

  expect(await run('2026-11-23T12:10:59.999Z')).toMatchObject({ action: 'wait' });
  expect((await table.record(name))?.evidence).toMatchObject({
    placementFailure: { since: event.at, reason: event.message },
    events: [event.message],
  });
  expect(await run('2026-11-23T12:11:00.000Z')).toMatchObject({ action: 'rollBack', result: { reason: 'PLACEMENT' } });
  expect(await soon('2026-11-23T12:02:00.000Z')).toMatchObject({ action: 'rollBack', result: { reason: 'PLACEMENT' } });
});

test('removes the placement failure once tasks are placed', async () => {
  const placementFailure = { since: startedAt, reason: 'no place' };
  const { table, run } = given({
    record: { evidence: { failedTasks: 0, reason: '', groups: [], placementFailure } },
    service: { events: [{ at: later, message: '(service web) has started 1 tasks: (task 1).' }] },
  });

  expect(await run()).toMatchObject({ action: 'wait' });
  expect((await table.record(name))?.evidence).toEqual({ failedTasks: 0, reason: '', groups: [] });
});

describe('a cancel request', () => {
  const cancelled = (record: string) => given({ decided: { cancel: { record, by: 'ann', reason: 'wrong image' } } });

  test('leads to a rollback at the next visit', async () => {
    expect(await cancelled(name).run()).toMatchObject({
      action: 'rollBack',
      result: { reason: 'CANCELLED', message: expect.stringMatching(/ann.*wrong image/) },
    });
  });

  test('for another deployment is ignored', async () => {
    expect(await cancelled('service#production/web deployment#2').run()).toMatchObject({ action: 'wait' });
  });
});

test('records a success without running tasks as NOTHING_RUNNING', async () => {
  const seen = rollout({ status: 'SUCCESSFUL' });
  const nothing = given({ seen, service: { desiredCount: 0 } });
  const some = given({ seen });

  expect(await nothing.run()).toMatchObject({ result: { outcome: 'SUCCEEDED', reason: 'NOTHING_RUNNING' } });
  await some.run();

  expect((await nothing.table.record(name))?.hadRunningTasks).toBe(false);
  expect((await some.table.record(name))?.hadRunningTasks).toBeUndefined();
});

test.each([undefined, { status: 'DRAINING' }])('ends if the service was deleted (%j), and reads nothing else', async (service) => {
  const { table, run } = given({ service, stopped: [stoppedTask()] });

  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SUPERSEDED', reason: 'SERVICE_DELETED' } });
  expect((await table.record(name))?.evidence).toBeUndefined();
});

test('compares the revision that ECS rolled back to with the last good one', async () => {
  const rollback = { taskDefinition: revisionArn(5), revision: 'revision of the fifth' };
  const known = good({ revision: revisionArn(5), digest: 'x' });
  const seen = rollout({ status: 'ROLLBACK_SUCCESSFUL', rollback, isBreakerTriggered: true, statusReason: 'the breaker' });
  const { run } = given({
    seen,
    taskDefinition: revisionArn(5),
    decided: { knownGood: [known] },
    newestServiceRevision: 'revision of the fifth',
  });

  expect(await run()).toMatchObject({
    action: 'finish',
    result: {
      outcome: 'ROLLED_BACK',
      reason: 'CIRCUIT_BREAKER',
      message: expect.stringMatching(/web:5.*web:7/),
    },
  });
});

describe('the revision at the failure', () => {
  const rollback = { taskDefinition: revisionArn(5), revision: 'revision of the fifth' };
  const seen = rollout({ status: 'ROLLBACK_SUCCESSFUL', rollback, isBreakerTriggered: true });
  const revisionAtFailure = async (more: Given) => {
    const { table, run } = given({ seen, taskDefinition: revisionArn(5), newestServiceRevision: 'revision of the fifth', ...more });
    expect(await run()).toMatchObject({ action: 'finish' });
    return (await table.record(name))?.revisionAtFailure;
  };

  test('is recorded, because ECS may roll back to another revision than the previous one', async () => {
    expect(await revisionAtFailure({})).toBe(revisionArn(5));
    expect(await revisionAtFailure({ seen: { ...seen, status: 'ROLLBACK_FAILED' } })).toBe(revisionArn(5));
  });

  test('is not recorded if the service was changed since, or the rollout succeeded', async () => {
    expect(await revisionAtFailure({ newestServiceRevision: 'revision of an operator' })).toBeUndefined();
    expect(await revisionAtFailure({ seen: rollout({ status: 'SUCCESSFUL' }), taskDefinition: ours })).toBeUndefined();
    expect(await revisionAtFailure({ service: undefined })).toBeUndefined();
  });
});

test('decides about a deployment without an image, or with an unknown digest', async () => {
  for (const record of [{ image: undefined } as object, { image: { ...image, digest: '' } }]) {
    const { run } = given({ record, seen: rollout({ status: 'SUCCESSFUL' }) });

    expect(await run()).toMatchObject({ result: { outcome: 'SUCCEEDED' } });
  }
});

describe('a rollout that ECS does not list', () => {
  test('is counted as not found, and taken for gone at the third read', async () => {
    const { table, run } = given({ seen: undefined, taskDefinition: revisionArn(9) });

    expect(await run()).toMatchObject({ action: 'wait' });
    expect(await run()).toMatchObject({ action: 'wait' });
    expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SUPERSEDED' } });
    expect((await table.record(name))?.notFoundCount).toBe(3);
  });

  test('and then does, resets the count', async () => {
    const { table, run } = given({ record: { notFoundCount: 2 } });

    await run();

    expect((await table.record(name))?.notFoundCount).toBe(0);
  });
});

test('records a rollout at the first read, apart for the deployment and its rollback', async () => {
  const forward = given({ seen: rollout({ arn: 'two' }) });
  const rollback = { since: startedAt, method: 'update', reason: 'CRASHED', message: 'x' } as const;
  const backward = given({ record: { rollback }, seen: rollout({ arn: 'three', target: previousRevision }) });

  await forward.run();
  await backward.run();

  expect((await forward.table.record(name))?.serviceDeployment).toBe('two');
  expect(await backward.table.record(name)).toMatchObject({
    serviceDeployment: rollout().arn,
    rollback: { ...rollback, serviceDeployment: 'three' },
  });
});

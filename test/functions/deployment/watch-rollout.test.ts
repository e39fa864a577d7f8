import type { ServiceDescription } from '../../../aws/service.js';
import type { Configuration } from '../../../core/configuration/configuration.js';
import type { DeploymentRecord, ServiceState } from '../../../core/records/records.js';
import { unfinished } from '../../../core/result/result.js';
import type { StoppedTasksSeen } from '../../../core/rollout/evidence.js';
import type { Rollout } from '../../../core/rollout/observation.js';
import type { StoppedTask } from '../../../core/rollout/stopped-task.js';
import { watchRollout } from '../../../functions/deployment/watch-rollout.js';
import { configuration, crashes, deploymentRecord, later, revisionArn, startedAt, stoppedTask } from '../../core/given.js';
import { ours, previous as previousRevision, rollout } from '../../core/rollout/observations.js';
import { literalLedger, sdkError } from '../given.js';

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
  newestRevision?: string;
};
/** What ECS says while all goes its way. */
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
  newestRevision = 'revision of ours',
  ...rest
}: Given = {}) => {
  const records = literalLedger(
    {
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
    { 'production/web': decided },
  );
  const service: ServiceDescription | undefined =
    'service' in rest && rest.service === undefined
      ? undefined
      : {
          status: 'ACTIVE',
          taskDefinition,
          desiredCount: 3,
          controller: 'ECS',
          minimumHealthyPercent: 100,
          maximumPercent: 200,
          deployments: [],
          events: [steady],
          ...rest.service,
        };
  const list = async (): Promise<StoppedTasksSeen> => ({
    tasks: [...state.stopped],
    lookedAt: state.stopped.length,
    isAll: state.isAll,
  });
  const state = { seen: 'seen' in rest ? rest.seen : rollout(), stopped, isAll: true, list, service };
  const tails: unknown[] = [];
  const run = watchRollout({
    configuration: withSettings(settings),
    services: { describe: async () => state.service },
    rollouts: { describe: async () => state.seen, find: async () => state.seen, newestRevision: async () => newestRevision },
    stoppedTasks: { of: () => state.list() },
    logs: {
      tail: async (...question) => {
        tails.push(question);
        return lines();
      },
    },
    records,
    states: records.serviceStates,
  });
  return { records, state, tails, run: (now = later) => run({ service: 'production/web', record: name, now }) };
};

test('a rollout under way is looked at again after a twentieth of its time, and nothing is written', async () => {
  const { records, run } = given();

  expect(await run()).toEqual({
    action: 'wait',
    waitSeconds: 15,
    result: unfinished,
  });
  expect(records.writes).toEqual([]);
});

test('a success ends it', async () => {
  expect(await given({ seen: rollout({ status: 'SUCCESSFUL' }) }).run()).toMatchObject({
    action: 'finish',
    result: { outcome: 'SUCCEEDED', reason: 'DEPLOYED' },
  });
});

test('the timeout is the service’s, from the moment that it was touched', async () => {
  const { run } = given();

  expect(await run('2026-11-23T12:29:59.999Z')).toMatchObject({ action: 'wait' });
  expect(await run('2026-11-23T12:30:00.000Z')).toMatchObject({ action: 'rollBack', result: { reason: 'TIMED_OUT' } });
});

test('the way back has a timeout of its own', async () => {
  const rollback = { since: later, method: 'stop', reason: 'CRASHED', message: 'x' } as const;
  const { run } = given({ record: { rollback }, seen: rollout({ status: 'ROLLBACK_IN_PROGRESS' }) });

  expect(await run('2026-11-23T12:34:59.999Z')).toMatchObject({ action: 'wait' });
  expect(await run('2026-11-23T12:35:00.000Z')).toMatchObject({ action: 'finish', result: { outcome: 'ROLLBACK_FAILED' } });
});

describe('tasks that failed', () => {
  test('are kept with the last lines of the newest and what ECS says, for they vanish after an hour', async () => {
    const { records, tails, run } = given({
      stopped: [stoppedTask()],
      lines: async () => ['password=hunter2', 'x'.repeat(900)],
      service: { events: [steady, { at: later, message: '(service web) is unhappy' }, { at: '2026', message: 'long ago' }] },
    });

    await run();

    expect(tails).toEqual([[logs[0], '0123456789abcdef0123456789abcdef', 20]]);
    expect(records.records[name]?.evidence).toEqual({
      failedTasks: 1,
      failedAt: '2026-11-23T12:01:00.000Z',
      reason: 'CRASHED',
      groups: [{ count: 1, what: 'exit 1 in app: Essential container in task exited (EssentialContainerExited)' }],
      counted: ['01234567'],
      logs: { container: 'app', lines: ['password=***', 'x'.repeat(300)] },
      events: ['(service web) is unhappy'],
    });
  });

  test('are kept once, however often they are seen, and stay when ECS has forgotten them', async () => {
    const { records, state, run } = given({ stopped: [stoppedTask()] });

    await run();
    await run();
    state.stopped = [];
    await run();

    expect(records.writes).toHaveLength(1);
    expect(records.records[name]?.evidence).toMatchObject({ failedTasks: 1 });
  });

  test('stay beside an alarm that fires when ECS has forgotten them', async () => {
    const { records, run } = given({
      record: { evidence: { ...crashes, failedTasks: 2 } },
      seen: rollout({ triggeredAlarms: ['web-5xx'] }),
    });

    await run();

    expect(records.records[name]?.evidence).toMatchObject({ ...crashes, failedTasks: 2, alarms: ['web-5xx'] });
  });

  test('three of them end in a way back that says why', async () => {
    const stopped = ['1', '2', '3'].map((id) => stoppedTask({ id }));

    expect(await given({ stopped }).run()).toMatchObject({
      action: 'rollBack',
      result: {
        reason: 'CRASHED',
        message: '3 tasks failed: 3 × exit 1 in app: Essential container in task exited (EssentialContainerExited)',
      },
    });
  });

  test('may be as many as slipway.yml says', async () => {
    const stopped = ['1', '2', '3'].map((id) => stoppedTask({ id }));

    expect(await given({ stopped, settings: { maxFailedTasks: 4 } }).run()).toMatchObject({ action: 'wait' });
    expect(await given({ stopped: stopped.slice(0, 1), settings: { maxFailedTasks: 1 } }).run()).toMatchObject({ action: 'rollBack' });
  });

  test('are counted by ECS where it lists more than is looked at, if its newest deployment is ours', async () => {
    const some = given({ service: { consecutiveFailures: 30 }, stopped: [stoppedTask()] });
    const others = given({ service: { consecutiveFailures: 30 }, stopped: [stoppedTask()], taskDefinition: previousRevision });
    some.state.isAll = false;
    others.state.isAll = false;

    expect(await some.run()).toMatchObject({
      action: 'rollBack',
      result: { message: expect.stringContaining('30 tasks failed: 1 × exit 1') },
    });
    expect(await others.run()).toMatchObject({ action: 'wait' });
    expect(some.records.records[name]?.evidence?.warnings).toEqual([
      'more than 1 tasks stopped within the hour, and only 1 of them were looked at',
    ]);
  });

  test('that cannot be listed are counted by ECS, and take no rollout back that goes well', async () => {
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
    expect(badly.records.records[name]?.evidence?.warnings).toEqual(['stopped tasks could not be read: AccessDeniedException']);
  });

  test('whose log speaks of another processor are given up at the second', async () => {
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
      'app',
      '(could not be read: AccessDeniedException)',
    ],
    ['are nowhere that is known', { record: { logs: [] } }, 'app', '(not read: its log driver is not known)'],
    [
      'go elsewhere',
      { record: { logs: [{ container: 'app', group: '', prefix: '', unread: 'its log driver is awsfirelens' }] } },
      'app',
      '(not read: its log driver is awsfirelens)',
    ],
    ['are none', { lines: async () => [] }, 'app', '(it wrote nothing)'],
    [
      'are none, for it never ran',
      { lines: async () => Promise.reject(sdkError('ResourceNotFoundException')) },
      'app',
      '(it wrote nothing)',
    ],
  ])('whose lines %s are told all the same', async (_, changes, container, line) => {
    const { records, run } = given({ stopped: [stoppedTask()], ...changes });

    expect(await run()).toMatchObject({ action: 'wait' });
    expect(records.records[name]?.evidence?.logs).toEqual({ container, lines: [line] });
  });

  test('have their lines read from the container that failed, and from no other', async () => {
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
    expect(elsewhere.records.records[name]?.evidence?.logs).toEqual({
      container: 'app',
      lines: ['(not read: its log driver is not known)'],
    });
  });

  test('on the way back are no evidence against the image', async () => {
    const rollback = { since: startedAt, method: 'stop', reason: 'CRASHED', message: 'x' } as const;
    const { records, run } = given({ record: { rollback }, stopped: [stoppedTask()] });

    await run();

    expect(records.writes).toEqual([]);
  });
});

test('a healthy rollout is seen to its end also where slipway.yml names its service no more', async () => {
  const { state, run } = given({ settings: { service: 'production/renamed' } });

  expect(await run()).toMatchObject({ action: 'wait' });
  state.seen = rollout({ status: 'SUCCESSFUL' });
  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SUCCEEDED' } });
});

test('bake times of the service itself come on top of its timeout', async () => {
  const { run } = given({ service: { bakeSeconds: 2700 } });

  expect(await run('2026-11-23T13:14:59.999Z')).toMatchObject({ action: 'wait' });
  expect(await run('2026-11-23T13:15:00.000Z')).toMatchObject({ action: 'rollBack', result: { reason: 'TIMED_OUT' } });
});

test('tasks that find no place are told while they are waited for, and given up at a limit of their own', async () => {
  const event = { at: '2026-11-23T12:01:00.000Z', message: '(service web) was unable to place a task. Reason: CPU.' };
  const { records, run } = given({ service: { events: [event] } });
  const { run: soon } = given({ service: { events: [event] }, settings: { placementTimeoutSeconds: 60 } });

  expect(await run('2026-11-23T12:10:59.999Z')).toMatchObject({ action: 'wait' });
  expect(records.records[name]?.evidence).toMatchObject({
    placementFailure: { since: event.at, reason: event.message },
    events: [event.message],
  });
  expect(await run('2026-11-23T12:11:00.000Z')).toMatchObject({ action: 'rollBack', result: { reason: 'PLACEMENT' } });
  expect(await soon('2026-11-23T12:02:00.000Z')).toMatchObject({ action: 'rollBack', result: { reason: 'PLACEMENT' } });
});

test('places that were found are noted, too', async () => {
  const placementFailure = { since: startedAt, reason: 'no place' };
  const { records, run } = given({
    record: { evidence: { failedTasks: 0, reason: '', groups: [], placementFailure } },
    service: { events: [{ at: later, message: '(service web) has started 1 tasks: (task 1).' }] },
  });

  expect(await run()).toMatchObject({ action: 'wait' });
  expect(records.records[name]?.evidence).toEqual({ failedTasks: 0, reason: '', groups: [] });
});

describe('a person’s cancellation', () => {
  const cancelled = (record: string) => given({ decided: { cancel: { record, by: 'ann', reason: 'wrong image' } } });

  test('is obeyed at the next look', async () => {
    expect(await cancelled(name).run()).toMatchObject({
      action: 'rollBack',
      result: { reason: 'CANCELLED', message: 'ann cancelled it: wrong image' },
    });
  });

  test('of another deployment is not', async () => {
    expect(await cancelled('service#production/web deployment#2').run()).toMatchObject({ action: 'wait' });
  });
});

test('a success with nothing running is noted as such', async () => {
  const seen = rollout({ status: 'SUCCESSFUL' });
  const nothing = given({ seen, service: { desiredCount: 0 } });
  const some = given({ seen });

  expect(await nothing.run()).toMatchObject({ result: { outcome: 'SUCCEEDED', reason: 'NOTHING_RUNNING' } });
  await some.run();

  expect(nothing.records.records[name]?.hadRunningTasks).toBe(false);
  expect(some.records.records[name]?.hadRunningTasks).toBeUndefined();
});

test.each([undefined, { status: 'DRAINING' }])('a service that was deleted (%j) ends it, and nothing more is asked', async (service) => {
  const { records, run } = given({ service, stopped: [stoppedTask()] });

  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SUPERSEDED', reason: 'SERVICE_DELETED' } });
  expect(records.records[name]?.evidence).toBeUndefined();
});

test('where ECS’s own rollback led is compared with what was last good', async () => {
  const rollback = { taskDefinition: revisionArn(5), revision: 'revision of the fifth' };
  const good = { revision: revisionArn(5), digest: 'x', pushedAt: startedAt, at: startedAt };
  const seen = rollout({ status: 'ROLLBACK_SUCCESSFUL', rollback, isBreakerTriggered: true, statusReason: 'the breaker' });
  const { run } = given({ seen, taskDefinition: revisionArn(5), decided: { lastGood: good }, newestRevision: 'revision of the fifth' });

  expect(await run()).toMatchObject({
    action: 'finish',
    result: {
      outcome: 'ROLLED_BACK',
      reason: 'CIRCUIT_BREAKER',
      message: expect.stringMatching(/web:5.*web:7/),
    },
  });
});

describe('where the service was when it ended', () => {
  const rollback = { taskDefinition: revisionArn(5), revision: 'revision of the fifth' };
  const seen = rollout({ status: 'ROLLBACK_SUCCESSFUL', rollback, isBreakerTriggered: true });
  const revisionAtFailure = async (more: Given) => {
    const { records, run } = given({ seen, taskDefinition: revisionArn(5), newestRevision: 'revision of the fifth', ...more });
    expect(await run()).toMatchObject({ action: 'finish' });
    return records.records[name]?.revisionAtFailure;
  };

  test('is noted, for ECS may go back to another revision than the one before', async () => {
    expect(await revisionAtFailure({})).toBe(revisionArn(5));
    expect(await revisionAtFailure({ seen: { ...seen, status: 'ROLLBACK_FAILED' } })).toBe(revisionArn(5));
  });

  test('is not, where somebody newer has it, or ours succeeded', async () => {
    expect(await revisionAtFailure({ newestRevision: 'revision of a person' })).toBeUndefined();
    expect(await revisionAtFailure({ seen: rollout({ status: 'SUCCESSFUL' }), taskDefinition: ours })).toBeUndefined();
    expect(await revisionAtFailure({ service: undefined })).toBeUndefined();
  });
});

test('a deployment without an image of its own, or with one of no known digest, is judged all the same', async () => {
  const { records, run } = given({ seen: rollout({ status: 'SUCCESSFUL' }) });
  const { image: mine, ...record } = records.records[name] ?? {};

  for (const image of [undefined, { ...mine, digest: '' }]) {
    Object.assign(records.records, { [name]: { ...record, ...(image && { image }) } });
    expect(await run()).toMatchObject({ result: { outcome: 'SUCCEEDED' } });
  }
});

describe('a rollout that is not shown', () => {
  test('is counted as missed, and believed gone at the third look', async () => {
    const { records, run } = given({ seen: undefined, taskDefinition: revisionArn(9) });

    expect(await run()).toMatchObject({ action: 'wait' });
    expect(await run()).toMatchObject({ action: 'wait' });
    expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SUPERSEDED' } });
    expect(records.records[name]?.notFoundCount).toBe(3);
  });

  test('and then is, begins the count anew', async () => {
    const { records, run } = given({ record: { notFoundCount: 2 } });

    await run();

    expect(records.records[name]?.notFoundCount).toBe(0);
  });
});

test('a rollout that is seen for the first time is noted, ours and that of the way back apart', async () => {
  const forward = given({ seen: rollout({ arn: 'two' }) });
  const rollback = { since: startedAt, method: 'update', reason: 'CRASHED', message: 'x' } as const;
  const backward = given({ record: { rollback }, seen: rollout({ arn: 'three', target: previousRevision }) });

  await forward.run();
  await backward.run();

  expect(forward.records.records[name]?.serviceDeployment).toBe('two');
  expect(backward.records.records[name]).toMatchObject({
    serviceDeployment: rollout().arn,
    rollback: { ...rollback, serviceDeployment: 'three' },
  });
});

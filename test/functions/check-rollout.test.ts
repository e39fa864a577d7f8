import type { StoppedTask } from '../../core/evidence.js';
import type { DeploymentRecord } from '../../core/records.js';
import type { Rollout } from '../../core/verdict.js';
import { checkRollout } from '../../functions/check-rollout.js';
import { configuration, crashes, deploymentRecord, later, revisionArn, startedAt, stoppedTask } from '../core/given.js';
import { base, ours, rollout } from '../core/looks.js';
import { literalLedger } from './given.js';

const name = 'service#production/web deployment#1';
const logs = [{ container: 'app', group: '/ecs/web', prefix: 'ecs' }];

type Given = {
  record?: Partial<DeploymentRecord>;
  seen?: Rollout | undefined;
  taskDefinition?: string;
  stopped?: readonly StoppedTask[];
  lines?: () => Promise<string[]>;
};
const given = ({ record = {}, taskDefinition = ours, stopped = [], lines = async () => ['boom'], ...rest }: Given = {}) => {
  const ledger = literalLedger({
    [name]: deploymentRecord({
      base,
      revision: ours,
      containers: ['app'],
      touched: startedAt,
      serviceDeployment: rollout().arn,
      logs,
      ...record,
    }),
  });
  const state = { seen: 'seen' in rest ? rest.seen : rollout(), stopped };
  const tails: unknown[] = [];
  const run = checkRollout({
    configuration,
    services: {
      describe: async () => ({
        status: 'ACTIVE',
        taskDefinition,
        desiredCount: 3,
        controller: 'ECS',
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        deployments: [],
        events: ['one', 'two', 'three', 'four'],
      }),
    },
    rollouts: { describe: async () => state.seen, find: async () => state.seen },
    stoppedTasks: { of: async () => [...state.stopped] },
    logs: {
      tail: async (...question) => {
        tails.push(question);
        return lines();
      },
    },
    ledger,
  });
  return { ledger, state, tails, run: (now = later) => run({ service: 'production/web', record: name, now }) };
};

test('a rollout under way is looked at again after a twentieth of its time, and nothing is written', async () => {
  const { ledger, run } = given();

  expect(await run()).toEqual({
    next: 'wait',
    waitSeconds: 15,
    ending: { outcome: 'UNKNOWN', cause: 'AWS_ERROR', sentence: 'the execution ended before it could tell how' },
  });
  expect(ledger.writes).toEqual([]);
});

test('a success ends it', async () => {
  expect(await given({ seen: rollout({ status: 'SUCCESSFUL' }) }).run()).toMatchObject({
    next: 'end',
    ending: { outcome: 'SUCCEEDED', sentence: '3 of 3 tasks run it' },
  });
});

test('the timeout is the service’s, from the moment that it was touched', async () => {
  const { run } = given();

  expect(await run('2026-11-23T12:29:59.999Z')).toMatchObject({ next: 'wait' });
  expect(await run('2026-11-23T12:30:00.000Z')).toMatchObject({ next: 'rollBack', ending: { cause: 'TIMED_OUT' } });
});

test('the way back has a timeout of its own', async () => {
  const { run } = given({ record: { back: { since: later, by: 'stop', cause: 'CRASHED', sentence: 'x' } } });

  expect(await run('2026-11-23T12:34:59.999Z')).toMatchObject({ next: 'wait' });
  expect(await run('2026-11-23T12:35:00.000Z')).toMatchObject({ next: 'end', ending: { outcome: 'ROLLBACK_FAILED' } });
});

describe('tasks that failed', () => {
  test('are kept with the last lines of the newest and what ECS says, for they vanish after an hour', async () => {
    const { ledger, tails, run } = given({ stopped: [stoppedTask()], lines: async () => ['password=hunter2', 'x'.repeat(900)] });

    await run();

    expect(tails).toEqual([[logs[0], '0123456789abcdef0123456789abcdef', 20]]);
    expect(ledger.records[name]?.evidence).toEqual({
      failedTasks: 1,
      cause: 'CRASHED',
      groups: [{ count: 1, what: 'exit 1 in app: Essential container in task exited' }],
      logs: { container: 'app', lines: ['password=***', 'x'.repeat(300)] },
      events: ['one', 'two', 'three'],
    });
  });

  test('are kept once, however often they are seen, and stay when ECS has forgotten them', async () => {
    const { ledger, state, run } = given({ stopped: [stoppedTask()] });

    await run();
    await run();
    state.stopped = [];
    await run();

    expect(ledger.writes).toHaveLength(1);
    expect(ledger.records[name]?.evidence).toMatchObject({ failedTasks: 1 });
  });

  test('stay beside an alarm that fires when ECS has forgotten them', async () => {
    const { ledger, run } = given({
      record: { evidence: { ...crashes, failedTasks: 2 } },
      seen: rollout({ triggeredAlarms: ['web-5xx'] }),
    });

    await run();

    expect(ledger.records[name]?.evidence).toMatchObject({ ...crashes, failedTasks: 2, alarms: ['web-5xx'] });
  });

  test('three of them end in a way back that says why', async () => {
    const stopped = [stoppedTask(), stoppedTask(), stoppedTask()];

    expect(await given({ stopped }).run()).toMatchObject({
      next: 'rollBack',
      ending: { cause: 'CRASHED', sentence: '3 tasks failed: 3 × exit 1 in app: Essential container in task exited' },
    });
  });

  test.each([
    [
      'cannot be read',
      { lines: async () => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDeniedException' })) },
      'app',
      '(could not be read: AccessDeniedException)',
    ],
    ['are nowhere that is known', { record: { logs: [] } }, 'app', '(not read: its log driver is not awslogs with a stream prefix)'],
  ])('whose lines %s are told all the same', async (_, changes, container, line) => {
    const { ledger, run } = given({ stopped: [stoppedTask()], ...changes });

    expect(await run()).toMatchObject({ next: 'wait' });
    expect(ledger.records[name]?.evidence?.logs).toEqual({ container, lines: [line] });
  });

  test('have their lines read from the container that failed, and from any other only if it has none', async () => {
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
    expect(elsewhere.ledger.records[name]?.evidence?.logs).toEqual({ container: 'proxy', lines: ['boom'] });
  });

  test('on the way back are no evidence against the image', async () => {
    const back = { since: startedAt, by: 'stop', cause: 'CRASHED', sentence: 'x' } as const;
    const { ledger, run } = given({ record: { back }, stopped: [stoppedTask()] });

    await run();

    expect(ledger.writes).toEqual([]);
  });
});

describe('a rollout that is not shown', () => {
  test('is counted as missed, and believed gone at the third look', async () => {
    const { ledger, run } = given({ seen: undefined, taskDefinition: revisionArn(9) });

    expect(await run()).toMatchObject({ next: 'wait' });
    expect(await run()).toMatchObject({ next: 'wait' });
    expect(await run()).toMatchObject({ next: 'end', ending: { outcome: 'SUPERSEDED' } });
    expect(ledger.records[name]?.misses).toBe(3);
  });

  test('and then is, begins the count anew', async () => {
    const { ledger, run } = given({ record: { misses: 2 } });

    await run();

    expect(ledger.records[name]?.misses).toBe(0);
  });
});

test('a rollout that is seen for the first time is noted, ours and that of the way back apart', async () => {
  const forward = given({ seen: rollout({ arn: 'two' }) });
  const back = { since: startedAt, by: 'update', cause: 'CRASHED', sentence: 'x' } as const;
  const backward = given({ record: { back }, seen: rollout({ arn: 'three', target: base }) });

  await forward.run();
  await backward.run();

  expect(forward.ledger.records[name]?.serviceDeployment).toBe('two');
  expect(backward.ledger.records[name]).toMatchObject({ serviceDeployment: rollout().arn, back: { ...back, serviceDeployment: 'three' } });
});

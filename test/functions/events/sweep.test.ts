import { priorityOf } from '../../../core/lease/priority.js';
import type { BeforeTaskRun, DeploymentRecord, ServiceState } from '../../../core/records/records.js';
import { resultOf } from '../../../core/result/result.js';
import {
  beforeTaskEnd,
  beforeTaskRun,
  deploymentRecord,
  digest,
  execution,
  lease,
  releaseExecution,
  releaseRecord,
  startedAt,
  stateOf,
  taskArn,
} from '../../core/given.js';
import { sdkError } from '../given-failure.js';
import { aborted, given, name, now, pending, time } from './given-sweep.js';

const release = 'repository#my-learn-app release#2026-11-23T12:00:00.000Z#push-1';

test('closes and reports a deployment that did not change its service, and releases its lease', async () => {
  const lease = { execution, record: name, since: startedAt, priority: priorityOf(deploymentRecord()) };
  const states = { 'production/web': { fencingToken: 3, lease } };
  const { table, published, started, run } = given({ records: { [name]: pending(deploymentRecord()) }, states });

  expect(await run({ time })).toMatchObject({ pending: 1, swept: [{ record: name, did: 'closed' }] });
  expect(await table.record(name)).toMatchObject({ result: { outcome: 'FAILED', reason: 'ABORTED' }, endedAt: now, notifiedAt: now });
  expect(published.map(({ json }) => JSON.parse(json).id)).toEqual([execution]);
  expect(await table.state('production/web')).toEqual({ fencingToken: 4, ...stateOf({ quarantine: [] }) });
  expect(started).toEqual([]);
});

test.each<[string, BeforeTaskRun, boolean]>([
  ['runs', beforeTaskRun({ task: taskArn }), true],
  ['was requested', beforeTaskRun(), true],
  ['has ended', beforeTaskRun({ task: taskArn, ended: beforeTaskEnd() }), false],
])('says of an aborted deployment whose before task %s that the task may still run, if it may', async (_, beforeTask, mayRun) => {
  const { table, run } = given({ records: { [name]: pending(deploymentRecord({ beforeTask })) } });

  await run({ time });
  const message = (await table.record(name))?.result?.message;
  expect(message?.includes('may still run')).toBe(mayRun);
  expect(message?.includes(taskArn.slice(-32))).toBe(mayRun && beforeTask.task !== undefined);
});

test('of a deployment whose execution was aborted after its before task had failed, that failure is the result', async () => {
  const ended = beforeTaskEnd({ outcome: 'FAILED', reason: 'CRASHED', speaksOfImage: true, message: 'exit 1 in app' });
  const record = pending(deploymentRecord({ beforeTask: beforeTaskRun({ task: taskArn, ended }) }));
  const { table, run } = given({
    records: { [name]: record },
    states: { 'production/web': { fencingToken: 3, lease: lease({ record: name }) } },
  });

  await run({ time });
  expect((await table.record(name))?.result).toMatchObject({
    outcome: 'FAILED',
    reason: 'BEFORE_TASK',
    message: expect.stringContaining('exit 1 in app'),
  });
  expect((await table.state('production/web'))?.sources?.['my-learn-app']?.quarantine).toMatchObject([{ reason: 'BEFORE_TASK' }]);
});

test('leaves a record pending until it is reported, so that another sweep finds it after a failure', async () => {
  const { table, topic, run } = given({ records: { [name]: pending(deploymentRecord()) } });
  jest.spyOn(topic, 'publish').mockRejectedValueOnce(sdkError('InternalErrorException'));

  await expect(run({ time })).rejects.toThrow('InternalErrorException');
  expect(await table.record(name)).toMatchObject({ pending: 'yes', endedAt: now });

  await run({ time });
  expect(await table.record(name)).toMatchObject({ notifiedAt: now });
  expect((await table.record(name))?.pending).toBeUndefined();
});

test('reports a deployment whose execution ended after it closed its record, and releases its lease', async () => {
  const closed = deploymentRecord({
    ...{
      updateRequestedAt: startedAt,
      revision: 'web:8',
      result: { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '1 of 1 tasks run it' },
      endedAt: startedAt,
    },
  });
  const states = {
    'production/web': { fencingToken: 3, lease: { execution, record: name, since: startedAt, priority: priorityOf(closed) } },
  };
  const { table, published, run } = given({ records: { [name]: pending(closed) }, states });

  expect(await run({ time })).toMatchObject({ swept: [{ did: 'closed', why: expect.stringContaining('SUCCEEDED') }] });
  expect(published.map(({ attributes }) => attributes.outcome)).toEqual(['SUCCEEDED']);
  expect(await table.state('production/web')).toMatchObject({ knownGood: [{ revision: 'web:8', at: startedAt }] });
  expect((await table.state('production/web'))?.lease).toBeUndefined();
  expect(await table.record(name)).toMatchObject({ endedAt: startedAt, notifiedAt: now });
  expect((await table.record(name))?.pending).toBeUndefined();
});

test('reports a deployment once though the item of its service cannot be read, and leaves its record pending', async () => {
  const { table, published, run } = given({
    records: { [name]: pending(deploymentRecord()) },
    states: { 'production/web': { schema: 1 } as ServiceState },
  });

  for (const _ of ['two', 'sweeps']) await expect(run({ time })).rejects.toThrow('schema is 1');
  expect(published).toHaveLength(1);
  expect(await table.record(name)).toMatchObject({ pending: 'yes', endedAt: now, notifiedAt: now });
});

test('only closes a deployment that was reported before', async () => {
  const { table, published, run } = given({ records: { [name]: pending(deploymentRecord({ notifiedAt: startedAt })) } });

  await run({ time });

  expect(published).toEqual([]);
  expect(await table.record(name)).toMatchObject({ result: { outcome: 'FAILED' } });
});

test.each([
  ['in progress', { ...aborted, isRunning: true }],
  ['whose execution has just ended', { ...aborted, endedAt: new Date('2026-11-23T12:59:30Z') }],
])('leaves a deployment %s alone', async (_, state) => {
  const { table, published, run } = given({ records: { [name]: pending(deploymentRecord()) } }, () => state);

  expect(await run({ time })).toEqual({ pending: 1, swept: [] });
  expect(table.writes).toEqual([]);
  expect(published).toEqual([]);
});

test('reports once if two sweeps run at the same time', async () => {
  const { published, run } = given({ records: { [name]: pending(deploymentRecord()) } });

  await Promise.all([run({ time }), run({ time })]);

  expect(published).toHaveLength(1);
});

const resumer = /^arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-dev-deployment (production-web-resumes-\d-[0-9a-f]{16}) (.*)$/;

test('starts another execution for a deployment that changed its service, and leaves its record pending', async () => {
  const { table, published, started, run } = given({ records: { [name]: pending(deploymentRecord({ updateRequestedAt: startedAt })) } });

  expect(await run({ time })).toMatchObject({ swept: [{ record: name, did: 'resumed' }] });
  expect(started.map((one) => resumer.exec(one)?.[2])).toEqual([JSON.stringify({ resume: name })]);
  expect(await table.record(name)).toEqual(
    deploymentRecord({
      updateRequestedAt: startedAt,
      interruption: 'its execution was aborted',
      pending: 'yes',
      sweepClaimedAt: now,
    } as object),
  );
  expect(published).toEqual([]);
});

test('starts a second resumption if the first one has ended, and waits if that one has just ended', async () => {
  const records = { [name]: pending(deploymentRecord({ updateRequestedAt: startedAt })) };
  const second = given({ records }, undefined, ['resumes-1']);
  await second.run({ time });
  expect(second.started.map((one) => resumer.exec(one)?.[1]?.slice(0, 25))).toEqual([
    'production-web-resumes-1-',
    'production-web-resumes-2-',
  ]);

  const justEnded = { ...aborted, endedAt: new Date('2026-11-23T12:59:30Z') };
  const third = given({ records }, (arn) => (arn.includes('resumes-1') ? justEnded : aborted), ['resumes-1']);
  expect(await third.run({ time })).toMatchObject({ swept: [] });
  expect(third.started).toHaveLength(1);
});

test('closes a deployment as UNKNOWN after four resumptions, and reports it', async () => {
  const { table, published, run } = given({ records: { [name]: pending(deploymentRecord({ updateRequestedAt: startedAt })) } }, undefined, [
    'resumes',
  ]);

  await run({ time });

  expect(await table.record(name)).toMatchObject({ result: { outcome: 'UNKNOWN', reason: 'ABORTED' } });
  expect(published.map(({ attributes }) => attributes.outcome)).toEqual(['UNKNOWN']);
});

test('closes a deployment that four executions have resumed with the result that the last one reached, and starts no fifth', async () => {
  const output = '{"outcome":"SUCCEEDED","reason":"DEPLOYED","message":"x"}';
  const resumed = pending(deploymentRecord({ updateRequestedAt: startedAt, resumptions: 4 }));
  const { table, published, started, run } = given({ records: { [name]: resumed } }, () => ({ ...aborted, status: 'SUCCEEDED', output }));

  await run({ time });

  expect(started).toEqual([]);
  expect(await table.record(name)).toMatchObject({ result: { outcome: 'SUCCEEDED', reason: 'DEPLOYED' } });
  expect(published.map(({ attributes }) => attributes.outcome)).toEqual(['SUCCEEDED']);
});

describe('a release and its deployments', () => {
  const reached = (changes: object = {}) => ({ ...releaseRecord(changes), stages: releaseRecord().stages!.slice(1), stage: 'production' });
  const child = (changes: Partial<DeploymentRecord> = {}) => pending(deploymentRecord({ release, ...changes }));

  test('are closed in one sweep, the deployment first, and reported by the release', async () => {
    const { table, published, run } = given({
      records: { [release]: pending(reached()), [name]: child() },
      claims: { [digest]: { execution: releaseExecution, pushes: { staging: startedAt } } },
    });

    await run({ time });

    expect(await table.record(name)).toMatchObject({ result: { outcome: 'FAILED', reason: 'ABORTED' } });
    expect(await table.record(release)).toMatchObject({ result: { outcome: 'FAILED', reason: 'ABORTED' } });
    expect(published.map(({ json }) => JSON.parse(json).id)).toEqual([releaseExecution]);
    expect(await table.claim(digest)).toBeUndefined();
  });

  test('stay pending while a deployment is in progress', async () => {
    const { table, published, run } = given({
      records: { [release]: pending(reached()), [name]: child({ updateRequestedAt: startedAt }) },
    });

    await run({ time });

    expect((await table.record(release))?.result?.outcome).toBeUndefined();
    expect(published).toEqual([]);
  });

  describe('with a before task', () => {
    const before = { service: 'production/web', name: 'before-1' };
    const stages = releaseRecord()
      .stages!.slice(1)
      .map((stage) => ({ ...stage, before }));
    const task = 'service#production/web deployment#2026-11-23T12:00:00.000Z#before-1';
    const sweepAfter = async (changes: object, status: 'ABORTED' | '' = 'ABORTED') => {
      const isRunning = (execution: string): boolean => status === '' && execution !== releaseExecution;
      const record = child({ operation: { kind: 'beforeTask' }, execution: execution.replace('one', 'before-1'), ...changes });
      const records = { [release]: pending(releaseRecord({ stages, stage: 'production' })), [task]: record };
      const all = given({ records }, (one) => ({ ...aborted, isRunning: isRunning(one) }));
      await all.run({ time });
      return { release: await all.table.record(release), task: await all.table.record(task) };
    };

    test('that still runs stay pending', async () => {
      expect((await sweepAfter({}, '')).release?.result).toBeUndefined();
    });

    test('that was aborted, too, end with that: no service has begun', async () => {
      const { release: ended, task: its } = await sweepAfter({});

      expect(its).toMatchObject({ result: { outcome: 'FAILED', reason: 'ABORTED' } });
      expect(ended).toMatchObject({ result: { outcome: 'FAILED', reason: 'ABORTED', message: expect.stringContaining('production/web') } });
    });

    test.each([
      ['failed', resultOf('FAILED', 'BEFORE_TASK', 'exit code 1'), { outcome: 'FAILED', reason: 'BEFORE_TASK' }],
      ['succeeded', resultOf('SUCCEEDED', 'BEFORE_TASK_COMPLETED', 'completed'), { outcome: 'FAILED', reason: 'ABORTED' }],
    ])('that %s end without a service that was deployed', async (_, result, expected) => {
      const closed = { result, endedAt: startedAt, pending: undefined };

      expect((await sweepAfter(closed)).release).toMatchObject({ result: expected });
    });
  });

  test('are reported although the record of a deployment is unreadable', async () => {
    const { table, published, run } = given({
      records: { [release]: pending(reached()), [name]: { ...child(), schema: 0 } as DeploymentRecord },
    });

    expect(await run({ time })).toMatchObject({
      swept: [
        { record: name, did: 'left' },
        { record: release, did: 'closed' },
      ],
    });
    expect((await table.record(release))?.result?.outcome).toBe('FAILED');
    expect(published).toHaveLength(1);
  });

  test.each([
    ['is reported itself if the record of its release does not exist', undefined, 1],
    ['is reported itself if its release ended without a report', { endedAt: startedAt }, 1],
    ['is not reported itself if its release did', { endedAt: startedAt, notifiedAt: startedAt }, 0],
    ['is not reported itself while its release is in progress', {}, 0],
  ])('a deployment %s', async (_, its, count) => {
    const { published, run } = given({ records: { [name]: child(), ...(its && { [release]: reached(its) }) } });

    await run({ time });

    expect(published).toHaveLength(count);
  });
});

test('closes a release of a tag that no stage takes, and publishes nothing', async () => {
  const result = { outcome: 'SKIPPED', reason: 'TAG_NOT_MATCHED', message: 'tag x matches none of v*' } as const;
  const { table, published, run } = given({ records: { [release]: pending(releaseRecord({ result, stages: [] })) } });

  await run({ time });

  expect(published).toEqual([]);
  expect(await table.record(release)).toMatchObject({ result, endedAt: now });
  expect((await table.record(release))?.pending).toBeUndefined();
});

test('takes a record that failed again at the next attempt, which Lambda makes with the same event', async () => {
  const { table, published, run } = given({ records: { [name]: pending(deploymentRecord()) } });
  jest.spyOn(table.states, 'of').mockRejectedValueOnce(sdkError('InternalServerError', 'try again', 500));

  await expect(run({ time })).rejects.toThrow('InternalServerError: try again');
  await run({ time });

  expect(published).toHaveLength(1);
});

test('sweeps the other records if one is unreadable and one fails, and fails with its name', async () => {
  const other = name.replaceAll('production/web', 'production/worker');
  const records = {
    'x y': { pending: 'yes' } as DeploymentRecord,
    [name]: pending(deploymentRecord()),
    [other]: pending(deploymentRecord({ service: 'production/worker' })),
  };
  const { table, run } = given({ records });
  const read = table.states.of.bind(table.states);
  jest.spyOn(table.states, 'of').mockImplementation(async (service) => {
    if (service === 'production/web') throw sdkError('AccessDeniedException', 'no');
    return read(service);
  });

  await expect(run({ time })).rejects.toThrow(/^1 of 3 .*AccessDeniedException: no/);
  expect(await table.record(other)).toMatchObject({ result: { outcome: 'FAILED' } });
});

describe('a hold with an end', () => {
  const hold = { at: startedAt, by: 'ada', reason: 'the database is being moved' };
  const withheld = { digest, tag: 'main-7', pushedAt: startedAt, release: '', hold };
  const state = (until: string) => ({ hold: { ...hold, until }, pending: 'yes', ...stateOf({ withheld }) });

  test('that has passed ends: what it kept back is released, and reported with who and why', async () => {
    const { table, published, started, run } = given({ states: { 'production/web': state(now) } });

    expect(await run({ time })).toMatchObject({ swept: [{ record: 'service#production/web state', did: 'closed' }] });
    expect(await table.state('production/web')).toEqual(stateOf({ withheld }));
    expect(started).toEqual([expect.stringMatching(/slipway-dev-release .*"digest":"sha256:.*"by":"ada"/)]);
    expect(published).toMatchObject([
      { subject: 'production/web: not on hold', text: expect.stringMatching(/1 image.*held back by ada until 2026-11-23 13:00/s) },
    ]);
    expect(await run({ time })).toMatchObject({ pending: 0 });
  });

  test('that has not passed stays', async () => {
    const { table, published, started, run } = given({ states: { 'production/web': state('2026-11-23T13:00:00.001Z') } });

    expect(await run({ time })).toMatchObject({ pending: 1, swept: [] });
    expect(await table.state('production/web')).toMatchObject({ hold });
    expect([...published, ...started]).toEqual([]);
  });

  test('that a sweep saw a moment before its end is ended by the next one', async () => {
    const { table, run } = given({ states: { 'production/web': state(now) } });

    await run({ time: '2026-11-23T12:59:59Z' });
    await run({ time });

    expect(await table.state('production/web')).not.toHaveProperty('hold');
  });

  test('that keeps something back until it is removed releases that, too', async () => {
    const { table, topic, started, run } = given({ states: { 'production/web': { ...state(now), sources: {}, lease: lease() } } });
    jest
      .spyOn(topic, 'publish')
      .mockImplementationOnce(async () => void (await table.states.withhold('production/web', execution, 'my-learn-app', withheld)));

    await run({ time });

    expect(started).toEqual([expect.stringMatching(/slipway-dev-release .*"digest"/)]);
  });

  test('of every service ends in the sweep after the one that could not start everything', async () => {
    const worker = { sources: { 'my-proxy': { withheld } } };
    const states = { '*': state(now), 'production/web': stateOf({ withheld }), 'production/worker': worker };
    const { table, executions, published, started, run } = given({ states });
    jest.spyOn(executions, 'start').mockRejectedValueOnce(sdkError('ThrottlingException'));

    await expect(run({ time })).rejects.toThrow('ThrottlingException');
    expect([started.length, published.length]).toEqual([1, 0]);
    await run({ time });
    expect(await table.state('*')).not.toHaveProperty('hold');
    expect(published).toHaveLength(1);
  });

  test('that another hold replaced meanwhile keeps that one', async () => {
    const { table, topic, run } = given({ states: { 'production/web': state(now) } });
    jest
      .spyOn(topic, 'publish')
      .mockImplementationOnce(async () => void (await table.states.hold('production/web', { at: now, by: 'bob' })));

    await run({ time });

    expect(await table.state('production/web')).toMatchObject({ hold: { at: now, by: 'bob' } });
  });
});

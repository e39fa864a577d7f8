import type { Publication } from '../../../aws/topic.js';
import type { ExecutionState } from '../../../core/housekeeping/sweep.js';
import { priorityOf } from '../../../core/lease/priority.js';
import type { DeploymentRecord, ReleaseRecord, ServiceState } from '../../../core/records/records.js';
import { sweep } from '../../../functions/events/sweep.js';
import { deploymentRecord, execution, releaseExecution, releaseRecord, startedAt } from '../../core/given.js';
import { literalLedger, sdkError } from '../given.js';

const time = '2026-11-23T13:00:00Z';
const now = '2026-11-23T13:00:00.000Z';
const name = 'service#production/web deployment#2026-11-23T12:00:00.000Z#production-web-1';
const release = 'repository#my-learn-app release#2026-11-23T12:00:00.000Z#push-1';
const aborted: ExecutionState = { isRunning: false, endedAt: new Date('2026-11-23T12:30:00Z'), status: 'ABORTED' };

type Record = DeploymentRecord | ReleaseRecord;
const open = <R extends Record>(record: R): R => ({ ...record, schema: 1, pending: 'yes' });

const given = (
  initial: { [name: string]: Record },
  executions: { [arn: string]: ExecutionState } = {},
  over: readonly string[] = [],
  states: { [service: string]: ServiceState } = {},
) => {
  const records = literalLedger(initial, states);
  const published: Publication[] = [];
  const started: string[] = [];
  const taken = new Set<string>();
  const run = sweep({
    records,
    states: records.serviceStates,
    executions: {
      describe: async (arn) => executions[arn] ?? aborted,
      start: async (machine, wanted, input) => {
        started.push(`${machine} ${wanted} ${JSON.stringify(input)}`);
        return { execution: `${machine.replace('stateMachine', 'execution')}:${wanted}`, isOver: over.some((end) => wanted.includes(end)) };
      },
    },
    pendingRecords: {
      names: async () => Object.keys(records),
      read: async (one) => records.records[one],
      take: async (one) => !taken.has(one) && taken.add(one) !== undefined,
      unclaim: async (one) => void taken.delete(one),
    },
    topic: { publish: async (publication) => void published.push(publication) },
  });
  return { records, published, started, run };
};

test('an untouched deployment is told, closed, and its lease given back', async () => {
  const lease = { execution, record: name, since: startedAt, priority: priorityOf(deploymentRecord()) };
  const states = { 'production/web': { fencingToken: 3, lease } };
  const { records, published, started, run } = given({ [name]: open(deploymentRecord()) }, {}, [], states);

  expect(await run({ time })).toMatchObject({ pending: 1, swept: [{ record: name, did: 'closed' }] });
  expect(records.records[name]).toMatchObject({ result: { outcome: 'FAILED', reason: 'ABORTED' }, endedAt: now, notifiedAt: now });
  expect(published.map(({ json }) => JSON.parse(json).id)).toEqual([execution]);
  expect(records.states['production/web']).toEqual({ fencingToken: 3, quarantine: [] });
  expect(started).toEqual([]);
});

test('it stays open until it is told, so that a sweep that dies in between is followed by one that finds it', async () => {
  const { records, run } = given({ [name]: open(deploymentRecord()) });

  await run({ time });

  expect(records.writes.map((write) => write.split(' ')[0])).toEqual(['close', 'rest']);
});

test('one that closed its record and died before it was told, or before it gave the lease back, is told, and the lease given back', async () => {
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
  const { records, published, run } = given({ [name]: open(closed) }, {}, [], states);

  expect(await run({ time })).toMatchObject({ swept: [{ did: 'closed', why: 'SUCCEEDED: 1 of 1 tasks run it' }] });
  expect(published.map(({ attributes }) => attributes.outcome)).toEqual(['SUCCEEDED']);
  expect(records.states['production/web']).toMatchObject({ lastGood: { revision: 'web:8', at: startedAt } });
  expect(records.states['production/web']?.lease).toBeUndefined();
  expect(records.records[name]).toMatchObject({ endedAt: startedAt, notifiedAt: now });
  expect(records.records[name]?.pending).toBeUndefined();
});

test('one that was told before is closed only', async () => {
  const { records, published, run } = given({ [name]: open(deploymentRecord({ notifiedAt: startedAt })) });

  await run({ time });

  expect(published).toEqual([]);
  expect(records.records[name]).toMatchObject({ result: { outcome: 'FAILED' } });
});

test.each([
  ['that runs', { ...aborted, isRunning: true }],
  ['that has just ended', { ...aborted, endedAt: new Date('2026-11-23T12:59:30Z') }],
])('a deployment %s is left alone', async (_, state) => {
  const { records, published, run } = given({ [name]: open(deploymentRecord()) }, { [execution]: state });

  expect(await run({ time })).toEqual({ pending: 1, swept: [] });
  expect(records.writes).toEqual([]);
  expect(published).toEqual([]);
});

test('two sweeps at once tell once', async () => {
  const { published, run } = given({ [name]: open(deploymentRecord()) });

  await Promise.all([run({ time }), run({ time })]);

  expect(published).toHaveLength(1);
});

const resumer = /^arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-dev-deployment (production-web-resumes-\d-[0-9a-f]{16}) (.*)$/;

test('a touched deployment gets another execution, and stays as it is', async () => {
  const { records, published, started, run } = given({ [name]: open(deploymentRecord({ updateRequestedAt: startedAt })) });

  expect(await run({ time })).toMatchObject({ swept: [{ record: name, did: 'resumed' }] });
  expect(started.map((one) => resumer.exec(one)?.[2])).toEqual([JSON.stringify({ resume: name })]);
  expect([records.writes, published]).toEqual([[], []]);
});

test('where its first resumer is dead it gets a second one; where that has just died, one waits', async () => {
  const updateRequestedAt = { [name]: open(deploymentRecord({ updateRequestedAt: startedAt })) };
  const second = given(updateRequestedAt, {}, ['resumes-1']);
  await second.run({ time });
  expect(second.started.map((one) => resumer.exec(one)?.[1]?.slice(0, 24))).toEqual([
    'production-web-resumes-1-',
    'production-web-resumes-2-',
  ]);

  const dying = (arn: string) => (arn.includes('resumes-1') ? { ...aborted, endedAt: new Date('2026-11-23T12:59:30Z') } : aborted);
  const third = given(updateRequestedAt, new Proxy({}, { get: (_, arn: string) => dying(arn) }), ['resumes-1']);
  expect(await third.run({ time })).toMatchObject({ swept: [] });
  expect(third.started).toHaveLength(1);
});

test('where four are dead it ends UNKNOWN, told', async () => {
  const { records, published, run } = given({ [name]: open(deploymentRecord({ updateRequestedAt: startedAt })) }, {}, ['resumes']);

  await run({ time });

  expect(records.records[name]).toMatchObject({ result: { outcome: 'UNKNOWN', reason: 'ABORTED' } });
  expect(published.map(({ attributes }) => attributes.outcome)).toEqual(['UNKNOWN']);
});

describe('of a release', () => {
  const reached = (changes: object = {}) => ({ ...releaseRecord(changes), stages: releaseRecord().stages!.slice(1), stage: 'production' });
  const child = (changes: Partial<DeploymentRecord> = {}) => open(deploymentRecord({ release, ...changes }));

  test('both are swept at once, the deployment first, and the release tells for both', async () => {
    const { records, published, run } = given({ [release]: open(reached()), [name]: child() });
    records.claims[`my-learn-app ${releaseRecord().image?.digest}`] = { execution: releaseExecution, pushedAt: startedAt };

    await run({ time });

    expect(records.records[name]).toMatchObject({ result: { outcome: 'FAILED', reason: 'ABORTED' } });
    expect(records.records[release]).toMatchObject({ result: { outcome: 'FAILED', reason: 'ABORTED' } });
    expect(published.map(({ json }) => JSON.parse(json).id)).toEqual([releaseExecution]);
    expect(records.claims).toEqual({});
  });

  test('that has a deployment under way the release is left for later', async () => {
    const { records, published, run } = given({ [release]: open(reached()), [name]: child({ updateRequestedAt: startedAt }) });

    await run({ time });

    expect(records.records[release]?.result?.outcome).toBeUndefined();
    expect(published).toEqual([]);
  });

  test('a deployment that nobody can read does not keep the release from being told', async () => {
    const { records, published, run } = given({ [release]: open(reached()), [name]: { ...child(), schema: 0 } as DeploymentRecord });

    expect(await run({ time })).toMatchObject({
      swept: [
        { record: name, did: 'left' },
        { record: release, did: 'closed' },
      ],
    });
    expect(records.records[release]?.result?.outcome).toBe('FAILED');
    expect(published).toHaveLength(1);
  });

  test.each([
    ['whose record is not there', {}, 1],
    ['that ended without a word', { endedAt: startedAt }, 1],
    ['that has told', { endedAt: startedAt, notifiedAt: startedAt }, 0],
    ['that still runs', {}, 0],
  ])('%s a deployment tells %#', async (which, changes, count) => {
    const releases = which.includes('not there') ? {} : { [release]: reached(changes) };
    const { records, published, run } = given({ [name]: child() });
    Object.assign(records.records, releases);

    await run({ time });

    expect(published).toHaveLength(count);
  });
});

test('what failed is taken again at the next attempt, which Lambda makes with the same event', async () => {
  const { records, published, run } = given({ [name]: open(deploymentRecord()) });
  const { of } = records.serviceStates;
  let failures = 1;
  Object.assign(records.serviceStates, {
    of: async (service: string) => {
      if (failures-- > 0) throw sdkError('InternalServerError', 'try again', 500);
      return of(service);
    },
  });

  await expect(run({ time })).rejects.toThrow('InternalServerError: try again');
  await run({ time });

  expect(published).toHaveLength(1);
});

test('what cannot be read or swept keeps no other from it, and is named at the end', async () => {
  const other = name.replaceAll('production/web', 'production/worker');
  const initial = {
    'x y': {} as DeploymentRecord,
    [name]: open(deploymentRecord()),
    [other]: open(deploymentRecord({ service: 'production/worker' })),
  };
  const { records, run } = given(initial);
  const { of } = records.serviceStates;
  Object.assign(records.serviceStates, {
    of: async (service: string) => {
      if (service === 'production/web') throw sdkError('AccessDeniedException', 'no');
      return of(service);
    },
  });

  await expect(run({ time })).rejects.toThrow(/^1 of 3 open records could not be swept: .*AccessDeniedException: no/);
  expect(records.records[other]).toMatchObject({ result: { outcome: 'FAILED' } });
});

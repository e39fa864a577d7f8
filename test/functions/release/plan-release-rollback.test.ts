import { deploymentName, releaseName } from '../../../core/records/record-name.js';
import type { DeploymentRecord, ReleaseRecord, ServiceState } from '../../../core/records/records.js';
import { type Outcome, resultOf } from '../../../core/result/result.js';
import { deploymentRecord, digest, image, later, otherDigest, releaseRecord, resultWith, startedAt, stateOf } from '../../core/given.js';
import { given, record, start } from './given-release.js';

const before = '2026-11-23T10:00:00.000Z';
const arn = (name: string) => `arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-release:${name}`;
const lastDeployed = { digest, pushedAt: before };

/** A release that has ended at `at`, of these services of staging, with its record and those of its deployments. */
const released = (
  name: string,
  at: string,
  {
    release = {},
    child = {},
    services = ['staging/web'],
  }: { release?: Partial<ReleaseRecord>; child?: Partial<DeploymentRecord>; services?: readonly string[] } = {},
) => {
  const deployments = services.map((service) => ({ service, name: `${name}-${service.replace('/', '-')}` }));
  const children = deployments.map((one) => [
    deploymentName(one.service, at, `arn:x:${one.name}`),
    deploymentRecord({
      service: one.service,
      stage: 'staging',
      trigger: { kind: 'push' },
      updateRequestedAt: at,
      result: resultWith('SUCCEEDED'),
      endedAt: at,
      ...child,
    }),
  ]);
  const result = resultWith('SUCCEEDED');
  const stages = [{ name: 'staging', deployments }];
  return {
    [releaseName('my-learn-app', at, arn(name))]: releaseRecord({
      execution: arn(name),
      startedAt: at,
      endedAt: at,
      result,
      stages,
      ...release,
    }),
    ...Object.fromEntries(children),
  };
};

const rollback = { repository: 'my-learn-app', rollback: true, by: 'ada', reason: 'wrong prices' };
const running = (...services: string[]): Record<string, ServiceState> =>
  Object.fromEntries(services.map((service) => [service, stateOf({ lastDeployed })]));
const first = released('first', before);
const nameOfFirst = releaseName('my-learn-app', before, arn('first'));

test('rolls back what the last release changed: each service by an execution of its own, without gates or a claim', async () => {
  const services = ['staging/web', 'production/web'];
  const { table, run } = given({ records: released('first', before, { services }), states: running(...services) });

  const answer = await run(start(rollback));

  expect(answer).toMatchObject({
    action: 'deploy',
    record,
    stage: '',
    services: [
      { service: 'staging/web', delaySeconds: 0 },
      { service: 'production/web', delaySeconds: 0 },
    ],
    parallel: 20,
  });
  const written = await table.record(record);
  expect(written).toMatchObject({
    pending: 'yes',
    image,
    stages: [],
    stage: '',
    trigger: { kind: 'hand', by: 'ada', reason: 'wrong prices' },
    rollback: {
      of: nameOfFirst,
      deployments: [
        { service: 'staging/web', undoes: deploymentName('staging/web', before, 'first-staging-web') },
        { service: 'production/web', undoes: deploymentName('production/web', before, 'first-production-web') },
      ],
    },
  });
  expect(written?.rollback?.deployments.map(({ service, name }) => ({ service, name, delaySeconds: 0 }))).toEqual(answer.services);
  expect(await table.claim(digest)).toBeUndefined();
});

test('answers the same if it runs again, also when the services run something else by then', async () => {
  const { table, run } = given({ records: first, states: running('staging/web') });

  const answer = await run(start(rollback));
  await table.states.recordLaterPush('staging/web', 'my-learn-app', lastDeployed, later);

  expect(await run(start(rollback))).toEqual(answer);
});

test('saves its plan if it runs again and finds one only then', async () => {
  const { table, run } = given({ records: first, states: { 'staging/web': stateOf({}) } });
  expect(await run(start(rollback))).toMatchObject({ action: 'finish' });
  jest.spyOn(table.states, 'of').mockResolvedValue(stateOf({ lastDeployed }));

  expect(await run(start(rollback))).toMatchObject({ action: 'deploy' });

  expect(await table.record(record)).toMatchObject({ stage: '', rollback: { of: nameOfFirst, deployments: [{ service: 'staging/web' }] } });
});

test('rolls back only services that it changed and that still run its image', async () => {
  const services = ['staging/web', 'production/web', 'production/worker'];
  const already = deploymentName('production/worker', before, 'arn:x:first-production-worker');
  const records = released('first', before, { services });
  const { run } = given({
    records: { ...records, [already]: deploymentRecord({ result: resultOf('SKIPPED', 'ALREADY_RUNNING', 'x'), endedAt: before }) },
    states: {
      ...running(...services),
      'production/web': stateOf({ lastDeployed: { digest: otherDigest, pushedAt: later } }),
    },
  });

  expect((await run(start(rollback))).services).toMatchObject([{ service: 'staging/web' }]);
});

test('ends superseded if newer deployments have replaced it everywhere, with a record', async () => {
  const { table, run } = given({ records: first, states: { 'staging/web': stateOf({}) } });

  const answer = await run(start(rollback));

  expect(answer).toMatchObject({ action: 'finish', record, result: { outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' } });
  expect(answer.result.message).toContain('staging/web');
  expect(await table.record(record)).toMatchObject({ pending: 'yes' });
});

describe('the last release', () => {
  const at = '2026-11-23T11:00:00.000Z';
  const nameOfSecond = releaseName('my-learn-app', at, arn('second'));
  const undo = (changes: Partial<ReleaseRecord> = {}) => ({
    [releaseName('my-learn-app', '2026-11-23T11:30:00.000Z', arn('undo'))]: releaseRecord({
      execution: arn('undo'),
      startedAt: '2026-11-23T11:30:00.000Z',
      stages: [],
      rollback: { of: nameOfSecond, deployments: [] },
      endedAt: later,
      result: resultWith('SUCCEEDED'),
      ...changes,
    }),
  });
  const undoesOf = async (records: Record<string, ReleaseRecord | DeploymentRecord>) => {
    const { table, run } = given({ records: { ...first, ...records }, states: running('staging/web') });
    const answer = await run(start(rollback));
    return { answer, of: (await table.record(record))?.rollback?.of };
  };

  test('is the newest that changed a service', async () => {
    expect((await undoesOf(released('second', at))).of).toBe(nameOfSecond);
  });

  test.each<[string, Parameters<typeof released>[2]]>([
    ['was skipped', { release: { result: resultOf('SKIPPED', 'DUPLICATE_RELEASE', 'x') } }],
    ['changed nothing, because the service ran it already', { child: { result: resultOf('SKIPPED', 'ALREADY_RUNNING', 'x') } }],
    ['was rolled back by itself', { child: { result: resultWith('ROLLED_BACK') } }],
  ])('is not one that %s', async (_, second) => {
    expect((await undoesOf(released('second', at, second))).of).toBe(nameOfFirst);
  });

  test.each<[string, Outcome, string]>([
    ['is not one that has rolled itself back, because a service failed', 'SUCCEEDED', nameOfFirst],
    ['is one that could not roll itself back: it is tried again', 'FAILED', nameOfSecond],
  ])('%s', async (_, outcome, expected) => {
    const undoes = deploymentName('staging/web', at, 'second-staging-web');
    const plan = { of: nameOfSecond, deployments: [{ service: 'staging/web', name: 'u', undoes }] };
    const undone = { [deploymentName('staging/web', later, 'arn:x:u')]: deploymentRecord({ result: resultWith(outcome) }) };
    const second = released('second', at, { release: { rollback: plan } });

    expect((await undoesOf({ ...second, ...undone })).of).toBe(expected);
  });

  test('is not one that an operator has rolled back, nor that rollback', async () => {
    expect((await undoesOf({ ...released('second', at), ...undo() })).of).toBe(nameOfFirst);
  });

  test('is one whose rollback failed for a service: it is repeated there', async () => {
    const failed = undo({ result: resultWith('FAILED') });
    expect((await undoesOf({ ...released('second', at), ...failed })).of).toBe(nameOfSecond);
  });

  test('is not looked for behind one whose rollback is in progress: the command may have come twice', async () => {
    const { endedAt: _, ...open } = Object.values(undo())[0]!;
    const [name] = Object.keys(undo());
    const { answer } = await undoesOf({ ...released('second', at), [name!]: open });

    expect(answer).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED', reason: 'DUPLICATE_ROLLBACK' } });
  });

  test('that is in progress is refused', async () => {
    const [name] = Object.keys(released('second', at));
    const records = released('second', at);
    const { endedAt: _, result: __, ...open } = records[name!] as ReleaseRecord;
    const { answer } = await undoesOf({ ...records, [name!]: open });

    expect(answer).toMatchObject({ action: 'finish', result: { outcome: 'FAILED', reason: 'INVALID_INPUT' } });
    expect(answer.result.message).toContain('release second is in progress');
  });
});

describe('a stage that is named', () => {
  const at = '2026-11-23T11:00:00.000Z';
  const undoneAt = '2026-11-23T11:30:00.000Z';
  const both = { name: 'both', services: { staging: ['staging/web'], production: ['production/web'] } };
  /** A release of both stages, and a newer one that has staging alone. */
  const records = {
    ...released(both.name, before, {
      services: ['staging/web', 'production/web'],
      release: {
        stage: 'production',
        stages: Object.entries(both.services).map(([name, services]) => ({
          name,
          deployments: services.map((service) => ({ service, name: `both-${service.replace('/', '-')}` })),
        })),
      },
    }),
    ...released('second', at),
  };
  const nameOfBoth = releaseName('my-learn-app', before, arn('both'));
  const undo = (changes: Partial<ReleaseRecord>) => ({
    [releaseName('my-learn-app', undoneAt, arn('undo'))]: releaseRecord({
      execution: arn('undo'),
      startedAt: undoneAt,
      stages: [],
      rollback: { of: nameOfBoth, stage: 'production', deployments: [] },
      endedAt: later,
      result: resultWith('SUCCEEDED'),
      ...changes,
    }),
  });
  const rollbackOf = async (input: object, more: Record<string, ReleaseRecord> = {}) => {
    const { table, run } = given({ records: { ...records, ...more }, states: running('staging/web', 'production/web') });
    const { result } = await run(start({ ...rollback, ...input }));
    const { of, stage, deployments } = (await table.record(record))?.rollback ?? {};
    return { result, of, stage, services: deployments?.map(({ service }) => service) };
  };

  test('is rolled back alone, by the last release that changed it, not the last of all', async () => {
    expect(await rollbackOf({ stage: 'production' })).toMatchObject({
      of: nameOfBoth,
      stage: 'production',
      services: ['production/web'],
    });
    expect(await rollbackOf({})).toMatchObject({ of: releaseName('my-learn-app', at, arn('second')), services: ['staging/web'] });
  });

  test('is the only one that is rolled back of a release that is named, too', async () => {
    expect(await rollbackOf({ stage: 'staging', release: 'both' })).toMatchObject({ of: nameOfBoth, services: ['staging/web'] });
  });

  test('whose rollback is done leaves the other stages of the release to roll back', async () => {
    const done = undo({});

    expect(await rollbackOf({ stage: 'production' }, done)).toMatchObject({ result: { reason: 'INVALID_INPUT' } });
    const ofSecond = undo({ rollback: { of: releaseName('my-learn-app', at, arn('second')), deployments: [] }, execution: arn('undo-2') });
    const both = { ...done, [releaseName('my-learn-app', later, arn('undo-2'))]: Object.values(ofSecond)[0]! };
    expect(await rollbackOf({}, both)).toMatchObject({ of: nameOfBoth, services: ['staging/web'] });
  });

  test('does not wait for a rollback of another stage', async () => {
    const { endedAt: _, result: __, ...open } = Object.values(undo({}))[0]!;
    const inProgress = { [releaseName('my-learn-app', undoneAt, arn('undo'))]: open };

    expect(await rollbackOf({ stage: 'staging', release: 'both' }, inProgress)).toMatchObject({ services: ['staging/web'] });
    expect(await rollbackOf({ stage: 'production' }, inProgress)).toMatchObject({ result: { reason: 'DUPLICATE_ROLLBACK' } });
  });

  test.each([
    ['productoin', 'stage productoin is not in slipway.yml; did you mean production?'],
    ['live', 'stage live is not in slipway.yml; expected one of staging, production'],
  ])('%s, which is not in slipway.yml, is refused', async (stage, message) => {
    expect((await rollbackOf({ stage })).result).toMatchObject({ outcome: 'FAILED', reason: 'INVALID_INPUT', message });
  });
});

describe('a release that is named', () => {
  test.each(['first', arn('first')])('is found by %s', async (release) => {
    const { table, run } = given({
      records: { ...first, ...released('second', '2026-11-23T11:00:00.000Z') },
      states: running('staging/web'),
    });

    expect(await run(start({ ...rollback, release }))).toMatchObject({ action: 'deploy' });
    expect((await table.record(record))?.rollback?.of).toBe(nameOfFirst);
  });

  test.each<[string, Record<string, ReleaseRecord | DeploymentRecord>, string]>([
    ['does not exist', {}, 'my-learn-app has no release first; expected the name of an execution of the release machine, or its ARN'],
    ['changed nothing', released('first', before, { child: { result: resultWith('SKIPPED') } }), 'release first changed no service'],
    [
      'is a rollback itself',
      released('first', before, { release: { stages: [], rollback: { of: 'repository#my-learn-app release#1', deployments: [] } } }),
      'first is a rollback itself',
    ],
  ])('and %s is refused with the reason', async (_, records, message) => {
    const { table, run } = given({ records });

    const answer = await run(start({ ...rollback, release: 'first' }));

    expect(answer).toMatchObject({ action: 'finish', record: '', result: { outcome: 'FAILED', reason: 'INVALID_INPUT' } });
    expect(answer.result.message).toContain(message);
    expect(table.writes).toEqual([]);
  });

  test('and was rolled back before is rolled back where services run its image again', async () => {
    const undo = releaseRecord({ execution: arn('undo'), stages: [], rollback: { of: nameOfFirst, deployments: [] }, endedAt: startedAt });
    const { run } = given({
      records: { ...first, [releaseName('my-learn-app', later, arn('undo'))]: undo },
      states: running('staging/web'),
    });

    expect(await run(start({ ...rollback, release: 'first' }))).toMatchObject({ action: 'deploy' });
  });
});

test('without a release that changed anything the rollback is refused', async () => {
  expect(await given().run(start(rollback))).toMatchObject({ result: { outcome: 'FAILED', reason: 'INVALID_INPUT' } });
});

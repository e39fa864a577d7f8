import { type Outcome, reasonsByOutcome, resultOf } from '../../../core/result/result.js';
import { evaluateStage } from '../../../functions/release/evaluate-stage.js';
import { deploymentRecord, later, lease, releaseRecord } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';

const name = 'repository#my-learn-app release#1';
const deployed = (service: string, execution: string, outcome: Outcome) => ({
  [`service#${service} deployment#${later}#${execution}`]: deploymentRecord({
    service,
    result: { outcome, reason: reasonsByOutcome[outcome][0], message: `ended ${outcome}` },
  }),
});
const wake = jest.fn(async () => true);
const given = (...others: object[]) => {
  const table = givenTable({ records: Object.assign({ [name]: releaseRecord() }, ...others) });
  return {
    table,
    run: (stage: string, action: 'proceed' | 'rollBack' | 'deploy' = 'proceed') =>
      evaluateStage({ ...table, tokens: { wake } })({ record: name, stage, action, now: later }),
  };
};
const staging = (outcome: Outcome) => deployed('staging/web', 'staging-web-1', outcome);

test('answers and records the next stage after a stage that succeeded', async () => {
  const { table, run } = given(staging('SUCCEEDED'));

  expect(await run('staging')).toMatchObject({
    action: 'proceed',
    record: name,
    stage: 'production',
    services: [
      { service: 'production/web', name: 'production-web-1' },
      { service: 'production/worker', name: 'production-worker-1' },
    ],
  });
  expect((await table.record(name))?.stage).toBe('production');
});

test('answers the same if it runs twice', async () => {
  const { run } = given(staging('SUCCEEDED'));

  expect(await run('staging')).toEqual(await run('staging'));
});

test('ends the release after a stage that was rolled back, and starts no other stage', async () => {
  const { table, run } = given(staging('ROLLED_BACK'));

  expect(await run('staging')).toEqual({
    action: 'finish',
    record: name,
    stage: 'staging',
    services: [],
    parallel: 1,
    result: { outcome: 'ROLLED_BACK', reason: 'CRASHED', message: expect.stringMatching(/staging\/web.*ended ROLLED_BACK/) },
  });
  // No stage can be added any more.
  expect(table.writes).toEqual([name]);
  expect(await table.record(name)).toMatchObject({ decided: true });
});

test('ends the release after its last stage with the worst result of all stages', async () => {
  const web = deployed('production/web', 'production-web-1', 'SUCCEEDED');
  const worker = (outcome: Outcome) => deployed('production/worker', 'production-worker-1', outcome);

  expect(await given(staging('SUCCEEDED'), web, worker('SUCCEEDED')).run('production')).toMatchObject({
    action: 'finish',
    result: { outcome: 'SUCCEEDED', reason: 'DEPLOYED' },
  });
  expect(await given(staging('SUCCEEDED'), web, worker('SUPERSEDED')).run('production')).toMatchObject({
    result: { outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' },
  });
});

test('counts a deployment without a record as failed', async () => {
  expect(await given().run('staging')).toMatchObject({
    action: 'finish',
    result: { outcome: 'FAILED', reason: 'AWS_ERROR' },
  });
});

test('ignores a record of another execution for the same service', async () => {
  expect(await given(deployed('staging/web', 'another', 'SUCCEEDED')).run('staging')).toMatchObject({ result: { outcome: 'FAILED' } });
});

describe('a stage that rolls all back', () => {
  const rollingBack = (scope: object = {}) =>
    releaseRecord({ stages: (releaseRecord().stages ?? []).map((stage) => ({ ...stage, onFailure: 'rollBackAll' as const, ...scope })) });
  const changed = { updateRequestedAt: later };
  const child = (service: string, execution: string, outcome: Outcome, more: object = changed) => ({
    [`service#${service} deployment#${later}#${execution}`]: deploymentRecord({
      service,
      ...more,
      result: {
        outcome,
        reason: outcome === 'SKIPPED' ? 'ON_HOLD' : reasonsByOutcome[outcome][0],
        message: `ended ${outcome}`,
      },
    }),
  });
  const failed = (scope: object = {}) =>
    given(
      { [name]: { ...rollingBack(scope), stage: 'production' } },
      child('staging/web', 'staging-web-1', 'SUCCEEDED'),
      child('production/web', 'production-web-1', 'SUCCEEDED'),
      child('production/worker', 'production-worker-1', 'ROLLED_BACK'),
    );

  test('undoes what it changed, and not what failed, or another stage', async () => {
    const { run, table } = failed();

    const answer = await run('production');

    expect(answer).toMatchObject({ action: 'rollBack', services: [{ service: 'production/web', delaySeconds: 0 }] });
    expect(await table.record(name)).toMatchObject({
      decided: true,
      rollback: { of: name, deployments: [{ service: 'production/web', undoes: expect.stringContaining('production-web-1') }] },
    });
    // Its answer was lost.
    expect(await run('production')).toEqual(answer);
  });

  test('cancels a deployment whose execution has ended without a result, and keeps its plan when that has one', async () => {
    const service = 'production/worker';
    const record = `service#${service} deployment#${later}#production-worker-1` as const;
    const table = givenTable({
      records: {
        [name]: { ...rollingBack(), stage: 'production' },
        ...child('staging/web', 'staging-web-1', 'SUCCEEDED'),
        ...child('production/web', 'production-web-1', 'SUCCEEDED'),
        [record]: deploymentRecord({ service, ...changed }),
      },
      states: { [service]: { lease: lease({ record }) } },
    });
    const run = () => evaluateStage({ ...table, tokens: { wake } })({ record: name, stage: 'production', action: 'proceed', now: later });

    const answer = await run();

    expect(answer).toMatchObject({ action: 'rollBack', services: [{ service: 'production/web' }] });
    expect((await table.states.of(service)).cancel).toEqual({ record, failedService: service });
    await table.records.update(record, { result: resultOf('SUCCEEDED', 'DEPLOYED', '') });
    expect(await run()).toEqual(answer);
  });

  test('undoes every stage of the release if its scope is that', async () => {
    const { run } = failed({ rollBackScope: 'release' });

    expect((await run('production')).services.map(({ service }) => service)).toEqual(['staging/web', 'production/web']);
  });

  test('has nothing to undo if nothing changed', async () => {
    const { run } = given(
      { [name]: { ...rollingBack(), stage: 'production' } },
      child('staging/web', 'staging-web-1', 'SUCCEEDED'),
      child('production/web', 'production-web-1', 'SKIPPED', {}),
      child('production/worker', 'production-worker-1', 'FAILED', {}),
    );

    expect(await run('production')).toMatchObject({ action: 'finish', result: { outcome: 'FAILED' } });
  });

  test('does not count a service that was skipped as failed', async () => {
    const { run } = given(
      { [name]: { ...rollingBack(), stage: 'production' } },
      child('staging/web', 'staging-web-1', 'SUCCEEDED'),
      child('production/web', 'production-web-1', 'SUCCEEDED'),
      child('production/worker', 'production-worker-1', 'SKIPPED', {}),
    );

    expect(await run('production')).toMatchObject({ action: 'finish', result: { outcome: 'PARTIAL' } });
  });

  test.each<[Outcome, Outcome, string]>([
    ['SUCCEEDED', 'ROLLED_BACK', 'CRASHED'],
    ['SUPERSEDED', 'ROLLED_BACK', 'CRASHED'],
    ['ROLLED_BACK', 'ROLLBACK_FAILED', 'STAGE_FAILED'],
    ['UNKNOWN', 'ROLLBACK_FAILED', 'STAGE_FAILED'],
  ])('a rollback that ends %s makes the release %s', async (undone, outcome, reason) => {
    const { run, table } = failed();
    const [undo] = (await run('production')).services;
    await table.records.open(
      `service#production/web deployment#${later}#${undo?.name}`,
      deploymentRecord({
        service: 'production/web',
        ...changed,
        result: { outcome: undone, reason: reasonsByOutcome[undone][0], message: 'undone' },
      }),
    );

    expect(await run('production', 'rollBack')).toMatchObject({ action: 'finish', result: { outcome, reason } });
  });

  test('a rollback that was never started makes it ROLLBACK_FAILED, and an operator is needed', async () => {
    const { run } = failed();
    await run('production');

    expect(await run('production', 'rollBack')).toMatchObject({
      result: { outcome: 'ROLLBACK_FAILED', reason: 'STAGE_FAILED' },
    });
  });
});

test.each<[string, readonly Outcome[], object]>([
  [
    'everywhere',
    ['SUCCEEDED', 'SUCCEEDED'],
    { outcome: 'SUCCEEDED', reason: 'ROLLED_BACK_WITH_RELEASE', message: '2 of 2 services are back on what ran before that release' },
  ],
  [
    'where nothing newer runs',
    ['SUPERSEDED', 'SUCCEEDED'],
    { outcome: 'SUCCEEDED', message: '1 of 2 services is back on what ran before that release' },
  ],
  ['nowhere', ['SUPERSEDED', 'SUPERSEDED'], { outcome: 'SUPERSEDED' }],
  [
    'but for a service that failed',
    ['SUCCEEDED', 'ROLLED_BACK'],
    { outcome: 'ROLLED_BACK', message: 'production/worker: ended ROLLED_BACK' },
  ],
])('a release that an operator rolls back is rolled back %s', async (_, outcomes, result) => {
  const services = ['production/web', 'production/worker'];
  const deployments = services.map((service, index) => ({
    service,
    name: `undo-${index}`,
    undoes: `service#${service} deployment#x` as const,
  }));
  const children = services.map((service, index) => deployed(service, `undo-${index}`, outcomes[index] ?? 'FAILED'));
  const { run } = given(
    { [name]: releaseRecord({ stages: [], stage: '', rollback: { of: 'repository#my-learn-app release#0', deployments } }) },
    ...children,
  );

  expect(await run('', 'deploy')).toMatchObject({ action: 'finish', result });
});

test('a stage of which slipway.yml names no service any more ends the release; one of which it names some does not', async () => {
  const removed = (service: string, execution: string) => ({
    [`service#${service} deployment#${later}#${execution}`]: deploymentRecord({
      service,
      result: { outcome: 'SKIPPED', reason: 'NOT_CONFIGURED', message: 'not in slipway.yml' },
    }),
  });
  const stages = [
    {
      name: 'staging',
      deployments: [
        { service: 'staging/web', name: 'staging-web-1' },
        { service: 'staging/api', name: 'staging-api-1' },
      ],
    },
    ...(releaseRecord().stages ?? []).slice(1),
  ];
  const release = { [name]: releaseRecord({ stages }) };

  const one = given(release, staging('SUCCEEDED'), removed('staging/api', 'staging-api-1'));
  const all = given(release, removed('staging/web', 'staging-web-1'), removed('staging/api', 'staging-api-1'));

  expect(await one.run('staging')).toMatchObject({ action: 'proceed', stage: 'production' });
  expect(await all.run('staging')).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED', reason: 'NOT_CONFIGURED' } });
});

test('what succeeded in a stage is kept for the stages that require it', async () => {
  const { run, table } = given(staging('SUCCEEDED'));
  await run('staging');

  expect([...(await table.passed.of('my-learn-app', releaseRecord().image?.digest ?? ''))]).toEqual(['staging']);
  const other = given(staging('ROLLED_BACK'));
  await other.run('staging');
  expect([...(await other.table.passed.of('my-learn-app', releaseRecord().image?.digest ?? ''))]).toEqual([]);
});

test('a stage that is added while the last one is evaluated is next', async () => {
  const { run, table } = given({ [name]: releaseRecord({ stages: (releaseRecord().stages ?? []).slice(0, 1) }) }, staging('SUCCEEDED'));
  const decide = table.records.decide.bind(table.records);
  let isFirst = true;
  table.records.decide = async (of, seen) => {
    if (isFirst) await table.records.update(name, { stages: releaseRecord().stages ?? [] });
    isFirst = false;
    return decide(of, seen);
  };

  expect(await run('staging')).toMatchObject({ action: 'proceed', stage: 'production' });
});

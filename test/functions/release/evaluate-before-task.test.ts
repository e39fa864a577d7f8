import type { ReleaseRecord } from '../../../core/records/records.js';
import { type Result, resultOf } from '../../../core/result/result.js';
import type { StageInput } from '../../../core/step/contracts.js';
import { evaluateStage } from '../../../functions/release/evaluate-stage.js';
import { deploymentRecord, digest, later, releaseRecord } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';

const name = 'repository#my-learn-app release#1';
const [staging, production] = releaseRecord().stages as [NonNullable<ReleaseRecord['stages']>[0], NonNullable<ReleaseRecord['stages']>[0]];
const before = { service: 'production/web', name: 'before-1' };
const child = (service: string, execution: string, result: Result | undefined, changes: object = {}) => ({
  [`service#${service} deployment#${later}#${execution}`]: deploymentRecord({ service, ...changes, ...(result && { result }) }),
});
const changed = { updateRequestedAt: later };
const deployed = resultOf('SUCCEEDED', 'DEPLOYED', 'deployed');
const stagingDeployed = child('staging/web', 'staging-web-1', deployed, changed);
const failed = resultOf('FAILED', 'BEFORE_TASK', 'the before task ended with exit code 1');
const onHold = resultOf('SKIPPED', 'ON_HOLD', 'on hold');

/** A release whose before task of production ended so; undefined if its record has no result, `unopened` if there is none. */
const given = (ended: Result | undefined | 'unopened', stage: object = {}, ...others: object[]) => {
  const stages = [staging, { ...production, before, ...stage }];
  const task = ended === 'unopened' ? {} : child('production/web', 'before-1', ended, { operation: { kind: 'beforeTask' } });
  const table = givenTable({
    records: Object.assign({ [name]: releaseRecord({ stage: 'production', stages, begun: 'production' }) }, task, ...others),
  });
  const run = evaluateStage({ ...table, tokens: { wake: async () => true } });
  const passed = async () => [...(await table.passed.of('my-learn-app', digest))];
  return {
    table,
    passed,
    run: (action: StageInput['action'] = 'prepare') => run({ record: name, stage: 'production', action, now: later }),
  };
};

test.each([
  ['has succeeded', resultOf('SUCCEEDED', 'BEFORE_TASK_COMPLETED', 'completed')],
  ['was not needed: its service runs the image already', resultOf('SKIPPED', 'ALREADY_RUNNING', 'already running')],
])('the services of a stage begin once its before task %s, and pass it as those of any stage', async (_, result) => {
  const { table, passed, run } = given(result, { parallel: 1 }, stagingDeployed);

  const answer = await run();

  expect(answer).toMatchObject({
    action: 'begin',
    stage: 'production',
    services: [{ name: 'production-web-1' }, { name: 'production-worker-1' }],
    parallel: 1,
  });
  expect(await run()).toEqual(answer);
  expect(table.writes).toEqual([]);
  expect(await passed()).toEqual([]);
  for (const service of production.deployments)
    await table.records.open(
      `service#${service.service} deployment#${later}#${service.name}`,
      deploymentRecord({ service: service.service, ...changed, result: deployed }),
    );
  expect(await run('begin')).toMatchObject({
    action: 'finish',
    result: { outcome: 'SUCCEEDED', message: expect.stringContaining('3 of 3') },
  });
  expect(await passed()).toEqual(['production']);
});

test.each<[string, Result | undefined | 'unopened', object]>([
  ['failed', failed, { outcome: 'FAILED', reason: 'BEFORE_TASK', message: `production/web: ${failed.message}` }],
  ['was skipped', onHold, { outcome: 'PARTIAL', reason: 'ON_HOLD' }],
  ['is no longer in slipway.yml', resultOf('SKIPPED', 'NOT_CONFIGURED', 'gone'), { outcome: 'PARTIAL', reason: 'NOT_CONFIGURED' }],
  ['has no result', undefined, { outcome: 'FAILED', reason: 'ABORTED' }],
  ['was never opened', 'unopened', { outcome: 'FAILED', reason: 'AWS_ERROR' }],
])('a stage whose before task %s does not begin, and that is the result of its release', async (_, ended, result) => {
  const { table, passed, run } = given(ended, {}, stagingDeployed);

  const answer = await run();

  expect(answer).toMatchObject({ action: 'finish', services: [], result });
  expect(await run()).toEqual(answer);
  expect(await table.record(name)).toMatchObject({ decided: true });
  expect(await passed()).toEqual([]);
});

test('a release whose first stage is skipped with its before task has changed nothing', async () => {
  const { table, run } = given(onHold);
  await table.records.update(name, { stages: [{ ...production, before }] });

  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED', reason: 'ON_HOLD' } });
});

describe('a stage that rolls all back', () => {
  test('rolls the earlier stages back if its before task failed and its scope is the release, and says what failed', async () => {
    const { table, run } = given(failed, { onFailure: 'rollBackAll', rollBackScope: 'release' }, stagingDeployed);

    const answer = await run();

    expect(answer).toMatchObject({ action: 'rollBack', services: [{ service: 'staging/web' }] });
    expect(await run()).toEqual(answer);
    const undo = `service#staging/web deployment#${later}#${answer.services[0]?.name}` as const;
    await table.records.open(undo, deploymentRecord({ service: 'staging/web', ...changed, result: deployed }));
    expect(await run('rollBack')).toMatchObject({
      action: 'finish',
      result: { outcome: 'ROLLED_BACK', reason: 'STAGE_FAILED', message: expect.stringContaining(failed.message) },
    });
  });

  test.each([
    ['its own services: none has begun', failed, {}, 'FAILED'],
    ['nothing: a task that was skipped has not failed', onHold, { rollBackScope: 'release' }, 'PARTIAL'],
  ])('rolls back %s', async (_, ended, scope, outcome) => {
    const { run } = given(ended, { onFailure: 'rollBackAll', ...scope }, stagingDeployed);

    expect(await run()).toMatchObject({ action: 'finish', result: { outcome } });
  });

  test('undoes no before task: it has changed no service', async () => {
    const completed = resultOf('SUCCEEDED', 'BEFORE_TASK_COMPLETED', 'completed');
    const web = child('production/web', 'production-web-1', deployed, changed);
    const worker = child('production/worker', 'production-worker-1', resultOf('ROLLED_BACK', 'CRASHED', 'x'), changed);
    const { run } = given(completed, { onFailure: 'rollBackAll' }, stagingDeployed, web, worker);

    expect((await run('begin')).services).toMatchObject([{ service: 'production/web' }]);
  });
});

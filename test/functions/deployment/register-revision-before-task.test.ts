import type { BeforeTask, Configuration } from '../../../core/configuration/configuration.js';
import type { DeploymentRecord } from '../../../core/records/records.js';
import { beforeTaskEnd, beforeTaskRun, configuration, deploymentRecord, digest, later, registry, revisionArn } from '../../core/given.js';
import { given, name } from './given-registration.js';

const migrate: BeforeTask = { like: 'production/web', command: ['npm', 'run', 'migrate'], timeoutSeconds: 600 };

/** slipway.yml with a before task of production/web, or of its stage. */
const repositories = (of: 'service' | 'stage', before: Partial<BeforeTask> = {}): Configuration['repositories'] => {
  const changed = structuredClone(configuration.repositories);
  const stage = changed['my-learn-app']?.stages[1];
  Object.assign((of === 'stage' ? stage : stage?.services[0]) ?? {}, { before: { ...migrate, ...before } });
  return changed;
};
const onOld = { runs: `${registry}/my-learn-app:main-6` };
const ofStage = { operation: { kind: 'beforeTask' } } as const;

test.each<[string, Partial<DeploymentRecord>, Configuration['repositories'], string]>([
  ['its service has one', {}, repositories('service'), 'runTask'],
  ['its stage has one, and this execution is not for that', {}, repositories('stage'), 'proceed'],
  ['it is for that of its stage', ofStage, repositories('stage'), 'runTask'],
  ['it deploys the same image again', { operation: { kind: 'redeploy' } }, repositories('service'), 'proceed'],
])('a before task precedes the update if %s', async (_, changes, its, action) => {
  const { table, registered, run } = given({ ...onOld, record: deploymentRecord(changes), repositories: its });

  expect(await run()).toMatchObject({ action, deadline: '' });
  expect(registered).toHaveLength(1);
  expect(await table.record(name)).toMatchObject({ revision: revisionArn(8), previousRevision: revisionArn(7) });
});

test('run again after its answer was lost, it answers the same, and once the task has succeeded another revision runs no second one', async () => {
  const beforeTask = beforeTaskRun({ ended: beforeTaskEnd() });
  const saved = { revision: revisionArn(8), previousRevision: revisionArn(7) };
  const again = (changes: Partial<DeploymentRecord>) =>
    given({ ...onOld, record: deploymentRecord(changes), repositories: repositories('service') }).run(later);

  expect(await again(saved)).toMatchObject({ action: 'runTask' });
  expect(await again({ ...saved, beforeTask })).toMatchObject({ action: 'proceed' });
  expect(await again({ ...saved, previousRevision: revisionArn(6), beforeTask })).toMatchObject({ action: 'proceed' });
});

test.each([{}, ofStage])('runs none for an image that the service runs already (%j)', async (changes) => {
  const record = deploymentRecord(changes);
  const its = repositories(changes === ofStage ? 'stage' : 'service');
  const { registered, run } = given({ runs: `${registry}/my-learn-app@${digest}`, record, repositories: its });

  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED', reason: 'ALREADY_RUNNING' } });
  expect(registered).toEqual([]);
});

test.each([
  ['is gone', configuration.repositories],
  ['is like another service', repositories('stage', { like: 'production/worker' })],
])('skips that of a stage if it %s', async (_, its) => {
  const { registered, run } = given({ ...onOld, record: deploymentRecord(ofStage), repositories: its });

  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED', reason: 'NOT_CONFIGURED' } });
  expect(registered).toEqual([]);
});

test.each([
  ['is absent', 'migrator'],
  ['is not essential', 'proxy'],
])('refuses a container that %s, and registers nothing', async (_, container) => {
  const { registered, run } = given({ ...onOld, repositories: repositories('service', { container }) });

  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'FAILED', reason: 'INVALID_SERVICE' } });
  expect(registered).toEqual([]);
});

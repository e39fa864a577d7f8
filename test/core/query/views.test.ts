import type { StageState } from '../../../core/query/answers.js';
import { deploymentView, phaseOf } from '../../../core/query/deployment-view.js';
import { installationOf } from '../../../core/query/installation.js';
import { type Deployments, releaseSummary, releaseView } from '../../../core/query/release-view.js';
import { deploymentName, releaseName } from '../../../core/records/record-name.js';
import type { DeploymentRecord, ReleaseRecord } from '../../../core/records/records.js';
import {
  configuration,
  deploymentRecord,
  execution,
  later,
  lease,
  releaseExecution,
  releaseRecord,
  resultWith,
  revisionArn,
  startedAt,
} from '../given.js';

const name = deploymentName('production/web', startedAt, execution);
const held = lease({ record: name });
const soon = '2026-11-23T12:00:30.000Z';
const verification = { since: startedAt };
const rollback = { since: startedAt, sentAt: startedAt, method: 'update', reason: 'CRASHED', message: 'x' } as const;
const beforeTask = { since: startedAt, timeoutSeconds: 60, container: 'app', command: ['npm'], attempt: 1 };
const ended = { outcome: 'SUCCEEDED', at: later, speaksOfImage: false, message: '', log: [] } as const;
const registered = { revision: revisionArn(8) };
const updated = { ...registered, updateRequestedAt: startedAt };

test.each<[string, Partial<DeploymentRecord>, typeof held | undefined, string, string]>([
  ['starting', {}, held, soon, 'holds the lease since a moment'],
  ['queued', {}, undefined, soon, 'does not hold the lease'],
  ['queued', {}, lease({ record: 'service#production/web deployment#2' }), soon, 'another one holds the lease'],
  ['queued', {}, held, later, 'holds the lease without a revision: another deployer rolls out'],
  ['updating', registered, undefined, soon, 'has a revision'],
  ['beforeTask', { ...registered, beforeTask }, undefined, soon, 'runs its task'],
  ['updating', { ...registered, beforeTask: { ...beforeTask, ended } }, undefined, soon, 'has run its task'],
  ['rollingOut', updated, undefined, soon, 'has asked for the update'],
  ['verifying', { ...updated, verification }, undefined, soon, 'is verified'],
  ['rollingBack', { ...updated, verification, rollback }, undefined, soon, 'goes back'],
  ['ended', { ...updated, rollback, endedAt: later }, undefined, later, 'has ended'],
])('%s: %j', (phase, changes, its, now) => {
  expect(phaseOf({ ...deploymentRecord(changes), name }, its, now)).toBe(phase);
});

test('a result counts once the deployment has ended: a hold may end before', () => {
  const result = resultWith('SKIPPED', { reason: 'ON_HOLD' });
  const view = (changes: Partial<DeploymentRecord>) =>
    deploymentView({ ...deploymentRecord({ result, ...changes }), name }, { lease: undefined, now: later });

  expect(view({})).not.toHaveProperty('result');
  expect(view({ endedAt: later })).toMatchObject({ result });
});

const record = (changes: Partial<ReleaseRecord> = {}) => ({
  ...releaseRecord(changes),
  name: releaseName('my-learn-app', startedAt, releaseExecution),
});

const deployments = (results: Readonly<Record<string, Partial<DeploymentRecord>>>): Deployments =>
  new Map(
    Object.entries(results).map(([execution, changes]) => {
      const one = { ...deploymentRecord(changes), name: `service#production/web deployment#1#${execution}` };
      return [execution, { record: one, view: deploymentView(one, { lease: undefined, now: later }) }];
    }),
  );

const succeeded = { result: resultWith('SUCCEEDED'), endedAt: later };
const skipped = { result: resultWith('SKIPPED', { reason: 'ON_HOLD' }), endedAt: later };
const same = { result: resultWith('SKIPPED', { reason: 'ALREADY_RUNNING' }), endedAt: later };
const failed = { result: resultWith('ROLLED_BACK'), endedAt: later };
const production = { stage: 'production', begun: 'production' };

test.each<[string, Partial<ReleaseRecord>, Parameters<typeof deployments>[0], [StageState, StageState]]>([
  ['before its first gate', {}, {}, ['waiting', 'ahead']],
  ['that has begun, without a record yet', { begun: 'staging' }, {}, ['running', 'ahead']],
  ['in its first stage', { begun: 'staging' }, { 'staging-web-1': {} }, ['running', 'ahead']],
  ['whose first stage is done, before the next', { begun: 'staging' }, { 'staging-web-1': succeeded }, ['succeeded', 'ahead']],
  ['that waits before production', { stage: 'production', begun: 'staging' }, { 'staging-web-1': succeeded }, ['succeeded', 'waiting']],
  [
    'of which one service of two is done',
    production,
    { 'staging-web-1': same, 'production-web-1': succeeded, 'production-worker-1': {} },
    ['succeeded', 'running'],
  ],
  [
    'of which a service was skipped',
    { ...production, endedAt: later },
    { 'staging-web-1': succeeded, 'production-web-1': succeeded, 'production-worker-1': skipped },
    ['succeeded', 'skipped'],
  ],
  [
    'of which a service failed, so that another was never begun',
    { ...production, endedAt: later },
    { 'staging-web-1': succeeded, 'production-web-1': failed },
    ['succeeded', 'failed'],
  ],
  [
    'that was rejected',
    { stage: 'production', begun: 'staging', endedAt: later, result: resultWith('FAILED', { reason: 'REJECTED' }) },
    { 'staging-web-1': succeeded },
    ['succeeded', 'failed'],
  ],
  [
    'that came outside of a window that it does not wait for',
    { stage: 'production', begun: 'staging', endedAt: later, result: resultWith('PARTIAL', { reason: 'OUTSIDE_WINDOW' }) },
    { 'staging-web-1': succeeded },
    ['succeeded', 'skipped'],
  ],
])('the stages of a release %s', (_, changes, results, states) => {
  const { stages } = releaseView(record(changes), { deployments: deployments(results), stageOf: () => undefined });
  expect(stages.map(({ state }) => state)).toEqual(states);
});

test('a failed before task keeps its stage from beginning', () => {
  const [staging, ...others] = record().stages ?? [];
  const before = { service: 'staging/web', name: 'before-1' };
  const stages = staging ? [{ ...staging, before }, ...others] : [];
  const found = deployments({ 'before-1': { result: resultWith('FAILED', { reason: 'BEFORE_TASK' }), endedAt: later } });

  const view = releaseView(record({ stages, begun: 'staging' }), { deployments: found, stageOf: () => undefined });

  expect(view.stages[0]).toMatchObject({ state: 'failed', before: { service: 'staging/web', deployment: { phase: 'ended' } } });
});

test('what it waited for is shown while it waits', () => {
  const waiting = { stage: 'production', for: 'approval', since: startedAt, until: later } as const;
  const at = (changes: Partial<ReleaseRecord>) => releaseSummary(record({ waiting, stage: 'production', begun: 'staging', ...changes }));

  expect(at({})).toMatchObject({ waiting });
  for (const passed of [{ begun: 'production' }, { endedAt: later }, { stage: 'staging' }])
    expect(at(passed)).not.toHaveProperty('waiting');
});

test('a rollback has the stages of what it undoes; a release that undoes itself has its own', () => {
  const undoes = deploymentName('production/web', startedAt, 'x:y:production-web-1');
  const undo = { service: 'production/web', name: 'undo-1', undoes };
  const found = deployments({ 'undo-1': succeeded, 'production-web-1': succeeded });
  const other = { of: 'repository#my-learn-app release#1', deployments: [undo] };

  const byHand = releaseView(record({ rollback: other, stages: [], endedAt: later }), { deployments: found, stageOf: () => 'production' });
  expect(byHand).toMatchObject({
    isRollback: true,
    stages: [{ name: 'production', state: 'succeeded', services: [{ service: 'production/web', deployment: { phase: 'ended' } }] }],
  });

  const own = { of: record().name, deployments: [{ ...undo, undoes: 'service#production/web deployment#1#production-web-1' }] };
  const itself = releaseView(record({ rollback: own, ...production, endedAt: later }), { deployments: found, stageOf: () => undefined });
  expect(itself).not.toHaveProperty('isRollback');
  expect(itself.stages[1]?.services[0]).toMatchObject({ service: 'production/web', deployment: {}, undo: { phase: 'ended' } });
});

test('the release that stands for one that joined it is named, also in a record of before', () => {
  const joined = { joining: 'repository#my-learn-app release#2', endedAt: later };
  const view = (reason: 'JOINED_RELEASE' | 'TAG_NOT_MATCHED') =>
    releaseView(record({ ...joined, result: resultWith('SKIPPED', { reason }) }), { deployments: new Map(), stageOf: () => undefined });

  expect(view('JOINED_RELEASE').other).toBe(joined.joining);
  expect(view('TAG_NOT_MATCHED').other).toBeUndefined();
});

test('production is the last stage of several, or one with a gate that people open', () => {
  const base = configuration.repositories['my-learn-app'];
  const [first, last] = base?.stages ?? [];
  if (!base || !first || !last) throw new Error('there is no stage');
  const isProduction = (...stages: (typeof first)[]) =>
    installationOf({ ...configuration, repositories: { 'my-learn-app': { ...base, stages } } }).repositories[0]?.stages.map(
      (stage) => stage.isProduction,
    );
  const approval = { timeoutSeconds: 60, remindAfterSeconds: 30 };

  expect(isProduction(first, last)).toEqual([false, true]);
  expect(isProduction(first)).toEqual([false]);
  expect(isProduction({ ...first, approval }, last)).toEqual([true, true]);
  expect(isProduction({ ...first, freeze: [{ from: '2026-12-24', to: '2026-12-26', timezone: 'UTC' }] })).toEqual([true]);
});

test('a release waits before its own stage alone, and has a result once it has ended', () => {
  const waiting = { stage: 'production', for: 'approval', since: startedAt, until: later, token: 'x' } as const;
  const result = resultWith('FAILED', { reason: 'REJECTED' });
  const summary = (changes: Partial<ReleaseRecord>) => releaseSummary(record({ waiting, result, ...changes } as Partial<ReleaseRecord>));

  expect(summary({ stage: 'production' })).toMatchObject({ waiting: { for: 'approval' } });
  expect(summary({ stage: 'production' })).not.toHaveProperty('waiting.token');
  expect(summary({ stage: 'canary' })).not.toHaveProperty('waiting');
  expect(summary({ stage: 'production' })).not.toHaveProperty('result');
  expect(summary({ stage: 'production', endedAt: later })).toMatchObject({ result });
});

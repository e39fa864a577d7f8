import type { DeploymentRecord, ServiceState, Undone } from '../../../core/records/records.js';
import {
  configuration,
  deploymentRecord,
  digest,
  good,
  lease,
  otherDigest,
  registry,
  releaseRecord,
  revisionArn,
  startedAt,
  stateOf,
} from '../../core/given.js';
import { type Given, given, name, releaseName, revisions, service } from './given-registration.js';

const stageFailure = { stage: 'production', service: 'production/worker', at: startedAt };
const failing = releaseRecord({ stage: 'production', stageFailure });
const rollingOut = { ...service, deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', taskDefinition: revisionArn(7) }] };

describe('a deployment of a release', () => {
  const record = deploymentRecord({ release: releaseName, stage: 'production' });
  const release = releaseRecord({ stage: 'production' });

  test('saves what its source had deployed last before it, or that it had nothing', async () => {
    const lastDeployed = { digest: otherDigest, tag: 'main-6', pushedAt: startedAt };
    const [after, first] = [
      given({ record, release, state: { lease: lease(), ...stateOf({ lastDeployed }) } }),
      given({ record, release, state: { lease: lease(), sources: { 'my-proxy': { lastDeployed } } } }),
    ];

    await after.run();
    await first.run();

    expect((await after.table.record(name))?.lastDeployedBefore).toEqual(lastDeployed);
    expect((await first.table.record(name))?.lastDeployedBefore).toBeNull();
  });

  test('that waits for another rollout ends once its stage has failed, with nothing registered', async () => {
    const { table, registered, run } = given({ record, release, described: rollingOut });

    expect(await run()).toMatchObject({ action: 'wait' });
    await table.records.failStage(releaseName, stageFailure);
    expect(await run(undefined, { visit: { number: 2, retry: 0 } })).toMatchObject({
      action: 'finish',
      result: { outcome: 'FAILED', reason: 'STAGE_FAILED', message: expect.stringContaining('production/worker') },
    });
    expect(registered).toEqual([]);
  });

  test('that is cancelled with its stage before its update has failed with it, and no operator cancelled it', async () => {
    const cancel = { record: name, failedService: 'production/worker' };
    const { run } = given({ record, release, state: { lease: lease(), cancel } });

    expect(await run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'FAILED', reason: 'STAGE_FAILED', message: expect.stringMatching(/production\/worker failed.*not changed/) },
    });
  });

  test('that has updated its service continues, although its stage has failed', async () => {
    const updated = { ...record, updateRequestedAt: startedAt };

    expect(await given({ record: updated, release: failing }).run()).toMatchObject({ action: 'proceed' });
  });
});

describe('a rollback of a release', () => {
  const undoes: Undone = { repository: 'my-learn-app', digest, revision: revisionArn(7), previousRevision: revisionArn(6) };
  const state: ServiceState = {
    lease: lease(),
    expectedRevisions: [revisionArn(7)],
    ...stateOf({ lastDeployed: { digest, pushedAt: startedAt } }),
  };
  const { image: _, ...withoutImage } = deploymentRecord();
  const undo: DeploymentRecord = {
    ...withoutImage,
    operation: { kind: 'releaseRollback', deployment: 'service#production/web deployment#0' },
    release: releaseName,
    stage: 'production',
    undoes,
  };
  const undone = (more: Given = {}) =>
    given({ record: undo, release: failing, state, runs: `${registry}/my-learn-app@${digest}`, ...more });
  const superseded = { action: 'finish', result: { outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' } };

  test('registers the revision that ran before again, and keeps the way forward: to the one that it undoes', async () => {
    const { table, registered, run } = undone();

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(registered).toMatchObject([
      { cpu: '512', containerDefinitions: [{ name: 'app', image: `${registry}/my-learn-app@${otherDigest}` }] },
    ]);
    expect(await table.record(name)).toMatchObject({
      previousRevision: revisionArn(7),
      previousImage: `${registry}/my-learn-app@${digest}`,
      image: { digest: otherDigest, tag: 'main-5' },
      undoes,
    });
    expect(await table.record(name)).not.toHaveProperty('lastDeployedBefore');
  });

  test.each<[string, Given]>([
    ['runs a revision of another deployer', { described: { ...service, taskDefinition: revisionArn(41) } }],
    ['is on its way to one', { described: { ...rollingOut, taskDefinition: revisionArn(41) } }],
    ['got a newer image', { state: { ...state, ...stateOf({ lastDeployed: { digest: otherDigest, pushedAt: startedAt } }) } }],
  ])('leaves a service as it is that %s', async (_, more) => {
    const { registered, run } = undone(more);

    expect(await run()).toMatchObject(superseded);
    expect(registered).toEqual([]);
  });

  test('waits for another rollout of the revision that it undoes', async () => {
    expect(await undone({ described: rollingOut }).run()).toMatchObject({ action: 'wait' });
  });

  test.each<[string, Given, string]>([
    ['whose image is no longer in ECR', { missingImages: [otherDigest] }, `${otherDigest} is no longer in ECR`],
    ['that ECS no longer knows', { record: { ...undo, undoes: { ...undoes, previousRevision: revisionArn(999) } } }, 'web:999'],
  ])('to a revision %s is refused, and nothing is registered', async (_, more, words) => {
    const { registered, run } = undone(more);

    expect(await run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'FAILED', reason: 'INVALID_INPUT', message: expect.stringContaining(words) },
    });
    expect(registered).toEqual([]);
  });

  test('that another source was deployed after keeps that one’s image', async () => {
    const app = configuration.repositories['my-learn-app']!;
    const [web] = app.stages[1]!.services;
    const repositories = {
      'my-learn-app': app,
      'my-proxy': { name: 'my-proxy', tags: ['*'], stages: [{ name: 'production', services: [{ ...web!, container: 'proxy' }] }] },
    };
    const proxy = `${registry}/my-proxy@${digest}`;
    const containers = [
      { name: 'app', image: `${registry}/my-learn-app@${digest}` },
      { name: 'proxy', image: proxy },
    ];
    const before = revisions[revisionArn(6)]!;
    const both = {
      ...before.definition,
      containerDefinitions: [
        { name: 'app', image: `${registry}/my-learn-app@${otherDigest}` },
        { name: 'proxy', image: 'nginx:1' },
      ],
    };
    jest.replaceProperty(revisions, revisionArn(6), { ...before, definition: both });
    const knownGood = [good({ digest, revision: revisionArn(5) }), good({ repository: 'my-proxy', revision: revisionArn(7) })];
    const { table, registered, run } = undone({
      record: { ...undo, undoes: { ...undoes, revision: revisionArn(5) } },
      state: { ...state, knownGood },
      repositories,
      containers,
    });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(registered).toMatchObject([
      {
        containerDefinitions: [
          { name: 'app', image: `${registry}/my-learn-app@${otherDigest}` },
          { name: 'proxy', image: proxy },
        ],
      },
    ]);
    expect(await table.record(name)).toMatchObject({ containers: ['app'], image: { digest: otherDigest } });
    jest.restoreAllMocks();
  });

  test('is refused by its settings where slipway.yml no longer names the service', async () => {
    expect(await undone({ repositories: {} }).run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'FAILED', reason: 'INVALID_INPUT' },
    });
  });
});

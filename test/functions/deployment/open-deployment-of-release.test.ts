import { deploymentName } from '../../../core/records/record-name.js';
import type { DeploymentRecord, ReleaseRecord } from '../../../core/records/records.js';
import { openDeployment } from '../../../functions/deployment/open-deployment.js';
import { configuration, deploymentRecord, digest, image, otherDigest, releaseRecord, revisionArn, startedAt } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';

const release = 'repository#my-learn-app release#1';
const undone = 'service#production/web deployment#2026-11-23T11:00:00.000Z#production-web-1';
const executionOf = (name: string) => `arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:${name}`;
const notExpected = async () => {
  throw new Error('unexpected question');
};

const deployed = deploymentRecord({
  release,
  stage: 'production',
  pushedAt: '2026-11-23T10:59:58.000Z',
  revision: revisionArn(8),
  previousRevision: revisionArn(7),
  lastDeployedBefore: { digest: otherDigest, pushedAt: startedAt },
});

/** The execution of a release that deploys, or rolls back, a service. */
const given = async (
  its: Partial<ReleaseRecord> = {},
  { service = 'production/web', name = 'production-web-1', before = deployed as DeploymentRecord | undefined } = {},
) => {
  const table = givenTable({ records: { [release]: releaseRecord({ stage: 'production', ...its }), ...(before && { [undone]: before }) } });
  const run = openDeployment({ configuration, executions: { livenessOf: notExpected }, images: { find: notExpected }, ...table });
  const execution = executionOf(name);
  const answer = await run({ input: { service, release }, execution, startedAt, now: startedAt });
  return { answer, record: await table.record(deploymentName(service, startedAt, execution)) };
};

describe('a deployment of a release', () => {
  const removed = { name: 'production', deployments: [{ service: 'production/gone', name: 'gone-1' }] };
  const ofGone = { service: 'production/gone', name: 'gone-1' };

  test('has the tag that reached its stage, and whether a semver pattern matched it', async () => {
    const stages = [
      { name: 'staging', deployments: [{ service: 'staging/web', name: 'staging-web-1' }] },
      {
        name: 'production',
        deployments: [{ service: 'production/web', name: 'production-web-1' }],
        tag: 'v1.4.2',
        isVersioned: true,
      } as const,
    ];

    expect((await given({ stages })).record).toMatchObject({ image: { ...image, tag: 'v1.4.2' }, isVersioned: true });
    const { record } = await given({ stages }, { service: 'staging/web', name: 'staging-web-1' });
    expect(record).toMatchObject({ image });
    expect(record).not.toHaveProperty('isVersioned');
  });

  test('does not begin once another service of its stage has failed, and says which', async () => {
    const stageFailure = { stage: 'production', service: 'production/worker', at: startedAt };

    expect(await given({ stageFailure })).toMatchObject({
      answer: {
        action: 'finish',
        result: { outcome: 'FAILED', reason: 'STAGE_FAILED', message: expect.stringContaining('production/worker failed') },
      },
      // For CloseDeployment to close: its release finds the result there.
      record: { pending: 'yes', stage: 'production' },
    });
    expect(await given({ stageFailure: { ...stageFailure, stage: 'staging' } })).toMatchObject({ answer: { action: 'proceed' } });
  });

  test('of a service that slipway.yml no longer names is skipped, and says that slipway.yml has changed', async () => {
    expect(await given({ stages: [removed] }, ofGone)).toMatchObject({
      answer: {
        action: 'finish',
        result: {
          outcome: 'SKIPPED',
          reason: 'NOT_CONFIGURED',
          message: expect.stringMatching(/slipway\.yml has changed.*production\/gone/),
        },
      },
      record: { pending: 'yes', stage: 'production', image },
    });
  });

  test('of a service that slipway.yml has for another repository by now is skipped, too', async () => {
    const stages = [{ name: 'production', deployments: [{ service: 'production/web', name: 'production-web-1' }] }];
    const other = { repository: 'my-proxy', image: { ...image, repository: 'my-proxy' } };

    expect((await given({ stages, ...other })).answer).toMatchObject({ result: { outcome: 'SKIPPED', reason: 'NOT_CONFIGURED' } });
  });

  test('of a service that slipway.yml has in another stage by now is skipped: it passes none of the gates there', async () => {
    const stages = [{ name: 'staging', deployments: [{ service: 'production/web', name: 'production-web-1' }] }];

    expect((await given({ stages })).answer).toMatchObject({
      result: { outcome: 'SKIPPED', reason: 'NOT_CONFIGURED', message: expect.stringContaining('is in stage production, not in staging') },
    });
  });

  test('of a service that neither its plan nor slipway.yml names is refused, without a record', async () => {
    expect(await given({}, ofGone)).toMatchObject({
      answer: {
        action: 'finish',
        result: { outcome: 'FAILED', reason: 'INVALID_INPUT', message: expect.stringContaining('production/gone') },
      },
      record: undefined,
    });
  });
});

test('the before task of a stage is known by the name of its execution: the deployment of its service is another', async () => {
  const deployments = [{ service: 'production/web', name: 'production-web-1' }];
  const before = { service: 'production/web', name: 'before-1' };
  const stages = [{ name: 'production', deployments, before, tag: 'v1.4.2', pushedAt: '2026-11-23T11:00:00.000Z' }];

  expect(await given({ stages }, { name: 'before-1' })).toMatchObject({
    answer: { action: 'proceed' },
    record: { operation: { kind: 'beforeTask' }, stage: 'production', image: { tag: 'v1.4.2' }, pushedAt: '2026-11-23T11:00:00.000Z' },
  });
  expect((await given({ stages })).record).toMatchObject({ operation: { kind: 'image' } });
});

describe('a rollback of a release', () => {
  const undo = { service: 'production/web', name: 'undo-1', undoes: undone };
  const of = { name: 'undo-1' };
  const stageFailure = { stage: 'production', service: 'production/worker', at: startedAt };

  test('opens a record with what it undoes, as new as that, although its stage has failed', async () => {
    const rollback = { of: release, deployments: [undo] };

    expect(await given({ rollback, stageFailure, force: true }, of)).toEqual({
      answer: expect.objectContaining({ action: 'proceed', release }),
      record: {
        service: 'production/web',
        stage: 'production',
        release,
        execution: executionOf('undo-1'),
        startedAt,
        pushedAt: '2026-11-23T10:59:58.000Z',
        pending: 'yes',
        trigger: { kind: 'push' },
        operation: { kind: 'releaseRollback', deployment: undone },
        undoes: {
          repository: 'my-learn-app',
          digest,
          revision: revisionArn(8),
          previousRevision: revisionArn(7),
          lastDeployedBefore: { digest: otherDigest, pushedAt: startedAt },
        },
      },
    });
  });

  test('of another release is an operator’s, and knows that nothing was deployed before', async () => {
    const rollback = { of: 'repository#my-learn-app release#0', deployments: [undo] };
    const before = { ...deployed, release: rollback.of, lastDeployedBefore: null };

    expect(
      (await given({ rollback, stages: [], stage: '', trigger: { kind: 'hand', by: 'ada' } }, { ...of, before })).record,
    ).toMatchObject({
      trigger: { kind: 'hand', by: 'ada' },
      undoes: { isByOperator: true, lastDeployedBefore: null },
    });
  });

  test('of a deployment that has registered nothing is refused, with a record to close', async () => {
    const rollback = { of: release, deployments: [undo] };

    expect(await given({ rollback }, { ...of, before: deploymentRecord({ release }) })).toMatchObject({
      answer: { action: 'finish', result: { outcome: 'FAILED', reason: 'INVALID_INPUT' } },
      record: { pending: 'yes', operation: { kind: 'releaseRollback' } },
    });
  });

  test('of a service that slipway.yml no longer names is skipped', async () => {
    const rollback = { of: release, deployments: [{ service: 'production/gone', name: 'undo-1', undoes: undone }] };

    expect((await given({ rollback }, { service: 'production/gone', ...of })).answer).toMatchObject({
      action: 'finish',
      result: { outcome: 'SKIPPED', reason: 'NOT_CONFIGURED' },
    });
  });
});

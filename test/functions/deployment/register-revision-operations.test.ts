import type { Operation, ServiceState } from '../../../core/records/records.js';
import { digestsIn } from '../../../functions/shared/image-availability.js';
import { configuration, deploymentRecord, execution, good, lease, otherDigest, registry, revisionArn } from '../../core/given.js';
import { type Given, given, name, platforms, previousRevision, revisions } from './given-registration.js';

describe('without an image', () => {
  const { image: _, ...withoutImage } = deploymentRecord();
  const ordered = (operation: Operation, state: ServiceState = { lease: lease() }, more: Given = {}) =>
    given({ state, record: { ...withoutImage, operation }, ...more });

  test('a redeployment registers the running revision again, without a digest if it runs a tag', async () => {
    const { table, registered, run } = ordered({ kind: 'redeploy' });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(registered).toEqual([
      {
        family: 'web',
        cpu: '256',
        containerDefinitions: previousRevision.containerDefinitions,
        tags: [
          { key: 'team', value: 'a' },
          { key: 'slipway:execution', value: execution },
          { key: 'slipway:tag', value: 'main-6' },
        ],
      },
    ]);
    expect(await table.record(name)).toMatchObject({
      previousRevision: revisionArn(7),
      revision: revisionArn(8),
      containers: ['app'],
      image: { registry, repository: 'my-learn-app', tag: 'main-6', digest: '' },
    });
  });

  test('a rollback registers the newest known good revision again, and its own rollback leads to the running revision', async () => {
    const { table, described, registered, run } = ordered({ kind: 'rollback' }, { lease: lease(), knownGood: [good()] });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(described).toEqual([revisionArn(7), revisionArn(6)]);
    expect(registered).toMatchObject([{ cpu: '512', tags: [{ key: 'slipway:execution' }, { key: 'slipway:tag', value: 'main-5' }] }]);
    expect(await table.record(name)).toMatchObject({
      previousRevision: revisionArn(7),
      previousImage: `${registry}/my-learn-app:main-6`,
      image: { tag: 'main-5', digest: otherDigest, platformDigests: platforms },
    });
  });

  test('a named revision is registered again', async () => {
    const { described, registered, run } = ordered({ kind: 'taskDefinition', taskDefinition: revisionArn(6) });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(described).toEqual([revisionArn(7), revisionArn(6)]);
    expect(registered).toMatchObject([{ cpu: '512' }]);
  });

  test.each<[string, string, object, string]>([
    ['of another family', 'worker:1', {}, 'family'],
    ['that ECS does not know', 'web:999', {}, 'ECS does not know'],
    ['that ECS does not know, of another family, with force', 'worker:9', { force: true }, 'ECS does not know'],
  ])('a named revision %s is rejected, and nothing is registered', async (_, taskDefinition, options, words) => {
    const record = deploymentRecord({ operation: { kind: 'taskDefinition', taskDefinition }, ...options });
    const { registered, run } = given({ record });

    expect(await run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'FAILED', reason: 'INVALID_INPUT', message: expect.stringMatching(new RegExp(`${taskDefinition}.*${words}`)) },
    });
    expect(registered).toEqual([]);
  });

  test.each([
    ['another container of an unknown image', [{ name: 'proxy', image: 'nginx:1' }], 'proxy'],
    ['an image of another repository', [{ name: 'app', image: `${registry}/other@${otherDigest}` }], 'app'],
  ])('a revision with %s is not checked against a digest', async (_, more, container) => {
    const { definition } = revisions[revisionArn(6)] as { definition: { containerDefinitions: object[] } };
    const containerDefinitions = [...more, ...definition.containerDefinitions];
    const deps = { configuration, images: { has: async () => true, platformDigests: async () => platforms } };

    expect(await digestsIn(deps, { ...definition, containerDefinitions }, [...new Set(['app', container])], { execution })).toBeUndefined();
    expect(await digestsIn(deps, definition, ['app'], { execution })).toEqual([otherDigest, ...platforms]);
  });

  test('registers once if it runs twice', async () => {
    const { registered, run } = ordered({ kind: 'rollback' }, { lease: lease(), knownGood: [good()] });

    expect(await run()).toEqual(await run());
    expect(registered).toHaveLength(1);
  });

  test('an image of a repository that slipway.yml does not name is redeployed, also from a new copy', async () => {
    const foreign = { registry: '', repository: 'nginx', digest: '' };
    const record = deploymentRecord({ operation: { kind: 'redeploy' }, image: foreign, previousRevision: revisionArn(6) });
    const { registered, run } = given({ record });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(registered).toHaveLength(1);
  });

  test('a rollback is rejected if its image was deleted from the registry', async () => {
    const state = { lease: lease(), knownGood: [good()] };
    const { registered, run } = ordered({ kind: 'rollback' }, state, { missingImages: [otherDigest] });

    expect(await run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'FAILED', reason: 'INVALID_INPUT', message: expect.stringContaining(`my-learn-app@${otherDigest}`) },
    });
    expect(registered).toEqual([]);
  });

  test('a rollback is rejected without a known good revision', async () => {
    const { registered, run } = ordered({ kind: 'rollback' });

    expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'FAILED', reason: 'INVALID_INPUT' } });
    expect(registered).toEqual([]);
  });
});

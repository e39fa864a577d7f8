import fc from 'fast-check';
import type { Configuration, Repository, Stage } from '../../../core/configuration/configuration.js';
import { configuredRepository, planOf, tagSkipReason } from '../../../core/release/planned-stages.js';
import { configuration, digest, image, startedAt } from '../given.js';

const repository = configuration.repositories['my-learn-app']!;

describe('a start', () => {
  const push = (tag: string, repository = 'my-learn-app') =>
    ({ kind: 'push', trigger: { kind: 'push' }, repository, tag, digest, pushedAt: startedAt }) as const;
  const hand = (changes: object) =>
    ({
      kind: 'hand',
      repository: 'my-learn-app',
      force: false,
      ignoreWindow: false,
      ignoreScan: false,
      trigger: { kind: 'hand' },
      ...changes,
    }) as const;

  test.each([
    [push('main-7'), undefined],
    [push('feature-1'), 'TAG_NOT_MATCHED'],
    [hand({ tag: 'v1' }), undefined],
    [hand({ digest }), undefined],
    [hand({ tag: 'feature-1', force: true }), undefined],
  ])('%j is skipped for: %s', (start, reason) => {
    const result = tagSkipReason(repository, start);

    expect(result?.outcome).toBe(reason && 'SKIPPED');
    expect(result?.reason).toBe(reason);
  });

  test('that is skipped states which tags are deployed', () => {
    expect(tagSkipReason(repository, push('feature-1'))?.message).toBe('tag feature-1 matches none of the patterns main-*, v*');
  });

  test('of an image for one platform is skipped where its tag is excluded, and that of the index is not', () => {
    const excluding = { ...repository, tags: ['main-*', '!*-amd64', '!*-arm64'] };

    for (const tag of ['main-7-amd64', 'main-7-arm64'])
      expect(tagSkipReason(excluding, push(tag))).toMatchObject({ outcome: 'SKIPPED', reason: 'TAG_NOT_MATCHED' });
    expect(tagSkipReason(excluding, push('main-7'))).toBeUndefined();
  });

  test('by hand with a tag that reaches no stage is rejected with the word that passes the policy', () => {
    const message = 'tag feature-1 matches none of the patterns main-*, v*; start it with "force": true to deploy it anyway';

    expect(() => tagSkipReason(repository, hand({ tag: 'feature-1' }))).toThrow(
      expect.objectContaining({ name: 'RejectedInput', message }),
    );
  });

  test.each(['other', 'my-learn', 'constructor'])('of repository %s, which slipway.yml does not name, is skipped', (other) => {
    expect(configuredRepository(configuration, push('main-7', other))).toMatchObject({ outcome: 'SKIPPED', reason: 'NOT_CONFIGURED' });
  });

  test.each([
    [
      hand({ repository: 'other', tag: 'v1' }),
      'repository other is not in slipway.yml, which names my-learn-app: add it and deploy the stack',
    ],
    [
      hand({ repository: 'my-lern-app', tag: 'v1' }),
      'repository my-lern-app is not in slipway.yml; did you mean my-learn-app? Else add it and deploy the stack',
    ],
    [
      hand({ repository: 'other', tag: 'v1', force: true }),
      'repository other is not in slipway.yml, which names my-learn-app: add it and deploy the stack',
    ],
    [
      { kind: 'rollback', repository: 'my-lern-app', trigger: { kind: 'hand' } } as const,
      'repository my-lern-app is not in slipway.yml; did you mean my-learn-app? Else add it and deploy the stack',
    ],
  ])('%j by hand is rejected with the error', (start, message) => {
    expect(() => configuredRepository(configuration, start)).toThrow(expect.objectContaining({ name: 'RejectedInput', message }));
  });
});

describe('a plan', () => {
  const withServices = (...names: string[]): Configuration => ({
    notifications: { sns: true },
    repositories: {
      'my-learn-app': {
        name: 'my-learn-app',
        tags: ['*'],
        stages: [
          {
            name: 'one',
            services: names.map((service) => ({ service, cluster: 'c', name: 'n', timeoutSeconds: 1 })),
          },
        ],
      },
    },
  });
  const namesFor = (...services: string[]) =>
    planOf(withServices(...services), image, startedAt).stages[0]?.deployments.map(({ name }) => name) ?? [];

  test('has the stages of slipway.yml in order, and an execution a service', () => {
    expect(planOf(configuration, image, startedAt)).toEqual({
      passedOver: [],
      stage: 'staging',
      stages: [
        { name: 'staging', deployments: [{ service: 'staging/web', name: 'staging-web-a1b2c3d4a1b2-20261123120000000-1-1' }] },
        {
          name: 'production',
          deployments: [
            { service: 'production/web', name: 'production-web-a1b2c3d4a1b2-20261123120000000-2-1' },
            { service: 'production/worker', name: 'production-worker-a1b2c3d4a1b2-20261123120000000-2-2' },
          ],
        },
      ],
    });
  });

  test.each([
    [['a/b-c', 'a-b/c']],
    [['a/b_c', 'a/b-c']],
    [[`${'long-cluster-name-'.repeat(5)}/web`, `${'long-cluster-name-'.repeat(5)}/worker`]],
  ])('has different executions for services %j whose names are cut to the same text', (services) => {
    expect(new Set(namesFor(...services)).size).toBe(2);
  });

  test('has execution names that Step Functions accepts, equal for the same push and different for another', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 30 }), (services) => {
        const names = namesFor(...services);

        expect(new Set(names).size).toBe(services.length);
        for (const name of names) expect(name).toMatch(/^[0-9A-Za-z-]{1,80}$/);
        expect(namesFor(...services)).toEqual(names);
      }),
    );
    expect(planOf(configuration, image, '2026-11-23T12:00:00.001Z')).not.toEqual(planOf(configuration, image, startedAt));
  });

  test('names the execution of the before task of a stage, which no deployment has, at its service or another', () => {
    const before = { like: 'a/web', command: ['npm', 'run', 'migrate'], timeoutSeconds: 600 };
    const settings = withServices('a/web', 'a/worker');
    const [stage] = settings.repositories['my-learn-app']?.stages ?? [];
    Object.assign(stage ?? {}, { before });

    const [planned] = planOf(settings, image, startedAt).stages;

    expect(planned?.before).toEqual({ service: 'a/web', name: 'a-web-a1b2c3d4a1b2-20261123120000000-1-0' });
    expect(planned?.deployments.map(({ name }) => name)).not.toContain(planned?.before?.name);
  });

  test('of a repository that is not configured is empty', () => {
    expect(planOf(configuration, { ...image, repository: 'other' }, startedAt)).toEqual({ stages: [], stage: '', passedOver: [] });
  });

  describe('by tag', () => {
    const [staging, production] = repository.stages as [Stage, Stage];
    const byStage = (changes: Partial<Repository> = {}): Configuration => ({
      ...configuration,
      repositories: {
        'my-learn-app': {
          ...repository,
          tags: [],
          stages: [
            { ...staging, tags: ['main-*'] },
            { ...production, tags: ['semver:>=1'] },
          ],
          ...changes,
        },
      },
    });
    const planned = (tag: string | undefined, isForced = false, changes: Partial<Repository> = {}) => {
      const { tag: _, ...untagged } = image;
      return planOf(byStage(changes), { ...untagged, ...(tag !== undefined && { tag }) }, startedAt, isForced);
    };

    test('has only the stages that the tag reaches, under the names that they have in every plan, and why the others are passed over', () => {
      expect(planned('v1.4.2')).toEqual({
        stage: 'production',
        stages: [{ ...planOf(configuration, image, startedAt).stages[1], isVersioned: true }],
        passedOver: [{ stage: 'staging', message: 'tag v1.4.2 matches none of the patterns main-* of stage staging' }],
      });
      expect(planned('main-7')).toMatchObject({ stage: 'staging', stages: [{ name: 'staging' }], passedOver: [{ stage: 'production' }] });
    });

    test.each<[string, string | undefined, boolean]>([
      ['a digest', undefined, false],
      ['a forced start', 'feature-1', true],
    ])('of %s has every stage, and no version', (_, tag, isForced) => {
      const plan = planned(tag, isForced);

      expect(plan.stages.map(({ name, isVersioned }) => [name, isVersioned])).toEqual([
        ['staging', undefined],
        ['production', undefined],
      ]);
      expect(plan.passedOver).toEqual([]);
    });

    test('passes over every stage of a tag that the repository excludes', () => {
      expect(planned('v1.4.2', false, { tags: ['main-*'] })).toMatchObject({ stages: [], stage: '' });
    });

    test('a start whose tag reaches no stage is skipped with each rule that says no', () => {
      const start = {
        kind: 'push',
        trigger: { kind: 'push' },
        repository: 'my-learn-app',
        tag: 'v0.9',
        digest,
        pushedAt: startedAt,
      } as const;

      expect(tagSkipReason(byStage().repositories['my-learn-app']!, start)?.message).toBe(
        'tag v0.9 matches none of the patterns main-* of stage staging; tag v0.9 matches none of the patterns semver:>=1 of stage production',
      );
    });

    test('has the settings of a stage that are kept for the release', () => {
      const [first] = planned('main-7', false, {
        stages: [{ ...staging, tags: ['*'], parallel: 3, onFailure: 'rollBackAll', rollBackScope: 'release' }],
      }).stages;

      expect(first).toMatchObject({ parallel: 3, onFailure: 'rollBackAll', rollBackScope: 'release' });
    });
  });
});

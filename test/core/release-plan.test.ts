import fc from 'fast-check';
import type { Configuration } from '../../core/configuration.js';
import { deploymentsOf, nextStage, planOf, releaseResult, type ServiceVerdict, skippedBy, stageDecision } from '../../core/release-plan.js';
import type { Outcome } from '../../core/result/result.js';
import { configuration, digest, image, registry, releaseRecord, startedAt } from './given.js';

describe('a start', () => {
  const push = (tag: string, repository = 'my-learn-app') => ({ kind: 'push', repository, tag, digest, pushedAt: startedAt }) as const;
  const hand = (changes: object) =>
    ({ kind: 'hand', repository: 'my-learn-app', force: false, trigger: { kind: 'hand' }, ...changes }) as const;

  test.each([
    [push('main-7'), undefined],
    [push('feature-1'), 'tag feature-1 matches none of main-*, v*'],
    [push('main-7', 'other'), 'repository other is not in slipway.yml; it names my-learn-app'],
    [push('main-7', 'my-learn'), 'repository my-learn is not in slipway.yml; it names my-learn-app'],
    [push('main-7', 'constructor'), 'repository constructor is not in slipway.yml; it names my-learn-app'],
    [hand({ tag: 'v1' }), undefined],
    [hand({ digest }), undefined],
    [hand({ tag: 'feature-1', force: true }), undefined],
  ])('%j is skipped for: %s', (start, message) => {
    expect(skippedBy(configuration, start)).toBe(message);
  });

  test.each([
    [hand({ tag: 'feature-1' }), 'tag feature-1 matches none of main-*, v*; give "force": true to deploy it all the same'],
    [hand({ repository: 'other', tag: 'v1' }), 'repository other is not in slipway.yml; it names my-learn-app'],
    [hand({ repository: 'other', tag: 'v1', force: true }), 'repository other is not in slipway.yml; it names my-learn-app'],
  ])('%j by hand is refused, for a person should hear of it', (start, message) => {
    expect(() => skippedBy(configuration, start)).toThrow(expect.objectContaining({ name: 'RejectedInput', message: message }));
  });
});

describe('a plan', () => {
  const withServices = (...names: string[]): Configuration => ({
    notifications: { sns: true },
    repositories: {
      'my-learn-app': {
        name: 'my-learn-app',
        tags: [],
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
    planOf(withServices(...services), image, startedAt).stages?.[0]?.deployments.map(({ name }) => name) ?? [];

  test('has the stages of slipway.yml in order, and an execution a service', () => {
    expect(planOf(configuration, image, startedAt)).toEqual({
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
  ])('tells executions apart whose services %j look alike in short', (services) => {
    expect(new Set(namesFor(...services)).size).toBe(2);
  });

  test('names executions as Step Functions and CloudWatch allow, the same whenever it is made, another for another push', () => {
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

  test('of a repository that is not configured is empty', () => {
    expect(planOf(configuration, { ...image, repository: 'other' }, startedAt)).toEqual({ stages: [], stage: '' });
  });
});

describe('a stage', () => {
  test('is decided with the image by tag and digest', () => {
    expect(stageDecision('record', releaseRecord(), 'production')).toEqual({
      action: 'proceed',
      record: 'record',
      stage: 'production',
      services: [
        { service: 'production/web', name: 'production-web-1', image: `${registry}/my-learn-app:main-7@${digest}` },
        { service: 'production/worker', name: 'production-worker-1', image: `${registry}/my-learn-app:main-7@${digest}` },
      ],
      result: { outcome: 'UNKNOWN', reason: 'AWS_ERROR', message: 'the execution ended before it could tell how' },
    });
  });

  test('is decided by digest alone where a person gave no tag', () => {
    const { tag: _, ...untagged } = image;

    expect(stageDecision('record', releaseRecord({ image: untagged }), 'staging').services).toEqual([
      { service: 'staging/web', name: 'staging-web-1', image: `${registry}/my-learn-app@${digest}` },
    ]);
  });

  test('that the release does not have has no deployments', () => {
    expect(deploymentsOf(releaseRecord(), 'other')).toEqual([]);
  });
});

const verdict = (service: string, outcome: Outcome, message = `${outcome} it is`): ServiceVerdict => ({
  service,
  record: { outcome, cause: '', message, touched: startedAt },
});
const alreadyRunning = (service: string) => verdict(service, 'SKIPPED', 'already running a1b2c3d4a1b2');

describe('the stage after one', () => {
  test.each<[string, ServiceVerdict[], string | undefined]>([
    ['that succeeded', [verdict('a', 'SUCCEEDED')], 'production'],
    ['that runs it already', [alreadyRunning('a'), verdict('b', 'SUCCEEDED')], 'production'],
    ['that was skipped for another reason', [verdict('a', 'SKIPPED', 'on hold by ann')], undefined],
    ['that was superseded', [verdict('a', 'SUPERSEDED')], undefined],
    ['that failed', [verdict('a', 'SUCCEEDED'), verdict('b', 'FAILED')], undefined],
    ['that was rolled back', [verdict('a', 'ROLLED_BACK')], undefined],
    ['of which one left no record', [verdict('a', 'SUCCEEDED'), { service: 'b', record: undefined }], undefined],
    ['of which one has not told', [{ service: 'b', record: { touched: startedAt } }], undefined],
  ])('%s', (_, verdicts, next) => {
    expect(nextStage(releaseRecord(), 'staging', verdicts)).toBe(next);
  });

  test('the last is none', () => {
    expect(nextStage(releaseRecord(), 'production', [verdict('a', 'SUCCEEDED')])).toBeUndefined();
  });
});

describe('a release ends', () => {
  test.each<[string, ServiceVerdict[], object]>([
    [
      'well',
      [verdict('a', 'SUCCEEDED'), verdict('b', 'SUCCEEDED')],
      { outcome: 'SUCCEEDED', reason: '', message: '2 of 2 services run it' },
    ],
    [
      'well, too, where some ran it already',
      [alreadyRunning('a'), verdict('b', 'SUCCEEDED')],
      { outcome: 'SUCCEEDED', message: '2 of 2 services run it' },
    ],
    [
      'as skipped where all ran it already',
      [alreadyRunning('a'), alreadyRunning('b')],
      { outcome: 'SKIPPED', message: 'a: already running a1b2c3d4a1b2' },
    ],
    [
      'as skipped where one is on hold',
      [verdict('a', 'SUCCEEDED'), verdict('b', 'SKIPPED', 'on hold by ann')],
      { outcome: 'SKIPPED', message: 'b: on hold by ann' },
    ],
    [
      'as its worst deployment',
      [verdict('a', 'FAILED'), verdict('b', 'ROLLED_BACK'), verdict('c', 'SUCCEEDED')],
      { outcome: 'ROLLED_BACK', message: 'b: ROLLED_BACK it is' },
    ],
    [
      'failed, where one left no record',
      [verdict('a', 'SUCCEEDED'), { service: 'b', record: undefined }],
      { outcome: 'FAILED', reason: 'AWS_ERROR', message: 'b: its deployment left no record: see its execution' },
    ],
    [
      'failed, where one was never touched and has not told',
      [{ service: 'b', record: {} }],
      { outcome: 'FAILED', message: 'b: its deployment did not tell how it ended' },
    ],
    [
      'unknown, where one was touched and has not told',
      [{ service: 'b', record: { touched: startedAt } }],
      { outcome: 'UNKNOWN', message: 'b: its deployment did not tell how it ended' },
    ],
    [
      'skipped, where there was nothing to do, which is no success',
      [],
      { outcome: 'SKIPPED', reason: '', message: 'slipway.yml names no service for it' },
    ],
  ])('%s', (_, verdicts, result) => {
    expect(releaseResult(verdicts)).toMatchObject(result);
  });

  test('as succeeded only if every deployment succeeded or ran it already, and one did succeed', () => {
    const any = fc.array(
      fc.oneof(
        fc
          .constantFrom<Outcome>('UNKNOWN', 'ROLLBACK_FAILED', 'ROLLED_BACK', 'FAILED', 'SUPERSEDED', 'SKIPPED', 'SUCCEEDED')
          .map((outcome) => verdict('a', outcome)),
        fc.constant(alreadyRunning('a')),
        fc.constant<ServiceVerdict>({ service: 'a', record: undefined }),
      ),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(any, (verdicts) => {
        if (releaseResult(verdicts).outcome !== 'SUCCEEDED') return;
        const outcomes = verdicts.map(({ record }) => (record?.message?.startsWith('already running') ? 'ran it' : record?.outcome));
        expect(outcomes).toContain('SUCCEEDED');
        expect(outcomes.filter((outcome) => outcome !== 'SUCCEEDED' && outcome !== 'ran it')).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

import fc from 'fast-check';
import type { Configuration } from '../../../core/configuration/configuration.js';
import {
  type DeploymentResult,
  deploymentsOf,
  nextStage,
  planOf,
  releaseResult,
  stageDecision,
  tagSkipReason,
} from '../../../core/release/release-plan.js';
import { type Outcome, outcomes, type Reason, unfinished } from '../../../core/result/result.js';
import { configuration, digest, image, releaseRecord, resultWith, startedAt } from '../given.js';

describe('a start', () => {
  const push = (tag: string, repository = 'my-learn-app') =>
    ({ kind: 'push', trigger: { kind: 'push' }, repository, tag, digest, pushedAt: startedAt }) as const;
  const hand = (changes: object) =>
    ({ kind: 'hand', repository: 'my-learn-app', force: false, trigger: { kind: 'hand' }, ...changes }) as const;

  test.each([
    [push('main-7'), undefined],
    [push('feature-1'), 'TAG_NOT_MATCHED'],
    [push('main-7', 'other'), 'NOT_CONFIGURED'],
    [push('main-7', 'my-learn'), 'NOT_CONFIGURED'],
    [push('main-7', 'constructor'), 'NOT_CONFIGURED'],
    [hand({ tag: 'v1' }), undefined],
    [hand({ digest }), undefined],
    [hand({ tag: 'feature-1', force: true }), undefined],
  ])('%j is skipped for: %s', (start, reason) => {
    const result = tagSkipReason(configuration, start);

    expect(result?.outcome).toBe(reason && 'SKIPPED');
    expect(result?.reason).toBe(reason);
  });

  test('that is skipped states which tags are deployed', () => {
    expect(tagSkipReason(configuration, push('feature-1'))?.message).toBe('tag feature-1 matches none of the patterns main-*, v*');
  });

  test('of an image for one platform is skipped where its tag is excluded, and that of the index is not', () => {
    const repository = configuration.repositories['my-learn-app'];
    if (!repository) throw new Error('the example has the repository');
    const excluding = { ...configuration, repositories: { 'my-learn-app': { ...repository, tags: ['main-*', '!*-amd64', '!*-arm64'] } } };

    for (const tag of ['main-7-amd64', 'main-7-arm64'])
      expect(tagSkipReason(excluding, push(tag))).toMatchObject({ outcome: 'SKIPPED', reason: 'TAG_NOT_MATCHED' });
    expect(tagSkipReason(excluding, push('main-7'))).toBeUndefined();
  });

  test.each([
    [hand({ tag: 'feature-1' }), 'tag feature-1 matches none of the patterns main-*, v*; start it with "force": true to deploy it anyway'],
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
  ])('%j by hand is rejected with the error', (start, message) => {
    expect(() => tagSkipReason(configuration, start)).toThrow(expect.objectContaining({ name: 'RejectedInput', message }));
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

  test('of a repository that is not configured is empty', () => {
    expect(planOf(configuration, { ...image, repository: 'other' }, startedAt)).toEqual({ stages: [], stage: '' });
  });
});

describe('a stage', () => {
  test('is decided with the names of its executions', () => {
    expect(stageDecision('record', releaseRecord(), 'production')).toEqual({
      action: 'proceed',
      record: 'record',
      stage: 'production',
      services: [
        { service: 'production/web', name: 'production-web-1', delaySeconds: 0 },
        { service: 'production/worker', name: 'production-worker-1', delaySeconds: 0 },
      ],
      parallel: 20,
      result: unfinished,
    });
  });

  test('that the release does not plan has no deployments', () => {
    expect(deploymentsOf(releaseRecord(), 'other')).toEqual([]);
  });
});

const ended = (service: string, outcome: Outcome, reason?: Reason): DeploymentResult => ({
  service,
  record: { result: resultWith(outcome, reason && { reason }), updateRequestedAt: startedAt },
});
const alreadyRunning = (service: string) => ended(service, 'SKIPPED', 'ALREADY_RUNNING');
const onHold = (service: string) => ended(service, 'SKIPPED', 'ON_HOLD');

describe('the stage after a stage', () => {
  test.each<[string, DeploymentResult[], string | undefined]>([
    ['that succeeded', [ended('a', 'SUCCEEDED')], 'production'],
    ['that already runs it', [alreadyRunning('a'), ended('b', 'SUCCEEDED')], 'production'],
    ['that was skipped for another reason', [onHold('a')], undefined],
    ['that was superseded', [ended('a', 'SUPERSEDED')], undefined],
    ['that failed', [ended('a', 'SUCCEEDED'), ended('b', 'FAILED')], undefined],
    ['that was rolled back', [ended('a', 'ROLLED_BACK')], undefined],
    ['of which one left no record', [ended('a', 'SUCCEEDED'), { service: 'b', record: undefined }], undefined],
    ['of which one did not report a result', [{ service: 'b', record: { updateRequestedAt: startedAt } }], undefined],
  ])('%s', (_, results, next) => {
    expect(nextStage(releaseRecord(), 'staging', results)).toBe(next);
  });

  test('that is the last does not exist', () => {
    expect(nextStage(releaseRecord(), 'production', [ended('a', 'SUCCEEDED')])).toBeUndefined();
  });
});

describe('the result of a release is', () => {
  test.each<[string, DeploymentResult[], object]>([
    [
      'succeeded',
      [ended('a', 'SUCCEEDED'), ended('b', 'SUCCEEDED')],
      { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '2 of 2 services run it' },
    ],
    [
      'succeeded if some services ran it already',
      [alreadyRunning('a'), ended('b', 'SUCCEEDED')],
      { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '2 of 2 services run it' },
    ],
    [
      'skipped if all services ran it already',
      [alreadyRunning('a'), alreadyRunning('b')],
      { outcome: 'SKIPPED', reason: 'ALREADY_RUNNING', message: 'a: x' },
    ],
    ['skipped if all services were skipped', [onHold('a'), onHold('b')], { outcome: 'SKIPPED', reason: 'ON_HOLD', message: 'a: x' }],
    [
      'partial if one service runs it and another is on hold',
      [ended('a', 'SUCCEEDED'), onHold('b')],
      { outcome: 'PARTIAL', reason: 'ON_HOLD', message: 'b: x' },
    ],
    [
      'superseded if one service was superseded and another skipped',
      [onHold('a'), ended('b', 'SUPERSEDED')],
      { outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT', message: 'b: x' },
    ],
    [
      'that of its worst deployment',
      [ended('a', 'FAILED'), ended('b', 'ROLLED_BACK', 'UNHEALTHY'), ended('c', 'SUCCEEDED')],
      { outcome: 'ROLLED_BACK', reason: 'UNHEALTHY', message: 'b: x' },
    ],
    [
      'that of its worst deployment, with its runbook entry',
      [
        ended('a', 'SUCCEEDED'),
        {
          service: 'b',
          record: { result: { ...resultWith('ROLLBACK_FAILED'), runbook: 'ROLLBACK_STOPPED' }, updateRequestedAt: startedAt },
        },
      ],
      { outcome: 'ROLLBACK_FAILED', reason: 'CRASHED', message: 'b: x', runbook: 'ROLLBACK_STOPPED' },
    ],
    [
      'failed if a deployment left no record',
      [ended('a', 'SUCCEEDED'), { service: 'b', record: undefined }],
      { outcome: 'FAILED', reason: 'AWS_ERROR', message: expect.stringMatching(/^b: .*no record/) },
    ],
    [
      'failed if a deployment neither changed its service nor reported a result',
      [{ service: 'b', record: {} }],
      { outcome: 'FAILED', reason: 'ABORTED', message: expect.stringMatching(/^b: .*did not report/) },
    ],
    [
      'unknown if a deployment may have changed its service and did not report a result',
      [{ service: 'b', record: { updateRequestedAt: startedAt } }],
      { outcome: 'UNKNOWN', reason: 'ABORTED', message: expect.stringMatching(/^b: .*did not report/), runbook: 'RESULT_MISSING' },
    ],
    [
      'skipped, not succeeded, if there was nothing to deploy',
      [],
      { outcome: 'SKIPPED', reason: 'NOT_CONFIGURED', message: expect.stringContaining('slipway.yml') },
    ],
  ])('%s', (_, results, result) => {
    expect(releaseResult(results)).toEqual(result);
  });

  /** Only releases have the outcome PARTIAL. */
  const ofDeployments = outcomes.filter((outcome) => outcome !== 'PARTIAL');
  const anyDeployments = fc.array(
    fc.oneof(
      fc.constantFrom(...ofDeployments).map((outcome) => ended('a', outcome, outcome === 'SKIPPED' ? 'ON_HOLD' : undefined)),
      fc.constant(alreadyRunning('a')),
      fc.constant<DeploymentResult>({ service: 'a', record: undefined }),
    ),
    { maxLength: 5 },
  );
  const outcomesOf = (results: readonly DeploymentResult[]) =>
    results.map(({ record }) => (record?.result?.reason === 'ALREADY_RUNNING' ? 'ran it' : record?.result?.outcome));

  test('succeeded only if every deployment succeeded or ran it already, and at least one succeeded', () => {
    fc.assert(
      fc.property(anyDeployments, (results) => {
        if (releaseResult(results).outcome !== 'SUCCEEDED') return;
        expect(outcomesOf(results)).toContain('SUCCEEDED');
        expect(outcomesOf(results).filter((outcome) => outcome !== 'SUCCEEDED' && outcome !== 'ran it')).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('partial only if one deployment succeeded and none failed', () => {
    fc.assert(
      fc.property(anyDeployments, (results) => {
        if (releaseResult(results).outcome !== 'PARTIAL') return;
        expect(outcomesOf(results)).toContain('SUCCEEDED');
        expect(outcomesOf(results)).toContain('SKIPPED');
        expect(outcomesOf(results).filter((outcome) => outcome !== 'SUCCEEDED' && outcome !== 'SKIPPED' && outcome !== 'ran it')).toEqual(
          [],
        );
      }),
      { numRuns: 1000 },
    );
  });
});

import { finalResult, resultWithContext, stepFailed } from '../../../core/result/final-result.js';
import { type Result, resultOf, unfinished } from '../../../core/result/result.js';
import type { CaughtError } from '../../../core/step/contracts.js';
import { deploymentRecord, image, otherDigest, registry, startedAt } from '../given.js';
import { rollbackBy } from '../rollout/observations.js';

const nothingCaught: CaughtError = { state: '', error: '', cause: '' };
const caughtIn = (state: string): CaughtError => ({
  state,
  error: 'AccessDeniedException',
  cause: '{"errorType":"AccessDeniedException","errorMessage":"not authorized","trace":["at x"]}',
});
const succeeded = resultOf('SUCCEEDED', 'DEPLOYED', '3 of 3 tasks run it');
const crashed = resultOf('ROLLBACK_FAILED', 'CRASHED', '3 tasks failed');
const updated = { updateRequestedAt: startedAt };
const rollback = rollbackBy('stop', { reason: 'UNHEALTHY', message: 'health checks failed' });

test('without an error the result is the answer of the step', () => {
  expect(finalResult(succeeded, nothingCaught, updated)).toBe(succeeded);
});

test.each<[string, Result, CaughtError, Parameters<typeof finalResult>[2], object]>([
  [
    'of PlanRelease is a failure that changed nothing, although the record names a stage',
    unfinished,
    caughtIn('PlanRelease'),
    { updateRequestedAt: 'staging' },
    { outcome: 'FAILED', reason: 'AWS_ERROR' },
  ],
  ['before the record exists', unfinished, caughtIn('OpenDeployment'), undefined, { outcome: 'FAILED', reason: 'AWS_ERROR' }],
  ['before the update is requested', unfinished, caughtIn('UpdateService'), {}, { outcome: 'FAILED', reason: 'AWS_ERROR' }],
  [
    'after the update is requested',
    unfinished,
    caughtIn('WatchRollout'),
    updated,
    { outcome: 'UNKNOWN', reason: 'AWS_ERROR', runbook: 'ROLLOUT_NOT_VISIBLE' },
  ],
  [
    'of RollBack after the rollback is recorded',
    unfinished,
    caughtIn('RollBack'),
    { ...updated, rollback },
    { outcome: 'ROLLBACK_FAILED', reason: 'UNHEALTHY', runbook: 'ROLLBACK_CALL_FAILED', message: /^health checks failed; / },
  ],
  [
    'of RollBack before the rollback is recorded, with a known reason',
    crashed,
    caughtIn('RollBack'),
    updated,
    { outcome: 'ROLLBACK_FAILED', reason: 'CRASHED', runbook: 'ROLLBACK_CALL_FAILED', message: /^3 tasks failed; / },
  ],
  [
    'of RollBack before the rollback is recorded, without a reason',
    unfinished,
    caughtIn('RollBack'),
    updated,
    { outcome: 'UNKNOWN', reason: 'AWS_ERROR', runbook: 'ROLLOUT_NOT_VISIBLE' },
  ],
  [
    'while the rollback is watched',
    unfinished,
    caughtIn('WatchRollout'),
    { ...updated, rollback },
    { outcome: 'UNKNOWN', reason: 'AWS_ERROR', runbook: 'ROLLOUT_NOT_VISIBLE' },
  ],
])('an error %s', (_, result, caught, record, expected) => {
  const { message, ...codes } = finalResult(result, caught, record);
  const { message: start = /^/, ...expectedCodes } = expected as { message?: RegExp };

  expect(codes).toEqual(expectedCodes);
  expect(message).toMatch(start);
  expect(message).toContain(stepFailed(caught));
});

test.each([
  ['the message of a Lambda function’s error', '{"errorMessage":"no \\"web\\"","errorType":"Error"}', 'no "web"'],
  ['the message of a Lambda error that was cut off', '{"errorType":"Error","errorMessage":"no \\"web\\"","trace":["at', 'no "web"'],
  ['a cause that is not JSON', 'the task timed out', 'the task timed out'],
  ['JSON of another kind', '{"a":1}', '{"a":1}'],
  ['JSON of a null', 'null', 'null'],
  ['JSON of a number', '3', '3'],
  ['JSON of a text', '"text"', '"text"'],
  ['JSON of a list', '[]', '[]'],
])('the message of an error states %s', (_, cause, message) => {
  expect(stepFailed({ state: 'Notify', error: 'X', cause })).toBe(`Notify failed with X: ${message}`);
});

test('the message of an error without a cause states its name, and a long one is cut to 600 characters', () => {
  expect(stepFailed({ state: 'WatchRollout', error: 'States.Timeout', cause: '' })).toBe('WatchRollout failed with States.Timeout');
  expect(stepFailed({ state: 'WatchRollout', error: 'X', cause: 'x'.repeat(1000) })).toHaveLength(600);
});

test('an unknown result states its error once if it is computed twice', () => {
  const caught = { state: 'WatchRollout', error: 'TransientAwsError', cause: 'ServerException' };
  const once = finalResult(unfinished, caught, updated);

  expect(finalResult(once, caught, updated)).toEqual(once);
});

describe('the result of a deployment', () => {
  const rollbackFrom = (previousImage: string) =>
    deploymentRecord({
      operation: { kind: 'rollback' },
      previousImage,
      previousTag: 'main-8',
      image: { ...image, repository: 'acme/app' },
    });
  const before = `${registry}/acme/app@${otherDigest}`;

  test('of a rollback by an operator says from what to what, and what is quarantined', () => {
    expect(resultWithContext(resultOf('SUCCEEDED', 'ROLLED_BACK_BY_OPERATOR', 'x'), rollbackFrom(before)).message).toBe(
      'rolled back from acme/app:main-8 (0f0f0f0f0f0f) to acme/app:main-7 (a1b2c3d4a1b2); x; acme/app:main-8 (0f0f0f0f0f0f) is quarantined now',
    );
  });

  test.each([
    ['was named by its tag alone, which has no digest to quarantine', `${registry}/acme/app:main-8`],
    ['has the digest that it goes to', `${registry}/acme/app@${image.digest}`],
  ])('of a rollback from an image that %s names no quarantine', (_, previousImage) => {
    const { message } = resultWithContext(resultOf('SUCCEEDED', 'ROLLED_BACK_BY_OPERATOR', 'x'), rollbackFrom(previousImage));

    expect(message).toMatch(/^rolled back from acme\/app:main-8.*; x$/);
  });

  test('of a rollback with its release says from what to what, and names a quarantine only for an operator', () => {
    const undoes = { repository: 'acme/app', digest: otherDigest, revision: 'web:8', previousRevision: 'web:7' };
    const record = { ...rollbackFrom(before), operation: { kind: 'releaseRollback', deployment: 'x' }, undoes } as const;
    const result = resultOf('SUCCEEDED', 'ROLLED_BACK_WITH_RELEASE', 'x');

    expect(resultWithContext(result, record).message).toMatch(/^rolled back from acme\/app:main-8 .* to acme\/app:main-7 .*; x$/);
    expect(resultWithContext(result, { ...record, undoes: { ...undoes, isByOperator: true } }).message).toMatch(/is quarantined now$/);
  });

  test.each([
    ['a rollback that failed', resultOf('ROLLED_BACK', 'CRASHED', 'x'), rollbackFrom(before)],
    ['the deployment of an image', succeeded, deploymentRecord({ previousImage: before })],
  ])('of %s is as it was decided', (_, result, record) => {
    expect(resultWithContext(result, record)).toEqual(result);
  });

  test('that another execution resumed says why', () => {
    const record = deploymentRecord({ interruption: 'its execution was aborted (ada: wrong image)' });

    expect(resultWithContext(succeeded, record)).toMatchObject({
      outcome: 'SUCCEEDED',
      message: `${succeeded.message}; its execution was aborted (ada: wrong image), and another one resumed the deployment`,
    });
  });
});

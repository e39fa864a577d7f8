import { finalResult, stepFailed } from '../../../core/result/final-result.js';
import { type Result, resultOf, unfinished } from '../../../core/result/result.js';
import type { CaughtError } from '../../../core/step/contracts.js';
import { startedAt } from '../given.js';
import { rollbackBy } from '../rollout/observations.js';

const nothingCaught: CaughtError = { state: '', error: '', cause: '' };
const caughtIn = (state: string): CaughtError => ({
  state,
  error: 'AccessDeniedException',
  cause: '{"errorType":"AccessDeniedException","errorMessage":"not authorized","trace":["at x"]}',
});
const succeeded = resultOf('SUCCEEDED', 'DEPLOYED', '3 of 3 tasks run it');
const crashed = resultOf('ROLLBACK_FAILED', 'CRASHED', '3 tasks failed');
const updateRequestedAt = { updateRequestedAt: startedAt };
const rollback = rollbackBy('stop', { reason: 'UNHEALTHY', message: 'health checks failed' });

test('the result of a step stands if no error led away from it', () => {
  expect(finalResult(succeeded, nothingCaught, updateRequestedAt)).toBe(succeeded);
});

test.each<[string, Result, CaughtError, Parameters<typeof finalResult>[2], object]>([
  [
    'of a release whose plan failed has begun nothing, though its record names a stage already',
    unfinished,
    caughtIn('PlanRelease'),
    { updateRequestedAt: 'staging' },
    { outcome: 'FAILED', reason: 'AWS_ERROR' },
  ],
  ['before there was a record', unfinished, caughtIn('OpenDeployment'), undefined, { outcome: 'FAILED', reason: 'AWS_ERROR' }],
  ['before the service was updated', unfinished, caughtIn('UpdateService'), {}, { outcome: 'FAILED', reason: 'AWS_ERROR' }],
  [
    'after the service was updated',
    unfinished,
    caughtIn('WatchRollout'),
    updateRequestedAt,
    { outcome: 'UNKNOWN', reason: 'AWS_ERROR', runbook: 'ROLLOUT_NOT_VISIBLE' },
  ],
  [
    'of a rollback that had begun',
    unfinished,
    caughtIn('RollBack'),
    { ...updateRequestedAt, rollback: rollback },
    { outcome: 'ROLLBACK_FAILED', reason: 'UNHEALTHY', runbook: 'ROLLBACK_CALL_FAILED', message: /^health checks failed; / },
  ],
  [
    'of a rollback that never began, whose reason was found',
    crashed,
    caughtIn('RollBack'),
    updateRequestedAt,
    { outcome: 'ROLLBACK_FAILED', reason: 'CRASHED', runbook: 'ROLLBACK_CALL_FAILED', message: /^3 tasks failed; / },
  ],
  [
    'of a rollback that never began, whose reason was not found',
    unfinished,
    caughtIn('RollBack'),
    updateRequestedAt,
    { outcome: 'UNKNOWN', reason: 'AWS_ERROR', runbook: 'ROLLOUT_NOT_VISIBLE' },
  ],
  [
    'while a rollback was watched, which may have worked',
    unfinished,
    caughtIn('WatchRollout'),
    { ...updateRequestedAt, rollback: rollback },
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
  ['the message of one that was cut off', '{"errorType":"Error","errorMessage":"no \\"web\\"","trace":["at', 'no "web"'],
  ['a cause that is no JSON', 'the task timed out', 'the task timed out'],
  ['JSON of another kind', '{"a":1}', '{"a":1}'],
  ['JSON of a null', 'null', 'null'],
  ['JSON of a number', '3', '3'],
  ['JSON of a text', '"text"', '"text"'],
  ['JSON of a list', '[]', '[]'],
])('the message of an error states %s', (_, cause, message) => {
  expect(stepFailed({ state: 'Notify', error: 'X', cause })).toBe(`Notify failed with X: ${message}`);
});

test('the message of an error without a cause states its name, and that of an endless one is cut', () => {
  expect(stepFailed({ state: 'WatchRollout', error: 'States.Timeout', cause: '' })).toBe('WatchRollout failed with States.Timeout');
  expect(stepFailed({ state: 'WatchRollout', error: 'X', cause: 'x'.repeat(1000) })).toHaveLength(600);
});

test('an unknown result states its error once, though closing and notifying both ask for it', () => {
  const caught = { state: 'WatchRollout', error: 'TransientAwsError', cause: 'ServerException' };
  const once = finalResult(unfinished, caught, updateRequestedAt);

  expect(finalResult(once, caught, updateRequestedAt)).toEqual(once);
});

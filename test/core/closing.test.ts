import type { CaughtError } from '../../core/contracts.js';
import type { Rollback } from '../../core/records.js';
import { finalResult, told } from '../../core/result/final-result.js';
import type { Result } from '../../core/result/result.js';
import { later, startedAt } from './given.js';

const noTrouble: CaughtError = { state: '', error: '', cause: '' };
const troubleIn = (state: string): CaughtError => ({
  state,
  error: 'AccessDeniedException',
  cause: '{"errorType":"AccessDeniedException","errorMessage":"not authorized","trace":["at x"]}',
});
const unknown: Result = { outcome: 'UNKNOWN', reason: 'AWS_ERROR', message: '' };
const crashed: Result = { outcome: 'UNKNOWN', reason: 'CRASHED', message: '3 tasks failed' };
const untouched = {};
const touched = { touched: startedAt };
const back: Rollback = { since: later, method: 'stop', reason: 'UNHEALTHY', message: 'health checks failed' };
const look = 'the service was touched, and how it ended could not be seen: look at it in the ECS console';

test.each<[string, Result, CaughtError, object | undefined, Result]>([
  [
    'what a step has found stands',
    { outcome: 'SUCCEEDED', reason: '', message: '3 of 3 tasks run it' },
    noTrouble,
    touched,
    { outcome: 'SUCCEEDED', reason: '', message: '3 of 3 tasks run it' },
  ],
  [
    'what a step has found stands, whatever failed before',
    { outcome: 'SUCCEEDED', reason: '', message: '3 of 3 tasks run it' },
    troubleIn('CheckRollout'),
    touched,
    { outcome: 'SUCCEEDED', reason: '', message: '3 of 3 tasks run it' },
  ],
  [
    'a release whose plan failed has begun nothing, though its record names a stage already',
    { outcome: 'FAILED', reason: 'AWS_ERROR', message: '' },
    troubleIn('PlanRelease'),
    { touched: 'staging' },
    { outcome: 'FAILED', reason: 'AWS_ERROR', message: 'PlanRelease ended in AccessDeniedException: not authorized' },
  ],
  [
    'a step that failed before there was a record',
    { outcome: 'FAILED', reason: 'AWS_ERROR', message: '' },
    troubleIn('OpenDeployment'),
    undefined,
    { outcome: 'FAILED', reason: 'AWS_ERROR', message: 'OpenDeployment ended in AccessDeniedException: not authorized' },
  ],
  [
    'a step that failed before the service was touched',
    unknown,
    troubleIn('UpdateService'),
    untouched,
    { outcome: 'FAILED', reason: 'AWS_ERROR', message: 'UpdateService ended in AccessDeniedException: not authorized' },
  ],
  [
    'a step that failed after it was',
    unknown,
    troubleIn('CheckRollout'),
    touched,
    { outcome: 'UNKNOWN', reason: 'AWS_ERROR', message: `CheckRollout ended in AccessDeniedException: not authorized; ${look}` },
  ],
  [
    'a way back that failed on the way',
    unknown,
    troubleIn('RollBack'),
    { ...touched, back },
    {
      outcome: 'ROLLBACK_FAILED',
      reason: 'UNHEALTHY',
      message: 'health checks failed; the way back failed: RollBack ended in AccessDeniedException: not authorized',
    },
  ],
  [
    'a way back that never began, from what was found',
    crashed,
    troubleIn('RollBack'),
    touched,
    {
      outcome: 'ROLLBACK_FAILED',
      reason: 'CRASHED',
      message: '3 tasks failed; the way back failed: RollBack ended in AccessDeniedException: not authorized',
    },
  ],
  [
    'a way back that never began, from nothing that was found',
    unknown,
    troubleIn('RollBack'),
    touched,
    { outcome: 'UNKNOWN', reason: 'AWS_ERROR', message: `RollBack ended in AccessDeniedException: not authorized; ${look}` },
  ],
  [
    'sight lost on the way back is not known to have failed',
    unknown,
    troubleIn('CheckRollout'),
    { ...touched, back },
    { outcome: 'UNKNOWN', reason: 'AWS_ERROR', message: `CheckRollout ended in AccessDeniedException: not authorized; ${look}` },
  ],
])('%s', (_, result, caught, record, expected) => {
  expect(finalResult(result, caught, record)).toEqual(expected);
});

test.each([
  ['the message of a Lambda’s error', '{"errorMessage":"no \\"web\\"","errorType":"Error"}', 'no "web"'],
  ['the message of one that was cut off', '{"errorType":"Error","errorMessage":"no \\"web\\"","trace":["at', 'no "web"'],
  ['a cause that is no JSON', 'the task timed out', 'the task timed out'],
  ['JSON of another kind', '{"a":1}', '{"a":1}'],
])('of an error people get %s', (_, cause, message) => {
  expect(told({ state: 'Notify', error: 'X', cause })).toBe(`Notify ended in X: ${message}`);
});

test.each(['null', '3', '"text"', '[]'])('a cause that is the JSON %s is told as it is', (cause) => {
  expect(told({ state: 'Notify', error: 'X', cause })).toBe(`Notify ended in X: ${cause}`);
});

test('an error without a cause is told by its name, and an endless one in short', () => {
  expect(told({ state: 'CheckRollout', error: 'States.Timeout', cause: '' })).toBe('CheckRollout ended in States.Timeout');
  expect(told({ state: 'CheckRollout', error: 'X', cause: 'x'.repeat(1000) })).toHaveLength(600);
});

test('an end that is unknown is said once, though both the closing and the telling ask for it', () => {
  const caught = { state: 'CheckRollout', error: 'AwsTrouble', cause: 'ServerException' };
  const once = finalResult({ outcome: 'UNKNOWN', reason: 'AWS_ERROR', message: '' }, caught, { touched: '2026-11-23T09:00:00Z' });

  expect(finalResult(once, caught, { touched: '2026-11-23T09:00:00Z' })).toEqual(once);
});

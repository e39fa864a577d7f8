import { endingOf, told } from '../../core/closing.js';
import type { Trouble } from '../../core/contracts.js';
import type { Ending } from '../../core/outcome.js';
import type { WayBack } from '../../core/records.js';
import { later, startedAt } from './given.js';

const noTrouble: Trouble = { state: '', error: '', cause: '' };
const troubleIn = (state: string): Trouble => ({
  state,
  error: 'AccessDeniedException',
  cause: '{"errorType":"AccessDeniedException","errorMessage":"not authorized","trace":["at x"]}',
});
const unknown: Ending = { outcome: 'UNKNOWN', cause: 'AWS_ERROR', sentence: '' };
const crashed: Ending = { outcome: 'UNKNOWN', cause: 'CRASHED', sentence: '3 tasks failed' };
const untouched = {};
const touched = { touched: startedAt };
const back: WayBack = { since: later, by: 'stop', cause: 'UNHEALTHY', sentence: 'health checks failed' };
const look = 'the service was touched, and how it ended could not be seen: look at it in the ECS console';

test.each<[string, Ending, Trouble, object | undefined, Ending]>([
  [
    'what a step has found stands',
    { outcome: 'SUCCEEDED', cause: '', sentence: '3 of 3 tasks run it' },
    noTrouble,
    touched,
    { outcome: 'SUCCEEDED', cause: '', sentence: '3 of 3 tasks run it' },
  ],
  [
    'what a step has found stands, whatever failed before',
    { outcome: 'SUCCEEDED', cause: '', sentence: '3 of 3 tasks run it' },
    troubleIn('CheckRollout'),
    touched,
    { outcome: 'SUCCEEDED', cause: '', sentence: '3 of 3 tasks run it' },
  ],
  [
    'a release whose plan failed has begun nothing, though its record names a stage already',
    { outcome: 'FAILED', cause: 'AWS_ERROR', sentence: '' },
    troubleIn('PlanRelease'),
    { touched: 'staging' },
    { outcome: 'FAILED', cause: 'AWS_ERROR', sentence: 'PlanRelease ended in AccessDeniedException: not authorized' },
  ],
  [
    'a step that failed before there was a record',
    { outcome: 'FAILED', cause: 'AWS_ERROR', sentence: '' },
    troubleIn('OpenDeployment'),
    undefined,
    { outcome: 'FAILED', cause: 'AWS_ERROR', sentence: 'OpenDeployment ended in AccessDeniedException: not authorized' },
  ],
  [
    'a step that failed before the service was touched',
    unknown,
    troubleIn('UpdateService'),
    untouched,
    { outcome: 'FAILED', cause: 'AWS_ERROR', sentence: 'UpdateService ended in AccessDeniedException: not authorized' },
  ],
  [
    'a step that failed after it was',
    unknown,
    troubleIn('CheckRollout'),
    touched,
    { outcome: 'UNKNOWN', cause: 'AWS_ERROR', sentence: `CheckRollout ended in AccessDeniedException: not authorized; ${look}` },
  ],
  [
    'a way back that failed on the way',
    unknown,
    troubleIn('RollBack'),
    { ...touched, back },
    {
      outcome: 'ROLLBACK_FAILED',
      cause: 'UNHEALTHY',
      sentence: 'health checks failed; the way back failed: RollBack ended in AccessDeniedException: not authorized',
    },
  ],
  [
    'a way back that never began, from what was found',
    crashed,
    troubleIn('RollBack'),
    touched,
    {
      outcome: 'ROLLBACK_FAILED',
      cause: 'CRASHED',
      sentence: '3 tasks failed; the way back failed: RollBack ended in AccessDeniedException: not authorized',
    },
  ],
  [
    'a way back that never began, from nothing that was found',
    unknown,
    troubleIn('RollBack'),
    touched,
    { outcome: 'UNKNOWN', cause: 'AWS_ERROR', sentence: `RollBack ended in AccessDeniedException: not authorized; ${look}` },
  ],
  [
    'sight lost on the way back is not known to have failed',
    unknown,
    troubleIn('CheckRollout'),
    { ...touched, back },
    { outcome: 'UNKNOWN', cause: 'AWS_ERROR', sentence: `CheckRollout ended in AccessDeniedException: not authorized; ${look}` },
  ],
])('%s', (_, ending, trouble, record, expected) => {
  expect(endingOf(ending, trouble, record)).toEqual(expected);
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
  const trouble = { state: 'CheckRollout', error: 'AwsTrouble', cause: 'ServerException' };
  const once = endingOf({ outcome: 'UNKNOWN', cause: 'AWS_ERROR', sentence: '' }, trouble, { touched: '2026-11-23T09:00:00Z' });

  expect(endingOf(once, trouble, { touched: '2026-11-23T09:00:00Z' })).toEqual(once);
});

import { unfinished } from '../../../core/result/result.js';
import { rollbackNet, safetyNet } from '../../../core/rollout/safety-net.js';
import type { WatchItem } from '../../../core/rollout/watch-item.js';
import { keepWaiting, lookAgain } from '../../../functions/shared/keep-waiting.js';
import { execution, later } from '../../core/given.js';

const item = (seen: number, seenBefore?: number): WatchItem => ({
  record: 'service#production/web deployment#1',
  execution,
  news: seen,
  seen,
  groups: [],
  ...(seenBefore !== undefined && { seenBefore }),
});
const visit = { number: 4, retry: 0 };
const entered = { because: 'entered', visit, deadline: later } as const;

test('a state waits for its token while it knows all news and its deadline', () => {
  expect(keepWaiting(entered, item(2, 2), later)).toBeUndefined();
  expect(keepWaiting({ ...entered, deadline: '' }, item(0), '')).toBeUndefined();
});

test('without a watch item of its own a state waits for its safety net', () => {
  expect(keepWaiting(entered, undefined, later)).toBeUndefined();
});

test.each([
  ['another one', later],
  ['none', ''],
])('a deadline that the machine does not know, %s, enters the state again', (_, deadline) => {
  expect(keepWaiting({ ...entered, deadline: '2026-11-23T12:10:00.000Z' }, item(2, 2), deadline)).toEqual({
    action: 'wait',
    result: unfinished,
    seconds: 120,
    nextSeconds: 300,
    longestSeconds: 1200,
    deadline,
  });
});

test('a state that waits for a rollback has a shorter safety net', () => {
  const known = { ...entered, deadline: '' };

  expect(keepWaiting(known, item(2, 2), later, { net: rollbackNet })).toMatchObject({ ...rollbackNet, deadline: later });
  expect(keepWaiting(known, item(2, 1), later, { net: rollbackNet })).toMatchObject({ seconds: 5, nextSeconds: 25, longestSeconds: 60 });
});

test.each(['entered', 'timedOut'] as const)('news between two visits have a state that was %s look again after 5 s', (because) => {
  const result = { ...unfinished, message: 'waits for a hook' };

  expect(keepWaiting({ ...entered, because }, item(2, 1), later, { result })).toEqual({
    action: 'wait',
    result,
    seconds: 5,
    nextSeconds: 120,
    longestSeconds: 1200,
    deadline: later,
  });
});

test('a retry looks again after 5 s: the run before it may have taken the news without a look', () => {
  const retry = { ...entered, visit: { ...visit, retry: 1 } };

  for (const one of [item(2, 2), undefined])
    expect(keepWaiting(retry, one, later)).toMatchObject({ action: 'wait', seconds: 5, deadline: later });
});

test('a state that was woken looks again after 5 s anyway, so its news enter it no second time', () => {
  expect(keepWaiting({ ...entered, because: 'woken' }, item(2, 1), later)).toBeUndefined();
});

test('a state that was woken and has another deadline is entered again, and looks after 5 s as well', () => {
  const woken = { ...entered, because: 'woken' } as const;

  expect(keepWaiting(woken, item(2, 1), '')).toMatchObject({ action: 'wait', seconds: 5, nextSeconds: 120, deadline: '' });
});

describe('a state that is entered again by an error', () => {
  const input = { ...entered, deadline: '', seconds: 120, now: later };
  const beyond = '2026-11-23T12:07:00.001Z';
  const within = '2026-11-23T12:07:00.000Z';

  test('is, for a deadline that comes before its safety net ends', () => {
    expect(lookAgain(input, item(2, 2), within)).toMatchObject({ error: 'LookAgain', deadline: within, ...safetyNet });
    expect(lookAgain(input, item(2, 2), within)).not.toHaveProperty('action');
  });

  test('waits for a later one, which the next visit knows in time, unless it is to have another safety net', () => {
    expect(lookAgain(input, item(2, 2), beyond)).toBeUndefined();
    expect(lookAgain(input, item(2, 2), beyond, { net: rollbackNet })).toMatchObject({ deadline: beyond, ...rollbackNet });
  });

  test('is soon, if reads may not show yet what the news say', () => {
    expect(lookAgain(input, item(2, 1), beyond)).toMatchObject({ error: 'LookAgain', seconds: 5, deadline: '' });
  });
});

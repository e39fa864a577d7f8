import { unfinished } from '../../../core/result/result.js';
import type { WatchItem } from '../../../core/rollout/watch-item.js';
import { keepWaiting } from '../../../functions/shared/keep-waiting.js';
import { execution, later } from '../../core/given.js';

const item = (seen: number, seenBefore?: number): WatchItem => ({
  record: 'service#production/web deployment#1',
  execution,
  news: seen,
  seen,
  groups: [],
  ...(seenBefore !== undefined && { seenBefore }),
});
const entered = { because: 'entered', deadline: later } as const;

test('a state waits for its token while it knows all news and its deadline', () => {
  expect(keepWaiting(entered, item(2, 2), later)).toBeUndefined();
  expect(keepWaiting({ because: 'entered', deadline: '' }, item(0), '')).toBeUndefined();
});

test('without a watch item of its own a state waits for its safety net', () => {
  expect(keepWaiting(entered, undefined, later)).toBeUndefined();
});

test.each([
  ['another one', later],
  ['none', ''],
])('a deadline that the machine does not know, %s, enters the state again', (_, deadline) => {
  expect(keepWaiting({ because: 'entered', deadline: '2026-11-23T12:10:00.000Z' }, item(2, 2), deadline)).toEqual({
    action: 'wait',
    result: unfinished,
    seconds: 120,
    nextSeconds: 300,
    deadline,
  });
});

test.each(['entered', 'timedOut'] as const)('news between two visits have a state that was %s look again after 5 s', (because) => {
  const result = { ...unfinished, message: 'waits for a hook' };

  expect(keepWaiting({ because, deadline: later }, item(2, 1), later, result)).toEqual({
    action: 'wait',
    result,
    seconds: 5,
    nextSeconds: 120,
    deadline: later,
  });
});

test('a state that was woken looks again after 5 s anyway, so its news enter it no second time', () => {
  expect(keepWaiting({ because: 'woken', deadline: later }, item(2, 1), later)).toBeUndefined();
});

import type { WatchItem } from '../../../core/rollout/watch-item.js';
import { answerTo } from '../../../core/rollout/watcher-answer.js';
import { execution } from '../given.js';

const description = 'exit 1 in app: Essential container in task exited (EssentialContainerExited)';
const item = (changes: Partial<WatchItem> = {}): WatchItem => ({
  record: 'service#production/web deployment#1',
  execution,
  news: 0,
  seen: 0,
  limit: 3,
  groups: [],
  ...changes,
});
const failed = (...tasks: readonly string[]): Partial<WatchItem> => ({
  failed: new Set(tasks),
  groups: [{ count: tasks.length, description }],
  reason: 'CRASHED',
});

test.each<[Partial<WatchItem>, 'wake' | undefined]>([
  [{}, undefined],
  [{ news: 1 }, 'wake'],
  [{ news: 2, seen: 2 }, undefined],
  [{ news: 3, seen: 2 }, 'wake'],
  [{ ...failed('a', 'b'), news: 1, seen: 1 }, undefined],
  [{ ...failed('a', 'b', 'c'), isRollingBack: true }, undefined],
  [{ ...failed('a', 'b', 'c'), isRollingBack: true, news: 1 }, 'wake'],
])('to an item with %j an event answers %s', (changes, answer) => {
  expect(answerTo(item(changes))).toBe(answer);
});

test('once the limit is reached it answers rollBack, with what is reported if the execution ends then, whether or not there are news', () => {
  for (const news of [0, 1])
    expect(answerTo(item({ ...failed('a', 'b', 'c'), news }))).toEqual({
      action: 'rollBack',
      result: { outcome: 'ROLLBACK_FAILED', reason: 'CRASHED', message: `3 tasks failed: 3 × ${description}` },
      seconds: 120,
      nextSeconds: 300,
      longestSeconds: 1200,
      deadline: '',
    });
});

test.each<Partial<WatchItem>>([{ permanent: 2 }, { isPermanentByLog: true }])(
  'so it does after two failures that every further task will have: %j',
  (changes) => {
    const answer = answerTo(item({ ...failed('a', 'b'), reason: 'CANNOT_PULL', ...changes }));

    expect(answer).toMatchObject({
      action: 'rollBack',
      result: { reason: 'CANNOT_PULL', message: expect.stringContaining('further tasks would fail the same way') },
    });
  },
);

import type { WatchItem } from '../../../core/rollout/watch-item.js';
import { answerWatcher, wakeWatcher } from '../../../functions/shared/wake-watcher.js';
import { execution } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { givenTokens } from '../given-waiting.js';

const service = 'production/web';
const attributes = { record: 'service#production/web deployment#1', execution, news: 0, seen: 0, token: 'first' };
const item = (changes: Partial<WatchItem> = {}): WatchItem => ({ ...attributes, groups: [], ...changes });
const failed = { failed: new Set(['1', '2', '3']), limit: 3, reason: 'CRASHED' } as const;
const rollBack = expect.objectContaining({ action: 'rollBack', result: expect.objectContaining({ reason: 'CRASHED' }) });

const given = (present: Partial<WatchItem> | null = {}, ...closed: string[]) => {
  const watched = present && { [service]: { ...attributes, fencingToken: 1, ...present } };
  const table = givenTable(watched ? { watched } : {});
  const { tokens, taken } = givenTokens(...closed);
  const deps = { ...table, tokens };
  return { table, taken, wake: () => wakeWatcher(deps, service), answer: (one: WatchItem) => answerWatcher(tokens, one) };
};

test('an operator’s request is news, written before the state that waits is woken', async () => {
  const { table, taken, wake } = given();

  await wake();

  expect(taken).toEqual([['first', 'Woken']]);
  expect(await table.watchItem(service)).toMatchObject({ news: 1 });
});

test('without a watch item nothing waits, and none is made', async () => {
  const { table, taken, wake } = given(null);

  await wake();

  expect([await table.watchItem(service), taken]).toEqual([undefined, []]);
});

test.each<[string, Partial<WatchItem>, 'woken' | 'rollBack' | 'none', unknown[]]>([
  ['news that the visit does not know wake it', { news: 1 }, 'woken', [['first', 'Woken']]],
  ['news that it knows do not', { news: 1, seen: 1 }, 'none', []],
  ['failed tasks up to the limit roll back', failed, 'rollBack', [['first', rollBack]]],
  ['two permanent failures roll back', { ...failed, limit: 9, permanent: 2 }, 'rollBack', [['first', rollBack]]],
  ['failed tasks of a rollout that is being rolled back do not', { ...failed, isRollingBack: true }, 'none', []],
])('%s', async (_, changes, did, answers) => {
  const { taken, answer } = given(changes);

  expect(await answer(item(changes))).toBe(did);
  expect(taken).toEqual(answers);
});

test('a state between two visits has no token: the next visit finds the news when it stores its own', async () => {
  const { taken, answer } = given();
  const { token: _, ...between } = item({ news: 1 });

  expect(await answer(between)).toBe('none');
  expect(taken).toEqual([]);
});

test('a token that is closed is not followed by another one: the visit after it stored its own after the news', async () => {
  const { taken, answer } = given({ token: 'second', news: 1, seen: 1 }, 'first');

  expect(await answer(item({ news: 1 }))).toBe('none');
  expect(await answer(item(failed))).toBe('none');
  expect(taken).toEqual([]);
});

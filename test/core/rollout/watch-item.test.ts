import fc from 'fast-check';
import { schema } from '../../../core/records/records.js';
import type { StoppedTask } from '../../../core/rollout/stopped-task.js';
import { withRoles } from '../../../core/rollout/stopped-task.js';
import {
  countedFailure,
  groupAttribute,
  hadUnseenNews,
  isLimitReached,
  permanentFailures,
  readWatchItem,
  type WatchItem,
  withFailure,
} from '../../../core/rollout/watch-item.js';
import { givenTable } from '../../support/given-table.js';
import { execution, later, revisionArn, stoppedTask } from '../given.js';

const service = 'production/web';
const record = 'service#production/web deployment#1';
const stored = { schema, record, execution, fencingToken: 1, news: 0, seen: 0 };
const item = (changes: Partial<WatchItem> = {}): WatchItem => ({ record, execution, news: 0, seen: 0, groups: [], ...changes });

const numbered = (number: number): string => number.toString(16).padStart(32, '0');
const failure = (number: number, changes: Partial<StoppedTask> = {}) =>
  countedFailure(withRoles(stoppedTask({ id: numbered(number), ...changes }), ['app'], []));

const noImage = { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: pull access denied' };
const unhealthy = { stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Task failed container health checks' };

describe('the item as it is stored', () => {
  test('is read with its groups, the most frequent ten first', () => {
    const counts = Array.from({ length: 12 }, (_, index) => [groupAttribute(`exit ${index} in app`), index + 1] as const);
    const failed = new Set([numbered(1)]);
    const read = readWatchItem({ ...stored, news: 3, seen: 2, limit: 3, failed, ...Object.fromEntries(counts) });

    expect(read).toMatchObject({ record, execution, news: 3, seen: 2, limit: 3, failed });
    expect(read?.groups).toHaveLength(10);
    expect(read?.groups[0]).toEqual({ description: 'exit 11 in app', count: 12 });
    expect(read?.groups[9]).toEqual({ description: 'exit 2 in app', count: 3 });
  });

  test('may have attributes of a later version', () => {
    expect(readWatchItem({ ...stored, watchers: ['x'] })).toMatchObject({ record, groups: [] });
    expect(readWatchItem({ ...stored, 'group#x': 'many' })).toMatchObject({ groups: [] });
  });

  test.each([
    {},
    { ...stored, schema: schema + 1 },
    { ...stored, schema: undefined },
    { ...stored, record: undefined },
    { ...stored, execution: 7 },
    { ...stored, news: 'some' },
    { ...stored, seen: 1.5 },
    { ...stored, visit: '1000' },
    { ...stored, token: 7 },
    { ...stored, failed: [numbered(1)] },
    { ...stored, failed: new Set([7]) },
    { ...stored, reason: 'TIRED' },
    { ...stored, newest: numbered(1) },
    { ...stored, limit: null },
  ])('is none if it is of another version: %j', (other) => {
    expect(readWatchItem(other)).toBeUndefined();
  });
});

describe('a failed task', () => {
  test('adds its group, its reason and when it stopped', () => {
    expect(failure(1)).toEqual({
      task: numbered(1),
      description: 'exit 1 in app: Essential container in task exited (EssentialContainerExited)',
      isPermanent: false,
      set: {
        reason: 'CRASHED',
        failedAt: '2026-11-23T12:01:00.000Z',
        newest: { task: numbered(1), container: 'app' },
        hasImageFailed: true,
      },
    });
  });

  test('is permanent if every further one will fail', () => {
    expect(failure(1, noImage)).toMatchObject({ isPermanent: true, set: { reason: 'CANNOT_PULL' } });
  });

  test('that a health check stopped is counted as its event has it, which does not say that the image failed', () => {
    const [found, reported] = [{ health: 'UNHEALTHY' }, {}].map((more) =>
      failure(1, { ...unhealthy, containers: [{ name: 'app', exitCode: 137, ...more }] }),
    );

    expect(found).toEqual(reported);
    expect(found?.set).toMatchObject({ reason: 'UNHEALTHY' });
    expect(found?.set).not.toHaveProperty('hasImageFailed');
  });

  test('without containers has no name of one', () => {
    expect(failure(1, { containers: [] }).set.newest).toEqual({ task: numbered(1), container: '' });
  });
});

describe('the table', () => {
  const limit = 4;
  const kinds: readonly Partial<StoppedTask>[] = [
    {},
    { containers: [{ name: 'app', exitCode: 2 }] },
    { containers: [{ name: 'web', exitCode: 1 }], stoppedAt: later },
    noImage,
    unhealthy,
  ];
  const failures = fc.array(
    fc.record({ number: fc.nat(6), kind: fc.nat(kinds.length - 1) }).map(({ number, kind }) => failure(number, kinds[kind])),
    { maxLength: 8 },
  );
  const inOrder = ({ groups, ...rest }: WatchItem) => ({
    ...rest,
    groups: [...groups].sort((a, b) => (a.description < b.description ? -1 : 1)),
  });

  test('counts as `withFailure` does, each task once, and up to the limit', async () => {
    const watched = { record, execution, fencingToken: 1, news: 0, seen: 0, revision: revisionArn(8), limit };
    await fc.assert(
      fc.asyncProperty(failures, async (tasks) => {
        const { watch } = givenTable({ watched: { [service]: watched } });
        let expected = (await watch.of(service)) as WatchItem;
        for (const one of tasks) {
          const isCounted = expected.failed?.has(one.task) || (expected.failed?.size ?? 0) >= limit;
          const after = await watch.countFailure(service, record, one, false);
          expect(after === undefined).toBe(isCounted ?? false);
          if (after === undefined) continue;
          const { groups, failed, ...rest } = withFailure(expected, one);
          const counts = Object.fromEntries(groups.map(({ description, count }) => [groupAttribute(description), count]));
          expect(inOrder(after)).toEqual(inOrder({ ...rest, ...counts, failed: failed ?? new Set(), groups }));
          expected = after;
        }
      }),
      { numRuns: 25 },
    );
  });
});

test.each<[string, Partial<WatchItem>, boolean]>([
  ['has counted fewer tasks than the limit', { limit: 3, failed: new Set(['a', 'b']) }, false],
  ['has counted as many', { limit: 3, failed: new Set(['a', 'b', 'c']) }, true],
  ['has counted one for a permanent reason', { limit: 3, failed: new Set(['a']), permanent: 1 }, false],
  ['has counted two for a permanent reason', { limit: 3, failed: new Set(['a', 'b']), permanent: 2 }, true],
  ['has counted two, and a log says that all will fail', { limit: 3, failed: new Set(['a', 'b']), isPermanentByLog: true }, true],
  ['has counted one, and a log says that all will fail', { limit: 3, failed: new Set(['a']), isPermanentByLog: true }, false],
  ['is rolling back', { limit: 3, failed: new Set(['a', 'b', 'c']), isRollingBack: true }, false],
  ['expects no revision yet', { failed: new Set(['a', 'b', 'c']), permanent: 3 }, false],
])('an item that %s shows that the rollout has failed: %j %s', (_, changes, expected) => {
  expect(isLimitReached(item(changes))).toBe(expected);
});

test('permanent failures are those that were counted as such, or all if a log says so', () => {
  expect(permanentFailures({})).toBe(0);
  expect(permanentFailures({ failed: new Set(['a', 'b', 'c']), permanent: 1 })).toBe(1);
  expect(permanentFailures({ failed: new Set(['a', 'b', 'c']), permanent: 1, isPermanentByLog: true })).toBe(3);
});

test.each([
  [{ seen: 0 }, false],
  [{ seen: 1 }, true],
  [{ seen: 2, seenBefore: 2 }, false],
  [{ seen: 3, seenBefore: 2 }, true],
])('a visit with %j had news that the visit before did not know: %s', (seen, expected) => {
  expect(hadUnseenNews(item(seen))).toBe(expected);
});

test('permanent failures are counted beside all', () => {
  const tasks = [failure(1, noImage), failure(2), failure(3, noImage)];

  expect(tasks.reduce(withFailure, item({ limit: 4 }))).toMatchObject({ failed: { size: 3 }, permanent: 2 });
});

test('the order of two failures does not change what is counted', () => {
  const both = (...tasks: readonly number[]) => tasks.reduce((before, number) => withFailure(before, failure(number)), item({ limit: 3 }));

  expect(both(1, 2)).toMatchObject({ failed: new Set([numbered(1), numbered(2)]), groups: [{ count: 2 }] });
  expect({ ...both(1, 2), newest: undefined }).toEqual({ ...both(2, 1), newest: undefined });
});

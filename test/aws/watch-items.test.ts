import { countedFailure, type WatchItem } from '../../core/rollout/watch-item.js';
import { execution, later, revisionArn, stoppedTask } from '../core/given.js';
import { givenTable } from '../support/given-table.js';

const service = 'production/web';
const record = 'service#production/web deployment#1';
const mine = { record, execution };
const other = { record: 'service#production/web deployment#2', execution: `${execution}-2` };
const visit = (number: number, retry = 0) => ({ number, retry });
const expected = { revision: revisionArn(8), containers: ['app'], nonEssential: [], limit: 3 };

const item = { ...mine, fencingToken: 4, news: 0, seen: 0 };
type Attributes = Omit<WatchItem, 'groups'> & { readonly fencingToken: number };
const given = (present: Attributes | undefined = item) => {
  const table = givenTable({ watched: { [service]: present } });
  return { watch: table.watch, item: () => table.watchItem(service) };
};
const failure = (id: string, changes: object = {}) => countedFailure(stoppedTask({ id, ...changes }));

describe('the watch item of a lease holder', () => {
  test('is opened if there is none, with what happened before as news', async () => {
    const { watch, watchItem } = givenTable();

    await watch.open(service, mine, 4);
    expect(await watchItem(service)).toEqual({ ...mine, fencingToken: 4, news: 1, seen: 0 });
  });

  test.each<[string, Attributes, boolean]>([
    ['replaces that of a holder before', { ...item, ...other, fencingToken: 3 }, true],
    ['leaves that of a later holder', { ...item, ...other, fencingToken: 5 }, false],
    ['leaves the one that it has opened before', { ...item, fencingToken: 3, news: 7 }, false],
  ])('%s as it opens its own', async (_, present, isReplaced) => {
    const { watch, item: read } = given(present);

    await watch.open(service, mine, 4);
    expect(await read()).toEqual(isReplaced ? { ...item, news: 1 } : present);
  });

  test('is deleted for its own deployment only', async () => {
    const { watch, item: read } = given();

    await watch.close(service, other.record);
    expect(await read()).toEqual(item);
    await watch.close(service, record);
    expect(await read()).toBeUndefined();
    await watch.close(service, record);
  });

  test('of another version is not watched: nothing is read from it', async () => {
    const { watch } = given({ ...item, schema: 'slipway/9' } as never);

    expect(await watch.of(service)).toBeUndefined();
    expect(await watch.addNews(service)).toBeUndefined();
  });
});

describe('the token of a visit', () => {
  test('is stored with the news that the visit before did not know', async () => {
    const { watch } = given();

    await watch.addNews(service);
    expect(await watch.storeToken(service, mine, visit(1), 'first')).toMatchObject({ news: 1, seen: 1, seenBefore: 0, token: 'first' });
    expect(await watch.storeToken(service, mine, visit(2), 'second')).toMatchObject({ news: 1, seen: 1, seenBefore: 1, visit: 2000 });
    await watch.addNews(service);
    await watch.addNews(service);
    expect(await watch.storeToken(service, mine, visit(2, 1), 'third')).toMatchObject({ seen: 3, seenBefore: 1, visit: 2001 });
  });

  test.each<[string, Attributes]>([
    ['of a later visit', { ...item, visit: 3000, token: 'its own' }],
    ['of a retry', { ...item, visit: 2002, token: 'its own' }],
    ['of another deployment', { ...item, ...other, token: 'its own' }],
    ['of the execution that resumed the deployment', { ...item, execution: other.execution, visit: 1000, token: 'its own' }],
  ])('replaces none %s', async (_, present) => {
    const { watch, item: read } = given(present);

    expect(await watch.storeToken(service, mine, visit(2, 1), 'late')).toBeUndefined();
    expect(await read()).toEqual(present);
  });

  test('is not stored without an item, and makes none', async () => {
    const { watch, watchItem } = givenTable();

    expect(await watch.storeToken(service, mine, visit(1), 'first')).toBeUndefined();
    expect(await watchItem(service)).toBeUndefined();
  });

  test('of an ended execution is removed by the one that resumes its deployment, and stored no more', async () => {
    const { watch, item: read } = given({ ...item, visit: 2000, token: 'its own' });
    const resumer = { record, execution: other.execution };

    await watch.takeOver(service, resumer);
    expect(await read()).toEqual({ ...item, ...resumer, visit: 2000, news: 1 });
    expect(await watch.storeToken(service, mine, visit(4), 'late')).toBeUndefined();
  });

  test('of the execution that has resumed the deployment is not removed by its resumption that runs late', async () => {
    const present = { ...item, visit: 4000, token: 'its own' };
    const { watch, item: read } = given(present);

    await watch.takeOver(service, mine);
    expect(await read()).toEqual(present);
  });
});

describe('news', () => {
  test('are counted if a deployment watches, and answer its item', async () => {
    const { watch } = given({ ...item, news: 2, seen: 1, token: 'its own' });

    expect(await watch.addNews(service)).toMatchObject({ news: 3, seen: 1, token: 'its own' });
    expect(await givenTable().watch.addNews(service)).toBeUndefined();
  });

  test('are all rollouts that begin, except our own', async () => {
    const { watch, item: read } = given();

    expect(await watch.addNews(service, { began: 'ecs-svc/1' })).toMatchObject({ news: 1, began: 'ecs-svc/1' });
    await watch.acknowledge(service, record, 'ecs-svc/2');
    expect(await watch.addNews(service, { began: 'ecs-svc/2' })).toBeUndefined();
    expect(await watch.addNews(service, { began: 'ecs-svc/3' })).toMatchObject({ news: 2 });
    expect(await read()).toMatchObject({ deploymentId: 'ecs-svc/2', seen: 0 });
  });

  test('are seen if our own rollout, whose event came before ECS answered, is all of them', async () => {
    const own = given();
    const two = given({ ...item, news: 1 });
    for (const { watch } of [own, two]) {
      await watch.addNews(service, { began: 'ecs-svc/2' });
      await watch.acknowledge(service, record, 'ecs-svc/2');
    }

    expect(await own.item()).toMatchObject({ news: 1, seen: 1 });
    expect(await two.item()).toMatchObject({ news: 2, seen: 0 });
  });

  test('that come while our own rollout is acknowledged stay unseen', async () => {
    const { watch, item: read } = given({ ...item, news: 1, began: 'ecs-svc/2' });
    await Promise.all([watch.acknowledge(service, record, 'ecs-svc/2'), watch.addNews(service)]);

    const after = (await read()) ?? item;
    expect(after.news).toBe(2);
    expect(after.seen).toBeLessThan(2);
  });
});

describe('a failed task', () => {
  const watched = { ...item, ...expected };

  test('is counted once, with its group, and is news if asked', async () => {
    const { watch, item: read } = given(watched);

    expect(await watch.countFailure(service, record, failure('1'), true)).toMatchObject({ failed: new Set(['1']), news: 1 });
    expect(await watch.countFailure(service, record, failure('1'), true)).toBeUndefined();
    expect(await watch.countFailure(service, record, failure('2', { stoppedAt: later }), false)).toMatchObject({
      failed: new Set(['1', '2']),
      groups: [{ count: 2, description: failure('1').description }],
      news: 1,
      failedAt: later,
      newest: { task: '2', container: 'app' },
    });
    expect(await read()).not.toHaveProperty('permanent');
  });

  test('is counted up to the limit: many at once leave as many as the limit, each once', async () => {
    const { watch, item: read } = given({ ...watched, limit: 9 });
    const ids = Array.from({ length: 40 }, (_, index) => String(index));

    const counted = await Promise.all(ids.flatMap((id) => [id, id]).map((id) => watch.countFailure(service, record, failure(id), true)));
    expect(counted.filter(Boolean)).toHaveLength(9);
    const after = await read();
    expect(after?.failed?.size).toBe(9);
    expect(after).toMatchObject({ news: 9, [`group#${failure('1').description}`]: 9 });
  });

  test('that fails for good is counted as that, too', async () => {
    const { watch } = given(watched);
    const lasting = { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: manifest for x not found' };

    await watch.countFailure(service, record, failure('1'), false);
    expect(await watch.countFailure(service, record, failure('2', lasting), false)).toMatchObject({
      permanent: 1,
      reason: 'CANNOT_PULL',
      groups: [{ count: 1 }, { count: 1 }],
    });
  });

  test.each<[string, Attributes]>([
    ['that is rolled back', { ...watched, isRollingBack: true }],
    ['of another deployment', { ...watched, ...other }],
  ])('of a rollout %s is not counted', async (_, present) => {
    const { watch, item: read } = given(present);

    expect(await watch.countFailure(service, record, failure('1'), true)).toBeUndefined();
    expect(await read()).toEqual(present);
  });

  test('no longer counts once the rollback has begun, which answers those that do', async () => {
    const { watch } = given(watched);

    await watch.countFailure(service, record, failure('1'), false);
    expect(await watch.beginRollback(service, record)).toMatchObject({ failed: new Set(['1']), isRollingBack: true });
    expect(await watch.countFailure(service, record, failure('2'), false)).toBeUndefined();
    expect(await givenTable().watch.beginRollback(service, record)).toBeUndefined();
  });

  test('may say by its log that every further one will fail', async () => {
    const { watch, item: read } = given(watched);

    await watch.markPermanent(service, record);
    await watch.markPermanent(service, other.record);
    expect(await read()).toEqual({ ...watched, isPermanentByLog: true });
  });
});

test('what a rollout is watched by replaces itself, and nothing else', async () => {
  const { watch, item: read } = given({ ...item, failed: new Set(['1']), news: 3 });

  await watch.expect(service, record, expected);
  await watch.expect(service, record, { limit: 5 });
  await watch.expect(service, other.record, { limit: 9 });
  expect(await read()).toEqual({ ...item, ...expected, limit: 5, failed: new Set(['1']), news: 3 });
});

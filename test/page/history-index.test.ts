import { HistoryIndex, type Part } from '../../page/server/history-index.js';
import { deploymentAt, givenRecords, minute, releaseAt } from './given-history.js';

const parts: Part[] = [{ repository: 'web' }, { service: 'production/web' }, { service: 'production/api' }];

const indexOf = async (given: ReturnType<typeof givenRecords>) => {
  const index = new HistoryIndex(given.read, parts);
  while (await index.readOlder());
  return index;
};
const ids = (index: HistoryIndex, query = {}) => index.page(query, minute(0)).records.map(({ id }) => id);

const failed = { result: { outcome: 'ROLLED_BACK', reason: 'CRASHED', message: 'exit 1' } } as const;

test('records of all services are merged, the newest first, and each is there once', async () => {
  const given = givenRecords({ deployments: [deploymentAt(1), deploymentAt(3), deploymentAt(2, 'production/api')] });
  const index = await indexOf(given);
  await index.refresh({ service: 'production/web' });

  expect(ids(index)).toEqual(['run-3', 'run-2', 'run-1']);
  expect(index.page({}, minute(9))).toMatchObject({ total: 3, of: 3, isComplete: true, who: [] });
});

test('a release is a row only if it has ended and deployed nothing by itself', async () => {
  const of = releaseAt(1, { result: { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '' } });
  const { endedAt: _, result: __, ...open } = releaseAt(3);
  const given = givenRecords({
    deployments: [deploymentAt(1, 'production/web', { release: of.name })],
    releases: [of, releaseAt(2), open],
  });

  expect(ids(await indexOf(given))).toEqual(['release-2', 'run-1']);
});

test('before the services were read back to it, a release is not said to have deployed nothing', async () => {
  const of = releaseAt(1);
  const deployments = [deploymentAt(1, 'production/web', { release: of.name }), deploymentAt(5), deploymentAt(6)];
  const given = givenRecords({ deployments, releases: [of] }, 2);
  const index = new HistoryIndex(given.read, parts);
  for (let read = 0; read < 3; read++) await index.readOlder();

  expect(index.isComplete).toBe(false);
  expect(ids(index)).toEqual(['run-6', 'run-5']);
  await index.readOlder();
  expect(ids(index)).toEqual(['run-6', 'run-5', 'run-1']);
});

test('the newest are read first: each next read is of the part that lacks the newest records', async () => {
  const given = givenRecords(
    { deployments: [deploymentAt(9), deploymentAt(8), deploymentAt(1, 'production/api'), deploymentAt(0, 'production/api')] },
    1,
  );
  await indexOf(given);

  expect(given.reads.map((part) => ('service' in part ? part.service : part.repository))).toEqual([
    'web',
    'production/web',
    'production/api',
    'production/web',
    'production/api',
  ]);
});

test('filters apply together', async () => {
  const by = { trigger: { kind: 'hand', by: 'ada' } } as const;
  const given = givenRecords({
    deployments: [deploymentAt(1, 'production/web', { ...by, ...failed }), deploymentAt(2, 'production/api', by), deploymentAt(3)],
  });
  const index = await indexOf(given);

  expect(ids(index, { who: 'ada' })).toEqual(['run-2', 'run-1']);
  expect(ids(index, { who: 'ada', service: 'production/web' })).toEqual(['run-1']);
  expect(ids(index, { outcome: 'ROLLED_BACK,UNKNOWN' })).toEqual(['run-1']);
  expect(ids(index, { since: minute(2) })).toEqual(['run-3', 'run-2']);
  expect(ids(index, { q: 'MAIN-3' })).toEqual(['run-3']);
  expect(ids(index, { repository: 'web', service: '' })).toHaveLength(3);
});

test('when nothing matches, the filter that excludes most is named, and the nearest name', async () => {
  const index = await indexOf(givenRecords({ deployments: [deploymentAt(1), deploymentAt(2, 'production/api')] }));

  expect(index.page({ service: 'production/wbe', since: minute(0) }, minute(9)).nearest).toEqual({
    filter: 'service',
    name: 'production/web',
  });
  expect(index.page({ since: minute(90) }, minute(99)).nearest).toEqual({ filter: 'since' });
  expect(index.page({ service: 'production/web' }, minute(9))).not.toHaveProperty('nearest');
});

test('a page continues after the last row of the one before, however many came since', async () => {
  const deployments = Array.from({ length: 150 }, (_, index) => deploymentAt(index));
  const index = await indexOf(givenRecords({ deployments }));
  const first = index.page({}, minute(0));
  deployments.push(deploymentAt(500));
  await index.refresh({ service: 'production/web' });
  const second = index.page({ after: first.next ?? '' }, minute(0));

  expect(first.records).toHaveLength(100);
  expect(second.records[0]?.id).toBe('run-49');
  expect(second.records).toHaveLength(50);
  expect(second).not.toHaveProperty('next');
});

test('a record of another schema is a row that says so', async () => {
  const index = new HistoryIndex(
    async () => ({ deployments: [], unreadable: ['schema 9'], unreadableNames: [`service#production/web deployment#${minute(4)}#run-4`] }),
    [{ service: 'production/web' }],
  );
  await index.readOlder();

  expect(index.page({}, minute(9)).records).toMatchObject([
    { id: 'run-4', service: 'production/web', startedAt: minute(4), unreadable: { why: 'schema 9' } },
  ]);
});

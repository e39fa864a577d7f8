import type { DeploymentSummary } from '../../core/query/answers.js';
import { givenDetails, releaseViewAt, rowAt, viewAt } from './given-details.js';
import { deploymentAt, releaseAt } from './given-history.js';

const many = (count: number, service = 'production/web'): DeploymentSummary[] =>
  Array.from({ length: count }, (_, index) => deploymentAt(index, service));

test('a service that is unknown names the nearest', async () => {
  const { details } = givenDetails();

  await expect(details.service('production/wbe')).rejects.toMatchObject({
    status: 404,
    error: { reason: 'NOT_FOUND', suggestions: [{ name: 'production/web', href: '/services/production/web' }] },
  });
});

test.each(['constructor', '', '<script>alert(1)</script>'])('there is no service %p', async (id) => {
  const { details } = givenDetails();

  await expect(details.service(id)).rejects.toMatchObject({ status: 404, error: { reason: 'NOT_FOUND' } });
});

test('a deployment that is unknown names the nearest of its service', async () => {
  const { details } = givenDetails();

  await expect(details.deployment('production/web', 'run-2')).rejects.toMatchObject({
    error: { reason: 'NOT_FOUND', suggestions: [{ name: 'run-1', href: '/deployments/production/web/run-1' }] },
  });
});

test('a deployment of another service names that', async () => {
  const { details } = givenDetails({ deployment: viewAt(1, { service: 'staging/web' }) });

  await expect(details.deployment('production/web', 'run-1')).rejects.toMatchObject({
    error: { suggestions: [{ name: 'run-1', href: '/deployments/staging/web/run-1' }] },
  });
});

test('a release of another repository names that', async () => {
  const { details } = givenDetails({ release: releaseViewAt(3) });

  await expect(details.release('team/other', 'release-3')).rejects.toMatchObject({
    error: { suggestions: [{ name: 'release-3', href: '/releases/my-learn-app/release-3' }] },
  });
});

test('what a service cannot read of its history is a problem of that panel alone', async () => {
  const { details, deny } = givenDetails();
  deny.add('history');

  await expect(details.service('production/web')).resolves.toMatchObject({
    row: { id: 'production/web' },
    stages: [{ repository: 'my-learn-app', stage: 'production', isProduction: true }],
    history: [],
    problems: [{ of: 'history', reason: 'ACCESS_DENIED', permission: 'lambda:InvokeFunction' }],
  });
});

describe('the history', () => {
  test('is not read before it is used', async () => {
    const { pass, historyReads } = givenDetails({ records: { deployments: many(30) }, size: 10 });

    await pass(60);

    expect(historyReads).toEqual([]);
  });

  test('has the newest records of each part at once', async () => {
    const { details, historyReads } = givenDetails({ records: { deployments: many(250) } });

    const first = await details.history({});

    // The newest of three services and a repository, and as many older ones as a next page needs.
    expect([first.records.length, first.total, first.isComplete, historyReads.length]).toEqual([100, 200, false, 4 + 1]);
  });

  test('goes on in the background, a read a second, and ends', async () => {
    const { details, pass, historyReads } = givenDetails({ records: { deployments: many(55) }, size: 5 });
    await details.history({});
    const counts: number[] = [];

    for (let second = 0; second < 10; second++) {
      const before = historyReads.length;
      await pass(1);
      counts.push(historyReads.length - before);
    }

    expect(Math.max(...counts)).toBe(1);
    expect(counts.at(-1)).toBe(0);
    expect(await details.history({})).toMatchObject({ total: 55, isComplete: true });
  });

  test('reads on for a page of older records', async () => {
    const { details } = givenDetails({ records: { deployments: many(120) }, size: 60 });

    const { next = '' } = await details.history({});
    const older = await details.history({ after: next });

    expect(older.records.at(-1)).toMatchObject({ id: 'run-0' });
  });

  test('has a deployment that has ended since, and a release', async () => {
    const deployments = many(1);
    const releases = [releaseAt(1)];
    const rows = [rowAt('production/web', { last: 'run-0' })];
    const { details, emit, historyReads } = givenDetails({ records: { deployments, releases }, rows });
    await details.history({});
    const before = historyReads.length;
    await details.history({});
    expect(historyReads).toHaveLength(before);

    deployments.push(deploymentAt(5));
    rows[0] = rowAt('production/web', { last: 'run-5' });
    releases.push(releaseAt(7));
    emit({ type: 'record', data: { id: 'release-7', kind: 'release', outcome: 'PARTIAL' } });

    const { records } = await details.history({});
    expect(records.map(({ id }) => id)).toEqual(['release-7', 'run-5', 'release-1', 'run-0']);
    expect(historyReads.slice(before)).toEqual([{ service: 'production/web' }, { repository: 'my-learn-app' }]);
  });

  test('shows what is known when it cannot be read, and why', async () => {
    const rows = [rowAt('production/web', { last: 'run-0' })];
    const { details, deny, pass } = givenDetails({ records: { deployments: many(1) }, rows });
    await details.history({});
    deny.add('history');
    rows[0] = rowAt('production/web', { last: 'run-5' });

    const page = await details.history({});
    expect(page).toMatchObject({ total: 1, problems: [{ of: 'history', reason: 'ACCESS_DENIED' }] });

    deny.clear();
    await pass(1);
    await expect(details.history({})).resolves.toMatchObject({ total: 1, problems: [] });
  });
});

test('the insights are of the last stage of each repository, or of the one that is asked for', async () => {
  const image = { repository: 'my-learn-app', tag: 'main-1', digest: `sha256:${'a'.repeat(64)}` };
  const deployments = [
    deploymentAt(0, 'staging/web', { image, stage: 'staging' }),
    deploymentAt(9, 'staging/web', { image, stage: 'staging' }),
    deploymentAt(1, 'production/web', { image }),
    deploymentAt(1, 'production/worker', { image }),
  ];
  const { details } = givenDetails({ records: { deployments } });
  const recordsOf = async (stage: string, service?: string) =>
    (await details.insights({ months: 12, stage, ...(service !== undefined && { service }) })).records;

  expect(await Promise.all([recordsOf('last'), recordsOf('staging'), recordsOf('last', 'production/web'), recordsOf('absent')])).toEqual([
    2, 2, 1, 0,
  ]);
  expect(await details.insights({ months: 1, stage: 'last' })).toMatchObject({ stages: ['staging', 'production'], isComplete: true });
});

import type { ServiceStatus } from '../../core/query/answers.js';
import { serviceDetail } from '../../page/server/service-detail.js';
import { head, installation } from '../cli/verbs/given.js';
import { digest, otherDigest } from '../core/given.js';
import { givenDetails, rowAt } from './given-details.js';
import { deploymentAt, minute } from './given-history.js';

const good = (of: string, at: number) => ({ digest: of, tag: `main-${at}`, revision: `web:${at}`, at: minute(at), pushedAt: minute(0) });
const source = (more: Partial<ServiceStatus['sources'][number]> = {}) => ({ repository: 'my-learn-app', quarantine: [], ...more });
const status: ServiceStatus = { service: 'production/web', sources: [source()], queued: [] };
const parts = { at: head.at, row: rowAt('production/web'), status, installation, history: [], problems: [] };

test('of an image that was deployed twice, the newest revision runs', () => {
  const row = rowAt('production/web', { sources: [{ repository: 'my-learn-app', digest }] });
  const knownGood = [good(digest, 9), good(otherDigest, 5), good(digest, 1)];

  expect(serviceDetail({ ...parts, row, status: { ...status, sources: [source({ knownGood })] } }).knownGood).toMatchObject([
    { repository: 'my-learn-app', tag: 'main-9', digest, revision: 'web:9', at: minute(9), runsNow: true },
    { digest: otherDigest, runsNow: false },
    { tag: 'main-1', digest, runsNow: false },
  ]);
});

test('images of several repositories are the newest first', () => {
  const sources = [source({ knownGood: [good(digest, 3)] }), source({ repository: 'proxy', knownGood: [good(otherDigest, 7)] })];

  expect(serviceDetail({ ...parts, status: { ...status, sources } }).knownGood.map(({ repository }) => repository)).toEqual([
    'proxy',
    'my-learn-app',
  ]);
});

test('the lease, the queue and what a hold keeps back', () => {
  const queued = [{ id: 'run-2', since: minute(2), repository: 'my-learn-app' }];
  const withheld = { digest, tag: 'main-9', pushedAt: minute(9) };
  const busy = { ...status, current: deploymentAt(1), leaseSince: minute(3), queued, sources: [source({ withheld })] };

  expect(serviceDetail({ ...parts, status: busy })).toMatchObject({
    lease: { id: 'run-1', since: minute(3) },
    queued,
    withheld: [{ repository: 'my-learn-app', ...withheld }],
  });
  expect(serviceDetail(parts)).not.toHaveProperty('lease');
});

test('a status that the stack does not answer costs what is of it alone', () => {
  const { status: _, ...without } = parts;

  expect(serviceDetail(without)).toMatchObject({ knownGood: [], queued: [], withheld: [], stages: [{ stage: 'production' }] });
});

test('its history is of its own records, the newest first', async () => {
  const deployments = [deploymentAt(1), deploymentAt(2), deploymentAt(3, 'production/worker')];
  const { details } = givenDetails({ records: { deployments }, status });

  const { history, problems } = await details.service('production/web');

  expect(history.map(({ id }) => id)).toEqual(['run-2', 'run-1']);
  expect(problems).toEqual([]);
});

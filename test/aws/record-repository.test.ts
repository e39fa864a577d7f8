import { deploymentRecord, digest, otherDigest, stateOf } from '../core/given.js';
import { givenTable } from '../support/given-table.js';

const service = 'production/web';
const record = (startedAt: string) => `service#${service} deployment#${startedAt}#web-1`;

test.each([
  ['2026-11-23T12:00:05Z', '2026-11-23T12:00:05.400Z'],
  ['2026-11-23T12:00:05.400Z', '2026-11-23T12:00:06Z'],
  ['2026-11-23T12:00:05.000Z', '2026-11-23T12:00:05Z'],
])('a release that started at %s finds its deployment of %s, with or without milliseconds', async (since, startedAt) => {
  const { records } = givenTable({ records: { [record(startedAt)]: deploymentRecord() } });

  expect(await records.deploymentNamed(service, 'web-1', since)).toMatchObject({ name: record(startedAt) });
});

test('a release does not find a deployment that started before it', async () => {
  const { records } = givenTable({ records: { [record('2026-11-23T12:00:04Z')]: deploymentRecord() } });

  expect(await records.deploymentNamed(service, 'web-1', '2026-11-23T12:00:05Z')).toBeUndefined();
});

describe('a revision is saved', () => {
  const name = record('2026-11-23T12:00:05Z');
  const saved = async (...calls: readonly (readonly [revision: string, previousRevision: string])[]) => {
    const table = givenTable({ records: { [name]: deploymentRecord() } });
    for (const [revision, previousRevision] of calls) await table.records.saveRevision(name, previousRevision, { revision });
    return table.record(name);
  };

  test('once for a previous revision: a late second run does not replace what is deployed', async () => {
    expect(await saved(['web:8', 'web:7'], ['web:9', 'web:7'])).toMatchObject({ revision: 'web:8', previousRevision: 'web:7' });
  });

  test('again if the service runs another revision by now', async () => {
    expect(await saved(['web:8', 'web:7'], ['web:10', 'web:9'])).toMatchObject({ revision: 'web:10', previousRevision: 'web:9' });
  });
});

test('a later push is saved only while its source runs what was read', async () => {
  const lastDeployed = { digest, pushedAt: '2026-11-23T12:00:00.000Z' };
  const table = givenTable({ states: { [service]: stateOf({ lastDeployed }) } });
  const save = (seen: typeof lastDeployed, at: string) => table.states.recordLaterPush(service, 'my-learn-app', seen, at);

  expect(await save({ ...lastDeployed, digest: otherDigest }, '2026-11-23T13:00:00.000Z')).toBe(false);
  expect(await save(lastDeployed, '2026-11-23T13:00:00.000Z')).toBe(true);
  expect(await save(lastDeployed, '2026-11-23T12:30:00.000Z')).toBe(false);
  expect(await table.state(service)).toEqual(stateOf({ lastDeployed: { digest, pushedAt: '2026-11-23T13:00:00.000Z' } }));
});

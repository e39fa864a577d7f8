import type { QueueEntry } from '../../../core/records/records.js';
import { unfinished } from '../../../core/result/result.js';
import { deploymentRecord, execution, later, lease, queueEntry, releaseRecord, startedAt } from '../../core/given.js';
import { given, name, pending, time } from './given-sweep.js';

const held = lease({ record: name });
const waiting = (token: string, changes: Partial<QueueEntry> = {}) =>
  queueEntry({ execution: `${execution}-${token}`, record: 'another', token, ...changes });
const queued = { 'my-proxy': waiting('second', { since: later }), 'my-learn-app': waiting('first') };
const records = { [name]: pending(deploymentRecord()) };
const watched = { 'production/web': { record: name, execution, fencingToken: 3, news: 1, seen: 0, token: 'closed' } };

test('the service of a deployment that is closed is watched no more, and the one whose turn it is woken, which takes the lease itself', async () => {
  const { table, taken, run } = given({ records, watched, states: { 'production/web': { fencingToken: 3, lease: held, queued } } });

  await run({ time });

  expect(taken).toEqual([['first', 'Woken']]);
  expect(await table.watchItem('production/web')).toBeUndefined();
  expect(await table.state('production/web')).toMatchObject({ queued });
  expect((await table.state('production/web'))?.lease).toBeUndefined();
  const written = ['record', 'state', 'watch'].map((item) =>
    table.writes.findIndex((one) => (item === 'record' ? one === name : one.endsWith(item))),
  );
  expect(written).toEqual(written.toSorted((a, b) => a - b));
});

test('a service is left to its holder, and its watch item, too, if the deployment that is closed waited for the lease', async () => {
  const holder = lease({ execution: `${execution}-holder`, record: 'another' });
  const others = { 'production/web': { ...watched['production/web'], record: 'another' } };
  const states = {
    'production/web': { fencingToken: 3, lease: holder, queued: { 'my-learn-app': queueEntry({ token: 'mine', record: name }) } },
  };
  const { table, taken, run } = given({ records, watched: others, states });

  await run({ time });

  expect(taken).toEqual([]);
  expect(await table.watchItem('production/web')).toMatchObject({ record: 'another' });
  expect(await table.state('production/web')).toEqual({ fencingToken: 4, lease: holder });
});

test('if the first in turn has ended, the next one is woken', async () => {
  const states = { 'production/web': { fencingToken: 3, lease: held, queued } };
  const { taken, run } = given({ records, watched, states }, undefined, [], ['first']);

  await run({ time });

  expect(taken).toEqual([['second', 'Woken']]);
});

test('a queue that was left after the lease was released is woken by the next sweep', async () => {
  const closed = { ...pending(deploymentRecord()), result: { ...unfinished }, endedAt: startedAt };
  const { taken, run } = given({ records: { [name]: closed }, watched, states: { 'production/web': { fencingToken: 4, queued } } });

  await run({ time });

  expect(taken).toEqual([['first', 'Woken']]);
});

test('a stage has failed with a deployment that is closed as failed: the others of it that wait are woken, also by the next sweep', async () => {
  const release = 'repository#my-learn-app release#1';
  const itsName = 'service#production/worker deployment#2026-11-23T12:00:00.000Z#production-worker-1';
  const its = queueEntry({ execution: `${execution}-worker`, record: itsName, token: 'sibling' });
  const ended = { result: { outcome: 'FAILED', reason: 'ABORTED', message: 'x' }, endedAt: startedAt } as const;
  const swept = (record: object, stageFailure?: { stage: string; service: string; at: string }) =>
    given({
      records: {
        [name]: pending(deploymentRecord({ release, stage: 'production', ...record })),
        [release]: releaseRecord({ stage: 'production', ...(stageFailure && { stageFailure }) }),
      },
      states: {
        'production/worker': { lease: lease({ execution: `${execution}-x`, record: 'another' }), queued: { 'my-learn-app': its } },
      },
    });
  const first = swept({});
  const again = swept(ended, { stage: 'production', service: 'production/web', at: startedAt });

  await first.run({ time });
  await again.run({ time });

  expect([first.taken, again.taken]).toEqual([[['sibling', 'Woken']], [['sibling', 'Woken']]]);
  expect((await first.table.record(release))?.stageFailure).toMatchObject({ stage: 'production', service: 'production/web' });
});

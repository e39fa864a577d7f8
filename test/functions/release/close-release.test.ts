import { unfinished } from '../../../core/result/result.js';
import { closeRelease } from '../../../functions/release/close-release.js';
import { digest, later, releaseExecution, releaseRecord, startedAt } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { nothingCaught } from '../given-failure.js';

const name = 'repository#my-learn-app release#1';
const succeeded = { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '3 of 3 services run it' } as const;
const input = {
  repository: 'my-learn-app',
  record: name,
  result: succeeded,
  caught: nothingCaught,
  execution: releaseExecution,
  startedAt,
  now: later,
};

test('closes the record and releases the claim, once if it runs twice', async () => {
  const claims = { [digest]: { execution: releaseExecution, pushes: { staging: startedAt } } };
  const table = givenTable({ records: { [name]: releaseRecord({ pending: 'yes' }) }, claims });
  const run = closeRelease(table);

  expect(await run(input)).toEqual({ result: succeeded });
  expect(await table.claim(digest)).toBeUndefined();
  expect(await table.record(name)).toMatchObject({ result: { outcome: 'SUCCEEDED' }, endedAt: later });

  const closed = await table.record(name);
  expect(await run({ ...input, now: '2026-11-23T12:06:00.000Z' })).toEqual({ result: succeeded });
  expect(await table.record(name)).toEqual(closed);
});

test('leaves the claim of another release alone', async () => {
  const claim = { execution: 'another', pushes: { staging: startedAt } };
  const table = givenTable({ records: { [name]: releaseRecord() }, claims: { [digest]: claim } });

  await closeRelease(table)(input);

  expect(await table.claim(digest)).toEqual(claim);
});

test('a failed step ends the release as UNKNOWN after its first stage started, and as FAILED before', async () => {
  const caught = { state: 'EvaluateStage', error: 'AccessDeniedException', cause: '' };
  const { stage: _, ...unplanned } = releaseRecord();

  const planned = closeRelease(givenTable({ records: { [name]: releaseRecord() } }))({ ...input, result: unfinished, caught });
  const refused = closeRelease(givenTable({ records: { [name]: unplanned } }))({ ...input, result: unfinished, caught });

  expect(await planned).toMatchObject({ result: { outcome: 'UNKNOWN' } });
  expect(await refused).toMatchObject({ result: { outcome: 'FAILED' } });
});

test('an execution without a record writes nothing', async () => {
  const result = { outcome: 'SKIPPED', reason: 'INVALID_EVENT', message: 'no push' } as const;
  const table = givenTable();

  expect(await closeRelease(table)({ ...input, repository: '', record: '', result })).toEqual({ result });
  expect(table.writes).toEqual([]);
});

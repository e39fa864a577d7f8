import { closeRelease } from '../../../functions/release/close-release.js';
import { digest, later, releaseExecution, releaseRecord, startedAt } from '../../core/given.js';
import { literalLedger, noTrouble, unknown } from '../given.js';

const name = 'repository#my-learn-app release#1';
const succeeded = { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '3 of 3 services run it' } as const;
const input = { record: name, result: succeeded, caught: noTrouble, now: later };
const claim = `my-learn-app ${digest}`;

test('closes the record and gives the claim back; run twice, it does so once', async () => {
  const records = literalLedger({ [name]: releaseRecord({ pending: 'yes' }) });
  records.claims[claim] = { execution: releaseExecution, pushedAt: startedAt };
  const run = closeRelease({ records });

  expect(await run(input)).toEqual({ result: succeeded });
  expect(records.claims).toEqual({});
  expect(records.records[name]).toMatchObject({ result: { outcome: 'SUCCEEDED' }, endedAt: later });

  const closed = { ...records.records };
  expect(await run({ ...input, now: '2026-11-23T12:06:00.000Z' })).toEqual({ result: succeeded });
  expect(records.records).toEqual(closed);
});

test('another release’s claim is left to it', async () => {
  const records = literalLedger({ [name]: releaseRecord() });
  records.claims[claim] = { execution: 'another', pushedAt: startedAt };

  await closeRelease({ records })(input);

  expect(records.claims).toEqual({ [claim]: { execution: 'another', pushedAt: startedAt } });
});

test('where a step failed in a release that had a stage under way, nobody knows how it ended; before that, nothing changed', async () => {
  const caught = { state: 'EvaluateStage', error: 'AccessDeniedException', cause: '' };
  const { stage: _, ...unplanned } = releaseRecord();

  const planned = closeRelease({ records: literalLedger({ [name]: releaseRecord() }) })({ ...input, result: unknown, caught });
  const refused = closeRelease({ records: literalLedger({ [name]: unplanned }) })({ ...input, result: unknown, caught });

  expect(await planned).toMatchObject({ result: { outcome: 'UNKNOWN' } });
  expect(await refused).toMatchObject({ result: { outcome: 'FAILED' } });
});

test('an execution without a record needs no table', async () => {
  const result = { outcome: 'SKIPPED', reason: 'INVALID_EVENT', message: 'no push' } as const;
  const records = literalLedger();

  expect(await closeRelease({ records })({ ...input, record: '', result })).toEqual({ result });
  expect(records.writes).toEqual([]);
});

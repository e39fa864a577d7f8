import { closeRelease } from '../../../functions/release/close-release.js';
import { digest, later, releaseExecution, releaseRecord, startedAt } from '../../core/given.js';
import { literalLedger, noTrouble, unknown } from '../given.js';

const name = 'repository#my-learn-app release#1';
const succeeded = { outcome: 'SUCCEEDED', cause: '', sentence: '3 of 3 services run it' } as const;
const input = { record: name, ending: succeeded, trouble: noTrouble, now: later };
const claim = `my-learn-app ${digest}`;

test('closes the record and gives the claim back; run twice, it does so once', async () => {
  const ledger = literalLedger({ [name]: releaseRecord({ open: 'yes' }) });
  ledger.claims[claim] = { execution: releaseExecution, pushedAt: startedAt };
  const run = closeRelease({ ledger });

  expect(await run(input)).toEqual({ ending: succeeded });
  expect(ledger.claims).toEqual({});
  expect(ledger.records[name]).toMatchObject({ outcome: 'SUCCEEDED', endedAt: later });

  const closed = { ...ledger.records };
  expect(await run({ ...input, now: '2026-11-23T12:06:00.000Z' })).toEqual({ ending: succeeded });
  expect(ledger.records).toEqual(closed);
});

test('another release’s claim is left to it', async () => {
  const ledger = literalLedger({ [name]: releaseRecord() });
  ledger.claims[claim] = { execution: 'another', pushedAt: startedAt };

  await closeRelease({ ledger })(input);

  expect(ledger.claims).toEqual({ [claim]: { execution: 'another', pushedAt: startedAt } });
});

test('where a step failed in a release that had a stage under way, nobody knows how it ended; before that, nothing changed', async () => {
  const trouble = { state: 'JudgeStage', error: 'AccessDeniedException', cause: '' };
  const { stage: _, ...unplanned } = releaseRecord();

  const planned = closeRelease({ ledger: literalLedger({ [name]: releaseRecord() }) })({ ...input, ending: unknown, trouble });
  const refused = closeRelease({ ledger: literalLedger({ [name]: unplanned }) })({ ...input, ending: unknown, trouble });

  expect(await planned).toMatchObject({ ending: { outcome: 'UNKNOWN' } });
  expect(await refused).toMatchObject({ ending: { outcome: 'FAILED' } });
});

test('an execution without a record needs no table', async () => {
  const ending = { outcome: 'SKIPPED', cause: '', sentence: 'no push' } as const;
  const ledger = literalLedger();

  expect(await closeRelease({ ledger })({ ...input, record: '', ending })).toEqual({ ending });
  expect(ledger.writes).toEqual([]);
});

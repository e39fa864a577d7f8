import { closeDeployment } from '../../functions/close-deployment.js';
import { deploymentRecord, digest, later, revisionArn, startedAt } from '../core/given.js';
import { literalLedger, noTrouble, unknown } from './given.js';

const name = 'service#production/web deployment#1';
const succeeded = { outcome: 'SUCCEEDED', cause: '', sentence: '3 of 3 tasks run it' } as const;
const input = { service: 'production/web', record: name, ending: succeeded, trouble: noTrouble, now: later };
const touched = { open: 'yes', touched: startedAt, revision: revisionArn(8) } as const;

test('what worked is kept as last good, and the record is closed for a year', async () => {
  const ledger = literalLedger({ [name]: deploymentRecord(touched) });

  expect(await closeDeployment({ ledger })(input)).toEqual({ ending: succeeded });
  expect(ledger.lastGood).toEqual({ 'production/web': { revision: revisionArn(8), digest, tag: 'main-7', at: later } });
  expect(ledger.writes.at(-1)).toBe(
    `close ${name} {"outcome":"SUCCEEDED","cause":"","sentence":"3 of 3 tasks run it","endedAt":"2026-11-23T12:05:00.000Z","expiresAt":1826971500}`,
  );
});

test('run twice, it answers the ending that was recorded first', async () => {
  const ledger = literalLedger({ [name]: deploymentRecord(touched) });
  const run = closeDeployment({ ledger });

  await run(input);
  const writes = ledger.writes.length;

  expect(await run({ ...input, ending: unknown })).toEqual({ ending: succeeded });
  expect(ledger.writes).toHaveLength(writes);
});

test.each(['ROLLED_BACK', 'FAILED', 'SKIPPED', 'SUPERSEDED'] as const)('%s leaves last good alone', async (outcome) => {
  const ledger = literalLedger({ [name]: deploymentRecord(touched) });

  await closeDeployment({ ledger })({ ...input, ending: { outcome, cause: 'CRASHED', sentence: 'x' } });

  expect(ledger.lastGood).toEqual({});
  expect(ledger.records[name]).toMatchObject({ outcome, endedAt: later });
  expect(ledger.records[name]?.open).toBeUndefined();
});

test.each([
  ['was touched', touched, 'UNKNOWN'],
  ['was not', { open: 'yes' } as const, 'FAILED'],
])('where a step failed, and the service %s (%j), the record says %s', async (_, record, outcome) => {
  const ledger = literalLedger({ [name]: deploymentRecord(record) });
  const trouble = { state: 'CheckRollout', error: 'AccessDeniedException', cause: '' };

  expect(await closeDeployment({ ledger })({ ...input, ending: unknown, trouble })).toMatchObject({ ending: { outcome } });
  expect(ledger.records[name]?.outcome).toBe(outcome);
});

test('an execution without a record needs no table', async () => {
  const ending = { outcome: 'FAILED', cause: 'INVALID_INPUT', sentence: 'the input is empty' } as const;
  const ledger = literalLedger();

  expect(await closeDeployment({ ledger })({ ...input, service: '', record: '', ending })).toEqual({ ending });
  expect(ledger.writes).toEqual([]);
});

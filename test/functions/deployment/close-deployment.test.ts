import { closeDeployment } from '../../../functions/deployment/close-deployment.js';
import { deploymentRecord, digest, execution, good, later, lease, otherDigest, rank, revisionArn, startedAt } from '../../core/given.js';
import { literalLedger, noTrouble, sdkError, unknown } from '../given.js';

const name = 'service#production/web deployment#1';
const succeeded = { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '3 of 3 tasks run it' } as const;
const input = { service: 'production/web', record: name, result: succeeded, caught: noTrouble, now: later };
const holding = { 'production/web': { fence: 4, lease: lease(), lastGood: good(), cancel: { record: name } } };
const touched = { open: 'yes', touched: startedAt, revision: revisionArn(8), base: revisionArn(7) } as const;

test('the record is closed for a year, then the lease is given back, and what worked kept as last good', async () => {
  const ledger = literalLedger({ [name]: deploymentRecord(touched) }, holding);

  expect(await closeDeployment({ ledger, states: ledger.serviceStates })(input)).toEqual({ result: succeeded });
  expect(ledger.states['production/web']).toEqual({
    fence: 4,
    deployed: { digest, tag: 'main-7', pushedAt: startedAt },
    left: [revisionArn(8)],
    lastGood: { revision: revisionArn(8), digest, tag: 'main-7', pushedAt: startedAt, at: later, base: revisionArn(7) },
    goodBefore: good(),
    quarantine: [],
  });
  expect(ledger.writes).toEqual([
    `close ${name} {"result":{"outcome":"SUCCEEDED","reason":"DEPLOYED","message":"3 of 3 tasks run it"},"endedAt":"2026-11-23T12:05:00.000Z","expiresAt":1826971500}`,
    expect.stringMatching(/^settle production\/web /),
  ]);
});

test('run twice, it answers the result that was recorded first', async () => {
  const ledger = literalLedger({ [name]: deploymentRecord(touched) }, holding);
  const run = closeDeployment({ ledger, states: ledger.serviceStates });

  await run(input);
  const [record, state] = [ledger.records[name], ledger.states['production/web']];

  expect(await run({ ...input, result: unknown })).toEqual({ result: succeeded });
  expect([ledger.records[name], ledger.states['production/web']]).toEqual([record, state]);
});

test('run again after it died between its two writes, it gives the lease back by what was recorded', async () => {
  const closed = { touched: startedAt, revision: revisionArn(8), result: succeeded, endedAt: later };
  const ledger = literalLedger({ [name]: deploymentRecord(closed) }, holding);

  expect(await closeDeployment({ ledger, states: ledger.serviceStates })({ ...input, result: unknown })).toEqual({ result: succeeded });
  expect(ledger.states['production/web']).toMatchObject({ lastGood: { revision: revisionArn(8) } });
  expect(ledger.states['production/web']).not.toHaveProperty('lease');
});

test('who never had the lease, or has it no more, changes nothing that decides about the service', async () => {
  const others = {
    'production/web': { lease: lease({ execution: 'two', record: 'service#production/web deployment#2' }), lastGood: good() },
  };
  const ledger = literalLedger({ [name]: deploymentRecord(touched) }, others);

  await closeDeployment({ ledger, states: ledger.serviceStates })(input);

  expect(ledger.records[name]).toMatchObject({ result: { outcome: 'SUCCEEDED' } });
  expect(ledger.states).toEqual(others);
});

test('who ends in line leaves it', async () => {
  const held = lease({ execution: 'two', record: 'service#production/web deployment#2' });
  const next = { execution, rank: rank() };
  const ledger = literalLedger({ [name]: deploymentRecord() }, { 'production/web': { lease: held, next } });

  await closeDeployment({ ledger, states: ledger.serviceStates })({
    ...input,
    result: { outcome: 'SKIPPED', reason: 'REPLACED_IN_QUEUE', message: 'x' },
  });

  expect(ledger.states).toEqual({ 'production/web': { lease: held } });
});

test.each(['ROLLED_BACK', 'FAILED', 'SKIPPED', 'SUPERSEDED'] as const)(
  '%s gives the lease back, and leaves last good alone',
  async (outcome) => {
    const ledger = literalLedger({ [name]: deploymentRecord(touched) }, holding);

    await closeDeployment({ ledger, states: ledger.serviceStates })({ ...input, result: { outcome, reason: 'CRASHED', message: 'x' } });

    expect(ledger.states['production/web']).toEqual({
      fence: 4,
      left: { ROLLED_BACK: [revisionArn(7)], SUPERSEDED: [] }[outcome as string] ?? [revisionArn(8), revisionArn(7)],
      lastGood: good({ digest: otherDigest }),
      quarantine: outcome === 'ROLLED_BACK' ? [{ digest, reason: 'CRASHED', at: later }] : [],
    });
    // It is open until its end is told.
    expect(ledger.records[name]).toMatchObject({ result: { outcome }, endedAt: later, open: 'yes' });
  },
);

test.each([
  ['was touched', touched, 'UNKNOWN'],
  ['was not', { open: 'yes' } as const, 'FAILED'],
])('where a step failed, and the service %s (%j), the record says %s', async (_, record, outcome) => {
  const ledger = literalLedger({ [name]: deploymentRecord(record) });
  const caught = { state: 'CheckRollout', error: 'AccessDeniedException', cause: '' };

  expect(await closeDeployment({ ledger, states: ledger.serviceStates })({ ...input, result: unknown, caught })).toMatchObject({
    result: { outcome },
  });
  expect(ledger.records[name]?.result?.outcome).toBe(outcome);
});

test('an execution without a record needs no table', async () => {
  const result = { outcome: 'FAILED', reason: 'INVALID_INPUT', message: 'the input is empty' } as const;
  const ledger = literalLedger();

  expect(await closeDeployment({ ledger, states: ledger.serviceStates })({ ...input, service: '', record: '', result })).toEqual({
    result,
  });
  expect(ledger.writes).toEqual([]);
});

test('a record that was never opened, though its name is known, needs nothing to be closed', async () => {
  const caught = { state: 'OpenDeployment', error: 'AccessDeniedException', cause: '' };
  const result = { outcome: 'FAILED', reason: 'AWS_ERROR', message: '' } as const;
  const ledger = literalLedger();

  expect(await closeDeployment({ ledger, states: ledger.serviceStates })({ ...input, result, caught })).toEqual({
    result: { ...result, message: expect.stringContaining('AccessDeniedException') },
  });
  expect(ledger.writes).toEqual([]);
});

test('one that cannot be read is not taken for one that was never opened', async () => {
  const refused = sdkError('AccessDeniedException');
  const ledger = { ...literalLedger(), deployment: () => Promise.reject(refused) };

  await expect(closeDeployment({ ledger, states: ledger.serviceStates })(input)).rejects.toBe(refused);
});

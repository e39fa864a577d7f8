import { closeDeployment } from '../../../functions/deployment/close-deployment.js';
import {
  deploymentRecord,
  digest,
  execution,
  good,
  later,
  lease,
  otherDigest,
  priority,
  revisionArn,
  startedAt,
} from '../../core/given.js';
import { literalLedger, noTrouble, sdkError, unknown } from '../given.js';

const name = 'service#production/web deployment#1';
const succeeded = { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '3 of 3 tasks run it' } as const;
const input = { service: 'production/web', record: name, result: succeeded, caught: noTrouble, now: later };
const holding = { 'production/web': { fencingToken: 4, lease: lease(), lastGood: good(), cancel: { record: name } } };
const updateRequestedAt = {
  pending: 'yes',
  updateRequestedAt: startedAt,
  revision: revisionArn(8),
  previousRevision: revisionArn(7),
} as const;

test('the record is closed for a year, then the lease is given back, and what worked kept as last good', async () => {
  const records = literalLedger({ [name]: deploymentRecord(updateRequestedAt) }, holding);

  expect(await closeDeployment({ records, states: records.serviceStates })(input)).toEqual({ result: succeeded });
  expect(records.states['production/web']).toEqual({
    fencingToken: 4,
    lastDeployed: { digest, tag: 'main-7', pushedAt: startedAt },
    expectedRevisions: [revisionArn(8)],
    lastGood: { revision: revisionArn(8), digest, tag: 'main-7', pushedAt: startedAt, at: later, previousRevision: revisionArn(7) },
    previousGood: good(),
    quarantine: [],
  });
  expect(records.writes).toEqual([
    `close ${name} {"result":{"outcome":"SUCCEEDED","reason":"DEPLOYED","message":"3 of 3 tasks run it"},"endedAt":"2026-11-23T12:05:00.000Z","expiresAt":1826971500}`,
    expect.stringMatching(/^settle production\/web /),
  ]);
});

test('run twice, it answers the result that was recorded first', async () => {
  const records = literalLedger({ [name]: deploymentRecord(updateRequestedAt) }, holding);
  const run = closeDeployment({ records, states: records.serviceStates });

  await run(input);
  const [record, state] = [records.records[name], records.states['production/web']];

  expect(await run({ ...input, result: unknown })).toEqual({ result: succeeded });
  expect([records.records[name], records.states['production/web']]).toEqual([record, state]);
});

test('run again after it died between its two writes, it gives the lease back by what was recorded', async () => {
  const closed = { updateRequestedAt: startedAt, revision: revisionArn(8), result: succeeded, endedAt: later };
  const records = literalLedger({ [name]: deploymentRecord(closed) }, holding);

  expect(await closeDeployment({ records, states: records.serviceStates })({ ...input, result: unknown })).toEqual({ result: succeeded });
  expect(records.states['production/web']).toMatchObject({ lastGood: { revision: revisionArn(8) } });
  expect(records.states['production/web']).not.toHaveProperty('lease');
});

test('who never had the lease, or has it no more, changes nothing that decides about the service', async () => {
  const others = {
    'production/web': { lease: lease({ execution: 'two', record: 'service#production/web deployment#2' }), lastGood: good() },
  };
  const records = literalLedger({ [name]: deploymentRecord(updateRequestedAt) }, others);

  await closeDeployment({ records, states: records.serviceStates })(input);

  expect(records.records[name]).toMatchObject({ result: { outcome: 'SUCCEEDED' } });
  expect(records.states).toEqual(others);
});

test('who ends in line leaves it', async () => {
  const held = lease({ execution: 'two', record: 'service#production/web deployment#2' });
  const queued = { execution, priority: priority() };
  const records = literalLedger({ [name]: deploymentRecord() }, { 'production/web': { lease: held, queued } });

  await closeDeployment({ records, states: records.serviceStates })({
    ...input,
    result: { outcome: 'SKIPPED', reason: 'REPLACED_IN_QUEUE', message: 'x' },
  });

  expect(records.states).toEqual({ 'production/web': { lease: held } });
});

test.each(['ROLLED_BACK', 'FAILED', 'SKIPPED', 'SUPERSEDED'] as const)(
  '%s gives the lease back, and leaves last good alone',
  async (outcome) => {
    const records = literalLedger({ [name]: deploymentRecord(updateRequestedAt) }, holding);

    await closeDeployment({ records, states: records.serviceStates })({ ...input, result: { outcome, reason: 'CRASHED', message: 'x' } });

    expect(records.states['production/web']).toEqual({
      fencingToken: 4,
      expectedRevisions: { ROLLED_BACK: [revisionArn(7)], SUPERSEDED: [] }[outcome as string] ?? [revisionArn(8), revisionArn(7)],
      lastGood: good({ digest: otherDigest }),
      quarantine: outcome === 'ROLLED_BACK' ? [{ digest, reason: 'CRASHED', at: later }] : [],
    });
    // It is open until its end is told.
    expect(records.records[name]).toMatchObject({ result: { outcome }, endedAt: later, pending: 'yes' });
  },
);

test.each([
  ['was touched', updateRequestedAt, 'UNKNOWN'],
  ['was not', { pending: 'yes' } as const, 'FAILED'],
])('where a step failed, and the service %s (%j), the record says %s', async (_, record, outcome) => {
  const records = literalLedger({ [name]: deploymentRecord(record) });
  const caught = { state: 'WatchRollout', error: 'AccessDeniedException', cause: '' };

  expect(await closeDeployment({ records, states: records.serviceStates })({ ...input, result: unknown, caught })).toMatchObject({
    result: { outcome },
  });
  expect(records.records[name]?.result?.outcome).toBe(outcome);
});

test('an execution without a record needs no table', async () => {
  const result = { outcome: 'FAILED', reason: 'INVALID_INPUT', message: 'the input is empty' } as const;
  const records = literalLedger();

  expect(await closeDeployment({ records, states: records.serviceStates })({ ...input, service: '', record: '', result })).toEqual({
    result,
  });
  expect(records.writes).toEqual([]);
});

test('a record that was never opened, though its name is known, needs nothing to be closed', async () => {
  const caught = { state: 'OpenDeployment', error: 'AccessDeniedException', cause: '' };
  const result = { outcome: 'FAILED', reason: 'AWS_ERROR', message: '' } as const;
  const records = literalLedger();

  expect(await closeDeployment({ records, states: records.serviceStates })({ ...input, result, caught })).toEqual({
    result: { ...result, message: expect.stringContaining('AccessDeniedException') },
  });
  expect(records.writes).toEqual([]);
});

test('one that cannot be read is not taken for one that was never opened', async () => {
  const refused = sdkError('AccessDeniedException');
  const records = { ...literalLedger(), deployment: () => Promise.reject(refused) };

  await expect(closeDeployment({ records, states: records.serviceStates })(input)).rejects.toBe(refused);
});

import type { DeploymentRecord, ReleaseRecord, ServiceState } from '../../../core/records/records.js';
import { unfinished } from '../../../core/result/result.js';
import { closeDeployment } from '../../../functions/deployment/close-deployment.js';
import {
  deploymentRecord,
  digest,
  execution,
  good,
  imageCrashes,
  later,
  lease,
  otherDigest,
  queueEntry,
  releaseRecord,
  revisionArn,
  startedAt,
  stateOf,
} from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { nothingCaught, sdkError } from '../given-failure.js';
import { givenTokens } from '../given-waiting.js';

const name = 'service#production/web deployment#1';
const release = 'repository#my-learn-app release#1';
const succeeded = { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '3 of 3 tasks run it' } as const;
const invalid = { outcome: 'FAILED', reason: 'INVALID_INPUT', message: 'the input is empty' } as const;
const input = {
  service: 'production/web',
  record: name,
  release: '',
  resumes: '',
  result: succeeded,
  caught: nothingCaught,
  execution,
  startedAt,
  now: later,
};
const other = lease({
  execution: 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:two',
  record: 'service#production/web deployment#2',
});
const holding: ServiceState = { fencingToken: 4, lease: lease(), knownGood: [good()], cancel: { record: name } };
const updated = {
  pending: 'yes',
  updateRequestedAt: startedAt,
  revision: revisionArn(8),
  previousRevision: revisionArn(7),
} as const;

/** The watch item of the deployment. */
const watched = { 'production/web': { record: name, execution, fencingToken: 1, news: 0, seen: 0, token: 'its own' } };

const given = (record?: DeploymentRecord, state: ServiceState = {}, its?: ReleaseRecord) => {
  const table = givenTable({
    records: { ...(record && { [name]: record }), ...(its && { [release]: its }) },
    states: { 'production/web': state },
    watched,
  });
  const { tokens, taken } = givenTokens();
  const run = closeDeployment({ ...table, tokens });
  return { table, taken, run: (changes: Partial<Parameters<typeof run>[0]> = {}) => run({ ...input, ...changes }) };
};

test('closes the record for a year, then releases the lease and saves the revision as known good', async () => {
  const { table, run } = given(deploymentRecord(updated), holding);

  expect(await run()).toEqual({ action: 'notify', result: succeeded });
  expect(await table.record(name)).toMatchObject({ result: succeeded, endedAt: later, expiresAt: 1826971500, pending: 'yes' });
  expect(await table.state('production/web')).toEqual({
    fencingToken: 5,
    settledAt: later,
    expectedRevisions: [revisionArn(8)],
    knownGood: [
      good(),
      good({ revision: revisionArn(8), digest, tag: 'main-7', pushedAt: startedAt, at: later, previousRevision: revisionArn(7) }),
    ],
    ...stateOf({ lastDeployed: { digest, tag: 'main-7', pushedAt: startedAt }, quarantine: [] }),
  });
  // First the record: from then on no step can enter it.
  expect(table.writes).toEqual([name, 'service#production/web state', 'service#production/web watch']);
  expect(await table.watchItem('production/web')).toBeUndefined();
});

test('answers the result that was recorded first if it runs twice', async () => {
  const { table, run } = given(deploymentRecord(updated), holding);

  await run();
  const [record, state] = [await table.record(name), await table.state('production/web')];

  expect(await run({ result: unfinished })).toEqual({ action: 'notify', result: succeeded });
  expect([await table.record(name), await table.state('production/web')]).toEqual([record, { ...state, fencingToken: 6 }]);
});

test('releases the lease with the recorded result if an earlier run failed after it closed the record', async () => {
  const { table, run } = given(deploymentRecord({ ...updated, result: succeeded, endedAt: later }), holding);

  expect(await run({ result: unfinished })).toMatchObject({ result: succeeded });
  expect(await table.state('production/web')).toMatchObject({ knownGood: [{}, { revision: revisionArn(8) }] });
  expect(await table.state('production/web')).not.toHaveProperty('lease');
});

test('a skip that a late AcquireLease saved beside one that deployed does not replace its result', async () => {
  const onHold = { outcome: 'SKIPPED', reason: 'ON_HOLD', message: 'x' } as const;
  const { table, run } = given(deploymentRecord({ ...updated, result: onHold }), holding);
  const skipped = given(deploymentRecord({ result: onHold }), holding);

  expect(await run()).toMatchObject({ result: succeeded });
  expect(await table.state('production/web')).toMatchObject({ knownGood: [{}, { revision: revisionArn(8) }] });
  expect(await skipped.run({ result: unfinished })).toMatchObject({ result: onHold });
});

test('without the lease only counts the state up, so that a late AcquireLease of its own does not take it', async () => {
  const state = { fencingToken: 4, lease: other, knownGood: [good()] };
  const { table, run } = given(deploymentRecord(updated), state);

  await run();

  expect(await table.record(name)).toMatchObject({ result: { outcome: 'SUCCEEDED' } });
  expect(await table.state('production/web')).toEqual({ ...state, fencingToken: 5 });
});

test('leaves the watch item of a later deployment as it is', async () => {
  const { table, run } = given(deploymentRecord(updated), { lease: other });
  const its = { record: other.record, execution: other.execution };
  await table.watch.open('production/web', its, 9);

  await run();

  expect(await table.watchItem('production/web')).toMatchObject(its);
});

test('leaves its place in the queue, and no other', async () => {
  const others = queueEntry({ execution: other.execution });
  const { table, run } = given(deploymentRecord(), { lease: other, queued: { 'my-learn-app': queueEntry(), 'my-proxy': others } });

  await run({ result: { outcome: 'SKIPPED', reason: 'REPLACED_IN_QUEUE', message: 'x' } });

  expect(await table.state('production/web')).toEqual({ fencingToken: 1, lease: other, queued: { 'my-proxy': others } });
});

test.each(['ROLLED_BACK', 'FAILED', 'SKIPPED', 'SUPERSEDED'] as const)(
  '%s releases the lease, and keeps what is known good',
  async (outcome) => {
    const { table, run } = given(deploymentRecord({ ...updated, evidence: imageCrashes }), {
      ...holding,
      knownGood: [good({ digest: otherDigest })],
    });

    await run({ result: { outcome, reason: 'CRASHED', message: 'x' } });

    expect(await table.state('production/web')).toEqual({
      fencingToken: 5,
      ...(outcome === 'ROLLED_BACK' && { settledAt: later }),
      expectedRevisions: { ROLLED_BACK: [revisionArn(7)], SUPERSEDED: [] }[outcome as string] ?? [revisionArn(8), revisionArn(7)],
      knownGood: [good({ digest: otherDigest })],
      ...stateOf({ quarantine: outcome === 'ROLLED_BACK' ? [{ digest, reason: 'CRASHED', at: later, others: [] }] : [] }),
    });
    // It is pending until its result is reported.
    expect(await table.record(name)).toMatchObject({ result: { outcome }, endedAt: later, pending: 'yes' });
  },
);

test.each([
  ['after', updated, 'UNKNOWN'],
  ['before', { pending: 'yes' } as const, 'FAILED'],
])('records a step that failed %s the update as its result', async (_, record, outcome) => {
  const { table, run } = given(deploymentRecord(record));
  const caught = { state: 'WatchRollout', error: 'AccessDeniedException', cause: '' };

  expect(await run({ result: unfinished, caught })).toMatchObject({ result: { outcome } });
  expect((await table.record(name))?.result?.outcome).toBe(outcome);
});

test('writes nothing for an execution without a record', async () => {
  const { table, run } = given();

  expect(await run({ service: '', record: '', result: invalid })).toEqual({ action: 'notify', result: invalid });
  expect(table.writes).toEqual([]);
});

test('writes nothing for a record that was never opened', async () => {
  const { table, run } = given();
  const caught = { state: 'OpenDeployment', error: 'AccessDeniedException', cause: '' };

  expect(await run({ result: unfinished, caught })).toEqual({
    action: 'notify',
    result: { outcome: 'FAILED', reason: 'AWS_ERROR', message: expect.stringContaining('AccessDeniedException') },
  });
  expect(table.writes).toEqual([]);
});

test('closes the record that the failed first step opened before it answered the name', async () => {
  const opened = `service#production/web deployment#${startedAt}#one`;
  const table = givenTable({ records: { [opened]: deploymentRecord({ pending: 'yes' }) } });
  const caught = { state: 'OpenDeployment', error: 'States.Timeout', cause: '' };

  await closeDeployment({ ...table, ...givenTokens() })({ ...input, record: '', result: unfinished, caught });

  expect(await table.record(opened)).toMatchObject({ result: { outcome: 'FAILED' }, endedAt: later });
});

test('fails if the record cannot be read', async () => {
  const { table, run } = given();
  const refused = sdkError('AccessDeniedException');
  jest.spyOn(table.records, 'deployment').mockRejectedValue(refused);

  await expect(run()).rejects.toBe(refused);
});

describe('the queue', () => {
  const third = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:three';
  const place = (token: string, since: string, changes: object = {}) =>
    queueEntry({ execution: other.execution, token, since, ...changes });
  const queued = { 'my-proxy': place('second', later), 'my-learn-app': place('first', startedAt, { execution: third }) };

  test('is woken once the lease is free, the place whose turn it is', async () => {
    const { table, taken, run } = given(deploymentRecord(updated), { ...holding, queued });
    jest.spyOn(table.watch, 'close').mockImplementationOnce(async () => expect(taken).toEqual([]));

    await run();

    expect(taken).toEqual([['first', 'Woken']]);
    expect((await table.state('production/web'))?.queued).toEqual(queued);
  });

  test('is woken again if it runs twice: the first run may have ended before it did', async () => {
    const { table, taken, run } = given(deploymentRecord({ ...updated, result: succeeded, endedAt: later }), { queued });

    await run();

    expect(taken).toEqual([['first', 'Woken']]);
    expect(await table.state('production/web')).toMatchObject({ fencingToken: 1, queued });
  });

  test('is woken by a deployment that leaves it while the lease is free', async () => {
    const { taken, run } = given(deploymentRecord(), { queued: { ...queued, OPERATOR: place('its own', startedAt, { execution }) } });

    await run({ result: { outcome: 'SKIPPED', reason: 'REPLACED_IN_QUEUE', message: 'x' } });

    expect(taken).toEqual([['first', 'Woken']]);
  });

  test('is not woken while another deployment holds the lease', async () => {
    const { taken, run } = given(deploymentRecord(updated), { lease: other, queued });

    await run();

    expect(taken).toEqual([]);
  });

  test('that changes between the read and the write is left, and woken, as it is by then', async () => {
    const { table, taken, run } = given(deploymentRecord(updated), { ...holding, queued: { 'my-proxy': place('second', later) } });
    const { leave } = table.states;
    jest.spyOn(table.states, 'leave').mockImplementationOnce(async (...change) => {
      await table.states.enqueue('production/web', place('an operator’s', later), await table.states.of('production/web'));
      return leave.apply(table.states, change);
    });

    await run();

    expect(taken).toEqual([['an operator’s', 'Woken']]);
    expect(await table.state('production/web')).not.toHaveProperty('lease');
  });
});

test('fails with an error that Step Functions retries if the state changes at each of ten tries', async () => {
  const { table, taken, run } = given(deploymentRecord(updated), holding);
  const leave = jest.spyOn(table.states, 'leave').mockResolvedValue(undefined);

  await expect(run()).rejects.toMatchObject({ name: 'TransientAwsError' });
  expect(leave).toHaveBeenCalledTimes(10);
  expect(taken).toEqual([]);
});

describe('a deployment of a release', () => {
  test('leaves the report to the release, and is done', async () => {
    const { table, run } = given(deploymentRecord(updated), holding, releaseRecord());

    expect(await run({ release })).toEqual({ action: 'finish', result: succeeded });
    expect((await table.record(name))?.pending).toBeUndefined();
  });

  test('that was resumed after its release had ended is reported itself', async () => {
    const { table, run } = given(deploymentRecord(updated), holding, releaseRecord({ endedAt: startedAt, notifiedAt: startedAt }));

    expect(await run({ release })).toMatchObject({ action: 'notify' });
    expect(await table.record(name)).toMatchObject({ pending: 'yes' });
  });

  test('that ended before its release is reported by the release', async () => {
    const { run } = given(
      deploymentRecord({ ...updated, result: succeeded, endedAt: startedAt }),
      {},
      releaseRecord({ endedAt: later, notifiedAt: later }),
    );

    expect(await run({ release })).toMatchObject({ action: 'finish' });
  });

  test.each([
    ['without a service', { service: '', record: '' }],
    ['with a service', { record: '' }],
    ['with the name of a record', {}],
  ])('that failed before it opened a record, %s, is reported by the release in progress', async (_, changes) => {
    const { run } = given(undefined, {}, releaseRecord({ pending: 'yes' }));

    expect(await run({ ...changes, release, result: invalid })).toMatchObject({ action: 'finish' });
  });

  test('that failed before it opened a record is reported itself if its release ended without a report', async () => {
    const { table, run } = given(undefined, {}, releaseRecord({ endedAt: startedAt }));

    expect(await run({ release, result: invalid })).toMatchObject({ action: 'notify' });
    expect(table.writes).toEqual([]);
  });

  test('that failed before it opened a record is reported itself if the release that an operator named does not exist', async () => {
    expect(await given().run({ release: 'repository#x release#y', result: invalid })).toMatchObject({ action: 'notify' });
  });
});

describe('an execution that was to resume a deployment and opened no record', () => {
  const resumption = { service: '', record: '', result: invalid, resumes: name };

  test('leaves the report to the next resumption, because the record is still pending', async () => {
    const { table, run } = given(deploymentRecord(updated));

    expect(await run(resumption)).toMatchObject({ action: 'finish', result: invalid });
    expect(table.writes).toEqual([]);
  });

  test('because OpenDeployment failed does not say that nothing was changed', async () => {
    const { table, run } = given(deploymentRecord(updated));

    expect(
      await run({ ...resumption, result: unfinished, caught: { state: 'OpenDeployment', error: 'Sandbox.Timedout', cause: '' } }),
    ).toMatchObject({
      action: 'finish',
      result: { outcome: 'UNKNOWN' },
    });
    expect(table.writes).toEqual([]);
  });

  test('is reported itself if there is nothing to resume', async () => {
    expect(await given().run(resumption)).toMatchObject({ action: 'notify' });
  });
});

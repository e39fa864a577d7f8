import type { DeploymentRecord } from '../../../core/records/records.js';
import { type Reason, resultOf } from '../../../core/result/result.js';
import { digest, execution, good, image, imageCrashes, later, otherDigest, startedAt, stateOf } from '../../core/given.js';
import { sdkError } from '../given-failure.js';
import { earlier, endedAt, forgotten, type Given, given, held, mine, myPlace, name, other, others } from './given-requester.js';

const quarantine = [{ digest, reason: 'CRASHED', at: earlier }];
const lastDeployed = { digest: otherDigest, pushedAt: later };

describe('the lease', () => {
  test('is taken if it is free', async () => {
    const { state, run } = given();

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(await state()).toEqual({ fencingToken: 1, lease: mine });
  });

  test('is taken once by a step that runs twice', async () => {
    const { state, run } = given();

    expect(await run()).toEqual(await run('2026-11-23T12:06:00.000Z', { visit: { number: 1, retry: 1 } }));
    expect(await state()).toEqual({ fencingToken: 1, lease: mine });
  });

  test('is not taken again by its holder, which would remove a cancel request that arrived meanwhile', async () => {
    const cancelled = { fencingToken: 3, lease: mine, cancel: { record: name, by: 'ann' } };
    const { state, run } = given({ state: cancelled });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(await state()).toEqual(cancelled);
  });

  test('of an execution that ended a minute ago is taken over, and the rest of the state stays', async () => {
    const { state, run } = given({
      state: { fencingToken: 4, lease: held(), cancel: { record: others }, knownGood: [good()] },
      itsRecord: {},
      liveness: { [other]: endedAt('2026-11-23T12:04:00.000Z') },
    });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(await state()).toEqual({ fencingToken: 5, lease: mine, knownGood: [good()] });
  });

  test('of an execution that neither Step Functions nor the table knows is taken over', async () => {
    const { state, run } = given({ state: { fencingToken: 4, lease: held() }, liveness: { [other]: forgotten } });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(await state()).toMatchObject({ fencingToken: 5, lease: mine });
  });

  test('of an execution that ended between closing its record and releasing the lease is taken over, and its result is saved', async () => {
    const { state, run } = given({
      state: { fencingToken: 4, lease: held() },
      itsRecord: {
        updateRequestedAt: earlier,
        result: resultOf('ROLLED_BACK', 'CRASHED', 'x'),
        evidence: imageCrashes,
        endedAt: startedAt,
        image: { ...image, digest: otherDigest },
      },
      liveness: { [other]: endedAt(startedAt) },
    });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(await state()).toMatchObject({
      lease: mine,
      ...stateOf({ quarantine: [{ digest: otherDigest, reason: 'CRASHED', at: startedAt }] }),
    });
  });

  test('of an execution that ended after its update is waited for until the deployment is resumed, for twenty minutes at most', async () => {
    const { state, run } = given({
      state: { lease: held() },
      itsRecord: { updateRequestedAt: earlier },
      liveness: { [other]: endedAt(startedAt) },
    });

    expect(await run()).toBeUndefined();
    expect(await run('2026-11-23T12:19:59.999Z')).toBeUndefined();
    expect(await state()).toMatchObject({ lease: held() });
    expect(await run('2026-11-23T12:20:00.000Z')).toMatchObject({ action: 'proceed' });
  });

  test('is not taken over if the record of the ended execution cannot be read', async () => {
    const { table, state, run } = given({ state: { lease: held() }, liveness: { [other]: endedAt(startedAt) } });
    const error = sdkError('ThrottlingException');
    const read = table.records.deployment.bind(table.records);
    jest.spyOn(table.records, 'deployment').mockImplementation(async (one) => {
      if (one === others) throw error;
      return read(one);
    });

    await expect(run()).rejects.toBe(error);
    expect(await state()).toEqual({ lease: held() });
  });

  test('is waited for in the queue if another execution takes it between the read and the write', async () => {
    const { table, state, run } = given();
    const read = table.states.of.bind(table.states);
    jest.spyOn(table.states, 'of').mockImplementationOnce(async (service) => {
      const seen = await read(service);
      await table.states.takeLease(service, held(), seen);
      return seen;
    });

    expect(await run()).toBeUndefined();
    expect(await state()).toEqual({ fencingToken: 2, lease: held(), queued: { 'my-learn-app': myPlace } });
  });

  test('is given up with an error that Step Functions retries if the state changes at each of ten tries', async () => {
    const { table, state, run } = given();
    const read = table.states.of.bind(table.states);
    const busy = jest.spyOn(table.states, 'of').mockImplementation(async (service) => {
      const seen = await read(service);
      await table.states.takeOverLease(service, held(), seen);
      return seen;
    });

    await expect(run()).rejects.toMatchObject({ name: 'TransientAwsError' });
    expect(busy).toHaveBeenCalledTimes(10);
    expect(await state()).toEqual({ fencingToken: 10, lease: held() });
  });

  test.each<[string, Partial<DeploymentRecord>]>([
    ['has ended', { result: resultOf('SKIPPED', 'ON_HOLD', 'x'), endedAt: startedAt }],
    ['another execution has resumed', { execution: other, visit: 7000 }],
  ])('is not taken for a deployment that %s: this execution ends, and does not wait', async (_, record) => {
    const { table, run } = given({ record });

    expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' } });
    expect(table.writes).toEqual([]);
  });

  test.each<[string, Partial<DeploymentRecord>]>([
    ['after a later invocation', { visit: 2000 }],
    ['after its retry', { visit: 1001 }],
  ])('is not taken by a late invocation %s, which answers nothing', async (_, record) => {
    const { table, taken, run } = given({ record });

    expect(await run()).toBeUndefined();
    expect([table.writes, taken]).toEqual([[], []]);
  });

  test('is not taken by an invocation that read the state before its deployment was closed', async () => {
    const { table, state, run } = given();
    const read = table.states.of.bind(table.states);
    jest.spyOn(table.states, 'of').mockImplementationOnce(async (service) => {
      const seen = await read(service);
      await table.records.close(name, { result: resultOf('FAILED', 'ABORTED', 'x'), endedAt: later }, 0);
      return seen;
    });

    expect(await run()).toMatchObject({ action: 'finish', result: { reason: 'NOT_RESUMED' } });
    expect(await state()).toEqual({});
  });

  test('is not taken by an invocation that entered before its deployment was closed, because to close it writes the state', async () => {
    const { table, state, run } = given();
    const { takeLease } = table.states;
    jest.spyOn(table.states, 'takeLease').mockImplementationOnce(async (...take) => {
      await table.records.close(name, { result: resultOf('FAILED', 'ABORTED', 'x'), endedAt: later }, 0);
      await table.states.leave('production/web', { places: [] }, await table.states.of('production/web'));
      return takeLease.apply(table.states, take);
    });

    expect(await run()).toMatchObject({ action: 'finish', result: { reason: 'NOT_RESUMED' } });
    expect(await state()).toEqual({ fencingToken: 1 });
  });
});

describe('the watch item', () => {
  /** What happened before it was there is news. */
  const item = { record: name, execution, fencingToken: 1, news: 1, seen: 0 };

  test('is opened by the holder', async () => {
    const { table, run } = given();

    await run();
    expect(await table.watchItem('production/web')).toEqual(item);
  });

  test('is opened by a retry if the invocation that took the lease ended before', async () => {
    const { table, run } = given({ state: { fencingToken: 1, lease: mine } });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(await table.watchItem('production/web')).toEqual(item);
  });

  test('keeps the news that it has had since if the step runs twice', async () => {
    const { table, run } = given();

    await run();
    await table.watch.addNews('production/web');
    await run();
    expect(await table.watchItem('production/web')).toEqual({ ...item, news: 2 });
  });

  test('of an earlier holder is replaced, and that of a later one is not', async () => {
    const its = { record: others, execution: other, news: 3, seen: 1, fencingToken: 4 };
    const after = given({ state: { fencingToken: 4 }, watched: { 'production/web': its } });
    const late = given({ state: { fencingToken: 3 }, watched: { 'production/web': its } });

    await after.run();
    await late.run();
    expect(await after.table.watchItem('production/web')).toEqual({ ...item, fencingToken: 5 });
    expect(await late.table.watchItem('production/web')).toEqual(its);
  });

  test('is not opened by what waits', async () => {
    const { table, run } = given({ state: { lease: held() } });

    expect(await run()).toBeUndefined();
    expect(await table.watchItem('production/web')).toBeUndefined();
  });
});

describe('the holder ends, and keeps the lease until CloseDeployment,', () => {
  test.each<[string, Given, Reason, string]>([
    ['if the service is on hold', { state: { hold: { at: earlier, by: 'ann' } } }, 'ON_HOLD', 'ann'],
    ['if every service is on hold', { everywhere: { hold: { at: earlier, reason: 'Christmas' } } }, 'ON_HOLD', 'Christmas'],
    ['if its digest is in quarantine', { state: stateOf({ quarantine }) }, 'QUARANTINED', earlier],
    ['if a newer image runs', { state: stateOf({ lastDeployed }) }, 'OLDER_PUSH', later],
  ])('%s', async (_, what, reason, fact) => {
    const { state, run } = given(what);

    expect(await run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'SKIPPED', reason, message: expect.stringContaining(fact) },
    });
    expect(await state()).toMatchObject({ lease: mine });
  });

  test('but not if an operator started it with force', async () => {
    const { run } = given({
      record: { trigger: { kind: 'hand' }, force: true },
      state: stateOf({ quarantine, lastDeployed }, { hold: { at: earlier } }),
      everywhere: { hold: { at: earlier } },
    });

    expect(await run()).toMatchObject({ action: 'proceed' });
  });
});

describe('what a hold keeps back', () => {
  const hold = { at: earlier, by: 'ann' };
  const release = 'repository#my-learn-app release#1';
  const kept = { digest, tag: 'main-7', pushedAt: startedAt, release, hold };
  const onHold = { action: 'finish', result: { reason: 'ON_HOLD' } };

  test.each<[string, Given]>([
    ['the service’s', { state: { hold } }],
    ['that of every service', { everywhere: { hold } }],
  ])('is saved with the hold, %s', async (_, what) => {
    const { table, state, run } = given({ ...what, record: { release } });

    expect(await run()).toMatchObject(onHold);
    expect(await state()).toMatchObject(stateOf({ withheld: kept }));
    // A start of what was kept back does not leave the service to this deployment.
    expect((await table.record(name))?.result).toMatchObject({ reason: 'ON_HOLD' });
  });

  test('is the newest image', async () => {
    const newer = { ...kept, digest: otherDigest, pushedAt: later };
    const older = { ...kept, digest: otherDigest, pushedAt: earlier };
    const { state, run } = given({ state: stateOf({ withheld: newer }, { hold }), record: { release } });
    const replaced = given({ state: stateOf({ withheld: older }, { hold }), record: { release } });

    expect(await run()).toMatchObject(onHold);
    expect(await replaced.run()).toMatchObject(onHold);
    expect(await state()).toMatchObject(stateOf({ withheld: newer }));
    expect(await replaced.state()).toMatchObject(stateOf({ withheld: kept }));
  });

  test('is the higher of two versions, whichever was pushed later', async () => {
    const higher = { ...kept, digest: otherDigest, tag: 'v1.10.0', pushedAt: earlier };
    const record = { release, isVersioned: true, image: { ...image, tag: 'v1.9.1' } } as const;
    const { state, run } = given({ state: stateOf({ withheld: higher }, { hold }), record });

    expect(await run()).toMatchObject(onHold);
    expect(await state()).toMatchObject(stateOf({ withheld: higher }));
  });

  test.each(['production/web', '*'])('is deployed if the hold of %s is released before it is saved', async (service) => {
    const { table, run } = given({ [service === '*' ? 'everywhere' : 'state']: { hold } });
    const withhold = table.states.withhold.bind(table.states);
    jest.spyOn(table.states, 'withhold').mockImplementationOnce(async (...call) => {
      await table.states.unhold(service);
      return withhold(...call);
    });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect((await table.record(name))?.result).toBeUndefined();
  });

  test('is kept back by the hold that replaced the first one, so that its release starts it', async () => {
    const second = { at: later, by: 'bob' };
    const { table, state, run } = given({ state: { hold }, record: { release } });
    const withhold = table.states.withhold.bind(table.states);
    jest.spyOn(table.states, 'withhold').mockImplementationOnce(async (...call) => {
      await withhold(...call);
      await table.states.hold('production/web', second);
    });

    expect(await run()).toMatchObject({ ...onHold, result: { message: expect.stringContaining('bob') } });
    expect(await state()).toMatchObject(stateOf({ withheld: { ...kept, hold: second } }));
  });

  test.each<[string, Partial<DeploymentRecord>]>([
    ['has been closed', { result: resultOf('SKIPPED', 'ALREADY_RUNNING', 'x'), endedAt: later }],
    ['has been entered since', { visit: 2000 }],
    ['is being deployed', { revision: 'web:8' }],
  ])('changes nothing of a deployment that another invocation let proceed, and that %s', async (_, changes) => {
    const { table, run } = given({ state: { hold }, record: { release } });
    const withhold = table.states.withhold.bind(table.states);
    jest.spyOn(table.states, 'withhold').mockImplementationOnce(async (...call) => {
      await withhold(...call);
      await table.records.update(name, changes);
    });

    await run();
    expect((await table.record(name))?.result).toEqual(changes.result);
  });

  test('is nothing if the image would be skipped anyway', async () => {
    const { state, run } = given({ state: stateOf({ quarantine }, { hold }) });

    expect(await run()).toMatchObject({ action: 'finish', result: { reason: 'QUARANTINED' } });
    expect((await state())?.sources).toEqual({ 'my-learn-app': { quarantine } });
  });
});

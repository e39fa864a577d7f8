import type { DeploymentRecord, ServiceState } from '../../../core/records/records.js';
import { type Reason, type Result, resultOf } from '../../../core/result/result.js';
import { acquireLease } from '../../../functions/deployment/acquire-lease.js';
import {
  deploymentRecord,
  digest,
  execution,
  good,
  image,
  imageCrashes,
  later,
  lease,
  otherDigest,
  priority,
  queueEntry,
  startedAt,
  stateOf,
} from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { sdkError } from '../given-failure.js';

const name = 'service#production/web deployment#1';
const others = 'service#production/web deployment#0';
const other = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:two';
const third = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:three';
const earlier = '2026-11-23T11:59:00.000Z';
const push = (changes: object = {}) => priority({ isByHand: false, pushedAt: startedAt, ...changes });
const held = (changes: Partial<ReturnType<typeof lease>> = {}) =>
  lease({ execution: other, record: others, priority: push({ execution: other, pushedAt: earlier }), ...changes });

const quarantine = [{ digest, reason: 'CRASHED', at: earlier }];
const lastDeployed = { digest: otherDigest, pushedAt: later };

const running = { isRunning: true, endedAt: undefined };
const endedAt = (time: string) => ({ isRunning: false, endedAt: new Date(time) });
const forgotten = { isRunning: false, endedAt: undefined };

type Given = {
  readonly record?: Partial<DeploymentRecord>;
  readonly state?: ServiceState;
  readonly everywhere?: ServiceState;
  /** The record of the deployment whose execution is `other`. */
  readonly itsRecord?: Partial<DeploymentRecord>;
  readonly liveness?: Record<string, { readonly isRunning: boolean; readonly endedAt: Date | undefined }>;
};
/** A deployment of a push, and what others have done to its service. */
const given = ({ record = {}, state = {}, everywhere = {}, itsRecord, liveness = { [other]: running, [third]: running } }: Given = {}) => {
  const table = givenTable({
    records: {
      [name]: deploymentRecord({ trigger: { kind: 'push' }, pushedAt: startedAt, ...record }),
      ...(itsRecord && { [others]: deploymentRecord({ execution: other, ...itsRecord }) }),
    },
    states: { 'production/web': state, '*': everywhere },
  });
  const run = acquireLease({
    executions: {
      livenessOf: async (one) => {
        const found = liveness[one];
        if (!found) throw new Error(`unexpected question about ${one}`);
        return found;
      },
    },
    ...table,
  });
  return {
    table,
    state: () => table.state('production/web'),
    run: (now = later) => run({ service: 'production/web', record: name, now }),
  };
};

const mine = { execution, record: name, since: later, priority: push() };
const myPlace = queueEntry({ record: name, since: later, priority: push() });

describe('the lease', () => {
  test('is taken if it is free', async () => {
    const { state, run } = given();

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(await state()).toEqual({ fencingToken: 1, lease: mine });
  });

  test('is taken once by a step that runs twice', async () => {
    const { table, run } = given();

    expect(await run()).toEqual(await run('2026-11-23T12:06:00.000Z'));
    expect(table.writes).toHaveLength(1);
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

  test('is waited for while the last Lambda invocation of its holder may still run', async () => {
    const { state, run } = given({
      state: { lease: held() },
      itsRecord: {},
      liveness: { [other]: endedAt('2026-11-23T12:04:00.001Z') },
    });

    expect(await run()).toMatchObject({ action: 'wait', waitSeconds: 15 });
    expect(await state()).toEqual({ lease: held(), queued: { 'my-learn-app': myPlace } });
  });

  test('of an execution that ended after its update is waited for until the deployment is resumed, for twenty minutes at most', async () => {
    const { state, run } = given({
      state: { lease: held() },
      itsRecord: { updateRequestedAt: earlier },
      liveness: { [other]: endedAt(startedAt) },
    });

    expect(await run()).toMatchObject({ action: 'wait' });
    expect(await run('2026-11-23T12:19:59.999Z')).toMatchObject({ action: 'wait' });
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

  test('is waited for if another execution takes it between the read and the write', async () => {
    const { table, state, run } = given();
    const read = table.states.of.bind(table.states);
    jest.spyOn(table.states, 'of').mockImplementationOnce(async (service) => {
      const seen = await read(service);
      await table.states.takeLease(service, held(), { fencingToken: undefined });
      return seen;
    });

    expect(await run()).toMatchObject({ action: 'wait' });
    expect(await state()).toEqual({ fencingToken: 1, lease: held() });
  });

  test('is not taken by a late second run of a deployment that has ended', async () => {
    const { table, run } = given({ record: { result: resultOf('SKIPPED', 'ON_HOLD', 'x'), endedAt: startedAt } });

    expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED' } });
    expect(table.writes).toEqual([]);
  });
});

describe('the place in the queue', () => {
  const queued = { 'my-learn-app': myPlace };

  test('behind an older deployment that runs is taken, and kept while that one runs', async () => {
    const { table, state, run } = given({ state: { fencingToken: 4, lease: held() } });

    expect(await run()).toMatchObject({ action: 'wait', waitSeconds: 15 });
    expect(await run()).toMatchObject({ action: 'wait' });
    expect(await state()).toEqual({ fencingToken: 4, lease: held(), queued });
    expect(table.writes).toHaveLength(1);
  });

  test('is left when the lease is free', async () => {
    const { state, run } = given({ state: { fencingToken: 4, queued } });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(await state()).toEqual({ fencingToken: 5, lease: mine });
  });

  test.each([
    ['an older deployment', push({ execution: third, pushedAt: earlier }), running],
    ['a newer deployment whose execution has ended', push({ execution: third, pushedAt: later }), endedAt(startedAt)],
  ])('is taken from %s', async (_, itsPriority, itsLiveness) => {
    const { state, run } = given({
      state: {
        lease: held(),
        queued: { 'my-learn-app': queueEntry({ execution: third, record: others, since: earlier, priority: itsPriority }) },
      },
      liveness: { [other]: running, [third]: itsLiveness },
    });

    expect(await run()).toMatchObject({ action: 'wait' });
    // The place keeps its turn.
    expect((await state())?.queued).toEqual({ 'my-learn-app': { ...myPlace, since: earlier } });
  });

  test.each<[string, ServiceState]>([
    ['a newer deployment runs', { lease: held({ priority: push({ execution: other, pushedAt: later, digest: otherDigest }) }) }],
    [
      'a newer deployment is queued',
      {
        lease: held({ execution: third }),
        queued: { 'my-learn-app': queueEntry({ execution: other, record: others, priority: push({ pushedAt: later }) }) },
      },
    ],
  ])('is not taken if %s', async (_, state) => {
    const { table, run } = given({ state });

    expect(await run()).toEqual({
      action: 'finish',
      waitSeconds: 0,
      result: { outcome: 'SKIPPED', reason: 'REPLACED_IN_QUEUE', message: expect.stringContaining('two') },
    });
    expect(table.writes).toEqual([]);
  });
});

describe('an operator’s start while that of another one waits', () => {
  const behind = (liveness: NonNullable<Given['liveness']>[string] = running): Given => ({
    record: { trigger: { kind: 'hand' } },
    state: {
      lease: held({ execution: third }),
      queued: { OPERATOR: queueEntry({ execution: other, record: others, since: earlier, priority: priority({ execution: other }) }) },
    },
    liveness: { [other]: liveness, [third]: running },
  });

  test.each<[string, Given]>([
    ['an image', {}],
    ['a rollback', { record: { trigger: { kind: 'hand' }, operation: { kind: 'rollback', repository: 'my-proxy' } } }],
  ])('is refused, and names it: %s', async (_, changes) => {
    const itsRecord = { trigger: { kind: 'hand', by: 'ada', reason: 'v7 is slow' } } as const;
    const { table, run } = given({ ...behind(), itsRecord, ...changes });
    const { message, ...codes } = (await run()).result;

    expect(codes).toEqual({ outcome: 'SKIPPED', reason: 'OPERATOR_WAITING' });
    for (const fact of ['ada', 'v7 is slow', earlier, 'two']) expect(message).toContain(fact);
    expect(table.writes).toEqual([]);
  });

  test('is refused without its name if its record is gone', async () => {
    const { run } = given(behind());

    expect(await run()).toMatchObject({ result: { reason: 'OPERATOR_WAITING', message: expect.stringContaining('another operator') } });
  });

  test('takes its place once its execution has ended', async () => {
    const { state, run } = given(behind(endedAt(startedAt)));

    expect(await run()).toMatchObject({ action: 'wait' });
    expect((await state())?.queued).toMatchObject({ OPERATOR: { execution, since: earlier } });
  });
});

describe('deployments of two sources', () => {
  const proxy = push({ source: 'my-proxy', execution: third, pushedAt: later });
  const proxyPlace = { 'my-proxy': queueEntry({ execution: third, record: others, since: earlier, priority: proxy }) };

  test('do not compete: one waits for a newer one of the other source in its own place', async () => {
    const holder = held({ priority: { ...proxy, execution: other } });
    const { state, run } = given({ state: { lease: holder, queued: proxyPlace } });

    expect(await run()).toMatchObject({ action: 'wait' });
    expect(await state()).toEqual({ lease: holder, queued: { ...proxyPlace, 'my-learn-app': myPlace } });
  });

  test('take turns: the place that has been taken for longer is first', async () => {
    const { state, run } = given({ state: { queued: proxyPlace } });

    expect(await run()).toMatchObject({ action: 'wait' });
    expect(await state()).toEqual({ queued: { ...proxyPlace, 'my-learn-app': myPlace } });
  });

  test('leave the other’s place as it is', async () => {
    const { state, run } = given({
      state: { fencingToken: 4, queued: { ...proxyPlace, 'my-learn-app': { ...myPlace, since: '2026-11-23T11:58:00Z' } } },
    });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(await state()).toEqual({ fencingToken: 5, lease: mine, queued: proxyPlace });
  });
});

describe('a rollback that an operator starts', () => {
  const rollback = { trigger: { kind: 'hand', by: 'ann', reason: 'slow' }, operation: { kind: 'rollback' } } as const;

  test.each([
    ['an older', held()],
    ['a newer', held({ priority: priority({ execution: other, pushedAt: later }) })],
  ])('requests a rollback from %s deployment that runs, and waits for its result', async (_, holder) => {
    const { table, state, run } = given({ record: rollback, state: { lease: holder }, itsRecord: {} });

    expect(await run()).toMatchObject({ action: 'wait', waitSeconds: 15 });
    expect(await run()).toMatchObject({ action: 'wait' });
    expect(await state()).toEqual({ lease: holder, cancel: { record: others, by: 'ann', reason: 'slow' } });
    expect(await table.record(name)).toMatchObject({ cancelTarget: others });
  });

  test.each<[string, Result]>([
    ['rolled back', resultOf('ROLLED_BACK', 'CANCELLED', 'ann cancelled it')],
    ['rolled back for a reason of its own', resultOf('ROLLED_BACK', 'CRASHED', 'ann cancelled it')],
  ])('ends when that deployment %s', async (_, result) => {
    const { run } = given({
      record: { ...rollback, cancelTarget: others },
      itsRecord: { result, endedAt: later },
    });

    expect(await run()).toMatchObject({
      action: 'finish',
      result: {
        outcome: 'SKIPPED',
        reason: 'ROLLBACK_DELEGATED',
        message: expect.stringContaining('ann cancelled it'),
      },
    });
  });

  test.each<[string, Result]>([
    ['had just succeeded', resultOf('SUCCEEDED', 'DEPLOYED', 'x')],
    ['had not changed the service yet', resultOf('FAILED', 'CANCELLED', 'x')],
    ['ended with an unknown result', resultOf('UNKNOWN', 'AWS_ERROR', 'x')],
    ['failed for a reason of its own', resultOf('FAILED', 'INVALID_INPUT', 'x')],
  ])('rolls back itself when that deployment %s', async (_, result) => {
    const { run } = given({ record: { ...rollback, cancelTarget: others }, itsRecord: { result, endedAt: later } });

    expect(await run()).toMatchObject({ action: 'proceed' });
  });

  test('requests it again when another deployment holds the lease by now', async () => {
    const { state, run } = given({
      record: { ...rollback, cancelTarget: 'service#production/web deployment#before' },
      state: { lease: held() },
      itsRecord: {},
    });

    expect(await run()).toMatchObject({ action: 'wait' });
    expect((await state())?.cancel).toMatchObject({ record: others });
  });

  test('ends while another rollback runs, which leads to the same', async () => {
    const { table, run } = given({ record: rollback, state: { lease: held() }, itsRecord: { operation: { kind: 'rollback' } } });

    expect(await run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'SKIPPED', reason: 'DUPLICATE_ROLLBACK' },
    });
    expect(await table.state('production/web')).toEqual({ lease: held() });
  });

  test('of another source than the holder’s waits for its turn, and changes nothing of the holder', async () => {
    const { state, run } = given({
      record: { ...rollback, operation: { kind: 'rollback', repository: 'my-proxy' } },
      state: { lease: held() },
      itsRecord: {},
    });

    expect(await run()).toMatchObject({ action: 'wait' });
    expect(await state()).toMatchObject({ lease: held(), queued: { OPERATOR: { execution } } });
    expect(await state()).not.toHaveProperty('cancel');
  });

  test('of another source than that of the rollback that runs waits for its turn, once it is known', async () => {
    const mine = { ...rollback, operation: { kind: 'rollback', repository: 'my-proxy' } } as const;
    const theirs = { operation: { kind: 'rollback' } } as const;
    const holder = held({ priority: push({ execution: other, isByHand: true, source: '' }) });
    const unknown = given({ record: mine, state: { lease: holder }, itsRecord: { ...theirs, image: undefined } as object });
    const known = given({ record: mine, state: { lease: holder }, itsRecord: theirs });
    const same = given({
      record: { ...mine, operation: { kind: 'rollback', repository: image.repository } },
      state: { lease: holder },
      itsRecord: theirs,
    });

    expect(await unknown.run()).toMatchObject({ action: 'wait' });
    expect(await unknown.state()).not.toHaveProperty('queued');
    expect(await known.run()).toMatchObject({ action: 'wait' });
    expect(await known.state()).toMatchObject({ queued: { OPERATOR: { execution } } });
    expect(await same.run()).toMatchObject({ result: { reason: 'DUPLICATE_ROLLBACK' } });
  });

  test('without a source is of that of the first deployment that it asks, and asks no other one’s', async () => {
    const { table, state, run } = given({ record: rollback, state: { lease: held() }, itsRecord: {} });

    await run();
    expect(await table.record(name)).toMatchObject({ operation: { kind: 'rollback', repository: 'my-learn-app' } });
    await table.states.releaseLease('production/web', other, {});
    const proxy = held({ execution: third, priority: push({ execution: third, source: 'my-proxy' }) });
    await table.states.takeLease('production/web', proxy, { fencingToken: undefined });
    expect(await run()).toMatchObject({ action: 'wait' });
    expect(await state()).not.toHaveProperty('cancel');
    expect(await state()).toMatchObject({ queued: { OPERATOR: { execution } } });
  });

  test('rolls back itself if the deployment that was rolled back had not changed the image', async () => {
    const { run } = given({
      record: { ...rollback, cancelTarget: others },
      itsRecord: {
        operation: { kind: 'redeploy' },
        previousImage: `${image.registry}/my-learn-app@${digest}`,
        result: resultOf('ROLLED_BACK', 'CANCELLED', 'ann cancelled it'),
        endedAt: later,
      },
    });

    expect(await run()).toMatchObject({ action: 'proceed' });
  });

  test('reads the state again if the deployment has just ended', async () => {
    const { table, run } = given({ record: rollback, state: { lease: held() }, itsRecord: {} });
    jest.spyOn(table.states, 'requestCancel').mockResolvedValue(false);

    expect(await run()).toMatchObject({ action: 'wait' });
  });

  test('takes the lease while nothing runs, despite a hold and a quarantine', async () => {
    const { image: _, ...without } = deploymentRecord(rollback);
    const table = givenTable({
      records: { [name]: without },
      states: { 'production/web': stateOf({ quarantine }, { hold: { at: earlier } }) },
    });
    const run = acquireLease({ executions: { livenessOf: async () => running }, ...table });

    expect(await run({ service: 'production/web', record: name, now: later })).toMatchObject({ action: 'proceed' });
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

    expect(await run()).toEqual({
      action: 'finish',
      waitSeconds: 0,
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

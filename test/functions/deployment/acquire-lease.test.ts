import type { DeploymentRecord, ServiceState } from '../../../core/records/records.js';
import { type Reason, type Result, resultOf } from '../../../core/result/result.js';
import { acquireLease } from '../../../functions/deployment/acquire-lease.js';
import { deploymentRecord, digest, execution, good, image, later, lease, otherDigest, priority, startedAt } from '../../core/given.js';
import { literalLedger, sdkError } from '../given.js';

const name = 'service#production/web deployment#1';
const others = 'service#production/web deployment#0';
const other = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:two';
const third = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:three';
const earlier = '2026-11-23T11:59:00.000Z';
const push = (changes: object = {}) => priority({ isByHand: false, pushedAt: startedAt, ...changes });
const held = (changes: Partial<ReturnType<typeof lease>> = {}) =>
  lease({ execution: other, record: others, priority: push({ execution: other, pushedAt: earlier }), ...changes });

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
  const records = literalLedger(
    {
      [name]: deploymentRecord({ trigger: { kind: 'push' }, pushedAt: startedAt, ...record }),
      ...(itsRecord && { [others]: deploymentRecord({ execution: other, ...itsRecord }) }),
    },
    { 'production/web': state, '*': everywhere },
  );
  const run = acquireLease({
    executions: {
      livenessOf: async (one) => {
        const life = liveness[one];
        if (!life) throw new Error(`nobody asks for ${one}`);
        return life;
      },
    },
    records,
    states: records.serviceStates,
  });
  return {
    records,
    state: () => records.states['production/web'],
    run: (now = later) => run({ service: 'production/web', record: name, now }),
  };
};

const mine = { execution, record: name, since: later, priority: push() };

describe('the lease', () => {
  test('that is free is taken', async () => {
    const { state, run } = given();

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(state()).toEqual({ fencingToken: 1, lease: mine });
  });

  test('run twice, it is taken once', async () => {
    const { records, run } = given();

    expect(await run()).toEqual(await run('2026-11-23T12:06:00.000Z'));
    expect(records.writes).toHaveLength(1);
  });

  test('that I have already is not taken again, for that would take away a cancellation of meanwhile', async () => {
    const cancelled = { fencingToken: 3, lease: mine, cancel: { record: name, by: 'ann' } };
    const { state, run } = given({ state: cancelled });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(state()).toEqual(cancelled);
  });

  test('of one who died a minute ago is taken over, with what is left of his', async () => {
    const { state, run } = given({
      state: { fencingToken: 4, lease: held(), cancel: { record: others }, lastGood: good() },
      itsRecord: {},
      liveness: { [other]: endedAt('2026-11-23T12:04:00.000Z') },
    });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(state()).toEqual({ fencingToken: 5, lease: mine, lastGood: good() });
  });

  test('of one whom Step Functions and the table have forgotten is taken over', async () => {
    const { state, run } = given({ state: { fencingToken: 4, lease: held() }, liveness: { [other]: forgotten } });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(state()).toMatchObject({ fencingToken: 5, lease: mine });
  });

  test('of one who died between closing his record and giving it back is taken over, and what he learned is kept', async () => {
    const { state, run } = given({
      state: { fencingToken: 4, lease: held(), quarantine: [] },
      itsRecord: {
        updateRequestedAt: earlier,
        result: resultOf('ROLLED_BACK', 'CRASHED', 'x'),
        endedAt: startedAt,
        image: { ...image, digest: otherDigest },
      },
      liveness: { [other]: endedAt(startedAt) },
    });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(state()).toMatchObject({ lease: mine, quarantine: [{ digest: otherDigest, reason: 'CRASHED', at: startedAt }] });
  });

  test('of one whose last Lambda may still act is waited for', async () => {
    const { state, run } = given({
      state: { lease: held() },
      itsRecord: {},
      liveness: { [other]: endedAt('2026-11-23T12:04:00.001Z') },
    });

    expect(await run()).toMatchObject({ action: 'wait', waitSeconds: 15 });
    expect(state()).toEqual({ lease: held(), queued: { execution, priority: push(), record: name } });
  });

  test('of one who left the service in the middle is waited for until he is resumed, for twenty minutes at most', async () => {
    const { state, run } = given({
      state: { lease: held() },
      itsRecord: { updateRequestedAt: earlier },
      liveness: { [other]: endedAt(startedAt) },
    });

    expect(await run()).toMatchObject({ action: 'wait' });
    expect(await run('2026-11-23T12:19:59.999Z')).toMatchObject({ action: 'wait' });
    expect(state()).toMatchObject({ lease: held() });
    expect(await run('2026-11-23T12:20:00.000Z')).toMatchObject({ action: 'proceed' });
  });

  test('is not taken over where the record of the dead cannot be read', async () => {
    const { records, state, run } = given({ state: { lease: held() }, liveness: { [other]: endedAt(startedAt) } });
    const error = sdkError('ThrottlingException');
    const deployment = records.deployment;
    Object.assign(records, {
      deployment: async (one: string) => {
        if (one === others) throw error;
        return deployment(one);
      },
    });

    await expect(run()).rejects.toBe(error);
    expect(state()).toEqual({ lease: held() });
  });

  test('that somebody took in between is waited for', async () => {
    const { records, run } = given();
    const { of } = records.serviceStates;
    Object.assign(records.serviceStates, {
      of: async (service: string) => {
        const seen = await of(service);
        records.states['production/web'] = { fencingToken: 1, lease: held() };
        return seen;
      },
    });

    expect(await run()).toMatchObject({ action: 'wait' });
    expect(records.states['production/web']).toEqual({ fencingToken: 1, lease: held() });
  });

  test('is not taken by a late second run of one who has ended', async () => {
    const { records, run } = given({ record: { result: resultOf('SKIPPED', 'ON_HOLD', 'x'), endedAt: startedAt } });

    expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED' } });
    expect(records.writes).toEqual([]);
  });
});

describe('the place in line', () => {
  const inLine = { execution, priority: push(), record: name };

  test('behind an older one who runs is taken, and kept while he runs', async () => {
    const { records, state, run } = given({ state: { fencingToken: 4, lease: held() } });

    expect(await run()).toMatchObject({ action: 'wait', waitSeconds: 15 });
    expect(await run()).toMatchObject({ action: 'wait' });
    expect(state()).toEqual({ fencingToken: 4, lease: held(), queued: inLine });
    expect(records.writes).toHaveLength(1);
  });

  test('is left for the lease when that is free', async () => {
    const { state, run } = given({ state: { fencingToken: 4, queued: inLine } });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(state()).toEqual({ fencingToken: 5, lease: mine });
  });

  test.each([
    ['an older one', push({ execution: third, pushedAt: earlier }), running],
    ['a newer one who died', push({ execution: third, pushedAt: later }), endedAt(startedAt)],
  ])('is taken from %s', async (_, itsRank, life) => {
    const { state, run } = given({
      state: { lease: held(), queued: { execution: third, priority: itsRank } },
      liveness: { [other]: running, [third]: life },
    });

    expect(await run()).toMatchObject({ action: 'wait' });
    expect(state()).toMatchObject({ queued: inLine });
  });

  test.each<[string, ServiceState]>([
    ['a newer one runs', { lease: held({ priority: push({ execution: other, pushedAt: later }) }) }],
    ['a newer one is in line', { lease: held({ execution: third }), queued: { execution: other, priority: push({ pushedAt: later }) } }],
    ['a person is in line', { lease: held({ execution: third }), queued: { execution: other, priority: priority({ pushedAt: earlier }) } }],
  ])('is not waited for where %s', async (_, state) => {
    const { records, run } = given({ state });

    expect(await run()).toEqual({
      action: 'finish',
      waitSeconds: 0,
      result: { outcome: 'SKIPPED', reason: 'REPLACED_IN_QUEUE', message: expect.stringMatching(/^two /) },
    });
    expect(records.writes).toEqual([]);
  });
});

describe('a rollback that a person asks for', () => {
  const rollback = { trigger: { kind: 'hand', by: 'ann', reason: 'slow' }, operation: { kind: 'rollback' } } as const;

  test.each([
    ['an older', held()],
    ['a newer', held({ priority: priority({ execution: other, pushedAt: later }) })],
  ])('while %s deployment runs tells that one to take the service back, and waits for how it ends', async (_, holder) => {
    const { records, state, run } = given({ record: rollback, state: { lease: holder }, itsRecord: {} });

    expect(await run()).toMatchObject({ action: 'wait', waitSeconds: 15 });
    expect(await run()).toMatchObject({ action: 'wait' });
    expect(state()).toEqual({ lease: holder, cancel: { record: others, by: 'ann', reason: 'slow' } });
    expect(records.records[name]).toMatchObject({ cancelTarget: others });
  });

  test.each<[string, Result]>([
    ['took the service back', resultOf('ROLLED_BACK', 'CANCELLED', 'ann cancelled it')],
    ['took the service back for a reason of its own', resultOf('ROLLED_BACK', 'CRASHED', 'ann cancelled it')],
  ])('is done when that one %s', async (_, result) => {
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
    ['could not see how it ended', resultOf('UNKNOWN', 'AWS_ERROR', 'x')],
    ['failed for a reason of its own', resultOf('FAILED', 'INVALID_INPUT', 'x')],
  ])('goes back itself when that one %s', async (_, result) => {
    const { run } = given({ record: { ...rollback, cancelTarget: others }, itsRecord: { result, endedAt: later } });

    expect(await run()).toMatchObject({ action: 'proceed' });
  });

  test('asks again when another deployment has the service by now', async () => {
    const { state, run } = given({
      record: { ...rollback, cancelTarget: 'service#production/web deployment#before' },
      state: { lease: held() },
      itsRecord: {},
    });

    expect(await run()).toMatchObject({ action: 'wait' });
    expect(state()?.cancel).toMatchObject({ record: others });
  });

  test('ends while another rollback runs: that is what both want', async () => {
    const { records, run } = given({ record: rollback, state: { lease: held() }, itsRecord: { operation: { kind: 'rollback' } } });

    expect(await run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'SKIPPED', reason: 'DUPLICATE_ROLLBACK' },
    });
    expect(records.states['production/web']).toEqual({ lease: held() });
  });

  test('of which the deployment has just ended looks again', async () => {
    const { records, run } = given({ record: rollback, state: { lease: held() }, itsRecord: {} });
    Object.assign(records.serviceStates, { requestCancel: async () => false });

    expect(await run()).toMatchObject({ action: 'wait' });
  });

  test('while nothing runs takes the lease, whatever is held or in quarantine', async () => {
    const { image: _, ...without } = deploymentRecord(rollback);
    const records = literalLedger(
      { [name]: without },
      { 'production/web': { hold: { at: earlier }, quarantine: [{ digest, reason: 'CRASHED', at: earlier }] } },
    );
    const run = acquireLease({ executions: { livenessOf: async () => running }, records, states: records.serviceStates });

    expect(await run({ service: 'production/web', record: name, now: later })).toMatchObject({ action: 'proceed' });
  });
});

describe('the holder ends, and gives the lease back when he closes,', () => {
  test.each<[string, Given, Reason, string]>([
    ['where the service is on hold', { state: { hold: { at: earlier, by: 'ann' } } }, 'ON_HOLD', 'ann'],
    ['where every service is on hold', { everywhere: { hold: { at: earlier, reason: 'Christmas' } } }, 'ON_HOLD', 'Christmas'],
    [
      'where his digest is in quarantine',
      { state: { quarantine: [{ digest, reason: 'CRASHED', at: earlier }] } },
      'QUARANTINED',
      `CRASHED here at ${earlier}`,
    ],
    ['where a newer image runs', { state: { lastGood: good({ pushedAt: later }) } }, 'OLDER_PUSH', `main-6 at ${later}`],
  ])('%s', async (_, what, reason, fact) => {
    const { state, run } = given(what);

    expect(await run()).toEqual({
      action: 'finish',
      waitSeconds: 0,
      result: { outcome: 'SKIPPED', reason, message: expect.stringContaining(fact) },
    });
    expect(state()).toMatchObject({ lease: mine });
  });

  test('but not where a person started it with force', async () => {
    const { run } = given({
      record: { trigger: { kind: 'hand' }, force: true },
      state: { hold: { at: earlier }, quarantine: [{ digest, reason: 'CRASHED', at: earlier }], lastGood: good({ pushedAt: later }) },
      everywhere: { hold: { at: earlier } },
    });

    expect(await run()).toMatchObject({ action: 'proceed' });
  });
});

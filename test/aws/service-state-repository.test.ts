import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import type { ServiceState } from '../../core/records/records.js';
import { digest, good, later, lease, otherDigest, priority, queueEntry, stateOf } from '../core/given.js';
import { givenTable } from '../support/given-table.js';

const service = 'production/web';
const other = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:two';
const entry = queueEntry({ priority: priority({ isByHand: false }), token: 'a token' });
const given = (state: ServiceState = {}) => {
  const table = givenTable({ states: { [service]: state } });
  return { table, states: table.states, state: () => table.state(service) };
};

type Write = (states: ServiceStateRepository, seen: ServiceState) => Promise<ServiceState | undefined>;
const writes: readonly (readonly [string, Write])[] = [
  ['taking the lease', (states, seen) => states.takeLease(service, lease(), seen)],
  ['resuming its deployment', (states, seen) => states.takeOverLease(service, lease(), seen)],
  ['taking a place in the queue', (states, seen) => states.enqueue(service, entry, seen)],
  ['releasing the lease', (states, seen) => states.leave(service, { change: {}, places: [] }, seen)],
  ['leaving the queue', (states, seen) => states.leave(service, { places: ['my-learn-app'] }, seen)],
  ['closing a deployment that has neither', (states, seen) => states.leave(service, { places: [] }, seen)],
];

describe.each(writes)('%s', (_, write) => {
  test.each<[string, ServiceState]>([
    ['a service that has none', {}],
    ['another state', { fencingToken: 7, lease: lease({ execution: other }), knownGood: [good()] }],
  ])('answers the new state, which refuses every other write for the same one: %s', async (__, before) => {
    const { states, state } = given(before);

    const seen = await states.of(service);
    const after = await write(states, seen);
    expect(after).toMatchObject({ fencingToken: (before.fencingToken ?? 0) + 1, ...(before.knownGood && { knownGood: before.knownGood }) });
    for (const [, late] of writes) expect(await late(states, seen)).toBeUndefined();
    expect(after).toMatchObject((await state()) ?? {});
  });
});

test('taking the lease leaves the place of its source, and removes a cancel request for the holder before', async () => {
  const before = {
    fencingToken: 1,
    cancel: { record: 'x' },
    queued: { 'my-learn-app': entry, OPERATOR: queueEntry({ execution: other }) },
  };
  const { states, state } = given(before);

  await states.takeLease(service, lease({ priority: entry.priority }), before);
  expect(await state()).toEqual({
    fencingToken: 2,
    lease: lease({ priority: entry.priority }),
    queued: { OPERATOR: queueEntry({ execution: other }) },
  });
});

test('resuming keeps a cancel request', async () => {
  const before = { fencingToken: 1, lease: lease({ execution: other }), cancel: { record: 'x' } };
  const { states, state } = given(before);

  await states.takeOverLease(service, lease(), before);
  expect(await state()).toEqual({ fencingToken: 2, lease: lease(), cancel: { record: 'x' } });
});

test('leaving the queue while another deployment holds the lease keeps lease and cancel request', async () => {
  const before = { fencingToken: 1, lease: lease({ execution: other }), cancel: { record: 'x' }, queued: { 'my-learn-app': entry } };
  const { states, state } = given(before);

  await states.leave(service, { places: ['my-learn-app'] }, before);
  expect(await state()).toEqual({ fencingToken: 2, lease: before.lease, cancel: before.cancel });
});

test('hold, cancel request and later pushes do not change the version: they decide about neither lease nor queue', async () => {
  const before = stateOf({ lastDeployed: { digest, pushedAt: later } }, { fencingToken: 3, lease: lease() });
  const { states, state } = given(before);

  await states.hold(service, { at: later });
  await states.unhold(service);
  expect(await states.requestCancel(service, lease().execution, { record: 'x' })).toBe(true);
  expect(await states.requestCancel(service, other, { record: 'y' })).toBe(false);
  await states.recordLaterPush(service, 'my-learn-app', { digest, pushedAt: later }, '2026-11-23T13:00:00.000Z');
  expect(await state()).toMatchObject({ fencingToken: 3, cancel: { record: 'x' } });
});

test('a later push is saved only while its source runs what was read', async () => {
  const lastDeployed = { digest, pushedAt: '2026-11-23T12:00:00.000Z' };
  const { states, state } = given(stateOf({ lastDeployed }));
  const save = (seen: typeof lastDeployed, at: string) => states.recordLaterPush(service, 'my-learn-app', seen, at);

  expect(await save({ ...lastDeployed, digest: otherDigest }, '2026-11-23T13:00:00.000Z')).toBe(false);
  expect(await save(lastDeployed, '2026-11-23T13:00:00.000Z')).toBe(true);
  expect(await save(lastDeployed, '2026-11-23T12:30:00.000Z')).toBe(false);
  expect(await state()).toEqual(stateOf({ lastDeployed: { digest, pushedAt: '2026-11-23T13:00:00.000Z' } }));
});

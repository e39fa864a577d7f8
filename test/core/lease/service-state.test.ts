import fc from 'fast-check';
import { decideLease, leaseSkipReason } from '../../../core/lease/lease.js';
import { readState } from '../../../core/lease/service-state.js';
import type { ServiceState } from '../../../core/records/records.js';
import { digest, execution, good, lease, priority, startedAt } from '../given.js';

const whole: ServiceState = {
  fencingToken: 3,
  lease: lease(),
  queued: { execution, priority: priority() },
  cancel: { record: 'service#production/web deployment#1', by: 'ada', reason: 'wrong build' },
  hold: { by: 'ada', reason: 'freeze', at: startedAt },
  lastGood: good(),
  previousGood: good({ digest: '' }),
  quarantine: [{ digest, reason: 'CRASHED', at: startedAt }],
};
const item = (changes: object = {}) => ({ pk: 'service#production/web', sk: 'state', schema: 1, ...whole, ...changes });

test('an item is read with the members that this version does not know', () => {
  expect(readState('production/web', item({ tomorrow: { deep: [1] } }))).toMatchObject({ ...whole, tomorrow: { deep: [1] } });
});

test.each<[string, unknown, ServiceState]>([
  ['an absent item', undefined, {}],
  ['an empty item', {}, {}],
  ['an item with nothing but a hold', { schema: 1, hold: { at: startedAt } }, { hold: { at: startedAt } }],
])('%s is read', (_, given, expected) => {
  expect(readState('production/web', given)).toMatchObject(expected);
});

const { record: _, ...withoutRecord } = lease();

test.each<[string, object, string]>([
  ['a lease without record', { lease: withoutRecord }, 'lease.record is absent: fix or remove the attribute lease'],
  ['a lease that is a string', { lease: execution }, `lease is "${execution}"; expected Object`],
  [
    'a lease of something that is no execution',
    { lease: lease({ execution: 'me' }) },
    'lease.execution is "me"; expected the ARN of an execution: fix or remove the attribute lease',
  ],
  ['a queue entry without priority', { queued: { execution } }, 'queued.priority is absent: fix or remove the attribute queued'],
  [
    'a priority whose time is not a time',
    { queued: { execution, priority: priority({ pushedAt: 'x' }) } },
    'queued.priority.pushedAt is "x"; expected a time',
  ],
  ['last good as a string', { lastGood: 'web:6' }, 'lastGood is "web:6"; expected Object: fix or remove the attribute lastGood'],
  ['last good without revision', { lastGood: { digest } }, 'lastGood.revision is absent'],
  ['a quarantine that is not a list', { quarantine: digest }, `quarantine is "${digest}"; expected Array`],
  [
    'a quarantine of words',
    { quarantine: [digest] },
    `quarantine.0 is "${digest}"; expected Object: fix or remove the attribute quarantine`,
  ],
  ['a hold that is true', { hold: true }, 'hold is true; expected Object'],
  ['a fencing token that is text', { fencingToken: '3' }, 'fencingToken is "3"; expected number'],
  ['a cancel request without a record', { cancel: {} }, 'cancel.record is absent'],
  ['the schema of an older version', { schema: 0 }, 'schema is 0; this version of Slipway reads 1: deploy the version that wrote it'],
  ['the schema of a newer version', { schema: 99 }, 'schema is 99; this version of Slipway reads 1: deploy the version that wrote it'],
])('%s is rejected: the error names the item, the attribute, and what to do', (_, changes, what) => {
  expect(() => readState('production/web', item(changes))).toThrow(
    expect.objectContaining({
      name: 'UnreadableState',
      message: expect.stringContaining(`item service#production/web state of the table: ${what}`),
    }),
  );
});

test('every item is either rejected as UnreadableState or gives a decision', () => {
  const anything = fc.record(
    Object.fromEntries(
      Object.entries(whole).map(([key, value]) => [key, fc.oneof(fc.constant(value), fc.jsonValue(), fc.constant(undefined))]),
    ),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(anything, (given) => {
      let state: ServiceState;
      try {
        state = readState('production/web', given);
      } catch (error) {
        expect(error).toMatchObject({ name: 'UnreadableState' });
        return;
      }
      for (const liveness of ['running', 'draining', 'ended', 'abandoned'] as const)
        expect(decideLease(state, { execution: 'me', priority: priority({ execution: 'me' }) }, () => liveness)).toHaveProperty('action');
      leaseSkipReason(state, undefined, { isByHand: false, isForced: false, digest, pushedAt: startedAt });
    }),
  );
});

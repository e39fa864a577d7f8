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

test('what was written is read, with members that this version does not know', () => {
  expect(readState('production/web', item({ tomorrow: { deep: [1] } }))).toMatchObject({ ...whole, tomorrow: { deep: [1] } });
});

test.each<[string, unknown, ServiceState]>([
  ['no item', undefined, {}],
  ['an empty one', {}, {}],
  ['one that a hold alone has written', { schema: 1, hold: { at: startedAt } }, { hold: { at: startedAt } }],
])('%s is read as that', (_, given, expected) => {
  expect(readState('production/web', given)).toMatchObject(expected);
});

const { record: _, ...withoutRecord } = lease();

test.each<[string, object, string]>([
  ['a lease without record', { lease: withoutRecord }, 'lease.record is absent: mend or remove the attribute lease'],
  ['a lease that is a string', { lease: execution }, `lease is "${execution}"; expected Object`],
  [
    'a lease of what is no execution',
    { lease: lease({ execution: 'me' }) },
    'lease.execution is "me"; expected the ARN of an execution: mend or remove the attribute lease',
  ],
  ['a place in line without rank', { queued: { execution } }, 'next.rank is absent: mend or remove the attribute next'],
  [
    'a rank whose time is none',
    { queued: { execution, priority: priority({ pushedAt: 'x' }) } },
    'next.rank.pushedAt is "x"; expected a time',
  ],
  ['last good as a string', { lastGood: 'web:6' }, 'lastGood is "web:6"; expected Object: mend or remove the attribute lastGood'],
  ['last good without revision', { lastGood: { digest } }, 'lastGood.revision is absent'],
  ['a quarantine that is no list', { quarantine: digest }, `quarantine is "${digest}"; expected Array`],
  [
    'a quarantine of words',
    { quarantine: [digest] },
    `quarantine.0 is "${digest}"; expected Object: mend or remove the attribute quarantine`,
  ],
  ['a hold that is only yes', { hold: true }, 'hold is true; expected Object'],
  ['a fence that is text', { fencingToken: '3' }, 'fence is "3"; expected number'],
  ['a cancellation of nothing', { cancel: {} }, 'cancel.record is absent'],
  ['the schema of an older version', { schema: 0 }, 'schema is 0; this version of Slipway reads 1: deploy the version that wrote it'],
  ['the schema of a newer version', { schema: 99 }, 'schema is 99; this version of Slipway reads 1: deploy the version that wrote it'],
])('%s is not guessed at: the error names the item, the attribute, and what to do', (_, changes, what) => {
  expect(() => readState('production/web', item(changes))).toThrow(
    expect.objectContaining({
      name: 'UnreadableState',
      message: expect.stringContaining(`item service#production/web state of the table: ${what}`),
    }),
  );
});

test('whatever the table holds, it is refused by name, or can be decided by', () => {
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
      for (const life of ['running', 'ended', 'dead', 'orphaned'] as const)
        expect(decideLease(state, { execution: 'me', priority: priority({ execution: 'me' }) }, () => life)).toHaveProperty('move');
      leaseSkipReason(state, undefined, { isByHand: false, isForced: false, digest, pushedAt: startedAt });
    }),
  );
});

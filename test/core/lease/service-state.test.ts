import fc from 'fast-check';
import { decideLease, leaseSkipReason } from '../../../core/lease/lease.js';
import { attributesOf, queuedAt, readState, sourceOf } from '../../../core/lease/service-state.js';
import type { ServiceState } from '../../../core/records/records.js';
import { digest, execution, good, lease, priority, queueEntry, startedAt } from '../given.js';

const withheld = {
  digest,
  tag: 'main-7',
  pushedAt: startedAt,
  release: 'repository#acme/app release#1',
  hold: { at: startedAt, by: 'ada' },
};
const lastDeployed = { digest, tag: 'main-6', pushedAt: startedAt };
const quarantine = [{ digest, reason: 'CRASHED', at: startedAt }];
const whole = {
  fencingToken: 3,
  lease: lease(),
  'queued#OPERATOR': queueEntry(),
  'queued#acme/my.app': queueEntry({ token: 'AQCk' }),
  cancel: { record: 'service#production/web deployment#1', by: 'ada', reason: 'wrong build' },
  hold: { by: 'ada', reason: 'freeze', at: startedAt },
  knownGood: [good({ digest: '' }), good()],
  'lastDeployed#acme/my.app': lastDeployed,
  'quarantine#acme/my.app': quarantine,
  'withheld#constructor': withheld,
};
const item = (changes: object = {}) => ({ pk: 'service#production/web', sk: 'state', schema: 2, ...whole, ...changes });

test('the attributes of an item are read by place and by source', () => {
  const { queued, sources } = readState('production/web', item());

  expect(queued).toEqual({ OPERATOR: queueEntry(), 'acme/my.app': queueEntry({ token: 'AQCk' }) });
  expect(sources).toEqual({ 'acme/my.app': { lastDeployed, quarantine }, constructor: { withheld } });
});

test('a repository may have the name of a member that every object has', () => {
  const state = readState('production/web', item());

  expect(sourceOf(state, 'constructor')).toEqual({ withheld });
  expect(sourceOf({ sources: {} }, 'constructor')).toEqual({});
  expect(queuedAt({ queued: {} }, 'constructor')).toBeUndefined();
});

test('a change sets the attributes of its sources, and removes those that are null', () => {
  expect(attributesOf({ expectedRevisions: [], sources: { 'acme/my.app': { quarantine, withheld: null } } })).toEqual({
    set: { expectedRevisions: [], 'quarantine#acme/my.app': quarantine },
    remove: ['withheld#acme/my.app'],
  });
});

test('an item is read with the members that this version does not know', () => {
  expect(readState('production/web', item({ tomorrow: { deep: [1] } }))).toMatchObject({
    fencingToken: 3,
    hold: whole.hold,
    knownGood: whole.knownGood,
    tomorrow: { deep: [1] },
  });
});

test.each<[string, object | undefined, ServiceState]>([
  ['an absent item', undefined, {}],
  ['an empty item', {}, {}],
  ['an item with nothing but a hold', { schema: 2, hold: { at: startedAt } }, { hold: { at: startedAt } }],
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
  [
    'a queue entry without priority',
    { 'queued#acme/app': { execution } },
    'queued#acme/app.priority is absent: fix or remove the attribute queued#acme/app',
  ],
  [
    'a priority whose time is not a time',
    { 'queued#OPERATOR': queueEntry({ priority: priority({ pushedAt: 'x' }) }) },
    'queued#OPERATOR.priority.pushedAt is "x"; expected a time',
  ],
  ['known good as a string', { knownGood: 'web:6' }, 'knownGood is "web:6"; expected Array: fix or remove the attribute knownGood'],
  ['known good without revision', { knownGood: [{ digest, pushedAt: startedAt }] }, 'knownGood.0.revision is absent'],
  ['a quarantine that is not a list', { 'quarantine#my.app': digest }, `quarantine#my.app is "${digest}"; expected Array`],
  [
    'a quarantine of words',
    { 'quarantine#my.app': [digest] },
    `quarantine#my.app.0 is "${digest}"; expected Object: fix or remove the attribute quarantine#my.app`,
  ],
  [
    'a quarantine beside a source without a digest',
    { 'quarantine#my.app': [{ ...quarantine[0], others: [{ repository: 'my-proxy' }] }] },
    'quarantine#my.app.0.others.0.digest is absent',
  ],
  ['an image kept back without its hold', { 'withheld#app': lastDeployed }, 'withheld#app.release is absent'],
  ['a hold that is true', { hold: true }, 'hold is true; expected Object'],
  ['a fencing token that is text', { fencingToken: '3' }, 'fencingToken is "3"; expected number'],
  ['a cancel request without a record', { cancel: {} }, 'cancel.record is absent'],
  ['the schema of an older version', { schema: 1 }, 'schema is 1; this version of Slipway reads 2: deploy the version that wrote it'],
  ['the schema of a newer version', { schema: 99 }, 'schema is 99; this version of Slipway reads 2: deploy the version that wrote it'],
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
      leaseSkipReason(state, { isByHand: false, isForced: false, repository: 'acme/my.app', digest, pushedAt: startedAt });
    }),
  );
});

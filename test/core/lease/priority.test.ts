import fc from 'fast-check';
import { hasPriorityOver, inTurn, isAheadOf, priorityOf } from '../../../core/lease/priority.js';
import type { Priority } from '../../../core/records/records.js';
import { deploymentRecord, digest, execution, image, later, otherDigest, priority, queueEntry, startedAt } from '../given.js';

const before = '2026-11-23T11:59:58.000Z';
const push = (changes: Partial<Priority> = {}): Priority => priority({ isByHand: false, ...changes });

test.each<[string, Priority, Priority]>([
  ['the later push goes first', push({ pushedAt: later, digest: 'sha256:0' }), push({ pushedAt: before, digest: 'sha256:f' })],
  ['the later of two starts by hand goes first', priority({ pushedAt: later }), priority({ pushedAt: before })],
  ['of two pushes in the same second the higher digest goes first', push({ digest }), push({ digest: otherDigest })],
  [
    'of two deployments of one digest the higher ARN goes first',
    push({ execution: `${execution}-b` }),
    push({ execution: `${execution}-a` }),
  ],
  [
    'times are compared as times: with and without milliseconds',
    push({ pushedAt: '2026-11-23T12:00:00.500Z' }),
    push({ pushedAt: '2026-11-23T12:00:00Z', digest: 'sha256:f' }),
  ],
  [
    'times are compared as times: the same second is the same',
    push({ pushedAt: '2026-11-23T12:00:00Z', digest: 'sha256:f' }),
    push({ pushedAt: '2026-11-23T12:00:00.000Z', digest: 'sha256:0' }),
  ],
  [
    'the higher version goes first, though it was pushed before',
    push({ version: 'v1.10.0', pushedAt: before }),
    push({ version: 'v1.9.1', pushedAt: later }),
  ],
  ['of one version the later push goes first', push({ version: 'v1.9.1', pushedAt: later }), push({ version: '1.9.1', pushedAt: before })],
  ['beside a push without a version the later push goes first', push({ pushedAt: later }), push({ version: 'v1.9.1', pushedAt: before })],
])('%s', (_, higher, lower) => {
  expect(hasPriorityOver(higher, lower)).toBe(true);
  expect(hasPriorityOver(lower, higher)).toBe(false);
});

test.each<[string, Priority, Priority]>([
  ['of two sources', push({ pushedAt: later, source: 'my-proxy' }), push()],
  ['of an operator and of a push', priority({ pushedAt: later }), push()],
])('deployments %s do not compete', (_, one, other) => {
  expect(hasPriorityOver(one, other)).toBe(false);
  expect(hasPriorityOver(other, one)).toBe(false);
});

test('an operator’s place is ahead of every other, and then the one that was taken first', () => {
  const places = [
    { place: 'OPERATOR', since: later },
    { place: 'my-proxy', since: before },
    { place: 'a', since: startedAt },
    { place: 'b', since: '2026-11-23T12:00:00Z' },
  ];

  for (const [index, one] of places.entries()) for (const [at, other] of places.entries()) expect(isAheadOf(one, other)).toBe(index < at);
});

const common = { source: 'my-learn-app', digest, execution };

test('a deployment by hand has an operator’s priority and the time of its push', () => {
  expect(priorityOf(deploymentRecord({ pushedAt: before }))).toEqual({ ...common, isByHand: true, pushedAt: before });
});

test('a deployment has a version if a semver pattern matched its tag; what undoes it has its source, digest and version', () => {
  const undoes = { repository: 'my-proxy', digest: otherDigest, revision: 'web:8', previousRevision: 'web:7' };
  const versioned = { isVersioned: true, image: { ...image, tag: 'v1.9.1' } } as const;

  expect(priorityOf(deploymentRecord(versioned))).toMatchObject({ source: 'my-learn-app', digest, version: 'v1.9.1' });
  expect(priorityOf(deploymentRecord({ image }))).not.toHaveProperty('version');
  expect(priorityOf(deploymentRecord({ ...versioned, undoes: { ...undoes, version: 'v1.8.0' } }))).toMatchObject({
    source: 'my-proxy',
    digest: otherDigest,
    version: 'v1.8.0',
  });
  expect(priorityOf(deploymentRecord({ ...versioned, undoes }))).not.toHaveProperty('version');
});

test('a push has the priority of a push', () => {
  const record = deploymentRecord({ trigger: { kind: 'push' }, pushedAt: before, image });

  expect(priorityOf(record)).toEqual({ ...common, isByHand: false, pushedAt: before });
});

test('without a push the time is the start, and without an image source and digest are empty', () => {
  expect(priorityOf({ trigger: { kind: 'hand' }, startedAt, execution })).toEqual({
    isByHand: true,
    source: '',
    pushedAt: startedAt,
    digest: '',
    execution,
  });
});

describe('the turns of the queue', () => {
  const at = (minutes: number) => new Date(Date.parse(startedAt) + minutes * 60_000).toISOString();
  const places = { 'my-proxy': queueEntry({ since: at(2) }), 'my-learn-app': queueEntry({ since: at(1) }) };
  const operator = queueEntry({ since: at(3) });

  test('are those of the places in the order in which they were taken, an operator first', () => {
    expect(inTurn(places).map(({ place }) => place)).toEqual(['my-learn-app', 'my-proxy']);
    expect(inTurn({ ...places, OPERATOR: operator }).map(({ place }) => place)).toEqual(['OPERATOR', 'my-learn-app', 'my-proxy']);
    expect(inTurn(places)[0]).toEqual({ ...places['my-learn-app'], place: 'my-learn-app' });
  });

  test('are none in an empty queue', () => {
    expect(inTurn(undefined)).toEqual([]);
    expect(inTurn({})).toEqual([]);
  });

  test('are the same in any order of the attributes', () => {
    const all = Object.entries({ ...places, OPERATOR: operator, 'other-app': queueEntry({ since: at(1) }) });
    const turns = inTurn(Object.fromEntries(all)).map(({ place }) => place);

    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (one) => {
        expect(inTurn(Object.fromEntries(one)).map(({ place }) => place)).toEqual(turns);
      }),
    );
  });
});

describe('for all deployments of one place,', () => {
  const anyPriority = fc.record({
    isByHand: fc.constant(false),
    source: fc.constant('my-learn-app'),
    pushedAt: fc.constantFrom(before, startedAt, '2026-11-23T12:00:00Z', later),
    digest: fc.constantFrom('', digest, otherDigest),
    execution: fc.constantFrom('one', 'two', 'three'),
  });
  const isSame = (one: Priority, other: Priority): boolean =>
    Date.parse(one.pushedAt) === Date.parse(other.pushedAt) && one.digest === other.digest && one.execution === other.execution;

  test('none has priority over itself', () => {
    fc.assert(fc.property(anyPriority, (one) => !hasPriorityOver(one, one)));
  });

  test('exactly one of two different ones has priority', () => {
    fc.assert(
      fc.property(
        anyPriority,
        anyPriority,
        (one, other) => isSame(one, other) || hasPriorityOver(one, other) !== hasPriorityOver(other, one),
      ),
      { numRuns: 500 },
    );
  });

  test('priority is transitive', () => {
    fc.assert(
      fc.property(
        anyPriority,
        anyPriority,
        anyPriority,
        (one, two, three) => !(hasPriorityOver(one, two) && hasPriorityOver(two, three)) || hasPriorityOver(one, three),
      ),
      { numRuns: 1000 },
    );
  });
});

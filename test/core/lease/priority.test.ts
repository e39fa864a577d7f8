import fc from 'fast-check';
import { hasPriorityOver, priorityOf } from '../../../core/lease/priority.js';
import type { Priority } from '../../../core/records/records.js';
import { deploymentRecord, digest, execution, image, later, otherDigest, priority, startedAt } from '../given.js';

const before = '2026-11-23T11:59:58.000Z';
const push = (changes: Partial<Priority> = {}): Priority => priority({ isByHand: false, ...changes });

test.each<[string, Priority, Priority]>([
  ['a start by hand goes before every push, even a later one', priority({ pushedAt: before }), push({ pushedAt: later })],
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
])('%s', (_, higher, lower) => {
  expect(hasPriorityOver(higher, lower)).toBe(true);
  expect(hasPriorityOver(lower, higher)).toBe(false);
});

test('a deployment by hand has an operator’s priority and the time of its push', () => {
  expect(priorityOf(deploymentRecord({ pushedAt: before }))).toEqual({ isByHand: true, pushedAt: before, digest, execution });
});

test('a push has the priority of a push', () => {
  expect(priorityOf(deploymentRecord({ trigger: { kind: 'push' }, pushedAt: before, image }))).toEqual({
    isByHand: false,
    pushedAt: before,
    digest,
    execution,
  });
});

test('without a push the time is the start, and without an image the digest is empty', () => {
  expect(priorityOf({ trigger: { kind: 'hand' }, startedAt, execution })).toEqual({
    isByHand: true,
    pushedAt: startedAt,
    digest: '',
    execution,
  });
});

describe('for all deployments,', () => {
  const anyPriority = fc.record({
    isByHand: fc.boolean(),
    pushedAt: fc.constantFrom(before, startedAt, '2026-11-23T12:00:00Z', later),
    digest: fc.constantFrom('', digest, otherDigest),
    execution: fc.constantFrom('one', 'two', 'three'),
  });
  const isSame = (one: Priority, other: Priority): boolean =>
    one.isByHand === other.isByHand &&
    Date.parse(one.pushedAt) === Date.parse(other.pushedAt) &&
    one.digest === other.digest &&
    one.execution === other.execution;

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

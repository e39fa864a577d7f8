import { leaseModel } from '../../verification/lease-model/lease-model.js';
import { search } from '../../verification/lease-model/search.js';
import { type Bounds, type Mutation, type Start, setupOf } from '../../verification/lease-model/setup.js';

const one: readonly Start[] = [{ pushedAt: 1 }];
const two: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2 }];

const rollback: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2, isRollback: true }];

const twoSources: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2, source: 'proxy' }];
const rollbackOfOther: readonly Start[] = [
  { pushedAt: 1, source: 'proxy' },
  { pushedAt: 2, isRollback: true, isNamed: true },
];

const searched = (starts: readonly Start[], bounds: Bounds, mutations: readonly Mutation[] = []) =>
  search(leaseModel(setupOf(starts, bounds, mutations)), 1_000_000);

test.each<[string, readonly Start[], Bounds]>([
  ['nothing goes wrong', two, {}],
  ['an operator starts one of them', [{ pushedAt: 1, isByHand: true }, { pushedAt: 2 }], {}],
  ['an operator rolls back', rollback, {}],
  ['they are of two sources, and one is aborted', twoSources, { aborts: 1 }],
  ['the later push of one source holds the lease before the earlier of another', [{ pushedAt: 2 }, { pushedAt: 1, source: 'proxy' }], {}],
  ['an operator rolls another source back', rollbackOfOther, {}],
  ['a single one is aborted, and so is the execution that resumes it', one, { aborts: 2 }],
  ['a single one is aborted, and an operator resumes it at any time', one, { aborts: 1, resumers: 2, isResumedByOperator: true }],
  ['a single one is aborted with a late invocation', one, { aborts: 1, faults: 1 }],
])(
  'in every interleaving, deployments exclude each other, end, are reported, leave nothing behind and let the newest deploy, when %s',
  (_, starts, bounds) => {
    const found = searched(starts, bounds);

    expect(found.violation).toBeUndefined();
    expect(found.isExhausted).toBe(true);
  },
);

test.each<[Mutation, readonly Start[], Bounds, string]>([
  ['takes over after an update request', two, { aborts: 1 }, 'e1 is reported SUPERSEDED, but its service was not replaced'],
  ['drops the result of an ended holder', two, { aborts: 1 }, 'e1 replaces e2, which is newer and works'],
  ['sweeps without draining', one, { aborts: 1 }, 'the lease stays with e1'],
  ['resumes from a running holder', one, { aborts: 1, resumers: 2, isResumedByOperator: true }, 'e1 deploys without the lease'],
  ['resumes from the execution of its record', one, { aborts: 2 }, 'a run may never end, although every process that can act does act'],
  [
    'closes what another execution resumed',
    one,
    { aborts: 1, resumers: 2, isResumedByOperator: true },
    'e1 is reported SUPERSEDED, but its service was not replaced',
  ],
  ['is done before its lease is released', one, { aborts: 1 }, 'the result of e1 is never reported'],
  ['acquires without the fencing token', one, { faults: 1 }, 'the lease stays with e1'],
  ['acquires its own lease again', one, { faults: 1 }, 'the lease stays with e1'],
  ['closes without draining', one, { faults: 1 }, 'the lease stays with e1'],
  ['cancels without an attempt', rollback, { faults: 1 }, 'e1 is reported as having changed nothing, but it updated its service'],
  ['saves a later revision', one, { faults: 1 }, 'e1 is reported SUPERSEDED, but its service was not replaced'],
  [
    'resumes without an update request',
    one,
    { aborts: 1, resumers: 2, isResumedByOperator: true },
    'e1 is abandoned after an update request',
  ],
  ['closes after requesting the rollback', rollback, {}, 'the rollback e2 is lost: the service was not rolled back'],
  ['runs every cancel request', rollback, { aborts: 1 }, 'e2 is reported CANCELLED without a cancel request'],
  ['reads the record before the liveness', one, { aborts: 1, resumers: 2, isResumedByOperator: true }, 'the lease stays with r1'],
  [
    'resumes without the fencing token',
    one,
    { aborts: 1, resumers: 2, isResumedByOperator: true },
    'a run may never end, although every process that can act does act',
  ],
  ['yields to a closed record', two, {}, 'e1 yields to e2, whose record was closed before e1 started'],
  ['observes without draining', one, { faults: 1 }, 'the rollback is sent of e1 while no execution holds the lease'],
  ['attempts without a condition', one, { faults: 1 }, 'e1 was rolled out twice'],
  ['has one place for all sources', twoSources, {}, 'e1 is the newest of its source and had no turn'],
  ['compares ages of different sources', twoSources, {}, 'e1 is the newest of its source and had no turn'],
  ['takes a free lease out of turn', [...twoSources, { pushedAt: 3 }], {}, 'e3 takes the lease before e2, whose turn is first'],
  ['cancels another source', rollbackOfOther, {}, 'e2 rolls back e1, which is of another source'],
])('a protocol that %s violates an invariant', (mutation, starts, bounds, violation) => {
  const found = searched(starts, bounds, [mutation]);

  expect(found.violation).toBe(violation);
});

test('a violation has a shortest trace, step by step', () => {
  const { trace } = searched(one, { aborts: 1 }, ['sweeps without draining']);

  expect(trace).toEqual([
    'e1 starts',
    'e1 acquire: reads: no lease, no queued execution',
    'e1 is aborted',
    'sweep of e1: e1 is draining, the record without an update request',
    'sweep of e1: closes the record',
    'sweep of e1: finds no lease',
    'e1 acquire: takes the lease',
    'e1 has drained',
    'sweep of e1: is not queued',
    'sweep of e1: notifies, and marks the record done',
  ]);
});

import { encoder } from '../../verification/lease-model/encode.js';
import { leaseModel } from '../../verification/lease-model/lease-model.js';
import { search } from '../../verification/lease-model/search.js';
import { type Bounds, type Mutation, type Start, setupOf } from '../../verification/lease-model/setup.js';
import type { Lambda, State } from '../../verification/lease-model/state.js';
import { invoked } from '../../verification/lease-model/state-updates.js';

const one: readonly Start[] = [{ pushedAt: 1 }];
const two: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2 }];
const three: readonly Start[] = [...two, { pushedAt: 3 }];

const rollback: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2, isRollback: true }];

const twoSources: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2, source: 'proxy' }];
const rollbackOfOther: readonly Start[] = [
  { pushedAt: 1, source: 'proxy' },
  { pushedAt: 2, isRollback: true, isNamed: true },
];
const resumedAtAnyTime: Bounds = { aborts: 1, resumers: 2, isResumedByOperator: true };

const searched = (starts: readonly Start[], bounds: Bounds, mutations: readonly Mutation[] = []) =>
  search(leaseModel(setupOf(starts, bounds, mutations)), 1_000_000);

test.each<[string, readonly Start[], Bounds]>([
  ['nothing goes wrong', two, {}],
  ['an operator starts one of them', [{ pushedAt: 1, isByHand: true }, { pushedAt: 2 }], {}],
  ['an operator rolls back', rollback, {}],
  ['an operator rolls another source back', rollbackOfOther, {}],
  ['they are of two sources, and a wait times out', twoSources, { timeouts: 1 }],
  ['the later push of one source holds the lease before the earlier of another', [{ pushedAt: 2 }, { pushedAt: 1, source: 'proxy' }], {}],
  ['a single one is aborted, and so is the execution that resumes it', one, { aborts: 2 }],
  ['a single one is aborted, and an operator resumes it at any time', one, resumedAtAnyTime],
  ['a single one is aborted with a late invocation', one, { aborts: 1, faults: 1 }],
  ['a single one waits for a foreign rollout, and events are lost and doubled', one, { faults: 1, losses: 1, hasForeignRollout: true }],
  ['tasks of a single one fail, and a wait times out', one, { limit: 2, timeouts: 1 }],
])(
  'in every interleaving, deployments exclude each other, end without a lost wake-up, are reported, leave nothing behind and let the newest deploy, when %s',
  (_, starts, bounds) => {
    const found = searched(starts, bounds);

    expect(found.violation).toBeUndefined();
    expect(found.isExhausted).toBe(true);
  },
);

test.each<[Mutation, readonly Start[], Bounds, string]>([
  ['takes over after an update request', two, { aborts: 1 }, 'e1 is reported SUPERSEDED, but its service was not replaced'],
  ['drops the result of an ended holder', two, { aborts: 1 }, 'e1 replaces e2, which is newer and works'],
  ['takes without the version', one, { faults: 1 }, 'the lease stays with e1'],
  ['enqueues without the version', two, {}, 'e2 waits forever in acquire'],
  ['takes a free lease out of turn', [...twoSources, { pushedAt: 3 }], {}, 'e3 takes the lease before e2, whose turn is first'],
  ['decides again without entering', one, { faults: 1 }, 'the lease stays with e1'],
  ['closes without a version', one, { faults: 1 }, 'the lease stays with e1'],
  ['releases before it closes the record', one, { faults: 1 }, 'the lease stays with e1'],
  ['yields to a closed record', two, {}, 'e1 yields to e2, whose record was closed before e1 started'],
  ['has one place for all sources', twoSources, {}, 'e1 is the newest of its source and had no turn'],
  ['compares ages of different sources', twoSources, {}, 'e1 is the newest of its source and had no turn'],
  ['frees the lease without waking', two, {}, 'e2 waits forever in acquire'],
  ['leaves the queue without waking', two, { aborts: 1 }, 'e2 waits forever in acquire'],
  ['removes a refused place', two, { timeouts: 1 }, 'e2 loses its place in the queue'],
  ['wakes from a list that it read before', two, {}, 'e2 waits forever in acquire'],
  ['grants the lease by an answer', three, {}, 'e1 deploys without the lease'],
  ['replaces a place without an answer', three, {}, 'e2 waits in no place of the queue'],
  ['enters although a newer invocation has entered', one, { faults: 1 }, 'e1 waits forever in register'],
  ['writes without the visit', one, { faults: 1 }, 'e1 was rolled out twice'],
  ['attempts without a condition', one, { faults: 1 }, 'e1 was rolled out twice'],
  ['observes without draining', one, { faults: 2 }, 'the rollback of e1 takes effect while no execution holds the lease'],
  ['opens the watch item only with the lease', one, { faults: 1 }, 'e1 waits with a token that is not stored'],
  ['opens the watch item without a condition', one, { faults: 1 }, 'e1 waits with a token that is not stored'],
  ['stores a token over a newer one', one, { faults: 1 }, 'e1 waits with a token that is not stored'],
  ['looks before it stores its token', one, {}, 'e1 waits forever in watch'],
  ['forgets news', one, {}, 'e1 waits forever in watch'],
  ['answers an event before it is written', one, {}, 'e1 waits forever in watch'],
  ['answers only the event that counts the task', one, { limit: 2, faults: 1 }, 'e1 waits forever in watch'],
  ['counts failed tasks twice', one, { limit: 2, faults: 1 }, 'e1 is rolled back before its limit of failed tasks'],
  ['asks for a rollback without waking', rollback, {}, 'e1 waits forever in watch'],
  ['takes its own watch item over again', one, { aborts: 1, faults: 1 }, 'r1 waits with a token that is not stored'],
  ['closes after requesting the rollback', rollback, {}, 'the rollback e2 is lost: the service was not rolled back'],
  ['runs every cancel request', rollback, {}, 'e2 is reported CANCELLED without a cancel request'],
  ['cancels another source', rollbackOfOther, {}, 'e2 rolls back e1, which is of another source'],
  ['is done before its lease is released', one, { aborts: 1 }, 'the result of e1 is never reported'],
  ['sweeps without draining', one, { aborts: 1 }, 'e1 is abandoned after an update request'],
  ['resumes from a running holder', one, resumedAtAnyTime, 'e1 deploys without the lease'],
  ['resumes from the execution of its record', one, { aborts: 2 }, 'a run may never end, although every process that can act does act'],
  ['closes what another execution resumed', one, resumedAtAnyTime, 'e1 is reported SUPERSEDED, but its service was not replaced'],
  ['resumes without the version', one, resumedAtAnyTime, 'the lease stays with r2'],
  ['resumes without an update request', one, resumedAtAnyTime, 'r1 waits with a token that is not stored'],
])('a protocol that %s violates an invariant', (mutation, starts, bounds, violation) => {
  const found = searched(starts, bounds, [mutation]);

  expect(found.violation).toBe(violation);
});

test('a violation has a shortest trace, step by step', () => {
  const { trace } = searched(two, {}, ['frees the lease without waking']);

  expect(trace).toEqual([
    'e1 starts',
    'e1 acquire: reads: no lease, no queued execution',
    'e1 acquire: takes the lease',
    'e1 acquire: opens its watch item',
    'e1 register: stores its token, and finds news',
    'e1 register: is refused',
    'e2 starts',
    'e2 acquire: reads: lease e1, no queued execution',
    'e2 acquire: e1 is running',
    'e1 close: closes the record: REFUSED',
    'e2 acquire: enters the queue',
    'e1 close: releases the lease',
    'e1 notify: notifies, and marks the record done',
  ]);
});

/** A state with every part and every member. */
const givenFullState = (): State => {
  const { initial } = leaseModel(setupOf(one, { aborts: 1 }));
  const places = [{ execution: 0, token: 0 }];
  const lambda: Lambda = { ...invoked('acquire'), queue: [0], others: ['running'], wakes: places };
  return {
    ...initial,
    item: { ...initial.item, queue: places },
    watch: { record: 0, execution: 0, token: 0, visit: 0, hasNews: false, failed: 0, isRollingBack: false },
    events: [{ failed: 0, of: 0, at: 0, token: 0, answer: 'woken' }],
    executions: initial.executions.map((one) => ({ ...one, lambda, late: lambda })),
    records: initial.records.map((one) => ({ ...one, sweep: { ...one.sweep, wakes: places } })),
  };
};

/** Copies of a value, each with another value for one of its members, and the path of that member. */
const variations = (value: unknown, path = ''): readonly (readonly [string, unknown])[] => {
  if (typeof value !== 'object' || value === null) return [[path, typeof value === 'number' ? value + 1 : `other ${String(value)}`]];
  return Object.entries(value).flatMap(([key, member]) =>
    variations(member, `${path}/${key}`).map(([where, other]): readonly [string, unknown] => {
      const copy = Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other };
      return [where, copy];
    }),
  );
};

test('states that differ in any member have different encodings', () => {
  const state = givenFullState();
  const encode = encoder();
  const alike = variations(state).filter(([, other]) => encode(other as State).join() === encode(state).join());

  expect(alike.map(([path]) => path)).toEqual([]);
});

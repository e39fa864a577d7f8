import { leaseModel } from '../../model/lease.js';
import { search } from '../../model/search.js';
import { type Bounds, type Mistake, type Start, worldOf } from '../../model/world.js';

const one: readonly Start[] = [{ pushedAt: 1 }];
const two: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2 }];

const back: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2, isRollback: true }];

const searched = (starts: readonly Start[], bounds: Bounds, mistakes: readonly Mistake[] = []) =>
  search(leaseModel(worldOf(starts, bounds, mistakes)), 1_000_000);

test.each<[string, readonly Start[], Bounds]>([
  ['nothing goes wrong', two, {}],
  ['one of them is started by hand', [{ pushedAt: 1, isByHand: true }, { pushedAt: 2 }], {}],
  ['a person goes back', back, {}],
  ['a single one is aborted, and so is who adopts it', one, { aborts: 2 }],
  ['a single one is aborted, and adopted by hand at any time', one, { aborts: 1, adopters: 2, isAdoptedByHand: true }],
  ['a single one has an invocation that is late, and is aborted', one, { aborts: 1, troubles: 1 }],
])(
  'deployments exclude each other, end, are told, leave nothing behind, and give the newest its turn, in whatever order all happens, when %s',
  (_, starts, bounds) => {
    const found = searched(starts, bounds);

    expect(found.wrong).toBeUndefined();
    expect(found.isExhausted).toBe(true);
  },
);

test.each<[Mistake, readonly Start[], Bounds, string]>([
  ['takes over the touched', two, { aborts: 1 }, 'e1 is told to be superseded, though nobody took the service over'],
  ['forgets the dead', two, { aborts: 1 }, 'e1 replaces e2, which is newer and works'],
  ['sweeps at once', one, { aborts: 1 }, 'the lease stays with e1'],
  ['adopts from the living', one, { aborts: 1, adopters: 2, isAdoptedByHand: true }, 'e1 deploys without the lease'],
  ['adopts by its record', one, { aborts: 2 }, 'this can go on for ever, though everybody who can act does act'],
  [
    'closes what another adopted',
    one,
    { aborts: 1, adopters: 2, isAdoptedByHand: true },
    'e1 is told to be superseded, though nobody took the service over',
  ],
  ['rests at once', one, { aborts: 1 }, 'nobody tells how e1 ended'],
  ['forgets the fence', one, { troubles: 1 }, 'the lease stays with e1'],
  ['takes its own again', one, { troubles: 1 }, 'the lease stays with e1'],
  ['ends at once', one, { troubles: 1 }, 'the lease stays with e1'],
  ['cancels unmarked', back, { troubles: 1 }, 'e1 is told to have changed nothing, though it did'],
  ['notes a later copy', one, { troubles: 1 }, 'e1 is told to be superseded, though nobody took the service over'],
  ['adopts the untouched', one, { aborts: 1, adopters: 2, isAdoptedByHand: true }, 'e1 is left alone, though it touched the service'],
  ['ends when it has asked', back, {}, 'the rollback e2 is lost: nobody took the service back'],
  ['obeys any cancel', back, { aborts: 1 }, 'e2 is told to be cancelled, though nobody asked for it'],
  ['reads the record first', one, { aborts: 1, adopters: 2, isAdoptedByHand: true }, 'the lease stays with a1'],
  [
    'adopts without the fence',
    one,
    { aborts: 1, adopters: 2, isAdoptedByHand: true },
    'this can go on for ever, though everybody who can act does act',
  ],
  ['yields to the closed', two, {}, 'e1 yields to e2, which had had its turn before e1 came'],
  ['looks at once', one, { troubles: 1 }, 'the way back is sent of e1 while nobody holds the lease'],
  ['marks blindly', one, { troubles: 1 }, 'e1 was rolled out twice'],
])('a protocol that %s is found out', (mistake, starts, bounds, wrong) => {
  const found = searched(starts, bounds, [mistake]);

  expect(found.wrong).toBe(wrong);
});

test('the shortest way to a mistake is told step by step', () => {
  const { trace } = searched(one, { aborts: 1 }, ['sweeps at once']);

  expect(trace).toEqual([
    'e1 starts',
    'e1 acquire: reads: no lease, no next',
    'e1 is aborted',
    'sweep of e1: e1 is ended, the record untouched',
    'sweep of e1: closes the record',
    'sweep of e1: finds no lease',
    'e1 acquire: takes the lease',
    'e1 is surely dead',
    'sweep of e1: is not in line',
    'sweep of e1: tells, and lets the record rest',
  ]);
});

import { leaseModel } from '../../model/lease.js';
import { search } from '../../model/search.js';
import { type Bounds, type Mistake, type Start, worldOf } from '../../model/world.js';

const one: readonly Start[] = [{ pushedAt: 1 }];
const two: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2 }];

const searched = (starts: readonly Start[], bounds: Bounds, mistakes: readonly Mistake[] = []) =>
  search(leaseModel(worldOf(starts, bounds, mistakes)), 1_000_000);

test.each<[string, readonly Start[], Bounds]>([
  ['nothing goes wrong', two, {}],
  ['one of them is started by hand', [{ pushedAt: 1, isByHand: true }, { pushedAt: 2 }], {}],
  ['an execution is aborted', two, { aborts: 1 }],
  ['a single one is aborted, and adopted by hand at any time', one, { aborts: 1, adopters: 2, isAdoptedByHand: true }],
  ['a single one has an invocation that is late, and is aborted', one, { aborts: 1, troubles: 1 }],
])('deployments exclude each other, end, and give the newest its turn, in whatever order all happens, when %s', (_, starts, bounds) => {
  const found = searched(starts, bounds);

  expect(found.wrong).toBeUndefined();
  expect(found.isExhausted).toBe(true);
});

test.each<[Mistake, readonly Start[], Bounds, string]>([
  ['takes over the touched', two, { aborts: 1 }, 'e1 is told to be superseded, though nobody took the service over'],
  ['forgets the dead', two, { aborts: 1 }, 'e1 succeeded, and is not kept as last good'],
  ['sweeps at once', one, { aborts: 1 }, 'UpdateService is sent of e1 while nobody holds the lease'],
  ['adopts from the living', one, { aborts: 1, adopters: 2, isAdoptedByHand: true }, 'e1 deploys without the lease'],
  ['adopts by its record', one, { aborts: 2 }, 'this can go on for ever, though everybody who can act does act'],
  [
    'closes what another adopted',
    one,
    { aborts: 1, adopters: 2, isAdoptedByHand: true },
    'e1 is told to be superseded, though nobody took the service over',
  ],
  ['reads the record first', one, { aborts: 1, adopters: 2, isAdoptedByHand: true }, 'e1 is told to have changed nothing, though it did'],
  ['adopts without the fence', one, { aborts: 1, adopters: 2, isAdoptedByHand: true }, 'e1 is told to have changed nothing, though it did'],
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
    'e1 acquire: takes the lease',
    'e1 register: registers',
    'e1 update: is the holder',
    'e1 update: finds its base',
    'e1 is aborted',
    'sweep of e1: e1 is ended',
    'sweep of e1: frees the lease',
    'e1 update: marks',
    'e1 update: sends UpdateService',
  ]);
});

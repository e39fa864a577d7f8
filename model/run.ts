import { leaseModel } from './lease.js';
import { type Found, search } from './search.js';
import { type Bounds, type Start, worldOf } from './world.js';

const one: readonly Start[] = [{ pushedAt: 1 }];
const two: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2 }];
const three: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2 }, { pushedAt: 3 }];
/** Somebody starts an image by hand whose push lies between those of the other two. */
const withPerson: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2, isByHand: true }, { pushedAt: 3 }];

/** A person goes back while a push is deployed, or another one waits. */
const back: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2, isRollback: true }];
const backOfTwo: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2 }, { pushedAt: 3, isRollback: true }];
const twoBacks: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2, isRollback: true }, { pushedAt: 3, isRollback: true }];

type Run = { readonly name: string; readonly starts: readonly Start[]; readonly bounds?: Bounds; readonly isLong?: boolean };

/** What is searched: small enough to end, and each with something that the others have not. */
const runs: readonly Run[] = [
  { name: 'one, and whatever may happen to it', starts: one, bounds: { aborts: 2, troubles: 2 } },
  { name: 'two pushes, one execution aborted', starts: two, bounds: { aborts: 1 } },
  { name: 'two pushes, one invocation in trouble', starts: two, bounds: { troubles: 1 } },
  {
    name: 'one, aborted, in trouble, and adopted by hand at any time',
    starts: one,
    bounds: { aborts: 1, troubles: 1, isAdoptedByHand: true },
  },
  { name: 'a push and a rollback, one aborted', starts: back, bounds: { aborts: 1 } },
  { name: 'a push and a rollback, one invocation in trouble', starts: back, bounds: { troubles: 1 } },
  { name: 'two pushes and a person', starts: withPerson, isLong: true },
  { name: 'two pushes and a rollback', starts: backOfTwo },
  { name: 'a push and two rollbacks', starts: twoBacks, isLong: true },
  { name: 'three pushes', starts: three, isLong: true },
  {
    name: 'two pushes, one aborted, and adopted by hand at any time',
    starts: two,
    bounds: { aborts: 1, adopters: 2, isAdoptedByHand: true },
    isLong: true,
  },
  { name: 'two pushes, two aborted', starts: two, bounds: { aborts: 2 }, isLong: true },
  { name: 'two pushes, one aborted, one invocation in trouble', starts: two, bounds: { aborts: 1, troubles: 1 }, isLong: true },
  { name: 'a push and a rollback, one aborted, one invocation in trouble', starts: back, bounds: { aborts: 1, troubles: 1 }, isLong: true },
  { name: 'two pushes and a person, one aborted', starts: withPerson, bounds: { aborts: 1 }, isLong: true },
  { name: 'two pushes and a rollback, one aborted', starts: backOfTwo, bounds: { aborts: 1 }, isLong: true },
  { name: 'three pushes, one invocation in trouble', starts: three, bounds: { troubles: 1 }, isLong: true },
];

const told = ({ states, steps, depth, isExhausted, wrong, trace = [] }: Found): string =>
  [
    `${states.toLocaleString('en')} states, ${steps.toLocaleString('en')} steps, depth ${depth}${isExhausted ? ': all of them, nothing wrong' : ''}`,
    ...(wrong === undefined ? [] : [wrong, ...trace.map((label, index) => `${String(index + 1).padStart(5)} ${label}`)]),
  ].join('\n  ');

// `npm run model -- --long` searches the large ones, too.
const isLongWanted = process.argv.includes('--long');
for (const { name, starts, bounds = {}, isLong = false } of runs) {
  if (isLong && !isLongWanted) continue;
  console.log(name);
  const found = search(leaseModel(worldOf(starts, bounds)));
  console.log(`  ${told(found)}`);
  if (!found.isExhausted) process.exitCode = 1;
}

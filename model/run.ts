import { leaseModel } from './lease.js';
import { type Found, search } from './search.js';
import { type Bounds, type Start, worldOf } from './world.js';

const one: readonly Start[] = [{ pushedAt: 1 }];
const two: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2 }];
const three: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2 }, { pushedAt: 3 }];
/** Somebody starts an image by hand whose push lies between those of the other two. */
const withPerson: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2, isByHand: true }, { pushedAt: 3 }];

type Run = { readonly name: string; readonly starts: readonly Start[]; readonly bounds?: Bounds; readonly isLong?: boolean };

/** What is searched: small enough to end, and each with something that the others have not. */
const runs: readonly Run[] = [
  { name: 'three pushes', starts: three },
  { name: 'two pushes and a person', starts: withPerson },
  { name: 'one, and whatever may happen to it', starts: one, bounds: { aborts: 2, troubles: 2 } },
  { name: 'two, one execution aborted', starts: two, bounds: { aborts: 1 } },
  { name: 'two, one invocation repeated or given up', starts: two, bounds: { troubles: 1 } },
  { name: 'two, one aborted, and adopted by hand at any time', starts: two, bounds: { aborts: 1, adopters: 2, isAdoptedByHand: true } },
  { name: 'two, one aborted, one invocation repeated or given up', starts: two, bounds: { aborts: 1, troubles: 1 } },
  { name: 'two, two aborted', starts: two, bounds: { aborts: 2 } },
  { name: 'three, one aborted', starts: three, bounds: { aborts: 1 }, isLong: true },
  { name: 'two and a person, one aborted', starts: withPerson, bounds: { aborts: 1 }, isLong: true },
  { name: 'three, one invocation repeated or given up', starts: three, bounds: { troubles: 1 }, isLong: true },
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

import { leaseModel } from './lease-model.js';
import { type SearchResult, search } from './search.js';
import { type Bounds, type Start, setupOf } from './setup.js';

const one: readonly Start[] = [{ pushedAt: 1 }];
const two: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2 }];
const three: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2 }, { pushedAt: 3 }];
/** An operator deploys an image whose push lies between those of the other two. */
const withOperator: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2, isByHand: true }, { pushedAt: 3 }];

/** An operator rolls back while a push is deployed or queued. */
const rollback: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2, isRollback: true }];
const rollbackOfTwo: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2 }, { pushedAt: 3, isRollback: true }];
const twoRollbacks: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2, isRollback: true }, { pushedAt: 3, isRollback: true }];

/** Of two sources of one service. */
const twoSources: readonly Start[] = [{ pushedAt: 1 }, { pushedAt: 2, source: 'proxy' }];
const twoAndOne: readonly Start[] = [...twoSources, { pushedAt: 3 }];
const twoAndOperator: readonly Start[] = [...twoSources, { pushedAt: 3, isByHand: true }];
const rollbackOfOne: readonly Start[] = [
  { pushedAt: 1, source: 'proxy' },
  { pushedAt: 2, isRollback: true, isNamed: true },
];
const twoAndRollback: readonly Start[] = [...twoSources, { pushedAt: 3, isRollback: true, isNamed: true }];

type Run = { readonly name: string; readonly starts: readonly Start[]; readonly bounds?: Bounds; readonly isLong?: boolean };

/** The searches: small enough to end, each covering something that the others do not. */
const runs: readonly Run[] = [
  { name: 'one push, two aborts, one fault', starts: one, bounds: { aborts: 2, faults: 1 } },
  { name: 'one push, two faults', starts: one, bounds: { faults: 2 } },
  {
    name: 'one push, one abort, resumed by an operator at any time',
    starts: one,
    bounds: { aborts: 1, resumers: 2, isResumedByOperator: true },
  },
  { name: 'one push whose tasks fail, one fault, one time-out', starts: one, bounds: { limit: 2, faults: 1, timeouts: 1 } },
  { name: 'one push whose tasks fail, one abort, one lost event', starts: one, bounds: { limit: 2, aborts: 1, losses: 1 } },
  {
    name: 'one push behind a foreign rollout, one abort, one fault',
    starts: one,
    bounds: { hasForeignRollout: true, aborts: 1, faults: 1 },
  },
  { name: 'two pushes, one abort', starts: two, bounds: { aborts: 1 } },
  { name: 'two pushes, two time-outs, one lost event', starts: two, bounds: { timeouts: 2, losses: 1 } },
  { name: 'pushes of two sources, two time-outs', starts: twoSources, bounds: { timeouts: 2 } },
  { name: 'a push and a rollback, one time-out, one lost event', starts: rollback, bounds: { timeouts: 1, losses: 1 } },
  { name: 'a push and a rollback of another source, one lost event', starts: rollbackOfOne, bounds: { losses: 1 } },
  { name: 'the lease alone: two pushes, one abort, one fault', starts: two, bounds: { isLeaseOnly: true, aborts: 1, faults: 1 } },
  { name: 'the lease alone: three pushes, one time-out', starts: three, bounds: { isLeaseOnly: true, timeouts: 1 } },
  {
    name: 'the lease alone: two pushes of one source and one of another, two time-outs',
    starts: twoAndOne,
    bounds: { isLeaseOnly: true, timeouts: 2 },
  },
  { name: 'the lease alone: two pushes and a rollback', starts: rollbackOfTwo, bounds: { isLeaseOnly: true } },
  { name: 'the lease alone: pushes of two sources and an operator', starts: twoAndOperator, bounds: { isLeaseOnly: true } },
  {
    name: 'the lease alone: two pushes of one source and one of another, one abort',
    starts: twoAndOne,
    bounds: { isLeaseOnly: true, aborts: 1 },
    isLong: true,
  },
  {
    name: 'the lease alone: two pushes of one source and one of another, one fault',
    starts: twoAndOne,
    bounds: { isLeaseOnly: true, faults: 1 },
    isLong: true,
  },
  {
    name: 'one push, one abort, one fault, resumed by an operator at any time',
    starts: one,
    bounds: { aborts: 1, faults: 1, isResumedByOperator: true },
    isLong: true,
  },
  { name: 'two pushes, one fault', starts: two, bounds: { faults: 1 } },
  { name: 'two pushes, one abort, one time-out', starts: two, bounds: { aborts: 1, timeouts: 1 }, isLong: true },
  { name: 'a push and a rollback, one abort', starts: rollback, bounds: { aborts: 1 }, isLong: true },
  { name: 'a push and a rollback, one fault', starts: rollback, bounds: { faults: 1 }, isLong: true },
  { name: 'pushes of two sources, one abort', starts: twoSources, bounds: { aborts: 1 }, isLong: true },
  { name: 'one push, two aborts, two faults', starts: one, bounds: { aborts: 2, faults: 2 }, isLong: true },
  { name: 'two pushes of one source and one of another', starts: twoAndOne, isLong: true },
  { name: 'three pushes', starts: three, isLong: true },
  { name: 'two pushes and an operator', starts: withOperator, isLong: true },
  { name: 'two pushes and a rollback', starts: rollbackOfTwo, isLong: true },
  { name: 'a push and two rollbacks', starts: twoRollbacks, isLong: true },
  { name: 'pushes of two sources and an operator', starts: twoAndOperator, isLong: true },
  { name: 'pushes of two sources and a rollback of one', starts: twoAndRollback, isLong: true },
];

const seen = ({ states, steps, depth, isExhausted, violation, trace = [] }: SearchResult): string =>
  [
    `${states.toLocaleString('en')} states, ${steps.toLocaleString('en')} steps, depth ${depth}${isExhausted ? ': exhausted, no violation' : ''}`,
    ...(violation === undefined ? [] : [violation, ...trace.map((label, index) => `${String(index + 1).padStart(5)} ${label}`)]),
  ].join('\n  ');

// `npm run verify:lease -- --long` includes the large ones.
const isLongWanted = process.argv.includes('--long');
for (const { name, starts, bounds = {}, isLong = false } of runs) {
  if (isLong && !isLongWanted) continue;
  console.log(name);
  const found = search(leaseModel(setupOf(starts, bounds)));
  console.log(`  ${seen(found)}`);
  if (!found.isExhausted) process.exitCode = 1;
}

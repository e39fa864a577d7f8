import { none, type Place, type State } from './state.js';
import { isHigher, type World } from './world.js';

const deploying: ReadonlySet<Place> = new Set<Place>(['register', 'service', 'update', 'rollout', 'check', 'rollBack']);

/** What the protocol promises, as far as a state alone can break it. */
export const wrongIn = (world: World, state: State, isEnd: boolean): string | undefined => {
  for (const [index, { place, life }] of state.executions.entries())
    if (life === 'running' && deploying.has(place) && state.lease !== index) return `${world.names[index]} deploys without the lease`;
  for (const [record, { landed, outcome, isTouched }] of state.records.entries()) {
    const name = world.names[record];
    if (landed > 1) return `${name} was rolled out twice`;
    if (outcome === 'SUPERSEDED') return `${name} is told to be superseded, though nobody took the service over`;
    if (['REFUSED', 'CANCELLED', 'ABORTED'].includes(outcome) && landed > 0)
      return `${name} is told to have changed nothing, though it did`;
    if (outcome === 'ABORTED' && isTouched) return `${name} is left alone, though it touched the service`;
    if (outcome === 'CANCELLED' && !state.records.some(({ cancels }) => cancels === record))
      return `${name} is told to be cancelled, though nobody asked for it`;
  }
  return isEnd ? (owedAtEnd(world, state) ?? lostAtEnd(world, state)) : undefined;
};

/** Nothing happens any more: has everybody ended and been told of, and is everything free again? */
const owedAtEnd = ({ names }: World, { executions, records, lease, next, cancel }: State): string | undefined => {
  for (const [index, { place }] of executions.entries())
    if (place !== 'over' && !(place === 'unborn' && index >= records.length)) return `${names[index]} waits for ever in ${place}`;
  for (const [record, { outcome, isTold }] of records.entries()) {
    if (outcome === 'open') return `the record of ${names[record]} stays open`;
    if (!isTold) return `nobody tells how ${names[record]} ended`;
  }
  if (lease !== none) return `the lease stays with ${names[lease]}`;
  if (next !== none) return `the place in line stays with ${names[next]}`;
  return cancel === none ? undefined : `the cancellation of ${names[cancel]} stays`;
};

/** Nothing happens any more: was everything kept that was learned, and had everybody who should have it a turn? */
const lostAtEnd = (world: World, { records, lastGood, current }: State): string | undefined => {
  const { names, starts } = world;
  if (current !== none && records[current]!.outcome === 'SUCCEEDED' && lastGood !== current)
    return `${names[current]} succeeded, and is not kept as last good`;
  for (const [record, { outcome, cancels }] of records.entries()) {
    if (!starts[record]!.isRollback) continue;
    const isBack = cancels !== none && records[cancels]!.outcome === 'ROLLED_BACK';
    if (outcome === 'SPARED' && (!isBack || current === cancels))
      return `the rollback ${names[record]} is lost: nobody took the service back`;
    // Of two people the later one goes first.
    const isPassed = starts.some((_, other) => world.ranks[other]!.isByHand && isHigher(world, other, record));
    if (outcome === 'OLDER' || (outcome === 'YIELDED' && !isPassed)) return `the rollback ${names[record]} is lost: it had no turn`;
  }
  const alive = [...records.keys()].filter((record) => records[record]!.outcome !== 'ABORTED');
  const highest = alive.find((one) => alive.every((other) => one === other || isHigher(world, one, other)));
  if (highest === undefined || !['YIELDED', 'OLDER'].includes(records[highest]!.outcome)) return undefined;
  // Only one who was aborted later can have kept it from its turn.
  const isExcused = [...records.keys()].some((other) => records[other]!.outcome === 'ABORTED' && isHigher(world, other, highest));
  return isExcused ? undefined : `${names[highest]} is the highest, and had no turn`;
};

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
    if ((outcome === 'REFUSED' || outcome === 'ABORTED') && landed > 0) return `${name} is told to have changed nothing, though it did`;
    if (outcome === 'ABORTED' && isTouched) return `${name} is left alone, though it touched the service`;
  }
  return isEnd ? wrongAtEnd(world, state) : undefined;
};

/** Nothing happens any more: has everybody ended, is the lease free, and had the highest its turn? */
const wrongAtEnd = (world: World, state: State): string | undefined => {
  const { executions, records, lease, leaseRecord, lastGood, current } = state;
  for (const [index, { place }] of executions.entries())
    if (place !== 'over' && !(place === 'unborn' && index >= records.length)) return `${world.names[index]} waits for ever in ${place}`;
  const open = records.findIndex(({ outcome }) => outcome === 'open');
  if (open !== -1) return `the record of ${world.names[open]} stays open`;
  // Whoever comes next takes it over, and keeps what was learned.
  const isLeft = lease !== none && records[leaseRecord]!.outcome !== 'open';
  if (lease !== none && (!isLeft || world.isStrict)) return `the lease stays with ${world.names[lease]}`;
  const last = current === none ? undefined : records[current];
  if (!isLeft && last?.outcome === 'SUCCEEDED' && lastGood !== current)
    return `${world.names[current]} succeeded, and is not kept as last good`;
  const alive = [...records.keys()].filter((record) => records[record]!.outcome !== 'ABORTED');
  const highest = alive.find((one) => alive.every((other) => one === other || isHigher(world, one, other)));
  if (highest === undefined || !['YIELDED', 'OLDER'].includes(records[highest]!.outcome)) return undefined;
  // Only one who was aborted later can have kept it from its turn.
  const isExcused = [...records.keys()].some((other) => records[other]!.outcome === 'ABORTED' && isHigher(world, other, highest));
  return isExcused ? undefined : `${world.names[highest]} is the highest, and had no turn`;
};

import { isHigher, type Setup } from './setup.js';
import { type Node, none, type State } from './state.js';

const deploying: ReadonlySet<Node> = new Set<Node>(['register', 'waitForService', 'update', 'waitForRollout', 'check', 'rollBack']);

/** The invariant that a state violates, or undefined. */
export const violationIn = (setup: Setup, state: State, isEnd: boolean): string | undefined => {
  for (const [index, { node, liveness }] of state.executions.entries())
    if (liveness === 'running' && deploying.has(node) && state.lease !== index) return `${setup.names[index]} deploys without the lease`;
  for (const [record, { rollouts, outcome, isUpdateRequested }] of state.records.entries()) {
    const name = setup.names[record];
    if (rollouts > 1) return `${name} was rolled out twice`;
    if (outcome === 'SUPERSEDED') return `${name} is reported SUPERSEDED, but its service was not replaced`;
    if (['REFUSED', 'CANCELLED', 'ABORTED'].includes(outcome) && rollouts > 0)
      return `${name} is reported as having changed nothing, but it updated its service`;
    if (outcome === 'ABORTED' && isUpdateRequested) return `${name} is abandoned after an update request`;
    if (outcome === 'CANCELLED' && !state.records.some(({ cancelTarget }) => cancelTarget === record))
      return `${name} is reported CANCELLED without a cancel request`;
  }
  return isEnd ? (unfinishedAtEnd(setup, state) ?? lostAtEnd(setup, state)) : undefined;
};

/** In a final state every execution has ended, every record is closed and reported, and lease and queue are free. */
const unfinishedAtEnd = ({ names }: Setup, { executions, records, lease, next, cancel }: State): string | undefined => {
  for (const [index, { node }] of executions.entries())
    if (node !== 'finished' && !(node === 'notStarted' && index >= records.length)) return `${names[index]} waits forever in ${node}`;
  for (const [record, { outcome, isNotified }] of records.entries()) {
    if (outcome === 'open') return `the record of ${names[record]} stays open`;
    if (!isNotified) return `the result of ${names[record]} is never reported`;
  }
  if (lease !== none) return `the lease stays with ${names[lease]}`;
  if (next !== none) return `the queue stays with ${names[next]}`;
  return cancel === none ? undefined : `the cancel request of ${names[cancel]} stays`;
};

/** In a final state the last good record is saved, and every execution that should deploy had its turn. */
const lostAtEnd = (setup: Setup, { records, lastGood, current }: State): string | undefined => {
  const { names, starts } = setup;
  if (current !== none && records[current]!.outcome === 'SUCCEEDED' && lastGood !== current)
    return `${names[current]} succeeded and is not saved as last good`;
  for (const [record, { outcome, cancelTarget }] of records.entries()) {
    if (!starts[record]!.isRollback) continue;
    const isBack = cancelTarget !== none && records[cancelTarget]!.outcome === 'ROLLED_BACK';
    if (outcome === 'ROLLBACK_DELEGATED' && (!isBack || current === cancelTarget))
      return `the rollback ${names[record]} is lost: the service was not rolled back`;
    // The later of two operators' starts has priority.
    const isPassed = starts.some((_, other) => setup.ranks[other]!.isByHand && isHigher(setup, other, record));
    if (outcome === 'OLDER_PUSH' || (outcome === 'QUEUE_SUPERSEDED' && !isPassed))
      return `the rollback ${names[record]} is lost: it had no turn`;
  }
  const alive = [...records.keys()].filter((record) => records[record]!.outcome !== 'ABORTED');
  const highest = alive.find((one) => alive.every((other) => one === other || isHigher(setup, one, other)));
  if (highest === undefined || !['QUEUE_SUPERSEDED', 'OLDER_PUSH'].includes(records[highest]!.outcome)) return undefined;
  // Only an execution that was aborted later can have kept it from its turn.
  const isExcused = [...records.keys()].some((other) => records[other]!.outcome === 'ABORTED' && isHigher(setup, other, highest));
  return isExcused ? undefined : `${names[highest]} has the highest priority and had no turn`;
};

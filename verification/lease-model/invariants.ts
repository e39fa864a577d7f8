import { isHigher, type Setup, sourceOf, sources } from './setup.js';
import { type Node, none, type Place, type State } from './state.js';

const deploying: ReadonlySet<Node> = new Set<Node>(['register', 'update', 'watch', 'rollBack']);

/** The invariant that a state violates, or undefined. */
export const violationIn = (setup: Setup, state: State, isEnd: boolean): string | undefined => {
  for (const [index, { node, liveness }] of state.executions.entries())
    if (liveness === 'running' && deploying.has(node) && state.item.lease !== index)
      return `${setup.names[index]} deploys without the lease`;
  const unwakeable = unwakeableWait(setup, state);
  if (unwakeable !== undefined) return unwakeable;
  for (const [record, { rollouts, outcome, isUpdateRequested, isAsked, cancelTarget }] of state.records.entries()) {
    const name = setup.names[record];
    if (setup.starts[record]!.isNamed && cancelTarget !== none && sourceOf(setup, cancelTarget) !== sourceOf(setup, record))
      return `${name} rolls back ${setup.names[cancelTarget]}, which is of another source`;
    if (rollouts > 1) return `${name} was rolled out twice`;
    if (outcome === 'SUPERSEDED') return `${name} is reported SUPERSEDED, but its service was not replaced`;
    if (['REFUSED', 'CANCELLED', 'ABORTED'].includes(outcome) && rollouts > 0)
      return `${name} is reported as having changed nothing, but it updated its service`;
    if (outcome === 'ABORTED' && isUpdateRequested) return `${name} is abandoned after an update request`;
    if (outcome === 'CANCELLED' && !isAsked) return `${name} is reported CANCELLED without a cancel request`;
  }
  return isEnd ? (unfinishedAtEnd(setup, state) ?? lostAtEnd(setup, state)) : undefined;
};

/** No wait but a short one needs its time-out, unless an answer was lost: its token is stored where it will be found, or is about to be answered. */
const unwakeableWait = ({ names }: Setup, { executions, records, item, watch, budget }: State): string | undefined => {
  if (budget.isLost) return undefined;
  const has = (places: readonly Place[] = [], index: number): boolean => places.some(({ token }) => token === index);
  for (const [index, { node, isTimed, liveness, lambda }] of executions.entries()) {
    if (lambda || isTimed || liveness !== 'running') continue;
    const isAnswered = (): boolean =>
      executions.some((one) => has(one.lambda?.wakes, index) || has(one.late?.wakes, index)) ||
      records.some(({ sweep }) => has(sweep.wakes, index));
    if (node === 'acquire' && !has(item.queue, index) && !isAnswered()) return `${names[index]} waits in no place of the queue`;
    if ((node === 'register' || node === 'watch') && watch?.token !== index) return `${names[index]} waits with a token that is not stored`;
  }
  return undefined;
};

/** In a final state every execution has ended, every record is closed and reported, and lease and queue are free. */
const unfinishedAtEnd = (
  { names, faults, aborts }: Setup,
  { executions, records, watch, budget, item: { lease, queue, cancel } }: State,
): string | undefined => {
  for (const [index, { node }] of executions.entries())
    if (node !== 'finished' && !(node === 'notStarted' && index >= records.length)) return `${names[index]} waits forever in ${node}`;
  for (const [record, { outcome, isNotified }] of records.entries()) {
    if (outcome === 'open') return `the record of ${names[record]} stays open`;
    if (!isNotified) return `the result of ${names[record]} is never reported`;
  }
  if (lease !== none) return `the lease stays with ${names[lease]}`;
  if (queue.length > 0) return `the queue stays with ${queue.map(({ execution }) => names[execution]).join(', ')}`;
  // A late AcquireLease may open the item of a record that is closed by then. The next holder replaces it.
  if (watch && budget.faults === faults && budget.aborts === aborts) return `the watch item of ${names[watch.record]} stays`;
  return cancel === none ? undefined : `the cancel request of ${names[cancel]} stays`;
};

/** In a final state what each source deployed last is saved and runs, and every execution that should deploy had its turn. */
const lostAtEnd = (setup: Setup, state: State): string | undefined => {
  const { names, starts } = setup;
  const {
    records,
    item: { lastDeployed },
    service: { current },
  } = state;
  for (const source of sources.keys()) {
    const runs = imageOf(setup, state, source);
    if (runs !== none && records[runs]!.outcome === 'SUCCEEDED' && lastDeployed[source] !== runs)
      return `${names[runs]} succeeded and is not saved as deployed last`;
    const last = lastDeployed[source]!;
    if (last !== none && last !== runs) return `${names[last]} was deployed last from its source, and does not run`;
  }
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
  for (const source of sources.keys()) {
    const lost = newestWithoutTurn(setup, state, source);
    if (lost !== undefined) return lost;
  }
  return undefined;
};

/** The record whose image the service runs of a source: each revision is a copy of the one before, with another image of its own source. */
export const imageOf = (setup: Setup, { records, service }: State, source: number): number => {
  let record = service.current;
  while (record !== none && sourceOf(setup, record) !== source) record = records[record]!.deployedOver;
  return record;
};

/** The violation if the newest push of a source was skipped. An operator's later start may outdate it, and an aborted execution may have. */
const newestWithoutTurn = (setup: Setup, { records }: State, source: number): string | undefined => {
  const ofSource = [...records.keys()].filter((record) => sourceOf(setup, record) === source);
  const alive = ofSource.filter((record) => records[record]!.outcome !== 'ABORTED');
  const newest = alive.find((one) => alive.every((other) => one === other || isNewerStart(setup, one, other)));
  if (newest === undefined || !['QUEUE_SUPERSEDED', 'OLDER_PUSH'].includes(records[newest]!.outcome)) return undefined;
  // Only an execution that was aborted later can have kept it from its turn.
  const isExcused = ofSource.some((other) => records[other]!.outcome === 'ABORTED' && isNewerStart(setup, other, newest));
  return isExcused ? undefined : `${setup.names[newest]} is the newest of its source and had no turn`;
};

const isNewerStart = ({ ranks }: Setup, one: number, other: number): boolean => ranks[one]!.pushedAt > ranks[other]!.pushedAt;

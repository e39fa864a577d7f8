import { decideLease, type LeaseAction, type Liveness, leaseSkipReason } from '../../core/lease/lease.js';
import { operatorPlace, placeOf } from '../../core/lease/priority.js';
import { isHigher, placeOfRecord, pushedAtOf, type Setup, sourceOf, sources, timeOf } from './setup.js';
import { type Lambda, none, type State } from './state.js';
import { leaseReleased, withoutQueued, withRecord } from './state-updates.js';
import type { Actor, Transition } from './transition.js';

/** Liveness of the holder or of a queued execution: the answer of DescribeExecution, then its record. */
const livenessOf = ({ setup, state, lambda }: Actor, other: number): Liveness => {
  const { liveness, record } = state.executions[other]!;
  const { isUpdateRequested, outcome } = state.records[record]!;
  if (liveness === 'running') return outcome === 'open' || setup.mutations.has('yields to a closed record') ? 'running' : 'draining';
  if (liveness !== 'ended' || other !== lambda.lease) return liveness;
  return isUpdateRequested && outcome === 'open' && !setup.mutations.has('takes over after an update request') ? 'abandoned' : 'ended';
};

/** The next read: the holder's liveness, then each queued execution's; only of other executions. */
const afterReading = ({ lease, queue, others }: Lambda, me: number, from: 1 | 2): number => {
  if (from === 1 && lease !== none && lease !== me) return 1;
  return othersIn(queue, me).length > others.length ? 2 : 3;
};

const othersIn = (queue: readonly number[], me: number): readonly number[] => queue.filter((one) => one !== me);

/** AcquireLease: reads the item and its own record, describes the other executions, and takes the action that core/lease.ts decides. */
export const acquire = (actor: Actor): readonly Transition[] => {
  const { setup, state, me, record, lambda } = actor;
  if (lambda.at === 0) {
    if (state.records[record]!.outcome !== 'open') return [{ label: 'its record is closed', state, answer: { node: 'close' } }];
    const isCancelled = state.cancel !== none && state.cancel === state.leaseRecord;
    const seen = { ...lambda, lease: state.lease, queue: state.queue, fencingToken: state.fencingToken, isCancelled };
    return [
      {
        label: `reads: ${readLabel(setup, 'lease', state.lease)}, ${queueLabel(setup, state.queue)}`,
        state,
        lambda: { ...seen, at: afterReading(seen, me, 1) },
      },
    ];
  }
  if (lambda.at === 1) {
    const holder = livenessOf(actor, lambda.lease);
    return [{ label: `${setup.names[lambda.lease]} is ${holder}`, state, lambda: { ...lambda, holder, at: afterReading(lambda, me, 2) } }];
  }
  if (lambda.at === 2) {
    const asked = othersIn(lambda.queue, me)[lambda.others.length]!;
    const liveness = livenessOf(actor, asked);
    const next = { ...lambda, others: [...lambda.others, liveness] };
    return [{ label: `${setup.names[asked]} is ${liveness}`, state, lambda: { ...next, at: afterReading(next, me, 2) } }];
  }
  if (setup.starts[record]!.isRollback) {
    const path = requestRollback(actor);
    if (path) return path;
  }
  return [decided(actor, leaseDecision(actor))];
};

const decided = (actor: Actor, decision: LeaseAction): Transition => {
  const { setup, state, me, record, lambda } = actor;
  if (decision.action === 'superseded') return superseded(actor, setup.names.indexOf(decision.to));
  if (decision.action === 'refused')
    return { label: `is refused: ${decision.by.execution} waits`, state, answer: { node: 'close', result: 'REFUSED' } };
  if (decision.action === 'wait') return { label: 'waits', state, answer: { node: 'queue' } };
  if (lambda.lease === me && !setup.mutations.has('acquires its own lease again')) return mayDeploy(actor, state, 'has the lease');
  const instead = decision.replaceQueued === undefined ? none : setup.names.indexOf(decision.replaceQueued);
  const inPlace = queuedInPlaceOf(setup, state, record);
  const isPlaceFree = inPlace === none || inPlace === me || inPlace === instead;
  const isAsSeen = setup.mutations.has('acquires without the fencing token') || state.fencingToken === lambda.fencingToken;
  if (decision.action === 'queue') {
    if (!isPlaceFree || !isAsSeen) return { label: 'finds its place taken', state, answer: { node: 'queue' } };
    // A deployment that replaces another one keeps the turn of the place.
    const queue = inPlace === none ? [...state.queue, me] : state.queue.with(state.queue.indexOf(inPlace), me);
    return { label: 'enters the queue', state: { ...state, queue }, answer: { node: 'queue' } };
  }
  const over = decision.takeOverFrom === undefined ? none : setup.names.indexOf(decision.takeOverFrom);
  const theirs = over === none ? undefined : state.executions[over]!.record;
  if (
    lambda.at === 3 &&
    theirs !== undefined &&
    state.records[theirs]!.outcome !== 'open' &&
    !setup.mutations.has('drops the result of an ended holder')
  )
    return {
      label: `releases the lease for ${setup.names[over]}`,
      state: state.lease === over ? leaseReleased(setup, state, theirs) : state,
      lambda: { ...lambda, at: 4 },
    };
  const isFree = state.lease === none || state.lease === me || state.lease === over;
  if (!isFree || !isPlaceFree || !isAsSeen) return { label: 'comes too late for the lease', state, answer: { node: 'queue' } };
  const cancel = setup.mutations.has('runs every cancel request') ? state.cancel : none;
  const left = inPlace === none ? state : withoutQueued(state, inPlace);
  const taken = { ...left, lease: me, leaseRecord: record, cancel, fencingToken: state.fencingToken + 1 };
  const label = over === none ? 'takes the lease' : `takes the lease over from ${setup.names[over]}`;
  return { ...mayDeploy(actor, taken, label), violation: outOfTurn(actor) };
};

/** The queued execution that has the place of this record's deployment. */
const queuedInPlaceOf = (setup: Setup, { queue, executions }: State, record: number): number =>
  queue.find((one) => placeOfRecord(setup, executions[one]!.record) === placeOfRecord(setup, record)) ?? none;

/** The violation if a place that was seen to wait has its turn first: the operators', or one that was taken before. */
const outOfTurn = ({ setup, state, record, lambda: { queue } }: Actor): string | undefined => {
  const { executions } = state;
  const placeAt = (one: number): string => placeOfRecord(setup, executions[one]!.record);
  const mine = placeOfRecord(setup, record);
  const before = queue.findIndex((one) => placeAt(one) === mine);
  const first = queue.find((one, index) => {
    const isFirst = placeAt(one) === operatorPlace || (mine !== operatorPlace && (before === -1 || index < before));
    return placeAt(one) !== mine && isFirst && state.queue.includes(one) && executions[one]!.liveness === 'running';
  });
  const isStillWaiting = first !== undefined && state.records[executions[first]!.record]!.outcome === 'open';
  return isStillWaiting ? `${setup.names[record]} takes the lease before ${setup.names[first]}, whose turn is first` : undefined;
};

const mayDeploy = ({ setup, record }: Actor, state: State, label: string): Transition => {
  const refusal = leaseSkipReasonTaken(setup, state.lastDeployed, record);
  if (refusal !== undefined) return { label: `${label}: ${refusal}`, state, answer: { node: 'close', result: 'OLDER_PUSH' } };
  return { label, state, answer: { node: 'register' } };
};

/** An operator's rollback asks the holder to roll back and waits for its result. Undefined: it rolls back by itself. */
const requestRollback = ({ setup, state, record, lambda }: Actor): readonly Transition[] | undefined => {
  const { cancelTarget } = state.records[record]!;
  const { lease, holder } = lambda;
  const answer = { node: 'queue' } as const;
  if (lambda.at === 4) return undefined;
  if (lambda.at === 3 && cancelTarget !== none) {
    const { outcome } = state.records[cancelTarget]!;
    if (outcome === 'ROLLED_BACK')
      return [{ label: `${setup.names[cancelTarget]} ended ${outcome}`, state, answer: { node: 'close', result: 'ROLLBACK_DELEGATED' } }];
  }
  if (lease === none || holder !== 'running') return undefined;
  const isOfOther = setup.starts[record]!.isNamed && isOfOtherSource(setup, record, state.executions[lease]!.record);
  if (isOfOther && !setup.mutations.has('cancels another source')) return undefined;
  const theirs = state.executions[lease]!.record;
  const name = setup.names[theirs]!;
  if (lambda.at === 3 && cancelTarget !== theirs) {
    if (setup.starts[theirs]!.isRollback)
      return [{ label: `${name} is a rollback as well`, state, answer: { node: 'close', result: 'DUPLICATE_ROLLBACK' } }];
    const noted = withRecord(state, record, { cancelTarget: theirs });
    return [{ label: `saves that it cancels ${name}`, state: noted, lambda: { ...lambda, at: 5 } }];
  }
  if (lambda.isCancelled) return [{ label: `waits for ${name}`, state, answer }];
  if (state.lease !== lease) return [{ label: `comes too late to cancel ${name}`, state, answer }];
  const asked = setup.mutations.has('closes after requesting the rollback')
    ? ({ node: 'close', result: 'ROLLBACK_DELEGATED' } as const)
    : answer;
  return [
    { label: `asks ${name} to roll back`, state: { ...withRecord(state, theirs, { isAsked: true }), cancel: theirs }, answer: asked },
  ];
};

/** An operation without an image may concern every source. */
const isOfOtherSource = (setup: Setup, record: number, holder: number): boolean =>
  !setup.starts[holder]!.isRollback && sourceOf(setup, holder) !== sourceOf(setup, record);

const queueLabel = ({ names }: Setup, queue: readonly number[]): string =>
  queue.length === 0 ? 'no queued execution' : `queued ${queue.map((one) => names[one]).join(', ')}`;

const readLabel = ({ names }: Setup, what: string, who: number): string => (who === none ? `no ${what}` : `${what} ${names[who]}`);

const superseded = ({ setup, state, me, record }: Actor, to: number): Transition => {
  const theirs = state.executions[to]!.record;
  const closedBefore = state.executions[me]!.closedBefore & (1 << theirs);
  const violation =
    closedBefore !== 0
      ? `${setup.names[me]} yields to ${setup.names[to]}, whose record was closed before ${setup.names[me]} started`
      : isHigher(setup, theirs, record)
        ? undefined
        : `${setup.names[me]} yields to ${setup.names[to]}, which has no priority`;
  return { label: `yields to ${setup.names[to]}`, state, answer: { node: 'close', result: 'QUEUE_SUPERSEDED' }, violation };
};

const decisions = new WeakMap<Setup, Map<string, LeaseAction>>();

/** The decision of core/lease.ts, computed once for each distinct observation. */
const leaseDecision = ({ setup, state, me, record, lambda }: Actor): LeaseAction => {
  const { lease, holder, others } = lambda;
  const queue = setup.mutations.has('takes a free lease out of turn')
    ? lambda.queue.filter((one) => placeOfRecord(setup, state.executions[one]!.record) === placeOfRecord(setup, record))
    : lambda.queue;
  const leaseRecord = lease === none ? none : state.executions[lease]!.record;
  const key = [me, lease, leaseRecord, holder, ...lambda.queue, 'of', ...others].join();
  const known = decisions.get(setup) ?? new Map<string, LeaseAction>();
  decisions.set(setup, known);
  const before = known.get(key);
  if (before) return before;
  const named = (one: number): string => setup.names[one]!;
  const asked = othersIn(lambda.queue, me);
  const entries = queue.map((one, index) => {
    const priority = setup.ranks[state.executions[one]!.record]!;
    return [placeOf(priority), { execution: named(one), record: '', since: timeOf(index), priority }] as const;
  });
  const decision = decideLease(
    {
      ...(lease !== none && {
        lease: {
          execution: named(lease),
          record: `record ${leaseRecord}`,
          since: '',
          priority: { ...setup.ranks[leaseRecord]!, execution: named(lease) },
        },
      }),
      queued: Object.fromEntries(entries),
    },
    { execution: named(me), priority: setup.ranks[record]! },
    (one) => (one === named(lease) ? holder : others[asked.indexOf(setup.names.indexOf(one))]!),
  );
  known.set(key, decision);
  return decision;
};

const refusals = new WeakMap<Setup, Map<number, string | undefined>>();

const leaseSkipReasonTaken = (setup: Setup, lastDeployed: readonly number[], record: number): string | undefined => {
  const source = sourceOf(setup, record);
  const isBlind = setup.mutations.has('compares ages of different sources');
  const last = isBlind ? Math.max(...lastDeployed) : lastDeployed[source]!;
  if (last === none) return undefined;
  const known = refusals.get(setup) ?? new Map<number, string | undefined>();
  refusals.set(setup, known);
  const key = last * 16 + record;
  if (known.has(key)) return known.get(key);
  const repository = sources[source]!;
  const refusal = leaseSkipReason(
    { sources: { [repository]: { lastDeployed: { digest: `sha256:${last}`, pushedAt: pushedAtOf(setup, last) } } } },
    {
      isByHand: setup.ranks[record]!.isByHand,
      isForced: false,
      repository,
      digest: `sha256:${record}`,
      pushedAt: pushedAtOf(setup, record),
    },
  )?.reason;
  known.set(key, refusal);
  return refusal;
};

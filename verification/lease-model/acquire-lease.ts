import { decideLease, type LeaseAction, type Liveness, leaseSkipReason } from '../../core/lease/lease.js';
import { placeOf } from '../../core/lease/priority.js';
import { isHigher, pushedAtOf, type Setup } from './setup.js';
import { type Lambda, none, type State } from './state.js';
import { leaseReleased, withRecord } from './state-updates.js';
import type { Actor, Transition } from './transition.js';

/** Liveness of the holder or the queued execution: the answer of DescribeExecution, then its record. */
const livenessOf = ({ setup, state, lambda }: Actor, other: number): Liveness => {
  const { liveness, record } = state.executions[other]!;
  const { isUpdateRequested, outcome } = state.records[record]!;
  if (liveness === 'running') return outcome === 'open' || setup.mutations.has('yields to a closed record') ? 'running' : 'draining';
  if (liveness !== 'ended' || other !== lambda.lease) return liveness;
  return isUpdateRequested && outcome === 'open' && !setup.mutations.has('takes over after an update request') ? 'abandoned' : 'ended';
};

/** The next read: the holder's liveness, then the queued execution's; each only if it exists and is another execution. */
const afterReading = ({ lease, next }: Lambda, me: number, from: 1 | 2): number => {
  if (from === 1 && lease !== none && lease !== me) return 1;
  return next !== none && next !== me ? 2 : 3;
};

/** AcquireLease: reads the item and its own record, describes the other executions, and takes the action that core/lease.ts decides. */
export const acquire = (actor: Actor): readonly Transition[] => {
  const { setup, state, me, record, lambda } = actor;
  if (lambda.at === 0) {
    if (state.records[record]!.outcome !== 'open') return [{ label: 'its record is closed', state, answer: { node: 'close' } }];
    const isCancelled = state.cancel !== none && state.cancel === state.leaseRecord;
    const seen = { ...lambda, lease: state.lease, next: state.next, fencingToken: state.fencingToken, isCancelled };
    return [
      {
        label: `reads: ${readLabel(setup, 'lease', state.lease)}, ${readLabel(setup, 'queued execution', state.next)}`,
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
    const other = livenessOf(actor, lambda.next);
    return [{ label: `${setup.names[lambda.next]} is ${other}`, state, lambda: { ...lambda, other, at: 3 } }];
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
  if (decision.action === 'wait') return { label: 'waits', state, answer: { node: 'queue' } };
  if (lambda.lease === me && !setup.mutations.has('acquires its own lease again')) return mayDeploy(actor, state, 'has the lease');
  const instead = decision.replaceQueued === undefined ? none : setup.names.indexOf(decision.replaceQueued);
  const isPlaceFree = state.next === none || state.next === me || state.next === instead;
  const isAsSeen = setup.mutations.has('acquires without the fencing token') || state.fencingToken === lambda.fencingToken;
  if (decision.action === 'queue') {
    if (!isPlaceFree || !isAsSeen) return { label: 'finds the queue taken', state, answer: { node: 'queue' } };
    return { label: 'enters the queue', state: { ...state, next: me }, answer: { node: 'queue' } };
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
      state: state.lease === over ? leaseReleased(state, theirs) : state,
      lambda: { ...lambda, at: 4 },
    };
  const isFree = state.lease === none || state.lease === me || state.lease === over;
  if (!isFree || !isPlaceFree || !isAsSeen) return { label: 'comes too late for the lease', state, answer: { node: 'queue' } };
  const cancel = setup.mutations.has('runs every cancel request') ? state.cancel : none;
  const taken = { ...state, lease: me, leaseRecord: record, next: none, cancel, fencingToken: state.fencingToken + 1 };
  return mayDeploy(actor, taken, over === none ? 'takes the lease' : `takes the lease over from ${setup.names[over]}`);
};

const mayDeploy = ({ setup, record }: Actor, state: State, label: string): Transition => {
  const refusal = leaseSkipReasonTaken(setup, state.lastGood, record);
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
  return [{ label: `asks ${name} to roll back`, state: { ...state, cancel: theirs }, answer: asked }];
};

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
  const { lease, next, holder, other } = lambda;
  const leaseRecord = lease === none ? none : state.executions[lease]!.record;
  const key = [me, lease, leaseRecord, next, holder, other].join();
  const known = decisions.get(setup) ?? new Map<string, LeaseAction>();
  decisions.set(setup, known);
  const before = known.get(key);
  if (before) return before;
  const named = (one: number): string => setup.names[one]!;
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
      ...(next !== none && {
        queued: {
          [placeOf(setup.ranks[next]!)]: { execution: named(next), record: '', since: '2030-01-01', priority: setup.ranks[next]! },
        },
      }),
    },
    { execution: named(me), priority: setup.ranks[record]! },
    (asked) => (asked === named(lease) ? holder : other),
  );
  known.set(key, decision);
  return decision;
};

const refusals = new WeakMap<Setup, Map<number, string | undefined>>();

const leaseSkipReasonTaken = (setup: Setup, lastGood: number, record: number): string | undefined => {
  if (lastGood === none) return undefined;
  const known = refusals.get(setup) ?? new Map<number, string | undefined>();
  refusals.set(setup, known);
  const key = lastGood * 16 + record;
  if (known.has(key)) return known.get(key);
  const refusal = leaseSkipReason(
    { sources: { app: { lastDeployed: { digest: `sha256:${lastGood}`, pushedAt: pushedAtOf(setup, lastGood) } } } },
    {
      isByHand: setup.ranks[record]!.isByHand,
      isForced: false,
      repository: 'app',
      digest: `sha256:${record}`,
      pushedAt: pushedAtOf(setup, record),
    },
  )?.reason;
  known.set(key, refusal);
  return refusal;
};

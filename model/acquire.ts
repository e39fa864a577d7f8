import { type Life, leaseSkipReason, type Move, moveOf } from '../core/lease.js';
import { settled, withRecord } from './change.js';
import type { Actor, Deed } from './deed.js';
import { type Lambda, none, type State } from './state.js';
import { isHigher, pushedAtOf, type World } from './world.js';

/** What DescribeExecution answers for the holder or for the one in line, and what its record says then. */
const lifeOf = ({ world, state, lambda }: Actor, other: number): Life => {
  const { life, record } = state.executions[other]!;
  const { isTouched, outcome } = state.records[record]!;
  if (life === 'running') return outcome === 'open' || world.mistakes.has('yields to the closed') ? 'running' : 'ended';
  if (life !== 'dead' || other !== lambda.lease) return life;
  return isTouched && outcome === 'open' && !world.mistakes.has('takes over the touched') ? 'orphaned' : 'dead';
};

/** Asks for the holder, then for who is in line, unless there is none, or it is oneself. */
const afterReading = ({ lease, next }: Lambda, me: number, from: 1 | 2): number => {
  if (from === 1 && lease !== none && lease !== me) return 1;
  return next !== none && next !== me ? 2 : 3;
};

/** AcquireLease: reads the item and its own record, asks for the others, and makes the move that core/lease.ts decides. */
export const acquire = (actor: Actor): readonly Deed[] => {
  const { world, state, me, record, lambda } = actor;
  if (lambda.at === 0) {
    if (state.records[record]!.outcome !== 'open') return [{ label: 'its record is closed', state, answer: { place: 'close' } }];
    const isCancelled = state.cancel !== none && state.cancel === state.leaseRecord;
    const seen = { ...lambda, lease: state.lease, next: state.next, fence: state.fence, isCancelled };
    return [
      {
        label: `reads: ${told(world, 'lease', state.lease)}, ${told(world, 'next', state.next)}`,
        state,
        lambda: { ...seen, at: afterReading(seen, me, 1) },
      },
    ];
  }
  if (lambda.at === 1) {
    const holder = lifeOf(actor, lambda.lease);
    return [{ label: `${world.names[lambda.lease]} is ${holder}`, state, lambda: { ...lambda, holder, at: afterReading(lambda, me, 2) } }];
  }
  if (lambda.at === 2) {
    const other = lifeOf(actor, lambda.next);
    return [{ label: `${world.names[lambda.next]} is ${other}`, state, lambda: { ...lambda, other, at: 3 } }];
  }
  if (world.starts[record]!.isRollback) {
    const way = takeBackBy(actor);
    if (way) return way;
  }
  return [moving(actor, moveOfSeen(actor))];
};

const moving = (actor: Actor, move: Move): Deed => {
  const { world, state, me, record, lambda } = actor;
  if (move.move === 'yield') return yielding(actor, world.names.indexOf(move.to));
  if (move.move === 'wait') return { label: 'waits', state, answer: { place: 'line' } };
  if (lambda.lease === me && !world.mistakes.has('takes its own again')) return mayDeploy(actor, state, 'has the lease');
  const instead = move.instead === undefined ? none : world.names.indexOf(move.instead);
  const isPlaceFree = state.next === none || state.next === me || state.next === instead;
  const isAsSeen = world.mistakes.has('forgets the fence') || state.fence === lambda.fence;
  if (move.move === 'queue') {
    if (!isPlaceFree || !isAsSeen) return { label: 'finds the place in line taken', state, answer: { place: 'line' } };
    return { label: 'takes the place in line', state: { ...state, next: me }, answer: { place: 'line' } };
  }
  const over = move.over === undefined ? none : world.names.indexOf(move.over);
  const theirs = over === none ? undefined : state.executions[over]!.record;
  if (lambda.at === 3 && theirs !== undefined && state.records[theirs]!.outcome !== 'open' && !world.mistakes.has('forgets the dead'))
    return {
      label: `gives the lease back for ${world.names[over]}`,
      state: state.lease === over ? settled(state, theirs) : state,
      lambda: { ...lambda, at: 4 },
    };
  const isFree = state.lease === none || state.lease === me || state.lease === over;
  if (!isFree || !isPlaceFree || !isAsSeen) return { label: 'comes too late for the lease', state, answer: { place: 'line' } };
  const cancel = world.mistakes.has('obeys any cancel') ? state.cancel : none;
  const taken = { ...state, lease: me, leaseRecord: record, next: none, cancel, fence: state.fence + 1 };
  return mayDeploy(actor, taken, over === none ? 'takes the lease' : `takes the lease over from ${world.names[over]}`);
};

const mayDeploy = ({ world, record }: Actor, state: State, label: string): Deed => {
  const refusal = leaseSkipReasonTaken(world, state.lastGood, record);
  if (refusal !== undefined) return { label: `${label}: ${refusal}`, state, answer: { place: 'close', ending: 'OLDER' } };
  return { label, state, answer: { place: 'register' } };
};

/** A person's rollback asks the holder to take the service back, and waits for how that ends. Undefined where it goes back itself. */
const takeBackBy = ({ world, state, record, lambda }: Actor): readonly Deed[] | undefined => {
  const { cancels } = state.records[record]!;
  const { lease, holder } = lambda;
  const answer = { place: 'line' } as const;
  if (lambda.at === 4) return undefined;
  if (lambda.at === 3 && cancels !== none) {
    const { outcome } = state.records[cancels]!;
    if (outcome === 'ROLLED_BACK')
      return [{ label: `${world.names[cancels]} has ended ${outcome}`, state, answer: { place: 'close', ending: 'SPARED' } }];
  }
  if (lease === none || holder !== 'running') return undefined;
  const theirs = state.executions[lease]!.record;
  const name = world.names[theirs]!;
  if (lambda.at === 3 && cancels !== theirs) {
    if (world.starts[theirs]!.isRollback)
      return [{ label: `${name} is a rollback, too`, state, answer: { place: 'close', ending: 'DOUBLED' } }];
    const noted = withRecord(state, record, { cancels: theirs });
    return [{ label: `notes that it cancels ${name}`, state: noted, lambda: { ...lambda, at: 5 } }];
  }
  if (lambda.isCancelled) return [{ label: `waits for ${name}`, state, answer }];
  if (state.lease !== lease) return [{ label: `comes too late to cancel ${name}`, state, answer }];
  const asked = world.mistakes.has('ends when it has asked') ? ({ place: 'close', ending: 'SPARED' } as const) : answer;
  return [{ label: `asks ${name} to take the service back`, state: { ...state, cancel: theirs }, answer: asked }];
};

const told = ({ names }: World, what: string, who: number): string => (who === none ? `no ${what}` : `${what} ${names[who]}`);

const yielding = ({ world, state, me, record }: Actor, to: number): Deed => {
  const theirs = state.executions[to]!.record;
  const past = state.executions[me]!.past & (1 << theirs);
  const wrong =
    past !== 0
      ? `${world.names[me]} yields to ${world.names[to]}, which had had its turn before ${world.names[me]} came`
      : isHigher(world, theirs, record)
        ? undefined
        : `${world.names[me]} yields to ${world.names[to]}, which is not higher`;
  return { label: `yields to ${world.names[to]}`, state, answer: { place: 'close', ending: 'YIELDED' }, wrong };
};

const moves = new WeakMap<World, Map<string, Move>>();

/** The protocol's own decision, asked once for each thing that can be seen. */
const moveOfSeen = ({ world, state, me, record, lambda }: Actor): Move => {
  const { lease, next, holder, other } = lambda;
  const leaseRecord = lease === none ? none : state.executions[lease]!.record;
  const key = [me, lease, leaseRecord, next, holder, other].join();
  const known = moves.get(world) ?? new Map<string, Move>();
  moves.set(world, known);
  const before = known.get(key);
  if (before) return before;
  const named = (one: number): string => world.names[one]!;
  const move = moveOf(
    {
      ...(lease !== none && {
        lease: {
          execution: named(lease),
          record: `record ${leaseRecord}`,
          since: '',
          rank: { ...world.ranks[leaseRecord]!, execution: named(lease) },
        },
      }),
      ...(next !== none && { next: { execution: named(next), rank: world.ranks[next]! } }),
    },
    { execution: named(me), rank: world.ranks[record]! },
    (asked) => (asked === named(lease) ? holder : other),
  );
  known.set(key, move);
  return move;
};

const refusals = new WeakMap<World, Map<number, string | undefined>>();

const leaseSkipReasonTaken = (world: World, lastGood: number, record: number): string | undefined => {
  if (lastGood === none) return undefined;
  const known = refusals.get(world) ?? new Map<number, string | undefined>();
  refusals.set(world, known);
  const key = lastGood * 16 + record;
  if (known.has(key)) return known.get(key);
  const refusal = leaseSkipReason(
    { lastGood: { revision: '', digest: `sha256:${lastGood}`, pushedAt: pushedAtOf(world, lastGood), at: '' } },
    undefined,
    {
      isByHand: world.ranks[record]!.isByHand,
      isForced: false,
      digest: `sha256:${record}`,
      pushedAt: pushedAtOf(world, record),
    },
  )?.reason;
  known.set(key, refusal);
  return refusal;
};

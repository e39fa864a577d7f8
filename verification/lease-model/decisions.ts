import { decideLease, type LeaseAction, leaseSkipReason } from '../../core/lease/lease.js';
import { placeOf } from '../../core/lease/priority.js';
import { placeOfRecord, pushedAtOf, type Setup, sourceOf, sources, timeOf } from './setup.js';
import { none } from './state.js';
import { othersIn } from './state-updates.js';
import type { Actor } from './transition.js';

const decisions = new WeakMap<Setup, Map<string, LeaseAction>>();

/** The decision of core/lease.ts, computed once for each distinct observation. */
export const leaseDecision = ({ setup, state, me, record, lambda }: Actor): LeaseAction => {
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

const refusals = new WeakMap<Setup, Map<number, boolean>>();

/** Was a later push of its source deployed before it? */
export const isOlderPush = (setup: Setup, lastDeployed: readonly number[], record: number): boolean => {
  const source = sourceOf(setup, record);
  const isBlind = setup.mutations.has('compares ages of different sources');
  const last = isBlind ? Math.max(...lastDeployed) : lastDeployed[source]!;
  if (last === none) return false;
  const known = refusals.get(setup) ?? new Map<number, boolean>();
  refusals.set(setup, known);
  const key = last * 16 + record;
  const before = known.get(key);
  if (before !== undefined) return before;
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
  );
  known.set(key, refusal !== undefined);
  return refusal !== undefined;
};

import { outranks, type Rank } from '../core/rank.js';

/** Mistakes that the protocol could have, each of which the search has to find. */
export type Mistake =
  /** A waiter takes a dead holder's lease over though that has touched the service and not said how it ended. */
  | 'takes over the touched'
  /** Who takes over from a holder that died between its record and its lease does not keep what that had learned. */
  | 'forgets the dead'
  /** A closed record is off the index of open ones at once, though its lease and its message are owed. */
  | 'rests at once'
  /** The sweep does not wait until the last Lambda is over. */
  | 'sweeps at once'
  /** An adopter takes the lease over from its record's execution, without asking whether that is dead. */
  | 'adopts from the living'
  /** An adopter takes the lease over from its record's execution, dead as that is, and not from the one that has it. */
  | 'adopts by its record'
  /** An adopter that comes too late closes the record. */
  | 'closes what another adopted'
  /** An adopter does not read its record after the one that it asked for is dead. */
  | 'reads the record first'
  /** An adopter takes the lease on no condition on the fence. */
  | 'adopts without the fence'
  /** AcquireLease takes lease and place on no condition on the fence. */
  | 'forgets the fence'
  /** Who has the lease already takes it once more. */
  | 'takes its own again'
  /** Whoever still runs counts as waiting or deploying, though its record is closed and it had its turn. */
  | 'yields to the closed'
  /** The next look, or the end, comes before a late UpdateService or RollBack is over. */
  | 'looks at once'
  /** Every invocation of a visit that finds no mark sets it, and sends. */
  | 'marks blindly'
  /** UpdateService ends for a cancellation without a mark that keeps other runs of its visit from sending. */
  | 'cancels unmarked'
  /** A late RegisterRevision notes its copy over the one that UpdateService has read. */
  | 'notes a later copy'
  /** The end comes before a late AcquireLease is over. */
  | 'ends at once'
  /** An adopter takes over what was never touched. */
  | 'adopts the untouched'
  /** A person's rollback ends as soon as it has asked the holder to take the service back. */
  | 'ends when it has asked'
  /** A cancellation stays where the lease is taken over, and counts for whoever has it. */
  | 'obeys any cancel';

/** One start: when its image was pushed (its number in the order of pushes), whether a person started it, and to go back. */
export type Start = { readonly pushedAt: number; readonly isByHand?: boolean; readonly isRollback?: boolean };

export type World = {
  readonly starts: readonly Start[];
  /** How many adopters there may be at the same time. */
  readonly adopters: number;
  /** How many executions may be aborted. */
  readonly aborts: number;
  /** How many invocations may be repeated, lost, or given up. */
  readonly troubles: number;
  /** A person may start an adopter at any time, also for a deployment that runs. */
  readonly isAdoptedByHand?: boolean;
  readonly mistakes: ReadonlySet<Mistake>;
  /** e1, e2 … and for adopters a1, a2 … */
  readonly names: readonly string[];
  /** Ranks, by execution; an adopter's by the record that it adopts: see rankOfHolder. */
  readonly ranks: readonly Rank[];
};

const timeOf = (order: number): string => new Date(Date.UTC(2030, 0, 1, 0, order)).toISOString();

export const pushedAtOf = ({ starts }: World, record: number): string => timeOf(starts[record]?.pushedAt ?? 0);

/** How much may go wrong. */
export type Bounds = {
  readonly aborts?: number;
  readonly troubles?: number;
  readonly adopters?: number;
  readonly isAdoptedByHand?: boolean;
};

export const worldOf = (
  starts: readonly Start[],
  { aborts = 0, troubles = 0, adopters = aborts + troubles, isAdoptedByHand = false }: Bounds = {},
  mistakes: readonly Mistake[] = [],
): World => ({
  starts,
  aborts,
  troubles,
  adopters,
  isAdoptedByHand,
  mistakes: new Set(mistakes),
  names: [...starts.map((_, index) => `e${index + 1}`), ...Array.from({ length: adopters }, (_, index) => `a${index + 1}`)],
  ranks: starts.map(({ pushedAt, isRollback = false, isByHand = isRollback }, index) => ({
    isByHand,
    pushedAt: timeOf(pushedAt),
    digest: `sha256:${index}`,
    execution: `e${index + 1}`,
  })),
});

export const isHigher = ({ ranks }: World, one: number, other: number): boolean => outranks(ranks[one]!, ranks[other]!);

import { hasPriorityOver, operatorPlace, placeOf } from '../../core/lease/priority.js';
import type { Priority } from '../../core/records/records.js';

/** Mutations of the protocol. The search must find a violation for each. */
export type Mutation =
  /** A queued execution takes over from an ended holder whose update request has no result yet. */
  | 'takes over after an update request'
  /** The next holder does not save the result of a holder that ended between its record and its lease. */
  | 'drops the result of an ended holder'
  /** A closed record leaves the index of pending records while its lease and message are pending. */
  | 'is done before its lease is released'
  /** The sweep does not wait for the last Lambda to end. */
  | 'sweeps without draining'
  /** A resuming execution takes the lease from its record's execution without checking its liveness. */
  | 'resumes from a running holder'
  /** A resuming execution takes the lease from its record's ended execution instead of the holder. */
  | 'resumes from the execution of its record'
  /** A resuming execution that comes too late closes the record. */
  | 'closes what another execution resumed'
  /** A resuming execution reads its record before the previous execution has ended. */
  | 'reads the record before the liveness'
  /** A resuming execution takes the lease without a condition on the fencing token. */
  | 'resumes without the fencing token'
  /** AcquireLease writes lease and queue without a condition on the fencing token. */
  | 'acquires without the fencing token'
  /** The holder acquires its lease once more. */
  | 'acquires its own lease again'
  /** An execution that still runs counts as queued or deploying although its record is closed. */
  | 'yields to a closed record'
  /** The next observation, or the end, comes before a late UpdateService or RollBack is over. */
  | 'observes without draining'
  /** Every invocation of a state visit that reads no attempt saves one unconditionally, and sends. */
  | 'attempts without a condition'
  /** UpdateService runs a cancel request without saving an attempt, so another run of its visit may send. */
  | 'cancels without an attempt'
  /** A late RegisterRevision overwrites the revision that UpdateService has read. */
  | 'saves a later revision'
  /** The end comes before a late AcquireLease is over. */
  | 'closes without draining'
  /** A record without an update request is resumed. */
  | 'resumes without an update request'
  /** An operator's rollback closes as soon as it has asked the holder to roll back. */
  | 'closes after requesting the rollback'
  /** A cancel request survives a new holder, and applies to any holder. */
  | 'runs every cancel request'
  /** Deployments of all sources compete for one place in the queue. */
  | 'has one place for all sources'
  /** The age of an image is compared with what was deployed last, of any source. */
  | 'compares ages of different sources'
  /** A free lease is taken while another place waits whose turn is first. */
  | 'takes a free lease out of turn'
  /** Another source's deployment is asked to roll back for an operator's rollback that names its own source. */
  | 'cancels another source';

/** The repositories whose images the service runs. */
export const sources = ['app', 'proxy'] as const;
export type SourceName = (typeof sources)[number];

/** The places in the queue. */
export const placeNames = [...sources, operatorPlace] as const;

/**
 * One start: the push's number in the order of pushes, the source (default: app), and whether an operator started it, and as a
 * rollback, of the holder's deployment or, if `isNamed`, of its source's.
 */
export type Start = {
  readonly pushedAt: number;
  readonly source?: SourceName;
  readonly isByHand?: boolean;
  readonly isRollback?: boolean;
  readonly isNamed?: boolean;
};

export type Setup = {
  readonly starts: readonly Start[];
  /** Resuming executions that may exist at the same time. */
  readonly resumers: number;
  /** Executions that may be aborted. */
  readonly aborts: number;
  /** Invocations that may be repeated, lost or given up. */
  readonly faults: number;
  /** An operator may start a resuming execution at any time, even for a running deployment. */
  readonly isResumedByOperator?: boolean;
  readonly mutations: ReadonlySet<Mutation>;
  /** e1, e2 … and for resuming executions r1, r2 … */
  readonly names: readonly string[];
  /** Ranks, by execution; a resuming execution's by its record: see rankOfHolder. */
  readonly ranks: readonly Priority[];
};

export const timeOf = (order: number): string => new Date(Date.UTC(2030, 0, 1, 0, order)).toISOString();

export const pushedAtOf = ({ starts }: Setup, record: number): string => timeOf(starts[record]?.pushedAt ?? 0);

/** Bounds of the search. */
export type Bounds = {
  readonly aborts?: number;
  readonly faults?: number;
  readonly resumers?: number;
  readonly isResumedByOperator?: boolean;
};

export const setupOf = (
  starts: readonly Start[],
  { aborts = 0, faults = 0, resumers = aborts + faults, isResumedByOperator = false }: Bounds = {},
  mutations: readonly Mutation[] = [],
): Setup => ({
  starts,
  aborts,
  faults,
  resumers,
  isResumedByOperator,
  mutations: new Set(mutations),
  names: [...starts.map((_, index) => `e${index + 1}`), ...Array.from({ length: resumers }, (_, index) => `r${index + 1}`)],
  ranks: starts.map(({ pushedAt, source = 'app', isRollback = false, isByHand = isRollback }, index) => ({
    isByHand,
    // A rollback has no image until its revision is registered.
    source: isRollback ? '' : mutations.includes('has one place for all sources') ? 'app' : source,
    pushedAt: timeOf(pushedAt),
    digest: `sha256:${index}`,
    execution: `e${index + 1}`,
  })),
});

/** The index of the source of a record. */
export const sourceOf = ({ starts }: Setup, record: number): number => sources.indexOf(starts[record]?.source ?? 'app');

/** The place in the queue of a deployment that does not resume another. */
export const placeOfRecord = ({ ranks }: Setup, record: number): string => placeOf(ranks[record]!);

export const isHigher = ({ ranks }: Setup, one: number, other: number): boolean => hasPriorityOver(ranks[one]!, ranks[other]!);

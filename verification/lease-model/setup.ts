import { hasPriorityOver, placeOf } from '../../core/lease/priority.js';
import type { Priority } from '../../core/records/records.js';

/** Mutations of the protocol: each takes one safeguard away. The search must find a violation for each. */
export type Mutation =
  // Lease and queue
  | 'takes over after an update request' // from an ended holder that has no result yet
  | 'drops the result of an ended holder' // that ended between its record and its lease
  | 'takes without the version'
  | 'enqueues without the version'
  | 'takes a free lease out of turn' // while another place waits whose turn is first
  | 'decides again without entering' // after a write that was refused
  | 'closes without a version' // CloseDeployment writes the state item only where it held something
  | 'releases before it closes the record'
  | 'yields to a closed record' // of an execution that still runs
  | 'has one place for all sources'
  | 'compares ages of different sources'
  // Wakes of the queue
  | 'frees the lease without waking'
  | 'leaves the queue without waking'
  | 'removes a refused place'
  | 'wakes from a list that it read before' // its freeing write
  | 'grants the lease by an answer'
  | 'replaces a place without an answer'
  // Visits
  | 'enters although a newer invocation has entered'
  | 'writes without the visit'
  | 'attempts without a condition'
  | 'observes without draining' // the next observation, or the end, comes before a late UpdateService or RollBack is over
  // The watch item
  | 'opens the watch item only with the lease' // not when AcquireLease runs again
  | 'opens the watch item without a condition'
  | 'stores a token over a newer one'
  | 'looks before it stores its token'
  | 'forgets news'
  | 'answers an event before it is written'
  | 'answers only the event that counts the task'
  | 'counts failed tasks twice'
  | 'asks for a rollback without waking'
  | 'takes its own watch item over again' // when OpenDeployment runs again
  // Operators' rollbacks
  | 'closes after requesting the rollback'
  | 'runs every cancel request' // it survives a new holder, and applies to any holder
  | 'cancels another source'
  // Sweep and resuming executions
  | 'is done before its lease is released'
  | 'sweeps without draining'
  | 'resumes from a running holder'
  | 'resumes from the execution of its record' // instead of the holder
  | 'closes what another execution resumed'
  | 'resumes without the version'
  | 'resumes without an update request';

/** The repositories whose images the service runs. */
export const sources = ['app', 'proxy'] as const;
export type SourceName = (typeof sources)[number];

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
  /** See Budget. */
  readonly aborts: number;
  readonly faults: number;
  readonly losses: number;
  readonly timeouts: number;
  /** Failed tasks that end a rollout; none fails if 0. */
  readonly limit: number;
  /** A rollout that is not ours runs at first. */
  readonly hasForeignRollout: boolean;
  /** RegisterRevision refuses every deployment: only lease and queue are searched. */
  readonly isLeaseOnly: boolean;
  /** An operator may start a resuming execution at any time, even for a running deployment. */
  readonly isResumedByOperator: boolean;
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
  readonly losses?: number;
  readonly timeouts?: number;
  readonly limit?: number;
  readonly hasForeignRollout?: boolean;
  readonly isLeaseOnly?: boolean;
  readonly resumers?: number;
  readonly isResumedByOperator?: boolean;
};

export const setupOf = (
  starts: readonly Start[],
  {
    aborts = 0,
    faults = 0,
    losses = 0,
    timeouts = 0,
    limit = 0,
    hasForeignRollout = false,
    isLeaseOnly = false,
    resumers = aborts + faults,
    isResumedByOperator = false,
  }: Bounds = {},
  mutations: readonly Mutation[] = [],
): Setup => ({
  starts,
  aborts,
  faults,
  losses,
  timeouts,
  limit,
  hasForeignRollout,
  isLeaseOnly,
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

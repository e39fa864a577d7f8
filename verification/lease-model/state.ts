/** No execution, no record, no revision, no open token. */
export const none = -1;

/** Where an execution is: in a Task, or in a node in which the state machine waits. */
export type Node =
  | 'notStarted'
  | 'acquire'
  | 'register'
  | 'update'
  | 'watch'
  | 'rollBack'
  | 'close'
  | 'notify'
  | 'resume'
  /** Until a late invocation is over; then the execution goes to `after`. */
  | 'pause'
  | 'finished';
/** `acquire`, `register` and `watch` are callback Tasks: they end by an answer to their token, or by their time-out. */
export type Task = Exclude<Node, 'notStarted' | 'pause' | 'finished'>;

export type Outcome =
  | 'open'
  | 'SUCCEEDED'
  | 'ROLLED_BACK'
  /** Ended before the service was changed, for a reason of its own. */
  | 'REFUSED'
  /** Skipped because what runs was pushed later. */
  | 'OLDER_PUSH'
  /** Skipped because another execution has priority. */
  | 'QUEUE_SUPERSEDED'
  /** Ended before the service was changed, because an operator's rollback requested it. */
  | 'CANCELLED'
  /** An operator's rollback, skipped because the deployment that it cancelled rolled back. */
  | 'ROLLBACK_DELEGATED'
  /** An operator's rollback, skipped because another one is in progress. */
  | 'DUPLICATE_ROLLBACK'
  | 'SUPERSEDED'
  | 'ABORTED';

/**
 * The order of the invocations of one record, relative to the two of its execution that can act: 1 is the late one, 3 the newest.
 * 0 is older than both, 2 lies between them. Absolute numbers would make the states infinite.
 */
export type Visit = 0 | 1 | 2 | 3;

/** A task token: the index of the execution that waits with it. A closed token is none: its answer is refused. */
export type Token = number;

/** A place in the queue. */
export type Place = { readonly execution: number; readonly token: Token };

/** An invocation: what it has read so far, and what it does next. */
export type Lambda = {
  readonly task: Task;
  readonly at: number;
  /** Its order among the record's invocations, and that of its visit, which retries share. */
  readonly number: Visit;
  readonly visit: Visit;
  /** The state machine waits for its answer. */
  readonly isAwaited: boolean;
  /** The outcome passed to CloseDeployment and Notify; the reason passed to RollBack. `open`: a Catch led here. */
  readonly result: Outcome;
  /** The state item that it has read; `isStale`: it was written since, so a write is refused. */
  readonly lease: number;
  readonly queue: readonly number[];
  readonly isStale: boolean;
  /** Another resuming execution has taken the record over since this one has read it. */
  readonly isLate: boolean;
  readonly holder: Liveness;
  /** Of the executions of `queue` that it has asked about, in this order; not of its own. */
  readonly others: readonly Liveness[];
  /** Storing its token showed an event that no visit had seen. */
  readonly hasNews: boolean;
  /** The places whose tokens it answers next. */
  readonly wakes: readonly Place[];
  /** The revision that it has read. */
  readonly revision: number;
};
export type Liveness = 'running' | 'draining' | 'ended' | 'abandoned';

export type Execution = {
  readonly node: Node;
  /** The visit ends by a short time-out, not by its safety net. */
  readonly isTimed: boolean;
  /** The node after `pause`, and the outcome passed to it. */
  readonly after: Node;
  readonly result: Outcome;
  /** `draining`: the execution has ended, its Lambdas may still act. `ended`: they cannot. */
  readonly liveness: Exclude<Liveness, 'abandoned'>;
  /** The record it writes. */
  readonly record: number;
  readonly lambda: Lambda | undefined;
  /** An earlier invocation that still acts, although nothing waits for its answer. */
  readonly late: Lambda | undefined;
  /** Bit set of the records that were closed when it started. */
  readonly closedBefore: number;
};

export type Deployment = {
  readonly execution: number;
  readonly outcome: Outcome;
  /** The newest invocation that has entered. */
  readonly visit: Visit;
  readonly isUpdateRequested: boolean;
  /** The visits in which UpdateService and RollBack sent an update, or 0. */
  readonly updateAttempt: Visit;
  readonly rollbackAttempt: Visit;
  /** The record whose revision ran before this one. */
  readonly previous: number;
  /** The saved revision (of up to two registered ones), and the one ECS received. */
  readonly revision: number;
  readonly deployedRevision: number;
  /** The record whose revision the service ran when this one was deployed: it has the images of the other sources. */
  readonly deployedOver: number;
  /** The rollback method. */
  readonly rollback: 'none' | 'stop' | 'update' | 'nothing';
  /** It rolls back because an operator's rollback requested it. */
  readonly isCancelled: boolean;
  /** An operator's rollback has asked it to roll back; that one may have asked another one since. */
  readonly isAsked: boolean;
  /** Of an operator's rollback: the record that it asked to roll back. */
  readonly cancelTarget: number;
  /** Forward updates that started a rollout in ECS. */
  readonly rollouts: number;
  /** Its result was reported. */
  readonly isNotified: boolean;
  /** It is off the index of pending records: nothing is left to do. */
  readonly isDone: boolean;
  readonly sweep: { readonly at: number; readonly holder: number; readonly wakes: readonly Place[] };
};

/** The state item of the service. Its fencing token is counted by `Lambda.isStale`. */
export type Item = {
  readonly lease: number;
  readonly leaseRecord: number;
  /** In the order in which the places were taken. */
  readonly queue: readonly Place[];
  /** The record whose rollback an operator requested. */
  readonly cancel: number;
  /** By source: the record that was deployed last. */
  readonly lastDeployed: readonly number[];
};

/** The watch item of the service. */
export type WatchItem = {
  readonly record: number;
  readonly execution: number;
  readonly token: Token;
  /** The invocation that stored the token. */
  readonly visit: Visit;
  /** An event was written that no visit has seen. */
  readonly hasNews: boolean;
  /** Bit set of the failed tasks that are counted. */
  readonly failed: number;
  readonly isRollingBack: boolean;
};

/** The service in ECS: the record whose revision it names, and the newest rollout. */
export type Service = {
  readonly current: number;
  readonly of: number;
  readonly status: RolloutStatus;
  /** Reads do not show yet that the rollout has ended. */
  readonly isStale: boolean;
  /** Failed tasks of the rollout. */
  readonly failed: number;
};
export type RolloutStatus = 'none' | 'running' | 'successful' | 'failed' | 'rolledBack';

/** An event of ECS and the invocation of handleEcsEvent that it starts. */
export type EcsEvent = {
  /** The failed task that it is about, with the record of its revision; none: the rollout has changed. */
  readonly failed: number;
  readonly of: number;
  readonly at: number;
  /** What it answers, to which token. */
  readonly token: Token;
  readonly answer: 'woken' | 'rollBack';
};

/** What may still go wrong. */
export type Budget = {
  readonly aborts: number;
  readonly faults: number;
  /** Events that may be lost. */
  readonly losses: number;
  /** Safety nets that may end a wait that did not need one. */
  readonly timeouts: number;
  /** An answer was lost: from now on a wait may need its safety net. */
  readonly isLost: boolean;
};

export type State = {
  readonly item: Item;
  readonly watch: WatchItem | undefined;
  readonly service: Service;
  readonly events: readonly EcsEvent[];
  /** First the executions that deploy, in the order of their records; then those that resume. */
  readonly executions: readonly Execution[];
  readonly records: readonly Deployment[];
  readonly budget: Budget;
};

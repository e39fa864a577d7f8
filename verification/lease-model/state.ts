/** No execution, no record, no revision. */
export const none = -1;

/** Where an execution is: a Task with a Lambda invocation, or a node in which the state machine waits. */
export type Node =
  | 'notStarted'
  | 'acquire'
  | 'queue'
  | 'register'
  | 'waitForService'
  | 'update'
  | 'waitForRollout'
  | 'check'
  | 'rollBack'
  | 'close'
  | 'notify'
  | 'resume'
  /** Until a late invocation is over; then the execution goes to `after`. */
  | 'pause'
  | 'finished';
export const nodes: readonly Node[] = [
  'notStarted',
  'acquire',
  'queue',
  'register',
  'waitForService',
  'update',
  'waitForRollout',
  'check',
  'rollBack',
  'close',
  'notify',
  'resume',
  'pause',
  'finished',
];
export type Task = Extract<Node, 'acquire' | 'register' | 'update' | 'check' | 'rollBack' | 'close' | 'notify' | 'resume'>;

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
export const outcomes: readonly Outcome[] = [
  'open',
  'SUCCEEDED',
  'ROLLED_BACK',
  'REFUSED',
  'OLDER_PUSH',
  'QUEUE_SUPERSEDED',
  'CANCELLED',
  'ROLLBACK_DELEGATED',
  'DUPLICATE_ROLLBACK',
  'SUPERSEDED',
  'ABORTED',
];

/** An invocation: what it has read so far, and what it does next. */
export type Lambda = {
  readonly task: Task;
  readonly at: number;
  readonly lease: number;
  readonly queue: readonly number[];
  readonly fencingToken: number;
  readonly holder: Liveness;
  /** Of the executions of `queue` that it has asked about, in this order; not of its own. */
  readonly others: readonly Liveness[];
  /** The state visit it belongs to, which its retries share. */
  readonly visit: number;
  /** The outcome passed to CloseDeployment and Notify; the reason passed to RollBack. `open`: a Catch led here. */
  readonly result: Outcome;
  /** What it has read: the cancel request, whether its record has an update request, and the record's revision. */
  readonly isCancelled: boolean;
  readonly isUpdateRequested: boolean;
  readonly revision: number;
  /** The state machine waits for its answer. */
  readonly isAwaited: boolean;
};
export type Liveness = 'running' | 'draining' | 'ended' | 'abandoned';
export const liveStates: readonly Liveness[] = ['running', 'draining', 'ended', 'abandoned'];

export type Execution = {
  readonly node: Node;
  /** The node after `pause`, and the outcome passed to it. */
  readonly after: Node;
  /** `draining`: the execution has ended, its Lambdas may still act. `ended`: they cannot. */
  readonly liveness: Extract<Liveness, 'running' | 'draining' | 'ended'>;
  /** The record it writes. */
  readonly record: number;
  readonly result: Outcome;
  readonly visit: number;
  readonly lambda: Lambda | undefined;
  /** An invocation whose answer was lost, running beside the one that repeats it. */
  readonly late: Lambda | undefined;
  /** Bit set of the records that were closed when it started. */
  readonly closedBefore: number;
};

export type Deployment = {
  readonly execution: number;
  readonly outcome: Outcome;
  readonly isUpdateRequested: boolean;
  /** The state visit in which UpdateService was sent, or none. */
  readonly updateAttempt: number;
  /** The record whose revision ran before this one. */
  readonly previous: number;
  /** The saved revision (of up to two registered ones), and the one ECS received. */
  readonly revision: number;
  readonly deployedRevision: number;
  /** The record whose revision the service ran when this one was deployed: it has the images of the other sources. */
  readonly deployedOver: number;
  readonly rollback: Rollback;
  /** The state visit in which RollBack sent an update, or none. */
  readonly rollbackAttempt: number;
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
  readonly sweep: { readonly at: number; readonly holder: number };
};

/** The rollback method. */
export type Rollback = 'none' | 'stop' | 'update' | 'nothing';
export const rollbacks: readonly Rollback[] = ['none', 'stop', 'update', 'nothing'];

export type State = {
  /** The service's item in the table. */
  readonly lease: number;
  readonly leaseRecord: number;
  readonly fencingToken: number;
  /** Queued executions, one a place, in the order in which their places were taken. */
  readonly queue: readonly number[];
  /** The record whose rollback an operator requested. */
  readonly cancel: number;
  /** By source: the record that was deployed last. */
  readonly lastDeployed: readonly number[];
  /** The service in ECS: the record whose revision it names, and the newest rollout. */
  readonly current: number;
  readonly rollout: { readonly of: number; readonly status: RolloutStatus };
  /** First the executions that deploy, in the order of their records; then those that resume. */
  readonly executions: readonly Execution[];
  readonly records: readonly Deployment[];
  /** Faults that may still happen. */
  readonly aborts: number;
  readonly faults: number;
};
export type RolloutStatus = 'none' | 'running' | 'successful' | 'failed' | 'rolledBack';
export const statuses: readonly RolloutStatus[] = ['none', 'running', 'successful', 'failed', 'rolledBack'];

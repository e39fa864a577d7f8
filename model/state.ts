/** Nobody, no record, no revision of ours. */
export const none = -1;

/** Where an execution is: a Task, in which a Lambda acts for it, or a place in which the machine waits. */
export type Place =
  | 'unborn'
  | 'acquire'
  | 'line'
  | 'register'
  | 'service'
  | 'update'
  | 'rollout'
  | 'check'
  | 'rollBack'
  | 'close'
  | 'notify'
  | 'adopt'
  /** Until a late invocation is surely over; then it goes to `after`. */
  | 'pause'
  | 'over';
export const places: readonly Place[] = [
  'unborn',
  'acquire',
  'line',
  'register',
  'service',
  'update',
  'rollout',
  'check',
  'rollBack',
  'close',
  'notify',
  'adopt',
  'pause',
  'over',
];
export type Task = Extract<Place, 'acquire' | 'register' | 'update' | 'check' | 'rollBack' | 'close' | 'notify' | 'adopt'>;

export type Outcome =
  | 'open'
  | 'SUCCEEDED'
  | 'ROLLED_BACK'
  /** Ended before the service was changed, for a reason of its own. */
  | 'REFUSED'
  /** Skipped because what runs was pushed later. */
  | 'OLDER'
  /** Skipped because another goes first. */
  | 'YIELDED'
  /** Ended before the service was changed, because a person's rollback asked for it. */
  | 'CANCELLED'
  /** A person's rollback, skipped because the deployment that it cancelled took the service back. */
  | 'SPARED'
  /** A person's rollback, skipped because another one is under way. */
  | 'DOUBLED'
  | 'SUPERSEDED'
  | 'ABORTED';
export const outcomes: readonly Outcome[] = [
  'open',
  'SUCCEEDED',
  'ROLLED_BACK',
  'REFUSED',
  'OLDER',
  'YIELDED',
  'CANCELLED',
  'SPARED',
  'DOUBLED',
  'SUPERSEDED',
  'ABORTED',
];

/** An invocation: what it has read so far, and what it does next. */
export type Lambda = {
  readonly task: Task;
  readonly at: number;
  readonly lease: number;
  readonly next: number;
  readonly fence: number;
  readonly holder: Life;
  readonly other: Life;
  /** Which visit of the state it belongs to: the state's EnteredTime. */
  readonly visit: number;
  /** How it ended, as CloseDeployment and Notify are told; why, as RollBack is told. `open`: a Catch led here. */
  readonly ending: Outcome;
  /** Whether the deployment that it looks at was cancelled; and its own record touched; and which revision that names. */
  readonly isCancelled: boolean;
  readonly isTouched: boolean;
  readonly revision: number;
  /** The state still waits for its answer. */
  readonly isAwaited: boolean;
};
export type Life = 'running' | 'ended' | 'dead' | 'orphaned';
export const lives: readonly Life[] = ['running', 'ended', 'dead', 'orphaned'];

export type Execution = {
  readonly place: Place;
  /** Where it goes from `pause`, and with which ending. */
  readonly after: Place;
  /** `ended`: it runs no more, and its Lambdas may still act. `dead`: they cannot. */
  readonly life: Extract<Life, 'running' | 'ended' | 'dead'>;
  /** The record that it writes. */
  readonly record: number;
  readonly ending: Outcome;
  readonly visit: number;
  readonly lambda: Lambda | undefined;
  /** An invocation whose answer was lost, and which acts beside the one that repeats it. */
  readonly late: Lambda | undefined;
  /** Bits: the records that were closed when it started. */
  readonly past: number;
};

export type Deployment = {
  readonly execution: number;
  readonly outcome: Outcome;
  readonly isTouched: boolean;
  /** The visit of UpdateService that has sent; none. */
  readonly sent: number;
  /** The record whose revision ran before. */
  readonly base: number;
  /** Which of the copies of the base that it has registered is noted, and which one ECS was given. */
  readonly revision: number;
  readonly given: number;
  readonly back: Back;
  /** The visit of RollBack that has sent an update. */
  readonly backSent: number;
  /** It is taken back because a person's rollback asked for it. */
  readonly isCancelled: boolean;
  /** Of a person's rollback: the record that it asked to take the service back. */
  readonly cancels: number;
  /** Updates forward that ECS took as a new rollout. */
  readonly landed: number;
  /** Its end was told. */
  readonly isTold: boolean;
  /** It is off the index of open records, since nothing is owed any more. */
  readonly isAtRest: boolean;
  readonly sweep: { readonly at: number; readonly holder: number };
};

/** By which call the service is taken back. */
export type Back = 'none' | 'stop' | 'update' | 'nothing';
export const backs: readonly Back[] = ['none', 'stop', 'update', 'nothing'];

export type State = {
  /** The service's item in the table. */
  readonly lease: number;
  readonly leaseRecord: number;
  readonly fence: number;
  readonly next: number;
  /** The record that a person's rollback asked to be taken back. */
  readonly cancel: number;
  readonly lastGood: number;
  /** The service in ECS: whose revision it names, and the newest rollout. */
  readonly current: number;
  readonly rollout: { readonly of: number; readonly status: RolloutStatus };
  /** First those that deploy, in the order of their records; then those that adopt. */
  readonly executions: readonly Execution[];
  readonly records: readonly Deployment[];
  /** What may still go wrong. */
  readonly aborts: number;
  readonly troubles: number;
};
export type RolloutStatus = 'none' | 'running' | 'successful' | 'failed' | 'rolledBack';
export const statuses: readonly RolloutStatus[] = ['none', 'running', 'successful', 'failed', 'rolledBack'];

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
  /** Until an invocation that may still send is surely over; then it goes to `after`. */
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
export type Task = Extract<Place, 'acquire' | 'register' | 'update' | 'check' | 'rollBack' | 'close' | 'adopt'>;

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
  | 'SUPERSEDED'
  | 'ABORTED';
export const outcomes: readonly Outcome[] = ['open', 'SUCCEEDED', 'ROLLED_BACK', 'REFUSED', 'OLDER', 'YIELDED', 'SUPERSEDED', 'ABORTED'];

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
  /** How it ended, as CloseDeployment is told. */
  readonly ending: Outcome;
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
  readonly isGoingBack: boolean;
  /** Updates forward that ECS took as a new rollout. */
  readonly landed: number;
  readonly sweep: { readonly at: number; readonly holder: number };
};

export type State = {
  /** The service's item in the table. */
  readonly lease: number;
  readonly leaseRecord: number;
  readonly fence: number;
  readonly next: number;
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
const statuses: readonly RolloutStatus[] = ['none', 'running', 'successful', 'failed', 'rolledBack'];

const codes = <Word extends string>(words: readonly Word[]): Readonly<Record<Word, number>> =>
  Object.fromEntries(words.map((word, code) => [word, code])) as Record<Word, number>;
const placeCode = codes(places);
const outcomeCode = codes(outcomes);
const lifeCode = codes(lives);
const statusCode = codes(statuses);

/** All of a state in numbers from 0 to 255. */
export const encode = (state: State): readonly number[] => {
  const { lease, leaseRecord, fence, next, lastGood, current, rollout, executions, records, aborts, troubles } = state;
  const bytes = [lease + 1, leaseRecord + 1, fence, next + 1, lastGood + 1, current + 1, rollout.of + 1, statusCode[rollout.status]];
  bytes.push(aborts, troubles);
  for (const { execution, outcome, isTouched, sent, base, isGoingBack, landed, sweep } of records)
    bytes.push(
      execution + 1,
      outcomeCode[outcome],
      Number(isTouched) * 2 + Number(isGoingBack),
      sent + 1,
      base + 1,
      landed,
      sweep.at,
      sweep.holder + 1,
    );
  for (const { place, after, life, record, ending, visit, lambda, late, past } of executions) {
    bytes.push(placeCode[place], placeCode[after], lifeCode[life], record + 1, outcomeCode[ending], visit, past);
    pushLambda(bytes, lambda);
    pushLambda(bytes, late);
  }
  return bytes;
};

const pushLambda = (bytes: number[], lambda: Lambda | undefined): void => {
  if (!lambda) {
    bytes.push(0);
    return;
  }
  const { task, at, lease, next, fence, holder, other, visit, ending, isAwaited } = lambda;
  bytes.push(
    1 + placeCode[task] * 2 + Number(isAwaited),
    at,
    lease + 1,
    next + 1,
    fence,
    lifeCode[holder] * 4 + lifeCode[other],
    visit * 16 + outcomeCode[ending],
  );
};

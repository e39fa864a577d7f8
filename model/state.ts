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

/** Several small numbers in one of 32 bits: each with one more than its greatest. */
const packed = (...pairs: readonly number[]): number => {
  let word = 0;
  for (let at = 0; at < pairs.length; at += 2) {
    const [value = 0, room = 1] = [pairs[at], pairs[at + 1]];
    if (value >= room) throw new Error(`the model has a ${value} where it has room for ${room} numbers; give it more in model/state.ts`);
    word = word * room + value;
  }
  return word;
};

/** Executions and records, and none of them. */
const one = 8;
const takings = 16;

/** All of a state in a few numbers of 32 bits. */
export const encode = (state: State): readonly number[] => {
  const { lease, leaseRecord, fence, next, lastGood, current, rollout, executions, records, aborts, troubles } = state;
  const words = [
    packed(lease + 1, one, leaseRecord + 1, one, fence, takings, next + 1, one, lastGood + 1, one, current + 1, one, rollout.of + 1, one),
    packed(statusCode[rollout.status], statuses.length, aborts, one, troubles, one),
  ];
  for (const record of records) words.push(recordCode(record));
  for (const execution of executions) {
    words.push(executionCode(execution), lambdaCode(execution.lambda), lambdaCode(execution.late));
  }
  return words;
};

const recordCode = ({ execution, outcome, isTouched, sent, base, isGoingBack, landed, sweep }: Deployment): number =>
  packed(
    ...[execution, one, outcomeCode[outcome], outcomes.length, Number(isTouched), 2, sent + 1, 5, base + 1, one, Number(isGoingBack), 2],
    ...[landed, 4, sweep.at, 3, sweep.holder + 1, one],
  );

const executionCode = ({ place, after, life, record, ending, visit, past }: Execution): number =>
  packed(
    ...[placeCode[place], places.length, placeCode[after], places.length, lifeCode[life], lives.length],
    ...[record + 1, one, outcomeCode[ending], outcomes.length, visit, 4, past, 16],
  );

const lambdaCode = (lambda: Lambda | undefined): number => {
  if (!lambda) return 0;
  const { task, at, lease, next, fence, holder, other, visit, ending, isAwaited } = lambda;
  return packed(
    ...[placeCode[task] + 1, places.length + 1, at, 6, lease + 1, one, next + 1, one, fence, takings],
    ...[
      lifeCode[holder],
      lives.length,
      lifeCode[other],
      lives.length,
      visit,
      4,
      outcomeCode[ending],
      outcomes.length,
      Number(isAwaited),
      2,
    ],
  );
};

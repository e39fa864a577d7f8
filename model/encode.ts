import { backs, type Deployment, type Execution, type Lambda, lives, outcomes, places, type State, statuses } from './state.js';

const codes = <Word extends string>(words: readonly Word[]): Readonly<Record<Word, number>> =>
  Object.fromEntries(words.map((word, code) => [word, code])) as Record<Word, number>;
const placeCode = codes(places);
const outcomeCode = codes(outcomes);
const lifeCode = codes(lives);
const statusCode = codes(statuses);
const backCode = codes(backs);

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
  const { lease, leaseRecord, fence, next, cancel, lastGood, current, rollout, executions, records, aborts, troubles } = state;
  const words = [
    packed(lease + 1, one, leaseRecord + 1, one, fence, takings, next + 1, one, lastGood + 1, one, current + 1, one, rollout.of + 1, one),
    packed(statusCode[rollout.status], statuses.length, cancel + 1, one, aborts, one, troubles, one),
  ];
  for (const record of records) words.push(recordCode(record), courseCode(record));
  for (const execution of executions) {
    words.push(executionCode(execution), lambdaCode(execution.lambda), lambdaCode(execution.late));
  }
  return words;
};

const recordCode = ({ execution, outcome, isTouched, sent, base, landed, isTold, isAtRest, sweep }: Deployment): number =>
  packed(
    ...[execution, one, outcomeCode[outcome], outcomes.length, Number(isTouched), 2, sent + 1, 5, base + 1, one, landed, 4],
    ...[Number(isTold), 2, Number(isAtRest), 2, sweep.at, 6, sweep.holder + 1, one],
  );

const courseCode = ({ revision, given, back, backSent, isCancelled, cancels }: Deployment): number =>
  packed(...[revision + 1, 3, given + 1, 3, backCode[back], backs.length, backSent + 1, 5, Number(isCancelled), 2, cancels + 1, one]);

const executionCode = ({ place, after, life, record, ending, visit, past }: Execution): number =>
  packed(
    ...[placeCode[place], places.length, placeCode[after], places.length, lifeCode[life], lives.length],
    ...[record + 1, one, outcomeCode[ending], outcomes.length, visit, 4, past, 16],
  );

const lambdaCode = (lambda: Lambda | undefined): number => {
  if (!lambda) return 0;
  const { task, at, lease, next, fence, holder, other, visit, ending, isCancelled, isTouched, revision, isAwaited } = lambda;
  return packed(
    ...[placeCode[task], places.length, at, 8, lease + 1, one, next + 1, one, fence, takings],
    ...[lifeCode[holder], lives.length, lifeCode[other], lives.length, visit, 4],
    ...[outcomeCode[ending], outcomes.length, Number(isAwaited), 2, Number(isCancelled), 2, Number(isTouched), 2, revision + 1, 3],
  );
};

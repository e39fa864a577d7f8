import { placeNames } from './setup.js';
import {
  type Deployment,
  type Execution,
  type Lambda,
  liveStates,
  nodes,
  none,
  outcomes,
  rollbacks,
  type State,
  statuses,
} from './state.js';

const codes = <Word extends string>(words: readonly Word[]): Readonly<Record<Word, number>> =>
  Object.fromEntries(words.map((word, code) => [word, code])) as Record<Word, number>;
const nodeCode = codes(nodes);
const outcomeCode = codes(outcomes);
const livenessCode = codes(liveStates);
const statusCode = codes(statuses);
const rollbackCode = codes(rollbacks);

/** Packs pairs of (value, number of possible values) into 32 bits.
 * @throws Error if a value does not fit. */
const packed = (...pairs: readonly number[]): number => {
  let word = 0;
  for (let at = 0; at < pairs.length; at += 2) {
    const [value = 0, room = 1] = [pairs[at], pairs[at + 1]];
    if (value >= room) throw new Error(`the model has a ${value} where it has room for ${room} numbers; raise it in encode.ts`);
    word = word * room + value;
  }
  return word;
};

/** Indexes of executions and records, plus none. */
const one = 8;
const leaseCounts = 16;

/** A queue with an entry for each place. */
const list = (queue: readonly number[]): readonly number[] => placeNames.flatMap((_, index) => [(queue[index] ?? none) + 1, one]);

/** The complete state as 32-bit numbers. */
export const encode = (state: State): readonly number[] => {
  const { lease, leaseRecord, fencingToken, queue, cancel, lastDeployed, current, rollout, executions, records, aborts, faults } = state;
  const words = [
    packed(lease + 1, one, leaseRecord + 1, one, fencingToken, leaseCounts, current + 1, one, rollout.of + 1, one, ...list(queue)),
    packed(
      ...lastDeployed.flatMap((record) => [record + 1, one]),
      statusCode[rollout.status],
      statuses.length,
      cancel + 1,
      one,
      aborts,
      one,
      faults,
      one,
    ),
  ];
  for (const record of records) words.push(recordCode(record), rolloutCode(record));
  for (const execution of executions) {
    words.push(executionCode(execution), ...lambdaCode(execution.lambda), ...lambdaCode(execution.late));
  }
  return words;
};

const recordCode = ({
  execution,
  outcome,
  isUpdateRequested,
  updateAttempt,
  previous,
  rollouts,
  isNotified,
  isDone,
  sweep,
}: Deployment): number =>
  packed(
    ...[
      execution,
      one,
      outcomeCode[outcome],
      outcomes.length,
      Number(isUpdateRequested),
      2,
      updateAttempt + 1,
      5,
      previous + 1,
      one,
      rollouts,
      4,
    ],
    ...[Number(isNotified), 2, Number(isDone), 2, sweep.at, 6, sweep.holder + 1, one],
  );

const rolloutCode = ({
  revision,
  deployedRevision,
  deployedOver,
  rollback,
  rollbackAttempt,
  isCancelled,
  isAsked,
  cancelTarget,
}: Deployment): number =>
  packed(
    ...[
      revision + 1,
      3,
      deployedRevision + 1,
      3,
      deployedOver + 1,
      one,
      rollbackCode[rollback],
      rollbacks.length,
      rollbackAttempt + 1,
      5,
      Number(isCancelled),
      2,
      cancelTarget + 1,
      one,
      Number(isAsked),
      2,
    ],
  );

const executionCode = ({ node, after, liveness, record, result, visit, closedBefore }: Execution): number =>
  packed(
    ...[nodeCode[node], nodes.length, nodeCode[after], nodes.length, livenessCode[liveness], liveStates.length],
    ...[record + 1, one, outcomeCode[result], outcomes.length, visit, 4, closedBefore, 16],
  );

const lambdaCode = (lambda: Lambda | undefined): readonly number[] => {
  if (!lambda) return [0, 0];
  const { task, at, lease, queue, fencingToken, holder, others, visit, result, isCancelled, isUpdateRequested, revision, isAwaited } =
    lambda;
  return [
    packed(
      ...[nodeCode[task], nodes.length, at, 8, lease + 1, one, fencingToken, leaseCounts, livenessCode[holder], liveStates.length],
      ...[visit, 4, outcomeCode[result], outcomes.length, Number(isAwaited), 2, Number(isCancelled), 2],
      ...[Number(isUpdateRequested), 2, revision + 1, 3],
    ),
    packed(
      ...list(queue),
      ...[others.length, placeNames.length + 1],
      ...placeNames.flatMap((_, index) => [livenessCode[others[index] ?? 'ended'], liveStates.length]),
    ),
  ];
};

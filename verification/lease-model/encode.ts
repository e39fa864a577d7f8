import type { Budget, Deployment, EcsEvent, Execution, Item, Lambda, Place, Service, State, WatchItem } from './state.js';

/**
 * Encodes a state as one number for each of its parts: equal parts have equal numbers. A step changes few of them, so few are
 * written out again.
 */
export const encoder = (): ((state: State) => readonly number[]) => {
  const known = new WeakMap<object, number>();
  const numbers = new Map<string, number>();
  const numberOf = <Part extends object>(part: Part, text: (one: Part) => string): number => {
    const before = known.get(part);
    if (before !== undefined) return before;
    const key = text(part);
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    known.set(part, number);
    return number;
  };
  return ({ item, watch, service, events, executions, records, budget }) => {
    const words = [numberOf(item, itemText), numberOf(service, serviceText), numberOf(budget, budgetText)];
    words.push(watch ? numberOf(watch, watchText) : -1, numberOf(events, eventsText));
    for (const execution of executions) words.push(numberOf(execution, executionText));
    for (const record of records) words.push(numberOf(record, recordText));
    return words;
  };
};

// JSON.stringify is half as fast. The first letter keeps parts of different kinds apart.

const itemText = ({ lease, leaseRecord, queue, cancel, lastDeployed }: Item): string =>
  `i${lease},${leaseRecord},${cancel},${lastDeployed},${placesText(queue)}`;

const placesText = (places: readonly Place[]): string => {
  let text = '';
  for (const { execution, token } of places) text += `${execution}/${token} `;
  return text;
};

const watchText = ({ record, execution, token, visit, hasNews, failed, isRollingBack }: WatchItem): string =>
  `w${record},${execution},${token},${visit},${hasNews},${failed},${isRollingBack}`;

const serviceText = ({ current, of, status, isStale, failed }: Service): string => `s${current},${of},${status},${isStale},${failed}`;

const budgetText = ({ aborts, faults, losses, timeouts, isLost }: Budget): string => `b${aborts},${faults},${losses},${timeouts},${isLost}`;

const eventsText = (events: readonly EcsEvent[]): string => {
  let text = 'e';
  for (const { failed, of, at, token, answer } of events) text += `${failed},${of},${at},${token},${answer} `;
  return text;
};

const executionText = ({ node, isTimed, after, result, liveness, record, lambda, late, closedBefore }: Execution): string =>
  `x${node},${isTimed},${after},${result},${liveness},${record},${closedBefore};${lambdaText(lambda)};${lambdaText(late)}`;

const lambdaText = (lambda: Lambda | undefined): string => {
  if (!lambda) return '';
  const { task, at, number, visit, isAwaited, result, lease, queue, isStale, isLate, holder, others, hasNews, wakes, revision } = lambda;
  const read = `${lease},${queue},${isStale},${isLate},${holder},${others},${hasNews},${placesText(wakes)},${revision}`;
  return `${task},${at},${number},${visit},${isAwaited},${result},${read}`;
};

const recordText = (record: Deployment): string => {
  const { execution, outcome, visit, isUpdateRequested, updateAttempt, rollbackAttempt, previous, rollouts, sweep } = record;
  const { revision, deployedRevision, deployedOver, rollback, isCancelled, isAsked, cancelTarget, isNotified, isDone } = record;
  const written = `${execution},${outcome},${visit},${isUpdateRequested},${updateAttempt},${rollbackAttempt},${previous},${rollouts}`;
  const rest = `${revision},${deployedRevision},${deployedOver},${rollback},${isCancelled},${isAsked},${cancelTarget},${isNotified},${isDone}`;
  return `r${written},${rest},${sweep.at},${sweep.holder},${placesText(sweep.wakes)}`;
};

import type { Setup } from './setup.js';
import { type Execution, type Lambda, none, type State, type Token, type Visit } from './state.js';
import { withExecution, withRecord } from './state-updates.js';

/** How the numbers of a record's invocations, and of their visits, change as one begins or is over. */
type Renumbering = { readonly number: (one: Visit) => Visit; readonly visit: (one: Visit) => Visit };

const renumbered = (state: State, index: number, { number, visit }: Renumbering): State => {
  const { record } = state.executions[index]!;
  const before = state.records[record];
  if (before === undefined || before.execution !== index) return state;
  const { watch } = state;
  const after = withRecord(state, record, {
    visit: number(before.visit),
    updateAttempt: visit(before.updateAttempt),
    rollbackAttempt: visit(before.rollbackAttempt),
  });
  return watch?.execution === index && watch.record === record ? { ...after, watch: { ...watch, visit: number(watch.visit) } } : after;
};

const older: Renumbering = { number: () => 0, visit: () => 0 };

/** Closes the token with which an execution waits, wherever it is stored. */
export const withTokenClosed = (state: State, execution: Token): State => {
  const { item, watch, events } = state;
  const closed = <Holder extends { readonly token: Token }>(all: readonly Holder[]): readonly Holder[] =>
    all.some(({ token }) => token === execution) ? all.map((one) => (one.token === execution ? { ...one, token: none } : one)) : all;
  const inLambda = (lambda: Lambda | undefined): Lambda | undefined =>
    lambda && hasToken(lambda.wakes, execution) ? { ...lambda, wakes: closed(lambda.wakes) } : lambda;
  const inExecution = (one: Execution): Execution => {
    const [lambda, late] = [inLambda(one.lambda), inLambda(one.late)];
    return lambda === one.lambda && late === one.late ? one : { ...one, lambda, late };
  };
  const queue = closed(item.queue);
  return {
    ...state,
    item: queue === item.queue ? item : { ...item, queue },
    watch: watch?.token === execution ? { ...watch, token: none } : watch,
    events: hasToken(events, execution) ? events.filter(({ token }) => token !== execution) : events,
    executions: state.executions.map(inExecution),
    records: state.records.map((one) =>
      hasToken(one.sweep.wakes, execution) ? { ...one, sweep: { ...one.sweep, wakes: closed(one.sweep.wakes) } } : one,
    ),
  };
};

const hasToken = (places: readonly { readonly token: Token }[], execution: Token): boolean =>
  places.some(({ token }) => token === execution);

/** Can an invocation to whose answer nothing listens still change anything? */
export const canStillAct = ({ task, at }: Lambda): boolean => !(task === 'notify' || (task === 'watch' && at === 1));

/** AcquireLease ends before an answer that it owes: to the place that it has replaced, or to the holder that it has asked to roll back. */
export const losesAnswer = (lambda: Lambda | undefined): boolean =>
  lambda?.task === 'acquire' && (lambda.at === 6 || lambda.wakes.some(({ token }) => token !== none));

/**
 * The execution's visit ends. Its invocation, if it still acts, goes on as the late one; if there is a late one already, that
 * one stays, and this one ends here.
 */
export const left = (state: State, index: number): State => {
  const closed = withTokenClosed(state, index);
  const { lambda, late } = closed.executions[index]!;
  if (late) {
    const renumbering: Renumbering = {
      number: (one) => (one === 3 ? 2 : one),
      visit: (one) => (one !== 0 && one === late.visit ? 1 : 0),
    };
    const after = withExecution(renumbered(closed, index, renumbering), index, { lambda: undefined, late: { ...late, visit: 1 } });
    return losesAnswer(lambda) ? { ...after, budget: { ...after.budget, isLost: true } } : after;
  }
  if (!lambda || !canStillAct(lambda)) return withExecution(renumbered(closed, index, older), index, { lambda: undefined });
  const toLate = (one: Visit): Visit => (one === 3 ? 1 : 0);
  return withExecution(renumbered(closed, index, { number: toLate, visit: toLate }), index, {
    lambda: undefined,
    late: { ...lambda, number: 1, visit: 1, isAwaited: false },
  });
};

/** The Task is retried in the same visit, with another token, while the invocation before it goes on as the late one. */
export const retried = (state: State, index: number, again: Lambda): State => {
  const { lambda } = state.executions[index]!;
  const isActing = lambda !== undefined && canStillAct(lambda);
  const after = renumbered(withTokenClosed(state, index), index, {
    number: (one) => (one === 3 && isActing ? 1 : 0),
    visit: (one) => (one === 3 ? 3 : 0),
  });
  return withExecution(after, index, { lambda: again, late: isActing ? { ...lambda, number: 1, isAwaited: false } : undefined });
};

/** The late invocation is over. */
export const withoutLate = (state: State, index: number): State => {
  const { late } = state.executions[index]!;
  const after = renumbered(withExecution(state, index, { late: undefined }), index, {
    number: (one) => (one === 3 ? 3 : 0),
    visit: (one) => (one === 3 ? 3 : 0),
  });
  return losesAnswer(late) ? { ...after, budget: { ...after.budget, isLost: true } } : after;
};

/** No invocation of the execution acts any more. */
export const withoutInvocations = (state: State, index: number): State => {
  const { lambda, late } = state.executions[index]!;
  const after = renumbered(withExecution(state, index, { lambda: undefined, late: undefined }), index, older);
  return losesAnswer(lambda) || losesAnswer(late) ? { ...after, budget: { ...after.budget, isLost: true } } : after;
};

/** Drops late invocations whose every further write would be refused, because a newer one has entered, or the record is closed. */
export const withoutPowerless = ({ mutations }: Setup, state: State, record: number): State => {
  if (mutations.has('writes without the visit') || mutations.has('attempts without a condition')) return state;
  if (mutations.has('enters although a newer invocation has entered') || mutations.has('stores a token over a newer one')) return state;
  const { outcome, visit, execution } = state.records[record]!;
  const { late } = state.executions[execution]!;
  const isRefused = late && (outcome !== 'open' || late.number < visit) && writesOnlyRecord(late);
  return isRefused ? withoutLate(state, execution) : state;
};

/** Is its next step a write to the record, or on the way to one? */
const writesOnlyRecord = ({ task, at }: Lambda): boolean =>
  task === 'register' || task === 'watch' || (task === 'acquire' && at === 0) || ((task === 'update' || task === 'rollBack') && at === 0);

import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/**
 * One visit of a Task state: `number` grows with every Task that the machine leaves, `retry` is `State.RetryCount`. Not its
 * EnteredTime: AWS promises neither that it grows nor that retries have one of their own.
 */
export const Visit = v.object({ number: count, retry: count });
export type Visit = v.InferOutput<typeof Visit>;

/** Retries of one Task state are fewer. */
const retriesPerVisit = 1000;

/** The place of an invocation in the order of all invocations of one record. */
export const orderOf = ({ number, retry }: Visit): number => number * retriesPerVisit + retry;

/** The first visit after an invocation; 1 if there was none. */
export const visitAfter = (order: number | undefined): number => (order === undefined ? 1 : Math.floor(order / retriesPerVisit) + 1);

/**
 * Is `now` no longer the time of the visit? State.EnteredTime stays what it was while a state is retried: so many retries take minutes, later
 * ones hours.
 */
export const isTimeOld = ({ retry }: Visit): boolean => retry > 5;

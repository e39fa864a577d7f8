import type { Assumptions } from '../../assumptions.js';

/** A state's failure: an error's name and its cause. Ends the execution unless it is retried or caught. */
export class StateFailure extends Error {
  readonly error: string | undefined;
  override readonly cause: string | undefined;
  /** A second name that Retry and Catch match. */
  readonly alias: string | undefined;

  constructor(error: string | undefined, cause?: string, alias?: string) {
    super(`${error ?? 'no error name'}: ${cause ?? 'no cause'}`);
    this.name = 'StateFailure';
    this.error = error?.slice(0, 256);
    this.cause = cause?.slice(0, 32_768);
    this.alias = alias;
  }
}

/** A task that missed its HeartbeatSeconds is shown as States.Timeout, and matches both names. */
export const timeout = (): StateFailure => new StateFailure('States.Timeout');
export const heartbeatTimeout = (): StateFailure => new StateFailure('States.Timeout', undefined, 'States.HeartbeatTimeout');

/** Nothing matches States.Runtime (step-functions/latest/dg/concepts-error-handling). */
const isMatchedBy = ({ error, alias }: StateFailure, name: string, { dataLimitExceededInStatesAll }: Assumptions): boolean => {
  if (error === 'States.Runtime') return false;
  if (name === 'States.ALL') return error !== 'States.DataLimitExceeded' || dataLimitExceededInStatesAll === 'matched';
  if (name === 'States.TaskFailed') return error !== 'States.Timeout';
  return name === error || name === alias;
};

export const isMatchedByAny = (failure: StateFailure, names: readonly string[], assumptions: Assumptions): boolean =>
  names.some((name) => isMatchedBy(failure, name, assumptions));

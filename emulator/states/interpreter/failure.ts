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

/** States.ALL leaves out States.DataLimitExceeded; nothing matches States.Runtime (step-functions/latest/dg/concepts-error-handling). */
const isMatchedBy = (failure: StateFailure, name: string): boolean => {
  if (failure.error === 'States.Runtime') return false;
  if (name === 'States.ALL') return failure.error !== 'States.DataLimitExceeded';
  if (name === 'States.TaskFailed') return failure.error !== 'States.Timeout';
  return name === failure.error || name === failure.alias;
};

export const isMatchedByAny = (failure: StateFailure, names: readonly string[]): boolean =>
  names.some((name) => isMatchedBy(failure, name));

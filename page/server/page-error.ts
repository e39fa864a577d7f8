import type { ApiError, ErrorReason, Suggestion } from '../api.js';

/** A request that is answered with a status and an error. */
export class PageError extends Error {
  override readonly name = 'PageError';
  readonly status: number;
  readonly error: ApiError;

  constructor(status: number, error: ApiError, options?: ErrorOptions) {
    super(error.message, options);
    this.status = status;
    this.error = error;
  }
}

export const pageError = (status: number, reason: ErrorReason, message: string, suggestions?: readonly Suggestion[]): PageError =>
  new PageError(status, { reason, message, ...(suggestions && { suggestions }) });

import type { ApiError } from '../api.js';

/** What the API answers in place of what was asked for: a status of HTTP, and why. */
export class PageError extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 502 | 503;
  readonly error: ApiError;

  constructor(status: PageError['status'], error: ApiError) {
    super(error.message);
    this.status = status;
    this.error = error;
  }
}

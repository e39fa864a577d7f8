import type { ApiError } from '../api.js';

/** An error of the server, or `UNREACHABLE` if it does not answer. */
export class RequestError extends Error {
  readonly status: number;
  readonly error: ApiError;

  constructor(status: number, error: ApiError) {
    super(error.message);
    this.status = status;
    this.error = error;
  }
}

const request = async <Answer>(path: string, init: RequestInit): Promise<Answer> => {
  const response = await fetch(path, { ...init, credentials: 'same-origin' }).catch(() => {
    throw new RequestError(0, { reason: 'UNREACHABLE', message: 'The page’s server does not answer. Is its process still running?' });
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body as Answer;
  const isError = typeof body === 'object' && body !== null && 'reason' in body && 'message' in body;
  throw new RequestError(
    response.status,
    isError ? (body as ApiError) : { reason: 'INTERNAL', message: `The page’s server answered ${response.status}.` },
  );
};

/** @throws RequestError */
export const get = <Answer>(path: string): Promise<Answer> => request(path, { method: 'GET' });

/** @throws RequestError */
export const post = <Answer>(path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  request(path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });

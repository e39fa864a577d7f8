import { apiTooNew, apiTooOld } from './messages.js';
import { RefusedQuery } from './refused-query.js';

/**
 * Versions of the API of the function `query` and of the command line. A stack answers the version before its own, too, so that the stack
 * is deployed first and each machine with a command line follows when it can.
 */
export const api = { current: 1, oldest: 1 } as const;

type Versions = { readonly current: number; readonly oldest: number };

/** @throws RefusedQuery API_TOO_OLD for a command line that is too old for the stack, API_TOO_NEW for one that the stack is too old for */
export const checkApi = (asked: number, { current, oldest }: Versions = api): void => {
  if (asked < oldest) throw new RefusedQuery('API_TOO_OLD', apiTooOld(asked, oldest));
  if (asked > current) throw new RefusedQuery('API_TOO_NEW', apiTooNew(asked, current));
};

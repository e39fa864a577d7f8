import type { Account } from '../emulator/account.js';

/** Counts the requests of functions to each service from now on. */
export const countRequests = (account: Account): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  const request = account.request.bind(account);
  account.request = (caller, service, name, input) => {
    if (caller.activity !== undefined) counts[service] = (counts[service] ?? 0) + 1;
    return request(caller, service, name, input);
  };
  return counts;
};

import { validationError } from '../template.js';

/** One page of a list. The number of elements is CloudFormation's own; `token` says where the page begins. */
export const pageOf = <T>(list: readonly T[], token: string | undefined): { page: readonly T[]; NextToken?: string } => {
  const size = 100;
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0) throw validationError(`Next token ${token} is not valid`);
  const end = start + size;
  return { page: list.slice(start, end), ...(end < list.length && { NextToken: String(end) }) };
};

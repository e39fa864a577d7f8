import { AwsError } from '../../errors.js';

type Paging = { readonly maxResults?: number | undefined; readonly nextToken?: string | undefined };

const defaultSize = 100;
const maximumSize = 1000;

/** One page of a list; a token says where the next one begins. */
export const pageOf = <T>(list: readonly T[], { maxResults, nextToken }: Paging): { page: readonly T[]; nextToken: string | undefined } => {
  if (maxResults !== undefined && (maxResults < 0 || maxResults > maximumSize)) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${maxResults}' at 'maxResults' failed to satisfy constraint`,
    );
  }
  const start =
    nextToken === undefined
      ? 0
      : Number(
          Buffer.from(nextToken, 'base64')
            .toString('utf8')
            .replace(/^from:/, '') || Number.NaN,
        );
  if (!Number.isInteger(start) || start < 0) throw new AwsError('InvalidToken', `Invalid Token: 'Invalid token'`);
  const end = start + (maxResults || defaultSize);
  return { page: list.slice(start, end), nextToken: end < list.length ? Buffer.from(`from:${end}`).toString('base64') : undefined };
};

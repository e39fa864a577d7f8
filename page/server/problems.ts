import { isTransient } from '../../aws/sdk-errors.js';
import type { Problem, ProblemReason } from '../api.js';

/** What a read asks of AWS, for what is said of its failure. */
export type Read = { readonly of: Problem['of']; readonly permission: string };

/** A read through the stack's function `query`. */
export const queryRead = (of: Problem['of']): Read => ({ of, permission: 'lambda:InvokeFunction' });

type Failure = Error & { readonly code?: unknown; readonly cause?: unknown };

/** Codes of the command line, of the function `query`, and names of AWS's errors. */
const reasons: Readonly<Record<string, ProblemReason>> = {
  EXPIRED_CREDENTIALS: 'CREDENTIALS_EXPIRED',
  TokenProviderError: 'CREDENTIALS_EXPIRED',
  ExpiredToken: 'CREDENTIALS_EXPIRED',
  ExpiredTokenException: 'CREDENTIALS_EXPIRED',
  RequestExpired: 'CREDENTIALS_EXPIRED',
  NO_CREDENTIALS: 'NO_CREDENTIALS',
  INVALID_CREDENTIALS: 'NO_CREDENTIALS',
  CredentialsProviderError: 'NO_CREDENTIALS',
  UnrecognizedClientException: 'NO_CREDENTIALS',
  InvalidClientTokenId: 'NO_CREDENTIALS',
  InvalidSignatureException: 'NO_CREDENTIALS',
  SignatureDoesNotMatch: 'NO_CREDENTIALS',
  ACCESS_DENIED: 'ACCESS_DENIED',
  AccessDenied: 'ACCESS_DENIED',
  AccessDeniedException: 'ACCESS_DENIED',
  THROTTLED: 'THROTTLED',
  ThrottlingException: 'THROTTLED',
  Throttling: 'THROTTLED',
  TooManyRequestsException: 'THROTTLED',
  RequestThrottled: 'THROTTLED',
  RequestLimitExceeded: 'THROTTLED',
  API_TOO_OLD: 'OTHER_VERSION',
  API_TOO_NEW: 'OTHER_VERSION',
  UNREADABLE: 'UNREADABLE',
  NO_STACK: 'UNREACHABLE',
  UNREACHABLE: 'UNREACHABLE',
};

export const reasonOf = (error: unknown): ProblemReason => {
  if (!(error instanceof Error)) return 'INTERNAL';
  const { code, name } = error as Failure;
  for (const key of [code, name]) if (typeof key === 'string' && Object.hasOwn(reasons, key)) return reasons[key] ?? 'INTERNAL';
  return isTransient(error) ? 'UNREACHABLE' : 'INTERNAL';
};

const messages: Readonly<Record<ProblemReason, (permission: string, error: string) => string>> = {
  CREDENTIALS_EXPIRED: () => 'the AWS credentials have expired; log in again, and the page goes on',
  NO_CREDENTIALS: (_, error) => `AWS does not accept the credentials (${error}); correct them, and open the page again`,
  ACCESS_DENIED: (permission) => `the credentials may not ${permission}; docs/page.md has the permissions that the page needs`,
  THROTTLED: (permission) => `AWS throttles ${permission}; the page reads more slowly until it answers`,
  OTHER_VERSION: (_, error) => error,
  UNREADABLE: (_, error) => error,
  UNREACHABLE: (permission, error) => `${permission} has no answer (${error}); the page tries again`,
  INTERNAL: (permission, error) => `${permission} failed (${error}); the page tries again`,
};

/** Credentials that do not work now may work once the operator has logged in; without them no read works. */
export const areCredentials = (reason: ProblemReason): boolean => reason === 'CREDENTIALS_EXPIRED' || reason === 'NO_CREDENTIALS';

/** A read that failed, for the page. `profile` is that of the AWS configuration; `since` is ISO 8601. */
export const problemOf = (error: unknown, read: Read, { since, profile }: { since: string; profile?: string | undefined }): Problem => {
  const reason = reasonOf(error);
  const said = error instanceof Error ? error.message || error.name : String(error);
  return {
    of: read.of,
    reason,
    message: messages[reason](read.permission, said),
    ...(reason === 'ACCESS_DENIED' && { permission: read.permission }),
    ...(reason === 'CREDENTIALS_EXPIRED' && { command: `aws sso login${profile === undefined ? '' : ` --profile ${quoted(profile)}`}` }),
    since,
  };
};

/** A word of a shell's line. */
const quoted = (word: string): string => (/^[\w.@%+:,/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

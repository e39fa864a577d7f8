import { isTransient } from '../aws/sdk-errors.js';
import { CommandError } from './command-error.js';
import { exitStatuses } from './exit-status.js';

/** What was asked of AWS, for the message of a failure. */
export type Asked = {
  readonly action: string;
  /** The function, or the ARN of the state machine. */
  readonly resource: string;
  readonly region: string;
  readonly stage: string;
  /** Of the AWS configuration, if one is used. */
  readonly profile: string | undefined;
};

type Code = 'NO_CREDENTIALS' | 'EXPIRED_CREDENTIALS' | 'INVALID_CREDENTIALS' | 'ACCESS_DENIED' | 'NO_STACK' | 'THROTTLED' | 'UNREACHABLE';

const named: Readonly<Record<string, Code>> = {
  CredentialsProviderError: 'NO_CREDENTIALS',
  TokenProviderError: 'EXPIRED_CREDENTIALS',
  ExpiredToken: 'EXPIRED_CREDENTIALS',
  ExpiredTokenException: 'EXPIRED_CREDENTIALS',
  RequestExpired: 'EXPIRED_CREDENTIALS',
  UnrecognizedClientException: 'INVALID_CREDENTIALS',
  InvalidClientTokenId: 'INVALID_CREDENTIALS',
  InvalidSignatureException: 'INVALID_CREDENTIALS',
  SignatureDoesNotMatch: 'INVALID_CREDENTIALS',
  IncompleteSignature: 'INVALID_CREDENTIALS',
  AccessDenied: 'ACCESS_DENIED',
  AccessDeniedException: 'ACCESS_DENIED',
  ResourceNotFoundException: 'NO_STACK',
  StateMachineDoesNotExist: 'NO_STACK',
  TooManyRequestsException: 'THROTTLED',
  ThrottlingException: 'THROTTLED',
  Throttling: 'THROTTLED',
};

const statuses: Record<Code, number> = {
  NO_CREDENTIALS: exitStatuses.denied,
  EXPIRED_CREDENTIALS: exitStatuses.denied,
  INVALID_CREDENTIALS: exitStatuses.denied,
  ACCESS_DENIED: exitStatuses.denied,
  NO_STACK: exitStatuses.unreachable,
  THROTTLED: exitStatuses.unreachable,
  UNREACHABLE: exitStatuses.unreachable,
};

const messages: Record<Code, (asked: Asked, error: Error) => string> = {
  NO_CREDENTIALS: ({ profile }, { message }) =>
    `AWS credentials ${profile === undefined ? '' : `of the profile ${profile} `}were not found (${message}); set AWS_PROFILE or --profile, or the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
  EXPIRED_CREDENTIALS: () => 'the AWS credentials have expired; log in again (aws sso login, or a new session), then repeat the command',
  INVALID_CREDENTIALS: (_, { name }) => `AWS does not accept the credentials (${name}); check the profile, and the clock of this machine`,
  ACCESS_DENIED: ({ action, resource }, { message }) =>
    `the credentials may not ${action} on ${resource}; docs/security.md says which permissions operators need (AWS: ${message})`,
  NO_STACK: ({ resource, region, stage }) =>
    `${resource} does not exist in ${region}: no stack of stage ${stage} is deployed there; check --stage, --region and the account of the credentials`,
  THROTTLED: ({ action }) => `AWS throttles ${action}; repeat the command in a minute`,
  UNREACHABLE: ({ region }, error) =>
    `AWS in ${region} cannot be reached (${reasonOf(error)}); check the network, the Region and AWS_ENDPOINT_URL`,
};

const reasonOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? error.name;

const networkCodes = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE'];

const codeOf = (error: Error): Code | undefined => {
  const known = Object.hasOwn(named, error.name) ? named[error.name] : undefined;
  if (known !== undefined) return known;
  return networkCodes.includes((error as NodeJS.ErrnoException).code ?? '') || isTransient(error) ? 'UNREACHABLE' : undefined;
};

/** A failure of a call of AWS as a message and an exit status; an error that is not AWS's is answered as it is. */
export const explained = (error: unknown, asked: Asked): unknown => {
  if (!(error instanceof Error)) return error;
  const code = codeOf(error);
  if (code !== undefined) return new CommandError(messages[code](asked, error), { status: statuses[code], code, cause: error });
  if (!('$metadata' in error)) return error;
  const message = `AWS refused ${asked.action} on ${asked.resource}: ${error.name}: ${error.message}`;
  return new CommandError(message, { status: exitStatuses.unreachable, code: error.name, cause: error });
};

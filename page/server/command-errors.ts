import { isCommandError } from '../../cli/command-error.js';
import { exitStatuses } from '../../cli/exit-status.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import type { Result } from '../../core/result/result.js';
import type { ErrorReason } from '../api.js';
import { PageError } from './page-error.js';

/** Codes of StackClient's errors, and how a command that met one is answered. */
const byCode: Readonly<Record<string, readonly [status: PageError['status'], reason: ErrorReason]>> = {
  ACCESS_DENIED: [403, 'ACCESS_DENIED'],
  NO_CREDENTIALS: [503, 'NO_CREDENTIALS'],
  EXPIRED_CREDENTIALS: [503, 'CREDENTIALS_EXPIRED'],
  INVALID_CREDENTIALS: [503, 'NO_CREDENTIALS'],
  THROTTLED: [503, 'THROTTLED'],
  UNREACHABLE: [503, 'UNREACHABLE'],
  NO_STACK: [503, 'UNREACHABLE'],
  API_TOO_OLD: [503, 'OTHER_VERSION'],
  API_TOO_NEW: [503, 'OTHER_VERSION'],
  UNREADABLE: [503, 'UNREADABLE'],
  NOT_FOUND: [404, 'NOT_FOUND'],
  NOT_CONFIGURED: [404, 'NOT_FOUND'],
  INVALID_INPUT: [422, 'INVALID_INPUT'],
};

/** How a command that threw is answered; an error of the page's own code stays as it is. */
export const commandError = (error: unknown): unknown => {
  if (error instanceof RejectedInput) return new PageError(422, { reason: 'INVALID_INPUT', message: error.message });
  if (error instanceof PageError || !isCommandError(error)) return error;
  const { code, status, message } = error;
  if (code === undefined && status === exitStatuses.usage) return new PageError(422, { reason: 'INVALID_INPUT', message });
  const [http, reason] = (code !== undefined && Object.hasOwn(byCode, code) ? byCode[code] : undefined) ?? [500, 'INTERNAL'];
  return new PageError(http, { reason, message });
};

/** @throws PageError 409 with the stack's message, unless the result is SUCCEEDED */
export const checkResult = ({ outcome, message }: Result): void => {
  if (outcome !== 'SUCCEEDED') throw new PageError(409, { reason: 'CONFLICT', message });
};

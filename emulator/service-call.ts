import type { Account } from './account.js';
import type { Caller } from './caller.js';
import { AwsError } from './errors.js';

/**
 * Calls another service's api.ts, with the faults that are injected for that operation.
 * A missing answer is a server error here, as services time out.
 */
export const serviceCall = (account: Account, caller: Caller, service: string, operation: string, perform: () => void): void => {
  const fault = account.faults.ofRequest(service, operation, caller);
  if (!fault) {
    perform();
    return;
  }
  account.log.add('fault', fault.kind, { on: `${service}.${operation}`, by: caller.arn });
  switch (fault.kind) {
    case 'throttled':
      throw new AwsError('ThrottlingException', 'Rate exceeded');
    case 'accessDenied':
      throw new AwsError('AccessDeniedException', `User: ${caller.arn} is not authorized to perform: ${service}:${operation}`);
    case 'timeoutAfter':
      perform();
      break;
    case 'delayedEffect':
      account.clock.after(fault.delayMs ?? 20_000, () => {
        try {
          perform();
        } catch (error) {
          // The caller has given up by now.
          if (!(error instanceof AwsError)) throw error;
        }
      });
      break;
  }
  throw new AwsError('ServiceUnavailable', 'The server could not answer', { status: 503 });
};

/** Runs the work, and rejects with the error TIMEOUT when it takes longer. */
export const withTimeout = (account: Account, milliseconds: number, work: () => Promise<void>): Promise<void> =>
  account.clock.yieldTo(
    new Promise((resolve, reject) => {
      const timeout = account.clock.after(milliseconds, () =>
        reject(new AwsError('TIMEOUT', `no answer within ${milliseconds} ms`, { status: 504 })),
      );
      account.clock
        .during(work)
        .finally(() => account.clock.cancel(timeout))
        .then(resolve, reject);
    }),
  );

/** Whether a retry can help: services retry throttling and server errors, not refusals. */
export const isRetriable = (error: AwsError): boolean => error.status >= 500 || /throttl|TooManyRequests/i.test(error.code);

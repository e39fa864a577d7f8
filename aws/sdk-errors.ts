/**
 * A failure of AWS that may pass. Step Functions retries errors of this name; others, such as AccessDenied or a missing service,
 * keep their own name and are not retried.
 */
export class TransientAwsError extends Error {
  override readonly name = 'TransientAwsError';
}

type SdkError = Error & { readonly $metadata?: { readonly httpStatusCode?: number }; readonly $retryable?: object };

const transient =
  /Throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|SlowDown|ServerException|ServiceUnavailable|InternalServer|InternalFailure|InternalError|TimeoutError|RequestTimeout|Timeout$/;
const network = /ECONNRESET|ECONNREFUSED|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|socket hang up/;

/** Is it throttling, a status of 5xx, a timeout or a network failure? */
export const isTransient = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const { name, message, $metadata, $retryable } = error as SdkError;
  return transient.test(name) || $retryable !== undefined || ($metadata?.httpStatusCode ?? 0) >= 500 || network.test(message);
};

/** Did AWS refuse the call, so that nothing changed: throttled, denied, invalid? After a 5xx, or no answer, it may have changed. */
export const isRefused = (error: unknown): boolean => {
  const status = (error as SdkError | undefined)?.$metadata?.httpStatusCode ?? 0;
  return status >= 400 && status < 500;
};

/** Is it an error with one of these names? */
export const isNamed = (error: unknown, ...names: readonly string[]): boolean => error instanceof Error && names.includes(error.name);

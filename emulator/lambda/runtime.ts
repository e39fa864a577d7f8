import type { InvocationResult } from './api.js';

/** The handler's context; `getRemainingTimeInMillis` is added where the handler runs. */
export type InvocationContext = {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
};

/** A function's code, loaded in a sandbox. */
export type Runtime = {
  /** Never rejects: what the handler throws is a result. */
  invoke(payload: string, context: InvocationContext, timeoutSeconds: number): Promise<InvocationResult>;
  kill(): Promise<void>;
  /** Code that could not be loaded, or that ended its process, is never called again. */
  readonly isBroken: boolean;
};

const maximumResponseBytes = 6_291_556;

export const failure = (errorType: string, errorMessage: string, trace: readonly string[] = []): InvocationResult => ({
  status: 'error',
  errorType,
  errorMessage,
  trace,
});

/** The error as Lambda's Node.js runtime reports it. */
export const failureOf = (error: unknown): InvocationResult =>
  error instanceof Error
    ? failure(error.name, error.message, (error.stack ?? '').split('\n'))
    : failure(typeof error, typeof error === 'string' ? error : JSON.stringify(error));

export const success = (json: string): InvocationResult => {
  const bytes = Buffer.byteLength(json);
  if (bytes > maximumResponseBytes)
    return failure(
      'Function.ResponseSizeTooLarge',
      `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${maximumResponseBytes} bytes).`,
    );
  return { status: 'ok', payload: JSON.parse(json) as unknown };
};

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

/** Of an invocation that the reserved concurrency of the function does not allow. */
export const throttled = failure('TooManyRequestsException', 'Rate Exceeded.');

type ErrorLike = { readonly name: string; readonly message: string; readonly stack: string };

const isErrorLike = (value: unknown): value is ErrorLike => {
  const { name, message, stack } = value as Partial<Record<string, unknown>>;
  return [name, message, stack].every((text) => typeof text === 'string' && (text !== '' || value instanceof Error));
};

/**
 * What a handler threw, as Lambda's Node.js runtime reports it (Errors.js of aws-lambda-nodejs-runtime-interface-client).
 * Never throws itself, for any thrown value.
 */
export const failureOf = (thrown: unknown): InvocationResult => {
  // The runtime's own word for a rejection without a reason.
  const error = thrown ?? 'handled';
  try {
    return isErrorLike(error) ? failure(error.name, error.message, error.stack.split('\n')) : failure(typeof error, String(error));
  } catch {
    return failure(
      'handled',
      'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
    );
  }
};

/** What a handler returned, as its answer's JSON. @throws Error with the runtime's words for a value that JSON cannot represent */
export const serialized = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
};

/** @throws SyntaxError for a text that is not JSON */
export const success = (json: string): InvocationResult => {
  const bytes = Buffer.byteLength(json);
  if (bytes > maximumResponseBytes)
    return failure(
      'Function.ResponseSizeTooLarge',
      `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${maximumResponseBytes} bytes).`,
    );
  return { status: 'ok', payload: JSON.parse(json) as unknown };
};

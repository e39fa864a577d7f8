import type { AwsError } from '../errors.js';
import type { Operation } from '../operation.js';

/** A request as it comes in by any transport; names of headers in lower case. */
export type HttpRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The caller's access key, if the transport knows it; otherwise the signature has it. */
  readonly accessKeyId?: string | undefined;
};

export type HttpAnswer = { readonly status: number; readonly headers: Record<string, string>; readonly body: Uint8Array };

/** Which operation a request is for; `service` is the endpoint's name as in `Operation.service`. */
export type Target = { readonly service: string; readonly operation: string };

/** How one of AWS's protocols encodes inputs, outputs and errors. */
export type Protocol = {
  /** `definition` is undefined for an operation that is not emulated. */
  readonly input: (request: HttpRequest, definition: Operation | undefined) => Record<string, unknown>;
  readonly output: (target: Target, output: unknown, requestId: string) => HttpAnswer;
  readonly error: (target: Target, error: AwsError, requestId: string, request: HttpRequest) => HttpAnswer;
};

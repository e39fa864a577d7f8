import type { FunctionSpec } from './api.js';

/** One version of a function: `$LATEST`, or a number with fixed code and configuration. */
export type FunctionVersion = {
  readonly spec: FunctionSpec;
  readonly version: string;
  /** The function's ARN with the version, as `context.invokedFunctionArn` and policies see it; $LATEST has none. */
  readonly arn: string;
  /** The packaged code's hash, to detect a change. */
  readonly codeHash: string | undefined;
};

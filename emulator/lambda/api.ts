import type { Caller } from '../caller.js';

export type FunctionSpec = {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** `functions/plan-release.handler`, as in the template. */
  readonly handler: string;
  /** The packaged zip file; absent only when the emulator was given `functionCode`. */
  readonly zipPath: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** `nodejs24.x` unless given. */
  readonly runtime?: string;
  /** In place of a bundle: see `putUserFunction`. */
  readonly userCode?: UserFunction;
  /** Where its network interfaces are; absent for a function outside of any VPC. */
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
};

/** A function's code in a test. `sleep` lets virtual time pass, in milliseconds: a promise that never ends would stop it. */
export type UserFunction = (event: unknown, context: { readonly sleep: (milliseconds: number) => Promise<void> }) => unknown;

/** What runs in place of a function's bundle: see `EmulatorOptions.functionCode`. */
export type FunctionCode = (payload: unknown) => Promise<unknown>;

/** As Step Functions and SQS see a finished invocation. */
export type InvocationResult =
  | { readonly status: 'ok'; readonly payload: unknown }
  | { readonly status: 'error'; readonly errorType: string; readonly errorMessage: string; readonly trace: readonly string[] };

export type Lambda = {
  createFunction(spec: FunctionSpec): void;
  /** Creates a function that is no part of a stack, and runs in this process; again, updates its code. Returns its ARN. */
  putUserFunction(name: string, code: UserFunction, options?: { readonly timeoutSeconds?: number }): string;
  /** Returns the version's qualified ARN. Code and configuration of a version do not change. */
  publishVersion(functionArn: string): string;
  /** The qualified ARN of the version that was published last; undefined before the first one. */
  newestVersion(functionArn: string): string | undefined;
  addPermission(functionArn: string, permission: { readonly principal: string; readonly sourceArn?: string }): void;
  /** Whether the caller may invoke the function, by its own policies or by AddPermission. @throws AwsError ResourceNotFoundException */
  mayInvoke(caller: Caller, functionArn: string): boolean;
  createEventSourceMapping(mapping: {
    readonly queueArn: string;
    readonly functionArn: string;
    readonly batchSize: number;
    readonly reportsBatchItemFailures: boolean;
    readonly maximumConcurrency?: number;
  }): void;
  /** For invocations of type Event; without it, two retries and six hours. */
  putEventInvokeConfig?(
    functionArn: string,
    config: { readonly maximumRetryAttempts?: number; readonly maximumEventAgeSeconds?: number; readonly onFailureArn?: string },
  ): void;
  /** Runs the function as its role. Checks no permission (`lambda.Invoke` does). Takes virtual time. */
  invoke(functionArn: string, payload: unknown): Promise<InvocationResult>;
  close(): Promise<void>;
};

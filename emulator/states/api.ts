export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** An execution, for tests and for the command line. */
export type ExecutionView = {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly status: ExecutionStatus;
  /** Virtual, in epoch milliseconds. */
  readonly startTime: number;
  readonly stopTime: number | undefined;
  readonly input: unknown;
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
};

export type States = {
  /** The definition may be JSON or an object. A machine with the same ARN is updated; running executions keep the definition that they started with. */
  createStateMachine(spec: { readonly name: string; readonly arn: string; readonly roleArn: string; readonly definition: unknown }): void;
  /** Oldest first; of all machines, or of one. */
  executions(machineArn?: string): readonly ExecutionView[];
  /** Events as GetExecutionHistory returns them, oldest first. */
  history(executionArn: string): readonly {
    readonly id: number;
    readonly previousEventId: number;
    readonly timestamp: Date;
    readonly type: string;
    readonly [details: `${string}EventDetails`]: Readonly<Record<string, unknown>>;
  }[];
  /** State transitions as they are billed: entries and retries. */
  transitions(executionArn: string): number;
};

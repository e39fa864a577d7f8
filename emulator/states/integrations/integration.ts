import type { Account } from '../../account.js';
import type { Caller } from '../../caller.js';
import type { Resource } from '../definition/definition.js';

/** Another execution, as a `.sync` task waits for it. */
export type ChildExecution = {
  readonly status: string;
  /** Calls the listener when the execution ends; never when it has ended before. */
  whenEnded(listener: () => void): void;
};

/** One task's call of an integration. */
export type IntegrationCall = {
  readonly account: Account;
  /** The machine's role, on behalf of the execution. */
  readonly caller: Caller;
  readonly resource: Resource;
  readonly parameters: unknown;
  /** @throws AwsError ExecutionDoesNotExist */
  readonly execution: (arn: string) => ChildExecution;
  /** Reports that the requested work has begun; the call resolves when it has ended. */
  readonly submitted: (output: unknown) => void;
  /** Aborted when the task has its result, or when its result is no longer needed. */
  readonly signal: AbortSignal;
};

/** Resolves with the task's result as JSON. Rejects with StateFailure. */
export type Integration = (call: IntegrationCall) => Promise<unknown>;

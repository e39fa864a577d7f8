import type { Account } from '../../account.js';
import type { Caller } from '../../caller.js';
import type { ChildExecution } from '../integrations/integration.js';
import type { History } from './history.js';
import type { Tokens } from './tokens.js';

/** What all executions of the account share. */
export type ExecutionStore = {
  readonly account: Account;
  /** The functions that every JSONata expression may call. */
  readonly functions: Readonly<Record<string, unknown>>;
  readonly tokens: Tokens;
  /** @throws AwsError ExecutionDoesNotExist */
  execution(arn: string): ChildExecution;
};

/** What the states of one execution share. */
export type ExecutionScope = {
  readonly account: Account;
  readonly store: ExecutionStore;
  readonly history: History;
  /** The identity of all tasks: the machine's role. */
  readonly caller: Caller;
  /** `$states.context` of every state, without its members State, Map and Task. */
  readonly context: { readonly Execution: object; readonly StateMachine: object };
  /** State transitions as they are billed: entries and retries. */
  transitions: number;
  log(type: string, detail: Record<string, unknown>): void;
};

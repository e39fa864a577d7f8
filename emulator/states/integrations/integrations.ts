import type { Caller } from '../../caller.js';
import type { Resource } from '../definition/definition.js';
import type { Store } from '../store.js';
import { callSdk } from './call-sdk.js';
import { invokeFunction, invokeLambda } from './invoke-lambda.js';
import { publish, sendMessage } from './publish-and-send.js';
import { startChild } from './start-child.js';

/** What an integration gets to do its work with. */
export type Task = {
  readonly store: Store;
  readonly caller: Caller;
  readonly resource: Resource;
  readonly parameters: unknown;
  /** What was asked for has begun, and its end is waited for. */
  readonly submitted: (output: unknown) => void;
  /** Called when the task is over, or not wanted any more. */
  readonly onRelease: (release: () => void) => void;
};

/** Resolves with the task's result as JSON. Rejects with StateFailure. */
export type Integration = (task: Task) => Promise<unknown>;

const integrations: Readonly<Record<string, Integration>> = {
  function: invokeFunction,
  lambda: invokeLambda,
  states: startChild,
  sns: publish,
  sqs: sendMessage,
};

export const integrationOf = ({ service }: Resource): Integration => integrations[service] ?? callSdk;

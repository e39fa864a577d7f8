import type { Account } from './account.js';
import type { Caller } from './caller.js';
import { AwsError } from './errors.js';
import type { Permission } from './iam/api.js';
import { readShape, type Shape } from './shape.js';
import type { RateLimit } from './throttle.js';

export type { Permission } from './iam/api.js';

export type Call = { readonly account: Account; readonly caller: Caller };

/** One operation of one service: a file each, named as AWS names the operation. */
export type Operation<Input = never, Output = unknown> = {
  /** The service's name in `faults` and COVERAGE.md: `ecs`, `ecr`, `states`, `lambda`, `events`, `sns`, `sqs`, `dynamodb`, `secretsmanager`, `cloudwatch`, `logs`, `sts`, `iam`, `cloudformation`. */
  readonly service: string;
  readonly name: string;
  readonly input: Readonly<Record<string, Shape>>;
  /** Members without which AWS answers a validation error. */
  readonly required?: readonly string[];
  /** The code with which the service refuses input that its API model does not allow; default ValidationException. */
  readonly validationCode?: string;
  /** Without one the operation is never throttled. */
  readonly rateLimit?: RateLimit;
  /** Permissions that the caller's role needs; default `<service>:<name>` on `*`. */
  readonly permissions?: (input: Input, account: Account) => readonly Permission[];
  readonly run: (input: Input, call: Call) => Output | Promise<Output>;
};

/** Checks an operation's own input type, and returns it as the registry keeps all operations. */
export const operation = <Input, Output>(definition: Operation<Input, Output>): Operation => definition as unknown as Operation;

/**
 * Checks an input before the operation has any effect. Returns it without the empty members that are not emulated.
 * @throws AwsError the operation's `validationCode` or SerializationException, NotEmulated for an unknown member that has content.
 */
export const readInput = (definition: Operation, given: object): Record<string, unknown> => {
  const path = `${definition.service}.${definition.name}`;
  const input = readShape(given, { members: definition.input }, path, definition.validationCode) as Record<string, unknown>;
  for (const name of definition.required ?? []) {
    if (input[name] === undefined || input[name] === null)
      throw new AwsError(definition.validationCode ?? 'ValidationException', `${path}: member ${name} must not be null`);
  }
  return input;
};

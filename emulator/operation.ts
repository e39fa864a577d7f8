import type { Account } from './account.js';
import type { Activity } from './clock.js';
import { AwsError, NotEmulated } from './errors.js';
import type { RateLimit } from './throttle.js';

/** Who makes a request, as IAM sees it. */
export type Caller = {
  /** Role ARN, user ARN, or a service's principal such as `events.amazonaws.com`. */
  readonly arn: string;
  /** A `user` (the AWS CLI, a test) may do everything; a `role` what its policies allow; a `service` what resource policies allow. */
  readonly kind: 'user' | 'role' | 'service';
  /** For a service: the ARN on whose behalf it calls, for `aws:SourceArn`. */
  readonly sourceArn?: string;
  /** The invocation that makes the request, where a function does. */
  readonly activity?: Activity | undefined;
};

/** The members that the emulator knows of an input; anything else is answered NotEmulated. `any` is kept as it is. */
export type Shape =
  | 'string'
  | 'number'
  | 'boolean'
  | 'timestamp'
  | 'blob'
  | 'any'
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly members: Readonly<Record<string, Shape>> };

export type Call = { readonly account: Account; readonly caller: Caller };

/** What a request needs the permission for. */
export type Permission = { readonly action: string; readonly resource: string; readonly context?: Readonly<Record<string, string>> };

/** One operation of one service: a file each, named as AWS names the operation. */
export type Operation<Input = never, Output = unknown> = {
  /** The endpoint's name as in `faults` and COVERAGE.md: `ecs`, `ecr`, `states`, `lambda`, `events`, `sns`, `sqs`, `dynamodb`, `secretsmanager`, `cloudwatch`, `logs`, `sts`. */
  readonly service: string;
  readonly name: string;
  readonly input: Readonly<Record<string, Shape>>;
  /** Members without which AWS answers a validation error. */
  readonly required?: readonly string[];
  /** Shared by the operations of a category; without one the operation is never throttled. */
  readonly rateLimit?: RateLimit;
  /** Permissions that the caller's role needs; default `<service>:<name>` on `*`. */
  readonly permissions?: (input: Input, account: Account) => readonly Permission[];
  readonly run: (input: Input, call: Call) => Output | Promise<Output>;
};

/** Keeps an operation's own input type while the registry forgets it. */
export const operation = <Input, Output>(definition: Operation<Input, Output>): Operation => definition as unknown as Operation;

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value);

const check = (value: unknown, shape: Shape, path: string): void => {
  if (value === undefined || value === null || shape === 'any') return;
  const refuse = (expected: string): never => {
    throw new AwsError('SerializationException', `${path} is ${kindOf(value)}; expected ${expected}`);
  };
  if (shape === 'timestamp') {
    if (!(value instanceof Date) && typeof value !== 'number' && typeof value !== 'string') refuse('a timestamp');
  } else if (shape === 'blob') {
    if (!(value instanceof Uint8Array) && typeof value !== 'string') refuse('a blob');
  } else if (typeof shape === 'string') {
    if (typeof value !== shape) refuse(`a ${shape}`);
  } else if ('list' in shape) {
    if (!Array.isArray(value)) refuse('a list');
    for (const [index, element] of (value as unknown[]).entries()) check(element, shape.list, `${path}[${index}]`);
  } else {
    if (typeof value !== 'object' || Array.isArray(value)) refuse('a structure');
    for (const [key, element] of Object.entries(value as object)) {
      if ('map' in shape) check(element, shape.map, `${path}.${key}`);
      else {
        const member = shape.members[key];
        if (member === undefined) throw new NotEmulated(`member ${path}.${key}`);
        check(element, member, `${path}.${key}`);
      }
    }
  }
};

/** Refuses what the operation does not know, before anything happens. */
export const checkInput = (definition: Operation, input: Record<string, unknown>): void => {
  const path = `${definition.service}.${definition.name}`;
  check(input, { members: definition.input }, path);
  for (const name of definition.required ?? []) {
    if (input[name] === undefined || input[name] === null)
      throw new AwsError('ValidationException', `${path}: member ${name} must not be null`);
  }
};

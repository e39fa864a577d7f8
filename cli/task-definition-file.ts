import { readFileSync } from 'node:fs';
import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { CommandError } from './command-error.js';

/** A task definition of yours, to be registered for a service; account and Region are those of its ARN, if the file has one. */
export type TaskDefinitionFile = {
  readonly file: string;
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  readonly definition: RegisterTaskDefinitionCommandInput;
};

/** Members that DescribeTaskDefinition returns and RegisterTaskDefinition does not take. */
const READ_ONLY = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/**
 * Reads what `aws ecs describe-task-definition` printed, or the input of `aws ecs register-task-definition`.
 * @throws CommandError for anything else.
 */
export const readTaskDefinition = (file: string): TaskDefinitionFile => {
  const expected = 'expected what `aws ecs describe-task-definition` prints';
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CommandError(`${file} cannot be read (${error instanceof Error ? error.message : error}); ${expected}`);
  }
  const described = isObject(document) && isObject(document.taskDefinition) ? document.taskDefinition : document;
  if (!isObject(described) || typeof described.family !== 'string' || !Array.isArray(described.containerDefinitions))
    throw new CommandError(`${file} has no "family" and "containerDefinitions"; ${expected}`);
  const [, , , region, accountId] = String(described.taskDefinitionArn ?? '').split(':');
  const definition = Object.fromEntries(Object.entries(described).filter(([name]) => !READ_ONLY.includes(name)));
  return { file, accountId, region, definition: definition as unknown as RegisterTaskDefinitionCommandInput };
};

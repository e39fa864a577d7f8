import { AwsError } from '../errors.js';
import type { Shape } from '../shape.js';
import { launchTypeOf } from './check-launch.js';
import { fargateProblem, unitsOf } from './check-task-definition.js';
import type { TaskDefinition, TaskDefinitionDocument, TaskOverrides } from './records.js';
import type { LaunchSettings } from './settings.js';

const maxCharacters = 8192;

/** TaskOverride and ContainerOverride of the API model (November 2026): there is no override of the entry point. */
export const overridesShape: Shape = {
  members: {
    containerOverrides: {
      list: {
        members: {
          name: 'string',
          command: { list: 'string' },
          environment: { list: { members: { name: 'string', value: 'string' } } },
          environmentFiles: { list: { members: { value: 'string', type: { oneOf: ['s3'] } } } },
          cpu: 'number',
          memory: 'number',
          memoryReservation: 'number',
          resourceRequirements: {
            list: { members: { value: 'string', type: { oneOf: ['GPU', 'InferenceAccelerator', 'NeuronDevice'] } } },
          },
        },
      },
    },
    cpu: 'string',
    memory: 'string',
    executionRoleArn: 'string',
    taskRoleArn: 'string',
    ephemeralStorage: { members: { sizeInGiB: 'number' } },
  },
};

const refuse = (message: string): never => {
  throw new AwsError('InvalidParameterException', message);
};

/** A task definition's document with what the overrides change of its size; without them, itself. */
export const resized = (document: TaskDefinitionDocument, { cpu, memory }: TaskOverrides): TaskDefinitionDocument => ({
  ...document,
  ...(cpu !== undefined && { cpu: unitsOf('cpu', cpu) ?? cpu }),
  ...(memory !== undefined && { memory: unitsOf('memory', memory) ?? memory }),
});

/**
 * Refuses overrides that ECS refuses. The limit of 8,192 characters includes the JSON of the structure (RunTask in the API reference);
 * its words are those of convox/rack#1906. The words for a container with too much memory are those of RegisterTaskDefinition.
 * @throws AwsError InvalidParameterException, and ClientException for a size that is no number
 */
export const checkOverrides = ({ document }: TaskDefinition, settings: LaunchSettings, overrides: TaskOverrides = {}): void => {
  if (JSON.stringify(overrides).length > maxCharacters) refuse(`Container Overrides length must be at most ${maxCharacters}`);
  const task = resized(document, overrides);
  const problem = launchTypeOf(settings) === 'FARGATE' ? fargateProblem(task) : undefined;
  if (problem !== undefined) refuse(problem);
  for (const { name, memory = 0 } of overrides.containerOverrides ?? []) {
    if (!document.containerDefinitions.some((container) => container.name === name))
      refuse(`Override for container named ${name} is not a container in the TaskDefinition.`);
    if (memory > Number(task.memory ?? memory)) refuse("The 'memory' setting for container is greater than for the task.");
  }
};

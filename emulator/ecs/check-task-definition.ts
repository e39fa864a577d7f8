import { AwsError } from '../errors.js';
import type { ContainerDefinition, TaskDefinitionDocument } from './records.js';

const maxBytes = 65_536;
const maxContainers = 10;

const refuse = (message: string): never => {
  throw new AwsError('ClientException', message);
};

const range = (low: number, high: number, step: number): number[] =>
  Array.from({ length: (high - low) / step + 1 }, (_, index) => low + index * step);

// Source: developer guide, "Troubleshoot Amazon ECS task definition invalid CPU or memory errors". The 74 pairs were measured with
// RegisterTaskDefinition in ap-northeast-1 on 2026-08-15 (public notes of a user); 32768 CPU units do not exist.
const fargateMemory: Readonly<Record<string, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: range(1024, 4096, 1024),
  1024: range(2048, 8192, 1024),
  2048: range(4096, 16_384, 1024),
  4096: range(8192, 30_720, 1024),
  8192: range(16_384, 61_440, 4096),
  16384: range(32_768, 122_880, 8192),
};

const registryOfAws = /\.dkr[.-]ecr[.-]/;

const usesLogDriver = ({ logConfiguration }: ContainerDefinition): boolean => logConfiguration?.logDriver === 'awslogs';

/**
 * Why Fargate cannot run a task definition, in ECS's words; undefined if it can. The words are those of public reports of the
 * ClientException and of the guide's page of errors.
 */
export const fargateProblem = (document: TaskDefinitionDocument): string | undefined => {
  const { networkMode, cpu, memory, executionRoleArn, containerDefinitions, placementConstraints, ephemeralStorage } = document;
  if (networkMode !== 'awsvpc') return 'Fargate only supports network mode ‘awsvpc’.';
  if (cpu === undefined) return "Fargate requires that 'cpu' be defined at the task level.";
  if (memory === undefined) return "Fargate requires that 'memory' be defined at the task level.";
  if (!fargateMemory[cpu]?.includes(Number(memory)))
    return `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory. See the Amazon ECS documentation for the valid values.`;
  if (placementConstraints?.length) return 'Fargate does not support task placement constraints.';
  const { sizeInGiB = 21 } = ephemeralStorage ?? {};
  if (sizeInGiB < 21) return 'EphemeralStorage size should be at least 21';
  if (sizeInGiB > 200) return 'EphemeralStorage size should be at most 200';
  if (executionRoleArn) return undefined;
  const needs = (what: string): string => `Fargate requires task definition to have execution role ARN to support ${what}.`;
  if (containerDefinitions.some(({ image }) => registryOfAws.test(image))) return needs('ECR images');
  return containerDefinitions.some(usesLogDriver) ? needs('log driver awslogs') : undefined;
};

/** The launch types that can run the task definition. */
export const compatibilitiesOf = (document: TaskDefinitionDocument): string[] =>
  fargateProblem(document) === undefined ? ['EC2', 'FARGATE'] : ['EC2'];

const unitPatterns = { cpu: /^(\d+(?:\.\d+)?)(?:\s*(vcpu)s?)?$/i, memory: /^(\d+(?:\.\d+)?)(?:\s*(gb))?$/i };

/**
 * CPU units, or MiB, of `1024`, `1 vCPU`, `2GB`: ECS converts to the number when a definition is registered (API reference, `cpu` and
 * `memory` of RegisterTaskDefinition).
 */
export const unitsOf = (name: 'cpu' | 'memory', text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  const [, number, unit] = unitPatterns[name].exec(text.trim()) ?? [];
  const units = Number(number) * (unit ? 1024 : 1);
  if (!Number.isInteger(units) || units <= 0)
    refuse(`Invalid '${name}' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`);
  return String(units);
};

const isNegative = (value: number | undefined): boolean => value !== undefined && value < 0;

const checkContainer = (
  container: ContainerDefinition,
  { memory: taskMemory, networkMode, executionRoleArn }: TaskDefinitionDocument,
): void => {
  const { name, cpu, memory, memoryReservation, portMappings = [], secrets } = container;
  if (isNegative(cpu) || isNegative(memory) || isNegative(memoryReservation))
    refuse(`Invalid setting for container '${name}'. 'cpu', 'memory' and 'memoryReservation' must not be negative.`);
  if (taskMemory === undefined && !memory && !memoryReservation)
    refuse(`Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`);
  if (taskMemory !== undefined && (memory ?? 0) > Number(taskMemory))
    refuse("The 'memory' setting for container is greater than for the task.");
  if (memory !== undefined && (memoryReservation ?? 0) > memory)
    refuse(`Invalid setting for container '${name}'. 'memory' must be greater than or equal to 'memoryReservation'.`);
  const isOwnHost = networkMode === 'awsvpc' || networkMode === 'host';
  if (isOwnHost && portMappings.some(({ hostPort, containerPort }) => hostPort && hostPort !== containerPort))
    refuse(`When networkMode=${networkMode}, the host ports and container ports in port mappings must match.`);
  if (Array.isArray(secrets) && secrets.length > 0 && !executionRoleArn)
    refuse("When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.");
};

/**
 * Refuses what ECS refuses to register. `cpu` and `memory` are numbers of units.
 * @throws AwsError ClientException
 */
export const checkTaskDefinition = (document: TaskDefinitionDocument): void => {
  const { family, containerDefinitions, requiresCompatibilities = [], volumes = [] } = document;
  if (!/^[\w-]{1,255}$/.test(family)) refuse('Family contains invalid characters.');
  if (containerDefinitions.length === 0) refuse('Container list cannot be empty.');
  if (containerDefinitions.length > maxContainers) {
    refuse(`Task definition has ${containerDefinitions.length} containers; at most ${maxContainers} are allowed.`);
  }
  const names = new Set(containerDefinitions.map(({ name }) => name));
  if (names.size < containerDefinitions.length) refuse('Container names must be unique.');
  for (const { name, image, dependsOn = [] } of containerDefinitions) {
    if (!name || !image) refuse('Container.name and Container.image should not be null or empty.');
    const unknown = dependsOn.find(({ containerName }) => !names.has(containerName ?? ''));
    if (unknown) refuse(`Cannot depend on container + '${unknown.containerName}' because it does not exist`);
  }
  // https://github.com/wellcomecollection/platform/pull/677 has the words.
  const mounted = containerDefinitions.flatMap(({ mountPoints = [] }) => mountPoints);
  const unmounted = mounted.find(({ sourceVolume }) => !volumes.some(({ name }) => name === sourceVolume));
  if (unmounted) refuse(`Unknown volume '${unmounted.sourceVolume}'.`);
  if (containerDefinitions.every(({ essential }) => essential === false)) refuse('At least one container must be essential.');
  for (const container of containerDefinitions) checkContainer(container, document);
  const problem = requiresCompatibilities.includes('FARGATE') ? fargateProblem(document) : undefined;
  if (problem !== undefined) refuse(problem);
  const bytes = Buffer.byteLength(JSON.stringify(document));
  if (bytes > maxBytes) refuse(`Actual length: '${bytes}'. Max allowed length is '${maxBytes}' bytes.`);
};

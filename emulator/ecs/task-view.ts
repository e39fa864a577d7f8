import { resized } from './check-overrides.js';
import { taskLaunchView } from './launch-view.js';
import { attachmentsOf, networkInterfacesOf } from './network-interface.js';
import type { Container, ContainerOverride, Health, Task } from './records.js';

const healthOf = (task: Task): Health => {
  const checked = task.containers.filter(({ definition }) => definition.healthCheck && definition.essential !== false);
  if (checked.some(({ health }) => health === 'UNHEALTHY')) return 'UNHEALTHY';
  return checked.length > 0 && checked.every(({ health }) => health === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN';
};

type View = Readonly<Record<string, unknown>>;

/** A task as DescribeTasks shows it. */
export type TaskView = View & { readonly attachments: readonly View[]; readonly containers: readonly View[] };

const overrideOf = ({ overrides }: Task, name: string): ContainerOverride | undefined =>
  overrides.containerOverrides?.find((override) => override.name === name);

const containerView = (task: Task, container: Container): View => ({
  containerArn: container.arn,
  taskArn: task.arn,
  name: container.name,
  image: container.definition.image,
  ...(container.image && { imageDigest: container.image.digest, runtimeId: `${task.id}-${container.arn.slice(-10)}` }),
  lastStatus: container.lastStatus,
  ...(container.exitCode !== undefined && { exitCode: container.exitCode }),
  ...(container.reason && { reason: container.reason }),
  networkInterfaces: networkInterfacesOf(task),
  healthStatus: container.health,
  cpu: String(overrideOf(task, container.name)?.cpu ?? container.definition.cpu ?? 0),
});

const times = ['pullStartedAt', 'pullStoppedAt', 'startedAt', 'stoppingAt', 'executionStoppedAt', 'stoppedAt'] as const;

export const taskView = (task: Task): TaskView => {
  const [, , , region = ''] = task.arn.split(':');
  const { containerOverrides: _, ...overridesOfTask } = task.overrides;
  const { cpu, memory } = resized(task.taskDefinition.document, task.overrides);
  return {
    attachments: attachmentsOf(task, region),
    attributes: [{ name: 'ecs.cpu-architecture', value: task.taskDefinition.document.runtimePlatform?.cpuArchitecture ?? 'x86_64' }],
    availabilityZone: `${region}a`,
    clusterArn: task.cluster.arn,
    ...(task.startedAt && { connectivity: 'CONNECTED', connectivityAt: task.startedAt }),
    containers: task.containers.map((container) => containerView(task, container)),
    ...(cpu !== undefined && { cpu }),
    ...(memory !== undefined && { memory }),
    createdAt: task.createdAt,
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: task.enableExecuteCommand,
    group: task.group,
    healthStatus: healthOf(task),
    lastStatus: task.lastStatus,
    ...taskLaunchView(task),
    overrides: {
      containerOverrides: task.containers.map(({ name }) => ({ ...overrideOf(task, name), name })),
      inferenceAcceleratorOverrides: [],
      ...overridesOfTask,
    },
    ...Object.fromEntries(times.flatMap((name) => (task[name] ? [[name, task[name]]] : []))),
    ...(task.startedBy && { startedBy: task.startedBy }),
    ...(task.stopCode && { stopCode: task.stopCode, stoppedReason: task.stoppedReason }),
    tags: task.tags,
    taskArn: task.arn,
    taskDefinitionArn: task.taskDefinition.arn,
    version: task.version,
  };
};

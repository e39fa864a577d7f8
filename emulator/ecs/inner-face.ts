import type { TaskStopCode } from './records.js';
import type { EcsState } from './state.js';

/** A service as it is now: never stale, and no request. */
export type ShownService = {
  readonly arn: string;
  readonly status: string;
  readonly desiredCount: number;
  readonly taskDefinition: string | undefined;
  readonly runningTasks: readonly {
    readonly arn: string;
    readonly taskDefinition: string;
    readonly startedBy: string | undefined;
    readonly isHealthy: boolean;
    /** By container: what its image resolved to. */
    readonly digests: Readonly<Record<string, string>>;
  }[];
  /** Newest first. */
  readonly serviceDeployments: readonly {
    readonly arn: string;
    readonly status: string;
    readonly taskDefinition: string;
    readonly statusReason: string | undefined;
  }[];
  /** Newest first. */
  readonly events: readonly string[];
};

/** ECS's inner face: for tests and for other services. */
export type Ecs = {
  cluster(name: string): { readonly arn: string; readonly services: readonly string[] } | undefined;
  service(cluster: string, name: string): ShownService | undefined;
  /** As something other than the scheduler stops a task: a Spot interruption, a person, a host that died. */
  stopTask(taskArn: string, stopCode: TaskStopCode, reason: string): void;
  /** From now on the service's tasks find no place; undefined ends it. */
  failPlacement(cluster: string, service: string, reason: string | undefined): void;
};

export const showCluster = (state: EcsState, name: string): ReturnType<Ecs['cluster']> => {
  const cluster = state.clusters.get(name);
  return cluster && { arn: cluster.arn, services: [...cluster.services.keys()] };
};

export const showService = (state: EcsState, clusterName: string, name: string): ShownService | undefined => {
  const service = state.clusters.get(clusterName)?.services.get(name);
  if (!service) return undefined;
  const tasks = service.deployments.flatMap((deployment) => [...deployment.tasks]);
  return {
    arn: service.arn,
    status: service.status,
    desiredCount: service.desiredCount,
    taskDefinition: service.taskDefinition?.arn,
    runningTasks: tasks
      .filter(({ lastStatus }) => lastStatus === 'RUNNING')
      .map(({ arn, taskDefinition, startedBy, isHealthy, containers }) => ({
        arn,
        taskDefinition: taskDefinition.arn,
        startedBy,
        isHealthy,
        digests: Object.fromEntries(containers.map((container) => [container.name, container.image?.digest ?? ''])),
      })),
    serviceDeployments: service.serviceDeployments.map(({ arn, status, target, statusReason }) => ({
      arn,
      status,
      taskDefinition: target.taskDefinition.arn,
      statusReason,
    })),
    events: service.events.map(({ message }) => message),
  };
};

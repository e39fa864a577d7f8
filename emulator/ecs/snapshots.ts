import type { Ecs, ServiceSnapshot } from './api.js';
import type { EcsState } from './state.js';

export const clusterSnapshot = (state: EcsState, name: string): ReturnType<Ecs['cluster']> => {
  const cluster = state.clusters.get(name);
  return cluster && { arn: cluster.arn, services: [...cluster.services.keys()] };
};

export const serviceSnapshot = (state: EcsState, clusterName: string, name: string): ServiceSnapshot | undefined => {
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

import { revisionLaunchView, serviceLaunchView } from './launch-view.js';
import type { Deployment, Service, ServiceRevision } from './records.js';
import { count, isRunning, shouldRun } from './task-counts.js';
import type { TaskState } from './task-group.js';

const isPending = ({ lastStatus, desiredStatus }: TaskState): boolean =>
  desiredStatus === 'RUNNING' && (lastStatus === 'PROVISIONING' || lastStatus === 'PENDING' || lastStatus === 'ACTIVATING');

export type TaskCounts = { readonly requestedTaskCount: number; readonly runningTaskCount: number; readonly pendingTaskCount: number };

const countsOf = (service: Service, deployments: readonly Deployment[]): TaskCounts => ({
  requestedTaskCount: deployments.reduce(
    (sum, deployment) => sum + (deployment.status === 'PRIMARY' ? service.desiredCount : count([deployment], shouldRun)),
    0,
  ),
  runningTaskCount: count(deployments, isRunning),
  pendingTaskCount: count(deployments, isPending),
});

/** A service revision's desired, pending and running tasks. */
export const revisionCounts = (revision: ServiceRevision): TaskCounts =>
  countsOf(
    revision.service,
    revision.service.deployments.filter((deployment) => deployment.revision === revision),
  );

const deploymentView = (service: Service, deployment: Deployment): object => {
  const { requestedTaskCount, runningTaskCount, pendingTaskCount } = countsOf(service, [deployment]);
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.revision.taskDefinition.arn,
    desiredCount: requestedTaskCount,
    pendingCount: pendingTaskCount,
    runningCount: runningTaskCount,
    failedTasks: Math.min(deployment.failures, deployment.consecutiveFailures),
    createdAt: deployment.createdAt,
    updatedAt: deployment.updatedAt,
    ...revisionLaunchView(deployment.revision),
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
};

/** A service as DescribeServices shows it; `currentServiceDeployment` is the newest one, where the answer names it. */
export const serviceView = (service: Service, currentServiceDeployment: string | undefined): object => {
  const { runningTaskCount, pendingTaskCount } = countsOf(service, service.deployments);
  const isByEcs = service.controller === 'ECS';
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    loadBalancers: service.settings.loadBalancers ?? [],
    serviceRegistries: service.settings.serviceRegistries ?? [],
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: runningTaskCount,
    pendingCount: pendingTaskCount,
    ...serviceLaunchView(service),
    ...(service.taskDefinition && { taskDefinition: service.taskDefinition.arn }),
    deploymentConfiguration: service.configuration,
    ...(!isByEcs && { taskSets: [] }),
    deployments: service.deployments.map((deployment) => deploymentView(service, deployment)),
    events: [...service.events],
    createdAt: service.createdAt,
    createdBy: service.createdBy,
    ...(isByEcs && currentServiceDeployment && { currentServiceDeployment }),
    ...(isByEcs && {
      currentServiceRevisions: service.deployments.map(({ revision }) => ({ arn: revision.arn, ...revisionCounts(revision) })),
    }),
    placementConstraints: [],
    placementStrategy: [],
    schedulingStrategy: service.schedulingStrategy,
    ...(service.roleArn !== undefined && { roleArn: service.roleArn }),
    deploymentController: { type: service.controller },
    enableECSManagedTags: false,
    propagateTags: 'NONE',
    enableExecuteCommand: false,
    ...service.description,
    tags: service.tags,
  };
};

import type { EmulatedAccount } from '../emulated-account.js';
import { AwsError } from '../errors.js';
import type { Ecs } from './api.js';
import { createCluster, describeClusters, listClusters } from './clusters.js';
import { createService } from './create-service.js';
import { deleteService } from './delete-service.js';
import { registerTaskDefinition } from './register-task-definition.js';
import { runTask, stopTaskOperation } from './run-task.js';
import { reconcile } from './scheduler.js';
import { describeServiceDeployments, describeServiceRevisions, listServiceDeployments } from './service-deployments.js';
import { describeServices, listServices } from './services.js';
import { clusterSnapshot, serviceSnapshot } from './snapshots.js';
import { EcsState } from './state.js';
import { continueServiceDeployment, stopServiceDeployment } from './stop-service-deployment.js';
import { listTagsForResource, tagResource } from './tag-resource.js';
import { stopTask } from './task.js';
import { deregisterTaskDefinition, describeTaskDefinition, listTaskDefinitions } from './task-definitions.js';
import { describeTasks, listTasks } from './tasks.js';
import { updateService } from './update-service.js';

const operations = [
  createCluster,
  listClusters,
  describeClusters,
  registerTaskDefinition,
  describeTaskDefinition,
  deregisterTaskDefinition,
  listTaskDefinitions,
  createService,
  updateService,
  deleteService,
  describeServices,
  listServices,
  listTasks,
  describeTasks,
  runTask,
  stopTaskOperation,
  listServiceDeployments,
  describeServiceDeployments,
  describeServiceRevisions,
  stopServiceDeployment,
  continueServiceDeployment,
  tagResource,
  listTagsForResource,
];

export const createEcs = (account: EmulatedAccount): Ecs => {
  const state = new EcsState(account);
  state.reconcile = (service) => reconcile(state, service);
  account.add(operations.map((create) => ({ validationCode: 'InvalidParameterException', ...create(state) })));
  return {
    cluster: (name) => clusterSnapshot(state, name),
    service: (cluster, name) => serviceSnapshot(state, cluster, name),
    stopTask: (arn, stopCode, reason) => {
      const task = state.task(arn);
      if (!task) throw new AwsError('InvalidParameterException', `task ${arn} does not exist; expected the ARN of a task of this emulator`);
      stopTask(state, task, stopCode, reason);
      if (task.service) state.reconcile(task.service);
    },
    setServiceArnFormat: (format) => {
      state.hasLongArns = format === 'long';
    },
    failPlacement: (cluster, name, reason, kind = 'placement') => {
      const service = state.service(cluster, name);
      service.placementFailure = reason === undefined ? undefined : { kind, reason };
      state.reconcile(service);
    },
    failRuns: (cluster, reason, { times = Number.POSITIVE_INFINITY } = {}) => {
      const { name } = state.cluster(cluster);
      if (reason === undefined) state.runFailures.delete(name);
      else state.runFailures.set(name, { failure: { reason }, times });
    },
  };
};

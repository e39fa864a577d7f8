import type { Service, ServiceDeployment, Task } from './records.js';
import { serviceDeploymentView, serviceRevisionView } from './service-deployment-view.js';
import { serviceView } from './service-view.js';
import type { EcsState } from './state.js';
import { taskEventDetail } from './task-event.js';
import { taskView } from './task-view.js';

const isOver = ({ status }: ServiceDeployment): boolean =>
  status === 'SUCCESSFUL' || status === 'STOPPED' || status === 'ROLLBACK_SUCCESSFUL' || status === 'ROLLBACK_FAILED';

/** Records the service's present state for reads. */
export const publishService = (state: EcsState, service: Service): void => {
  const { versions, account } = state;
  // A new service has the name and the ARN of this deleted one.
  if (service.cluster.services.get(service.name) !== service) return;
  versions.record(service.arn, serviceView(service, service.serviceDeployments[0]?.arn));
  for (const record of service.serviceDeployments) {
    // A finished service deployment does not change; its task counts stay as they were.
    if (record.finalView) continue;
    const view = serviceDeploymentView(record);
    if (isOver(record)) record.finalView = view;
    versions.record(record.arn, view);
  }
  for (const { revision } of service.deployments) versions.record(revision.arn, serviceRevisionView(revision, account));
};

/**
 * Records a task's new state for reads, without an event: a health check's result has none (aws/containers-roadmap#1019). The version
 * grows with the changes that have one (Task in the API reference).
 */
export const recordTask = (state: EcsState, task: Task): void => state.versions.record(task.arn, taskView(task));

/** Records a task's new state for reads, and emits its event. */
export const publishTask = (state: EcsState, task: Task): void => {
  task.version++;
  const view = taskView(task);
  state.versions.record(task.arn, view);
  state.account.services.events.emit({
    source: 'aws.ecs',
    'detail-type': 'ECS Task State Change',
    resources: [task.arn],
    detail: taskEventDetail(view, state.date()),
  });
};

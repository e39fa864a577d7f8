import type { Service, ServiceDeployment, Task } from './records.js';
import { serviceDeploymentView, serviceRevisionView } from './service-deployment-view.js';
import { serviceView } from './service-view.js';
import type { EcsState } from './state.js';
import { taskView } from './task-view.js';

/** The newest service deployment that reads may know of. */
export const currentServiceDeployment = (state: EcsState, { serviceDeployments }: Service): string | undefined =>
  serviceDeployments.find(({ visibleFrom }) => visibleFrom <= state.now)?.arn;

const isOver = ({ status }: ServiceDeployment): boolean =>
  status === 'SUCCESSFUL' || status === 'STOPPED' || status === 'ROLLBACK_SUCCESSFUL' || status === 'ROLLBACK_FAILED';

/** Makes what has become of a service known to reads. */
export const publishService = (state: EcsState, service: Service): void => {
  const { versions, account } = state;
  // A new service has taken the place and the ARN of this deleted one.
  if (service.cluster.services.get(service.name) !== service) return;
  versions.record(service.arn, serviceView(service, currentServiceDeployment(state, service)));
  for (const record of service.serviceDeployments) {
    // What is over does not change; its task counts stay what they were.
    if (record.finalView) continue;
    const view = serviceDeploymentView(record);
    if (isOver(record)) record.finalView = view;
    versions.record(record.arn, view, record.visibleFrom);
  }
  for (const { revision } of service.deployments) versions.record(revision.arn, serviceRevisionView(revision, account));
};

const withIsoTimes = (view: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(view).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]));

/** Makes a task's new state known to reads and on the event bus. */
export const publishTask = (state: EcsState, task: Task): void => {
  task.version++;
  const view = taskView(task);
  state.versions.record(task.arn, view);
  const { tags: _, ...detail } = withIsoTimes(view);
  state.account.services.events.emit({
    source: 'aws.ecs',
    'detail-type': 'ECS Task State Change',
    resources: [task.arn],
    detail: { ...detail, updatedAt: state.date().toISOString() },
  });
};

import { addServiceEvent } from './emit-event.js';
import type { ContainerBehaviour } from './image.js';
import type { Target, Task } from './records.js';
import type { EcsState } from './state.js';

/**
 * A target group's default health check (ELB user guide, "Health checks for Application Load Balancer target groups"): every 30 s; one
 * that passes makes a new target healthy, and two that fail make it unhealthy.
 */
const intervalMs = 30_000;
const failuresToUnhealthy = 2;

/** The target groups that the load balancers of the task's service revision name. */
export const newTargets = ({ deployment }: Pick<Task, 'deployment'>): Target[] =>
  (deployment?.revision.settings.loadBalancers ?? []).flatMap(({ targetGroupArn, containerName = '', containerPort = 0 }) =>
    targetGroupArn === undefined ? [] : [{ targetGroupArn, containerName, containerPort, health: 'initial' }],
  );

const byGroup = ({ targets }: Task): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { targetGroupArn } of targets) counts.set(targetGroupArn, (counts.get(targetGroupArn) ?? 0) + 1);
  return counts;
};

/** Registers a task that is RUNNING now. Each target comes with the result of its first checks, and when it is known. */
export const registerTargets = (
  state: EcsState,
  task: Task,
  behaviours: readonly ContainerBehaviour[],
): { target: Target; health: 'healthy' | 'unhealthy'; afterMs: number }[] => {
  const { service } = task;
  if (service)
    for (const [arn, count] of byGroup(task)) addServiceEvent(state, service, `registered ${count} targets in (target-group ${arn})`);
  return task.targets.map((target) => {
    const behaviour = behaviours[task.containers.findIndex(({ name }) => name === target.containerName)];
    return behaviour === 'never-healthy'
      ? { target, health: 'unhealthy', afterMs: failuresToUnhealthy * intervalMs }
      : { target, health: 'healthy', afterMs: state.seconds(1, intervalMs / 1000) };
  });
};

/** The event that names the target group's reason (public reports, such as aws/copilot-cli's). */
export const reportUnhealthyTarget = (state: EcsState, { id, service }: Task, { targetGroupArn, containerPort }: Target): void => {
  if (!service) return;
  const reason = 'Health checks failed';
  addServiceEvent(
    state,
    service,
    `(task ${id}) (port ${containerPort}) is unhealthy in (target-group ${targetGroupArn}) due to (reason ${reason})`,
  );
};

/** Deregisters a task that is to stop. Its connections end at once: the deregistration delay is not emulated. */
export const deregisterTargets = (state: EcsState, task: Task): void => {
  const { service } = task;
  if (!service || task.targets.length === 0) return;
  for (const [arn, count] of byGroup(task)) addServiceEvent(state, service, `deregistered ${count} targets in (target-group ${arn})`);
  addServiceEvent(state, service, 'has begun draining connections on 1 tasks.');
};

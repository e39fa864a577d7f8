import type { TaskCounts } from '../api.js';

/** What ECS says of a service. Revisions are ARNs of task definitions. */
export type EcsCounts = {
  readonly desired: number;
  readonly running: number;
  /** Of its primary deployment. */
  readonly revision: string;
  /** When that began. ISO 8601. */
  readonly since?: string;
  /** Tasks that failed one after the other in its primary deployment. */
  readonly failed: number;
  readonly tasks: readonly { readonly taskDefinition: string; readonly running: number; readonly pending: number }[];
};

/** Tasks one by one: only these say which of them are draining. */
export type TaskStates = readonly { readonly taskDefinition: string; readonly state: TaskState }[];
type TaskState = 'starting' | 'running' | 'draining' | 'stopped';

/** What is rolled out, or back: its revision, `family:revision`. Undefined while nothing moves. */
export type Movement = { readonly revision: string; readonly isRollback: boolean };

/** `arn:…:task-definition/web:7` and `web:7` are one revision. */
export const shortRevision = (taskDefinition: string): string => taskDefinition.slice(taskDefinition.lastIndexOf('/') + 1);

/** States of a task's life (ECS Developer Guide, "Amazon ECS task lifecycle"). */
export const stateOfTask = (lastStatus: string): TaskState => {
  if (['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(lastStatus)) return 'starting';
  if (lastStatus === 'RUNNING') return 'running';
  return ['DEACTIVATING', 'STOPPING', 'DEPROVISIONING'].includes(lastStatus) ? 'draining' : 'stopped';
};

/**
 * The dots of a service. Without `states` nothing is known to be draining. A service that nothing moves has old tasks only, of
 * whichever revision.
 */
export const countTasks = (counts: EcsCounts, movement: Movement | undefined, states?: TaskStates): TaskCounts => {
  const isNew = (taskDefinition: string): boolean => movement !== undefined && shortRevision(taskDefinition) === movement.revision;
  const of = (wanted: boolean, state: Exclude<TaskState, 'stopped'>): number =>
    states ? countStates(states, (one) => isNew(one) === wanted, state) : countByEcs(counts, (one) => isNew(one) === wanted, state);
  const leavesAll = movement?.isRollback === true;
  const [running, starting, draining] = [of(true, 'running'), of(true, 'starting'), of(true, 'draining')];
  return {
    old: of(false, 'running'),
    oldStarting: of(false, 'starting'),
    oldDraining: of(false, 'draining'),
    new: leavesAll ? 0 : running,
    newStarting: leavesAll ? 0 : starting,
    newLeaving: draining + (leavesAll ? running + starting : 0),
    // ECS counts those of its primary deployment, which in a rollback is that of the old revision.
    failed: isNew(counts.revision) ? counts.failed : 0,
  };
};

const countStates = (states: TaskStates, isOf: (taskDefinition: string) => boolean, state: TaskState): number =>
  states.filter((one) => one.state === state && isOf(one.taskDefinition)).length;

const countByEcs = ({ tasks }: EcsCounts, isOf: (taskDefinition: string) => boolean, state: TaskState): number => {
  const member = { running: 'running', starting: 'pending' } as const;
  if (state !== 'running' && state !== 'starting') return 0;
  return tasks.filter(({ taskDefinition }) => isOf(taskDefinition)).reduce((sum, one) => sum + one[member[state]], 0);
};

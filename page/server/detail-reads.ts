import type { TaskDefinition } from '@aws-sdk/client-ecs';
import type { ClientSettings } from '../../aws/client-settings.js';
import { type ExecutionPath, ExecutionPaths } from '../../aws/execution-path.js';
import { Services } from '../../aws/service.js';
import { StoppedTasks } from '../../aws/stopped-tasks.js';
import { TaskDefinitions } from '../../aws/task-definition.js';
import type { ServiceEvent } from '../../core/rollout/service-event.js';
import type { StoppedTask } from '../../core/rollout/stopped-task.js';
import type { Budget } from './budget.js';
import { Recent } from './recent.js';

/** What the view of a deployment reads with the operator's own credentials. Each throws the SDK's errors. */
export type DetailReads = {
  /** By the ARN of the execution. */
  readonly path: (execution: string) => Promise<ExecutionPath>;
  /** By `family:revision`. */
  readonly definition: (revision: string) => Promise<TaskDefinition>;
  /** Stopped tasks of a revision, by its ARN, as far as ECS still knows them. */
  readonly stopped: (service: string, revision: string) => Promise<readonly StoppedTask[]>;
  /** The newest events of a service, as far as ECS has them: it keeps a hundred (ECS API, Service). */
  readonly events: (service: string) => Promise<readonly ServiceEvent[]>;
};

/** A page reads its view again at each change, and several pages may show the same. Milliseconds. */
const lifetimes = { path: 2000, stopped: 2000, events: 5000, definition: Number.POSITIVE_INFINITY } as const;

/** Calls of each read: GetExecutionHistory and the definition; ListTasks and DescribeTasks. */
const callsForPath = 2;
const callsForStopped = 2;

/**
 * `now` is in milliseconds. Paths and definitions wait for the budget. What the poller reads, too, is read at once for a view that was just
 * opened: it counts, and the poller waits.
 */
export const detailReads = (settings: ClientSettings, now: () => number, budget: Budget): DetailReads => {
  const paths = new ExecutionPaths(settings);
  const definitions = new TaskDefinitions(settings);
  const services = new Services(settings);
  const tasks = new StoppedTasks(settings);
  const ofPath = new Recent<ExecutionPath>(lifetimes.path, now);
  // A revision never changes (ECS API, RegisterTaskDefinition).
  const ofDefinition = new Recent<TaskDefinition>(lifetimes.definition, now);
  const ofStopped = new Recent<readonly StoppedTask[]>(lifetimes.stopped, now);
  const ofEvents = new Recent<readonly ServiceEvent[]>(lifetimes.events, now);
  return {
    path: (execution) =>
      ofPath.of(execution, async () => {
        await budget.take('stepFunctions', callsForPath);
        return paths.of(execution);
      }),
    definition: (revision) =>
      ofDefinition.of(revision, async () => {
        await budget.take('ecsTaskDefinitions');
        return (await definitions.describe(revision)).definition;
      }),
    stopped: (service, revision) =>
      ofStopped.of(`${service} ${revision}`, async () => {
        void budget.take('ecsTasks', callsForStopped);
        return (await tasks.of(service, revision)).tasks;
      }),
    events: (service) =>
      ofEvents.of(service, async () => {
        void budget.take('ecsServices');
        return (await services.describe(service))?.events ?? [];
      }),
  };
};

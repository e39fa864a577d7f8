import {
  DescribeTasksCommand,
  ListTasksCommand,
  type ListTasksCommandInput,
  RunTaskCommand,
  type RunTaskCommandInput,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import type { BeforeTaskRequest } from '../core/records/records.js';
import type { StoppedTask } from '../core/rollout/stopped-task.js';
import type { ClientSettings } from './client-settings.js';
import { compact, ecs, toClusterAndService } from './ecs.js';
import { isNamed, isRefused, isTransient } from './sdk-errors.js';
import { hasStopped, stoppedTaskOf } from './stopped-tasks.js';

/** What RunTask answers: the ARN of the task; or why ECS could not place it; or why it refused the request. */
export type StartedRun = { readonly task: string } | { readonly unplaced: string } | { readonly refused: string };

/** A task that ECS describes. `isStopping`: it was asked to stop. */
export type DescribedRun = { readonly isStopping: boolean; readonly stopped: StoppedTask | undefined };

/** A task that runs, and its revision: ARNs. */
export type RunningTask = { readonly task: string; readonly revision: string };

/** Of a hundred stopped tasks: ECS keeps them for an hour, those of the service among them. */
const pageLimit = 10;

/** Tasks that run before a service is updated, outside of the service. Services are `cluster/service`, tasks ARNs. */
export class BeforeTasks {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /**
   * Starts a task, or answers that of an earlier call with the same client token. `unplaced` and `refused` are the words of ECS; after
   * `refused` this call has started nothing.
   * @throws Error if ECS throttles the call, or its effect is uncertain
   */
  async run(request: BeforeTaskRequest, clientToken: string): Promise<StartedRun> {
    const input = { ...request, clientToken, count: 1 } as RunTaskCommandInput;
    try {
      const { tasks = [], failures = [] } = await ecs(this.#settings).send(new RunTaskCommand(input));
      const task = tasks[0]?.taskArn;
      if (task !== undefined) return { task };
      const why = failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(': '));
      return { unplaced: why.join('; ') || 'ECS gave no reason' };
    } catch (error) {
      // The token belongs to a task already (ECS API, RunTask, ConflictException).
      const [earlier] = isNamed(error, 'ConflictException') ? ((error as { resourceIds?: string[] }).resourceIds ?? []) : [];
      if (earlier !== undefined) return { task: earlier };
      if (!(error instanceof Error) || !isRefused(error) || isTransient(error)) throw error;
      return { refused: `${error.name}: ${error.message}` };
    }
  }

  /**
   * The tasks with this `startedBy` whose containers have not ended, and their revisions. One that is being stopped runs on for the
   * stopTimeout of its containers (30 s by default); it is found if its family is that of the revision.
   */
  async running(service: string, startedBy: string, revision: string): Promise<readonly RunningTask[]> {
    const { cluster } = toClusterAndService(service);
    const family = revision.slice(revision.lastIndexOf('/') + 1, revision.lastIndexOf(':'));
    const running = (await this.#described({ cluster, startedBy })).tasks;
    return [...running, ...(await this.#stopping({ cluster, family, desiredStatus: 'STOPPED' }))]
      .filter((task) => task.startedBy === startedBy && !hasStopped(task.lastStatus))
      .map(({ taskArn = '', taskDefinitionArn = '' }) => ({ task: taskArn, revision: taskDefinitionArn }));
  }

  // `startedBy` takes no other filter beside it, and the default status is RUNNING (ECS API, ListTasks).
  async #stopping(input: ListTasksCommandInput): Promise<Task[]> {
    const found: Task[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < pageLimit; page++) {
      const { tasks, next } = await this.#described({ ...input, ...(nextToken !== undefined && { nextToken }) });
      found.push(...tasks);
      nextToken = next;
      if (nextToken === undefined) break;
    }
    return found;
  }

  async #described(input: ListTasksCommandInput): Promise<{ readonly tasks: Task[]; readonly next: string | undefined }> {
    const { cluster } = input;
    const { taskArns = [], nextToken } = await ecs(this.#settings).send(new ListTasksCommand(input));
    if (taskArns.length === 0) return { tasks: [], next: nextToken };
    const { tasks } = await ecs(this.#settings).send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
    return { tasks: compact(tasks), next: nextToken };
  }

  /** Undefined if ECS does not know the task, or does not know it yet. */
  async describe(service: string, task: string): Promise<DescribedRun | undefined> {
    const { cluster } = toClusterAndService(service);
    const { tasks } = await ecs(this.#settings).send(new DescribeTasksCommand({ cluster, tasks: [task] }));
    const [found] = compact(tasks);
    if (!found) return undefined;
    return { isStopping: found.desiredStatus === 'STOPPED', stopped: hasStopped(found.lastStatus) ? stoppedTaskOf(found) : undefined };
  }

  /** Asks ECS to stop a task; no-op for one that it does not know any more. */
  async stop(service: string, task: string, reason: string): Promise<void> {
    const { cluster } = toClusterAndService(service);
    await ecs(this.#settings)
      .send(new StopTaskCommand({ cluster, task, reason }))
      .catch((error: unknown) => {
        if (!isNamed(error, 'InvalidParameterException')) throw error;
      });
  }
}

import { DescribeTasksCommand, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import type { ObservedStoppedTasks } from '../core/rollout/evidence.js';
import { type StoppedTask, taskIdOf } from '../core/rollout/stopped-task.js';
import type { ClientSettings } from './client-settings.js';
import { compact, ecs, toClusterAndService } from './ecs.js';

/**
 * Pages of a hundred tasks that one read takes, two calls each: ECS allows 20 such calls a second in an account (ECS API, "Request
 * throttling"). A service of thousands of tasks has thousands of stopped ones, most of them replaced by the rollout itself.
 */
const pageLimit = 5;

/** Tasks that stopped during the last hour; ECS forgets older ones (ECS API, DescribeTasks). */
export class StoppedTasks {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /**
   * Stopped tasks of one revision. Ours is registered for one execution alone, so its tasks are that execution's. ListTasks can
   * neither filter by revision nor list the newest first.
   */
  async of(service: string, taskDefinition: string): Promise<ObservedStoppedTasks> {
    const { cluster, service: serviceName } = toClusterAndService(service);
    const found: StoppedTask[] = [];
    let readCount = 0;
    let nextToken: string | undefined;
    for (let page = 0; page < pageLimit; page++) {
      const list = await ecs(this.#settings).send(
        new ListTasksCommand({
          cluster,
          serviceName,
          desiredStatus: 'STOPPED',
          maxResults: 100,
          ...(nextToken !== undefined && { nextToken }),
        }),
      );
      const taskArns = list.taskArns ?? [];
      // A page may be empty while others follow.
      if (taskArns.length > 0) {
        const { tasks } = await ecs(this.#settings).send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
        // ListTasks lists a task as soon as its desired status is STOPPED; its reasons exist once its containers have ended.
        const ours = (tasks ?? []).filter((task) => task.taskDefinitionArn === taskDefinition && hasStopped(task.lastStatus));
        found.push(...ours.map(stoppedTaskOf));
      }
      readCount += taskArns.length;
      nextToken = list.nextToken;
      if (nextToken === undefined) break;
    }
    return { tasks: found, readCount, isComplete: nextToken === undefined };
  }

  /** The tasks with these IDs, as far as ECS still knows them. */
  async describe(service: string, ids: readonly string[]): Promise<readonly StoppedTask[]> {
    const { cluster } = toClusterAndService(service);
    const { tasks } = await ecs(this.#settings).send(new DescribeTasksCommand({ cluster, tasks: [...ids] }));
    return (tasks ?? []).map(stoppedTaskOf);
  }
}

/** On Fargate, a task is DEPROVISIONING for some 20 s after its containers have ended. */
export const hasStopped = (lastStatus = ''): boolean => lastStatus === 'STOPPED' || lastStatus === 'DEPROVISIONING';

export const stoppedTaskOf = (task: Task): StoppedTask => ({
  id: taskIdOf(task.taskArn ?? ''),
  taskDefinition: task.taskDefinitionArn ?? '',
  stopCode: task.stopCode ?? '',
  stoppedReason: task.stoppedReason ?? '',
  stoppedAt: (task.stoppedAt ?? task.executionStoppedAt ?? task.stoppingAt)?.toISOString() ?? '',
  ...(task.startedAt && { startedAt: task.startedAt.toISOString() }),
  ...(task.availabilityZone !== undefined && { zone: task.availabilityZone }),
  containers: compact(task.containers).map(({ name, exitCode, reason, healthStatus }) => ({
    name: name ?? '',
    ...(exitCode !== undefined && { exitCode }),
    ...(reason !== undefined && { reason }),
    ...(healthStatus !== undefined && { health: healthStatus }),
  })),
});

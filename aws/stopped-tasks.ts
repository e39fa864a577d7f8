import { DescribeTasksCommand, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import type { ObservedStoppedTasks } from '../core/rollout/evidence.js';
import type { StoppedTask } from '../core/rollout/stopped-task.js';
import type { ClientSettings } from './client-settings.js';
import { ecs, named, present } from './ecs.js';

/**
 * Pages of a hundred that one look takes, two calls each: ECS answers 20 a second to the whole account. A service of
 * thousands of tasks has thousands of stopped ones, most of them replaced by the rollout itself.
 */
const pages = 5;

/** Tasks that stopped during the last hour; older ones ECS has forgotten. */
export class StoppedTasks {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /**
   * Of one revision: ours is registered for one execution alone, so its tasks are that execution's. ECS cannot be asked
   * for those of a revision, nor for the newest first (ListTasks).
   */
  async of(service: string, taskDefinition: string): Promise<ObservedStoppedTasks> {
    const { cluster, service: serviceName } = named(service);
    const found: StoppedTask[] = [];
    let readCount = 0;
    let nextToken: string | undefined;
    for (let page = 0; page < pages; page++) {
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
        // Listed from the moment it is asked to stop; its reasons are there once it has.
        const ours = (tasks ?? []).filter((task) => task.taskDefinitionArn === taskDefinition && task.lastStatus === 'STOPPED');
        found.push(...ours.map(stoppedTaskOf));
      }
      readCount += taskArns.length;
      nextToken = list.nextToken;
      if (nextToken === undefined) break;
    }
    return { tasks: found, readCount, isComplete: nextToken === undefined };
  }
}

const stoppedTaskOf = (task: Task): StoppedTask => ({
  id: task.taskArn?.split('/').at(-1) ?? '',
  taskDefinition: task.taskDefinitionArn ?? '',
  stopCode: task.stopCode ?? '',
  stoppedReason: task.stoppedReason ?? '',
  stoppedAt: task.stoppedAt?.toISOString() ?? '',
  containers: present(task.containers).map(({ name, exitCode, reason, healthStatus }) => ({
    name: name ?? '',
    ...(exitCode !== undefined && { exitCode }),
    ...(reason !== undefined && { reason }),
    ...(healthStatus !== undefined && { health: healthStatus }),
  })),
});

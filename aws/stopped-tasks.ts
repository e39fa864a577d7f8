import { DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import type { StoppedTask } from '../core/evidence.js';
import type { ClientSettings } from './client-settings.js';
import { ecs, named, present } from './ecs.js';

/** A few hundred failures say no more than the first ones. */
const pages = 3;

/** Tasks that stopped during the last hour; older ones ECS has forgotten. */
export class StoppedTasks {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** Of one revision: ours is registered for one execution alone, so its tasks are that execution's. */
  async of(service: string, taskDefinition: string): Promise<StoppedTask[]> {
    const { cluster, service: serviceName } = named(service);
    const found: StoppedTask[] = [];
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
      if (!list.taskArns?.length) break;
      const { tasks } = await ecs(this.#settings).send(new DescribeTasksCommand({ cluster, tasks: list.taskArns }));
      for (const task of tasks ?? []) {
        // Listed from the moment it is asked to stop; its reasons are there once it has.
        if (task.taskDefinitionArn !== taskDefinition || task.lastStatus !== 'STOPPED') continue;
        found.push({
          id: task.taskArn?.split('/').at(-1) ?? '',
          taskDefinition,
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
      }
      nextToken = list.nextToken;
      if (nextToken === undefined) break;
    }
    return found;
  }
}

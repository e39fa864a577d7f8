import { DescribeTasksCommand, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import { taskIdOf } from '../core/rollout/stopped-task.js';
import type { ClientSettings } from './client-settings.js';
import { compact, ecs, toClusterAndService } from './ecs.js';
import { isNamed } from './sdk-errors.js';
import { hasStopped } from './stopped-tasks.js';

export type TaskOfService = {
  /** The last part of its ARN, which its log streams have in their names. */
  readonly id: string;
  /** ARN */
  readonly taskDefinition: string;
  readonly isStopped: boolean;
  /** As ECS names it: `RUNNING`, `DEACTIVATING` … */
  readonly lastStatus: string;
  /** In milliseconds since 1970; 0 if ECS does not say it. */
  readonly createdAt: number;
};

/** Pages of a hundred tasks that are read of each status. */
const pagesOfLogs = 3;

/** Tasks of services, which run or stopped during the last hour. */
export class NewestTasks {
  readonly #settings: ClientSettings;
  readonly #pageLimit: number;

  constructor(settings: ClientSettings, pageLimit = pagesOfLogs) {
    this.#settings = settings;
    this.#pageLimit = pageLimit;
  }

  /** The newest first. ListTasks lists them in no order, so of a service of many hundreds a newer one may be missing. Undefined if ECS has no such service. */
  async of(service: string): Promise<TaskOfService[] | undefined> {
    try {
      const all = [...(await this.#list(service, 'RUNNING')), ...(await this.#list(service, 'STOPPED'))];
      return all.map(taskOf).sort((one, other) => other.createdAt - one.createdAt);
    } catch (error) {
      if (isNamed(error, 'ServiceNotFoundException', 'ClusterNotFoundException')) return undefined;
      throw error;
    }
  }

  async #list(service: string, desiredStatus: 'RUNNING' | 'STOPPED'): Promise<Task[]> {
    const { cluster, service: serviceName } = toClusterAndService(service);
    const found: Task[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < this.#pageLimit && (page === 0 || nextToken !== undefined); page++) {
      const list = await ecs(this.#settings).send(
        new ListTasksCommand({ cluster, serviceName, desiredStatus, maxResults: 100, ...(nextToken !== undefined && { nextToken }) }),
      );
      const tasks = list.taskArns ?? [];
      if (tasks.length > 0) found.push(...compact((await ecs(this.#settings).send(new DescribeTasksCommand({ cluster, tasks }))).tasks));
      nextToken = list.nextToken;
    }
    return found;
  }
}

const taskOf = ({ taskArn = '', taskDefinitionArn = '', lastStatus, createdAt }: Task): TaskOfService => ({
  id: taskIdOf(taskArn),
  taskDefinition: taskDefinitionArn,
  isStopped: hasStopped(lastStatus),
  lastStatus: lastStatus ?? '',
  createdAt: createdAt?.getTime() ?? 0,
});

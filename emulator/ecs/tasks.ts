import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { clusterArn, resourceId, taskArn } from './names.js';
import { checkNumber, foundAndMissing, type Page, pageOf } from './pages.js';
import { clusterResourceRead } from './rate-limits.js';
import { launchTypes } from './service-shape.js';
import type { EcsState } from './state.js';

type ListInput = Page & {
  readonly cluster?: string;
  readonly serviceName?: string;
  readonly family?: string;
  readonly desiredStatus?: string;
  readonly startedBy?: string;
  readonly launchType?: string;
};

type TaskFields = {
  readonly desiredStatus: string;
  readonly startedBy?: string;
  readonly group: string;
  readonly launchType: string;
  readonly taskDefinitionArn: string;
};

export const listTasks = (state: EcsState): Operation =>
  operation<ListInput, unknown>({
    service: 'ecs',
    name: 'ListTasks',
    input: {
      cluster: 'string',
      serviceName: 'string',
      family: 'string',
      desiredStatus: { oneOf: ['RUNNING', 'PENDING', 'STOPPED'] },
      startedBy: 'string',
      launchType: launchTypes,
      nextToken: 'string',
      maxResults: 'number',
    },
    rateLimit: clusterResourceRead,
    permissions: ({ cluster }, account) => [
      { action: 'ecs:ListTasks', resource: '*', context: { 'ecs:cluster': clusterArn(account, cluster) } },
    ],
    run: ({ cluster, serviceName, family, desiredStatus, startedBy, launchType, ...input }) => {
      const hasOther = [serviceName, family, desiredStatus, launchType].some((filter) => filter !== undefined);
      if (startedBy !== undefined && hasOther) {
        throw new AwsError('InvalidParameterException', 'When startedBy is specified, no other filter may be used.');
      }
      const group = serviceName === undefined ? undefined : `service:${state.service(cluster, serviceName).name}`;
      const asOf = state.asOf();
      const arns = state.tasksOf(state.cluster(cluster)).flatMap(({ arn }) => {
        const task = state.versions.read<TaskFields>(arn, asOf);
        const isListed =
          task !== undefined &&
          task.desiredStatus === (desiredStatus ?? 'RUNNING') &&
          (group === undefined || task.group === group) &&
          (startedBy === undefined || task.startedBy === startedBy) &&
          (launchType === undefined || task.launchType === launchType) &&
          (family === undefined || resourceId(task.taskDefinitionArn).split(':')[0] === family);
        return isListed ? [arn] : [];
      });
      const { page, ...token } = pageOf(arns, input);
      return { taskArns: page, ...token };
    },
  });

type DescribeInput = { readonly cluster?: string; readonly tasks: readonly string[]; readonly include?: readonly string[] };

export const describeTasks = (state: EcsState): Operation =>
  operation<DescribeInput, unknown>({
    service: 'ecs',
    name: 'DescribeTasks',
    input: { cluster: 'string', tasks: { list: 'string' }, include: { list: { oneOf: ['TAGS'] } } },
    required: ['tasks'],
    rateLimit: clusterResourceRead,
    permissions: ({ cluster, tasks }, account) =>
      tasks.map((task) => ({
        action: 'ecs:DescribeTasks',
        resource: taskArn(account, cluster, task),
        context: { 'ecs:cluster': clusterArn(account, cluster) },
      })),
    run: ({ cluster, tasks, include = [] }, { account }) => {
      checkNumber(tasks, 100, 'tasks');
      const known = state.tasksOf(state.cluster(cluster));
      const there = new Set(known.map(({ arn }) => arn));
      const asOf = state.asOf();
      const arns = tasks.map((task) => taskArn(account, cluster, task));
      const { found, failures } = foundAndMissing(arns, (arn) =>
        there.has(arn) ? state.versions.read<{ tags?: unknown }>(arn, asOf) : undefined,
      );
      return { tasks: include.includes('TAGS') ? found : found.map(({ tags: _, ...task }) => ({ ...task, tags: [] })), failures };
    },
  });

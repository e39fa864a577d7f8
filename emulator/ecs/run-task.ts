import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { tagsShape } from './clusters.js';
import { taskArn } from './names.js';
import { clusterResourceModify } from './rate-limits.js';
import type { LaunchSettings, Tag, TaskOverrides } from './records.js';
import { passRoles } from './register-task-definition.js';
import { settingsOf } from './service-input.js';
import type { EcsState } from './state.js';
import { checkTags } from './tags.js';
import { startTask, stopTask } from './task.js';
import { taskView } from './task-view.js';

type RunInput = LaunchSettings & {
  readonly cluster?: string;
  readonly taskDefinition: string;
  readonly count?: number;
  readonly startedBy?: string;
  readonly group?: string;
  readonly overrides?: TaskOverrides;
  readonly enableExecuteCommand?: boolean;
  readonly propagateTags?: string;
  readonly tags?: readonly Tag[];
};

export const runTask = (state: EcsState): Operation =>
  operation<RunInput, unknown>({
    service: 'ecs',
    name: 'RunTask',
    input: {
      cluster: 'string',
      taskDefinition: 'string',
      count: 'number',
      startedBy: 'string',
      group: 'string',
      launchType: 'string',
      capacityProviderStrategy: 'any',
      platformVersion: 'string',
      networkConfiguration: 'any',
      overrides: 'any',
      enableExecuteCommand: 'boolean',
      propagateTags: 'string',
      tags: tagsShape,
    },
    required: ['taskDefinition'],
    rateLimit: clusterResourceModify,
    permissions: ({ cluster, taskDefinition, overrides, tags }, account) => {
      const found = state.findTaskDefinition(taskDefinition);
      const { taskRoleArn, executionRoleArn } = found?.document ?? {};
      const resource =
        found?.arn ?? (taskDefinition.startsWith('arn:') ? taskDefinition : account.arn('ecs', `task-definition/${taskDefinition}`));
      const tagging = { action: 'ecs:TagResource', resource: taskArn(account, cluster, '*'), context: { 'ecs:CreateAction': 'RunTask' } };
      return [
        { action: 'ecs:RunTask', resource },
        ...passRoles(account, [overrides?.taskRoleArn ?? taskRoleArn, overrides?.executionRoleArn ?? executionRoleArn]),
        ...(tags?.length ? [tagging] : []),
      ];
    },
    run: (given) => {
      const input = structuredClone(given);
      const { count = 1, overrides = {}, tags = [], startedBy, propagateTags } = input;
      if (count < 1 || count > 10) throw new AwsError('InvalidParameterException', `count is ${count}; expected 1 to 10.`);
      const cluster = state.cluster(input.cluster);
      const taskDefinition = state.deployableTaskDefinition(input.taskDefinition);
      const tasks = Array.from({ length: count }, () =>
        startTask(state, {
          cluster,
          taskDefinition,
          service: undefined,
          deployment: undefined,
          startedBy,
          group: input.group ?? `family:${taskDefinition.family}`,
          settings: settingsOf(input),
          overrides,
          enableExecuteCommand: input.enableExecuteCommand ?? false,
          tags: checkTags([...(propagateTags === 'TASK_DEFINITION' ? taskDefinition.tags : []), ...tags]),
        }),
      );
      return { tasks: tasks.map(taskView), failures: [] };
    },
  });

type StopInput = { readonly cluster?: string; readonly task: string; readonly reason?: string };

export const stopTaskOperation = (state: EcsState): Operation =>
  operation<StopInput, unknown>({
    service: 'ecs',
    name: 'StopTask',
    input: { cluster: 'string', task: 'string', reason: 'string' },
    required: ['task'],
    rateLimit: clusterResourceModify,
    permissions: ({ cluster, task }, account) => [{ action: 'ecs:StopTask', resource: taskArn(account, cluster, task) }],
    run: ({ cluster, task: idOrArn, reason = 'Task stopped by user' }, { account }) => {
      const task = state.cluster(cluster).tasks.get(taskArn(account, cluster, idOrArn));
      if (!task || state.isGone(task)) throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
      stopTask(state, task, 'UserInitiated', reason);
      if (task.service) state.reconcile(task.service);
      return { task: taskView(task) };
    },
  });

import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { checkAttached, checkLaunch, checkLaunchedVolumes, withClusterDefaults } from './check-launch.js';
import { checkOverrides, overridesShape } from './check-overrides.js';
import { tagsShape } from './clusters.js';
import { clusterArn, taskArn } from './names.js';
import { clusterResourceModify } from './rate-limits.js';
import type { Cluster, RunFailure, Tag, TaskOverrides } from './records.js';
import { passRoles } from './register-task-definition.js';
import { type RunAnswer, replayOf, runKey } from './run-tokens.js';
import { descriptionOf, settingsOf } from './service-input.js';
import { launchTypes, placementShape } from './service-shape.js';
import type { LaunchSettings, ServiceDescription } from './settings.js';
import type { EcsState } from './state.js';
import { checkTags } from './tags.js';
import { startTask, stopTask } from './task.js';
import { taskView } from './task-view.js';

type RunInput = LaunchSettings &
  ServiceDescription & {
    readonly cluster?: string;
    readonly taskDefinition: string;
    readonly count?: number;
    readonly startedBy?: string;
    readonly group?: string;
    readonly overrides?: TaskOverrides;
    readonly clientToken?: string;
    readonly tags?: readonly Tag[];
  };

const refuse = (message: string): never => {
  throw new AwsError('InvalidParameterException', message);
};

const check = ({ count = 1, startedBy = '', propagateTags }: RunInput): void => {
  if (!Number.isInteger(count) || count < 1 || count > 10) refuse(`count is ${count}; expected 1 to 10.`);
  if (!/^[\w/-]{0,128}$/.test(startedBy)) refuse('startedBy has up to 128 letters, numbers, hyphens, forward slashes and underscores.');
  if (propagateTags === 'SERVICE') refuse('propagateTags is SERVICE; a task without a service has no tags of one.');
};

/** Why nothing can be placed: until a test ends it, or for a number of requests. */
const takeFailure = (state: EcsState, { name }: Cluster): RunFailure | undefined => {
  const found = state.runFailures.get(name);
  if (!found || found.times <= 0) return undefined;
  found.times--;
  return found.failure;
};

const run = (state: EcsState, input: RunInput): RunAnswer => {
  const { clientToken, ...request } = input;
  const cluster = state.cluster(input.cluster);
  const replay = replayOf(state, cluster, clientToken, request);
  if (replay) return replay;
  const taskDefinition = state.deployableTaskDefinition(input.taskDefinition);
  const settings = withClusterDefaults(cluster, settingsOf(input));
  check(input);
  checkAttached(taskDefinition, settings);
  checkLaunch({ cluster, taskDefinition, settings, description: descriptionOf(input) });
  checkLaunchedVolumes(taskDefinition, settings);
  checkOverrides(taskDefinition, settings, input.overrides);
  const { count = 1, overrides = {}, propagateTags, enableExecuteCommand = false, enableECSManagedTags } = input;
  const fields = {
    cluster,
    taskDefinition,
    service: undefined,
    deployment: undefined,
    startedBy: input.startedBy,
    group: input.group ?? `family:${taskDefinition.family}`,
    settings,
    overrides,
    enableExecuteCommand,
    tags: [
      ...checkTags([...(propagateTags === 'TASK_DEFINITION' ? taskDefinition.tags : []), ...(input.tags ?? [])]),
      ...(enableECSManagedTags ? [{ key: 'aws:ecs:clusterName', value: cluster.name }] : []),
    ],
  };
  const failure = takeFailure(state, cluster);
  const failures = failure ? [failure] : [];
  const tasks = failure ? [] : Array.from({ length: count }, () => startTask(state, fields));
  if (clientToken !== undefined) state.runs.set(runKey(cluster, clientToken), { request, at: state.now, tasks, failures });
  return { tasks: tasks.map(taskView), failures };
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
      launchType: launchTypes,
      ...placementShape,
      volumeConfigurations: { list: { members: { name: 'string', managedEBSVolume: 'any' } } },
      overrides: overridesShape,
      clientToken: 'string',
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
        { action: 'ecs:RunTask', resource, context: { 'ecs:cluster': clusterArn(account, cluster) } },
        ...passRoles(account, [overrides?.taskRoleArn ?? taskRoleArn, overrides?.executionRoleArn ?? executionRoleArn]),
        ...(tags?.length ? [tagging] : []),
      ];
    },
    run: (input) => run(state, structuredClone(input)),
  });

type StopInput = { readonly cluster?: string; readonly task: string; readonly reason?: string };

export const stopTaskOperation = (state: EcsState): Operation =>
  operation<StopInput, unknown>({
    service: 'ecs',
    name: 'StopTask',
    input: { cluster: 'string', task: 'string', reason: 'string' },
    required: ['task'],
    rateLimit: clusterResourceModify,
    permissions: ({ cluster, task }, account) => [
      { action: 'ecs:StopTask', resource: taskArn(account, cluster, task), context: { 'ecs:cluster': clusterArn(account, cluster) } },
    ],
    run: ({ cluster, task: idOrArn, reason = 'Task stopped by user' }, { account }) => {
      const task = state.cluster(cluster).tasks.get(taskArn(account, cluster, idOrArn));
      if (!task || state.isGone(task)) throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
      stopTask(state, task, 'UserInitiated', reason);
      if (task.service) state.reconcile(task.service);
      return { task: taskView(task) };
    },
  });

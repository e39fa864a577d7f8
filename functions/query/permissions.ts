import { atPackaging, type Permission } from '../runtime/permissions.js';

/** What the queries read, beside what a plan reads: images, services and task definitions, whose ARNs a policy should have once. */
export const queryPermissions = atPackaging([
  {
    allow: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
    on: 'tableAndIndex',
    for: 'records, what services run, holds, queues and what is in progress',
  },
  { allow: ['states:DescribeExecution'], on: 'executions', for: 'the record of an execution, and whether that still runs' },
  { allow: ['ecs:ListTasks'], on: 'clusters', for: 'the newest tasks, whose logs are asked for' },
  { allow: ['ecs:DescribeTasks'], on: 'tasks', for: 'which of them are the newest' },
  { allow: ['logs:GetLogEvents'], on: 'logGroups', for: 'the last lines of their containers' },
] satisfies Permission[]);

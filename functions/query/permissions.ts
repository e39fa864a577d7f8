import { atPackaging, type Permission } from '../runtime/permissions.js';

/** What the queries read, beside what a plan reads. */
export const queryPermissions = atPackaging([
  {
    allow: ['dynamodb:GetItem', 'dynamodb:Query'],
    on: 'tableAndIndex',
    for: 'records, what services run, holds, queues and what is in progress',
  },
  { allow: ['states:DescribeExecution'], on: 'executions', for: 'the record of an execution, and whether that still runs' },
  { allow: ['ecr:DescribeImages'], on: 'repositories', for: 'the digest of a tag, and when it was pushed' },
  {
    allow: ['ecs:DescribeServices'],
    on: 'servicesAlone',
    for: 'how far a rollout is, and whether a service is on the revision that Slipway deployed last',
  },
  { allow: ['ecs:ListTasks'], on: 'clusters', for: 'the newest tasks, whose logs are asked for' },
  { allow: ['ecs:DescribeTasks'], on: 'tasks', for: 'which of them are the newest' },
  { allow: ['ecs:DescribeTaskDefinition'], on: 'anyTaskDefinition', for: 'where their containers log' },
  { allow: ['logs:GetLogEvents'], on: 'logGroups', for: 'the last lines of their containers' },
] satisfies Permission[]);

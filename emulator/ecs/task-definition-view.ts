import { compatibilitiesOf } from './check-task-definition.js';
import type { TaskDefinition } from './records.js';

/** A revision as DescribeTaskDefinition shows it: what was registered, and what ECS adds in the answer alone. */
export const taskDefinitionView = (taskDefinition: TaskDefinition): object => {
  const { arn, revision, document, status, registeredAt, registeredBy, deregisteredAt } = taskDefinition;
  return {
    ...document,
    taskDefinitionArn: arn,
    revision,
    status,
    requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' }],
    compatibilities: compatibilitiesOf(document),
    registeredAt,
    registeredBy,
    ...(deregisteredAt && { deregisteredAt }),
  };
};

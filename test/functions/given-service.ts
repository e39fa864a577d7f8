import type { ServiceDescription } from '../../aws/service.js';

/** A service of three tasks on a revision, given by its ARN. */
export const serviceOn = (taskDefinition: string, changes: Partial<ServiceDescription> = {}): ServiceDescription => ({
  status: 'ACTIVE',
  taskDefinition,
  desiredCount: 3,
  arn: 'arn:aws:ecs:eu-west-1:123456789012:service/production/web',
  controller: 'ECS',
  strategy: 'ROLLING',
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  deployments: [],
  events: [],
  ...changes,
});

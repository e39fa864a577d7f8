import { z } from 'zod';
import { beforeSchema, verifySchema } from './hooks-schema.js';
import { choice, count, duration, list, text } from './schema-values.js';

export const DEFAULT_TIMEOUT = '30m';

const timeout = (description: string) =>
  duration({ from: '1m', to: '24h', expected: 'a time from 1m to 24h, like 30m or 2h' }, description);

const serviceName = text(
  'cluster/service',
  /^[A-Za-z0-9_-]{1,255}\/[A-Za-z0-9_-]{1,255}$/,
  'The ECS service is named by its cluster and its own name.',
);

const service = z.strictObject({
  service: serviceName,
  container: text(
    'the name of a container of its task definition',
    /^[A-Za-z0-9_-]{1,255}$/,
    'This container gets the image. The default is every container whose image is from this repository.',
  ).optional(),
  timeout: timeout(`A rollout that takes longer is rolled back. The service's own bake time is added. The default is ${DEFAULT_TIMEOUT}.`)
    .meta({ default: DEFAULT_TIMEOUT })
    .optional(),
  maxFailedTasks: count(
    { from: 1, to: 1000 },
    'The rollout is rolled back when this many tasks of the new revision have failed. The default is 3, or a tenth of the desired count if that is more.',
  ).optional(),
  placementTimeout: timeout('The rollout is rolled back when ECS could not place a task for this long. The default is 10m.')
    .meta({ default: '10m' })
    .optional(),
  base: choice(
    ['running', 'latest'],
    'running or latest',
    'This revision is copied for the new image: the one that the service runs, or the latest of its family that Slipway did not register. The default is running.',
  )
    .meta({ default: 'running' })
    .optional(),
  strategies: list(
    z.enum(['BLUE_GREEN', 'LINEAR', 'CANARY'], { error: 'BLUE_GREEN, LINEAR or CANARY' }),
    'a list of at least one of BLUE_GREEN, LINEAR and CANARY',
    'The service may have these deployment strategies, beside ROLLING. Slipway has not been tried with them. The default is none.',
  ).optional(),
  before: beforeSchema
    .meta({ description: 'This task runs with the new image before the service is updated. The default is none.' })
    .optional(),
  verify: verifySchema.meta({ description: 'A rollout that does not hold this is rolled back. The default is none.' }).optional(),
});

/** A service of a stage, in either of its two forms. */
export const serviceSchema = z.union([serviceName, service.meta({ description: 'This is an ECS service with settings of its own.' })]);

export type WrittenService = z.infer<typeof serviceSchema>;

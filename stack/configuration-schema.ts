import { z } from 'zod';
import { isRepositoryName, repositoryPattern } from '../core/image/ecr-names.js';
import { namesRegistry } from './corrections.js';
import { DEFAULT_MAX_WAIT, wait } from './gates-schema.js';
import { scanSchema } from './hooks-schema.js';
import { notificationsSchema } from './notifications-schema.js';
import { duration, list, text } from './schema-values.js';
import { logGroups, stackSettings } from './stack-settings-schema.js';
import { stageSchema, tagPatterns } from './stage-schema.js';

export const DEFAULT_RECONCILE = '1h';

const reconcile = duration(
  { from: '15m', to: '24h', words: ['off'], expected: 'a time from 15m to 24h, like 1h, or off' },
  `Slipway looks this often for pushes whose event was missed. The default is ${DEFAULT_RECONCILE}.`,
).meta({ default: DEFAULT_RECONCILE });

const repository = z.strictObject({
  tags: tagPatterns(
    'An image is deployed if its tag matches one of these patterns and none of those after !. The default is the patterns of each stage.',
  ).optional(),
  maxWait: wait(`A release ends when it has waited at gates for this long in all. The default is ${DEFAULT_MAX_WAIT}.`)
    .meta({ default: DEFAULT_MAX_WAIT })
    .optional(),
  scan: scanSchema
    .meta({ description: "A release begins only if Amazon ECR's scan of the image found nothing that blocks it. The default is none." })
    .optional(),
  stages: list(
    stageSchema,
    'a list of at least one stage',
    'The stages come one after another: the next one begins when all services of the one before run the image.',
  ),
});

/** Whether `repositories` may have it as a key: a name that ECR allows, without the host of a registry. */
export const isRepositoryKey = (name: string): boolean => isRepositoryName(name) && !namesRegistry(name);

const repositoriesExpected = 'ECR repositories by their full names';

const repositoryExpected = "the full name of an ECR repository in the stack's account and Region, without its registry";

const repositoryName = z
  .string()
  .regex(new RegExp(`^${repositoryPattern}$`), { error: repositoryExpected, abort: true })
  .refine(isRepositoryKey, { error: repositoryExpected })
  .meta({ description: 'The key is the full name of an ECR repository, not a prefix.' });

/** slipway.yml as it is written: the source of its validation and of its JSON Schema. */
export const configurationSchema = z
  .strictObject({
    notifications: notificationsSchema
      .meta({ description: 'Results of deployments are reported here. The default is the SNS topic alone.' })
      .optional(),
    repositories: z
      .record(repositoryName, repository, { error: repositoriesExpected })
      .refine((repositories) => Object.keys(repositories).length > 0, { error: 'at least one ECR repository' })
      .meta({ description: 'The images of these ECR repositories are deployed.', expected: repositoriesExpected, minProperties: 1 }),
    reconcile: reconcile.optional(),
    passRoles: list(
      text(
        'the ARN of an IAM role',
        /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
        'This is the ARN of a task role or task execution role.',
      ),
      'a list of at least one ARN of an IAM role',
      'Slipway may pass these roles to ECS with a new revision: the task roles and task execution roles of the services. The default is any role, to ECS tasks only.',
    ).optional(),
    logGroups: logGroups.optional(),
    stack: stackSettings.optional(),
  })
  .meta({
    title: 'slipway.yml',
    description: 'This file is the configuration of Slipway.',
    // A place for anchors, as in Compose.
    patternProperties: { '^x-': {} },
  });

export type WrittenConfiguration = z.infer<typeof configurationSchema>;

/** What the schema says of each value, with what docs/configuration.md shows beside it. */
export const describedSchema = (): SchemaNode => z.toJSONSchema(configurationSchema, { io: 'input' }) as SchemaNode;

/** The JSON Schema with which editors complete and check slipway.yml. */
export const jsonSchema = (): SchemaNode =>
  z.toJSONSchema(configurationSchema, { io: 'input', override: ({ jsonSchema }) => void delete jsonSchema.expected }) as SchemaNode;

/** The parts of a JSON Schema that Slipway's has. */
export type SchemaNode = {
  readonly description?: string;
  readonly expected?: string;
  readonly default?: unknown;
  readonly type?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | false;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
};
